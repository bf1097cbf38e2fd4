// preview: pages of a PDF as pictures, in a sandboxed frame. This file: the part of pdf.js that comes without types. It is
// handed over whole.

declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs' {
  export const WorkerMessageHandler: object
}
