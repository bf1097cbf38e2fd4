// protocol: the contract every context speaks. This file: between a page of the extension and the sandboxed frame that
// draws PDFs for it. `id` comes back with the answer.

export type PreviewQuestion =
  | { readonly type: 'open'; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `page` from 1; `width` in pixels. */
  | { readonly type: 'draw'; readonly id: number; readonly page: number; readonly width: number }

export type PreviewAnswer =
  | { readonly type: 'ready'; readonly id: 0 }
  | { readonly type: 'opened'; readonly id: number; readonly pages: number }
  | { readonly type: 'drawn'; readonly id: number; readonly picture: ImageBitmap }
  | { readonly type: 'failed'; readonly id: number }
