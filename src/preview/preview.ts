// preview: pages of a PDF as pictures, in a sandboxed frame. A document is a stranger's program as much as a web page is:
// what reads it here has no rights of the extension, no storage, and nobody to talk to but the page around it.
//
// pdf.js runs in this frame's own thread: a worker would need an address, and Trusted Types allow none.

import {
  GlobalWorkerOptions,
  getDocument,
  type PDFDocumentProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs'
import * as worker from 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import type { PreviewAnswer, PreviewQuestion } from '../protocol/preview.ts'

/** Where pdf.js looks for a worker that is there already. */
Object.assign(globalThis, { pdfjsWorker: worker })
GlobalWorkerOptions.workerSrc = 'none'

// The frame itself is not shown, and browsers give such a one no animation frames, which pdf.js waits for.
globalThis.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now())) as never

/** Of a page, as pixels: A4 at 220 to the inch. */
const mostPixels = 5_000_000

let opened: PDFDocumentProxy | null = null
let turn: Promise<unknown> = Promise.resolve()

export function startPreview(): void {
  addEventListener('message', ({ source, data }: MessageEvent<PreviewQuestion>) => {
    if (source !== parent) return
    // One after the other: pages are drawn on one canvas.
    turn = turn.then(() => obey(data)).catch(() => answer({ type: 'failed', id: data.id }))
  })
  answer({ type: 'ready', id: 0 })
}

/** The page around is the extension's own; its address is another in each browser. */
const answer = (what: PreviewAnswer, transfer: Transferable[] = []): void =>
  parent.postMessage(what, '*', transfer)

function obey(question: PreviewQuestion): Promise<void> {
  return question.type === 'open' ? open(question) : draw(question)
}

async function open({ id, bytes }: Extract<PreviewQuestion, { type: 'open' }>): Promise<void> {
  await opened?.loadingTask.destroy()
  opened = await getDocument({
    data: bytes,
    enableXfa: false,
    // Nothing of it is fetched: pictures and fonts that would need more files stay out.
    useWorkerFetch: false,
    useWasm: false,
    stopAtErrors: false,
  }).promise
  answer({ type: 'opened', id, pages: opened.numPages })
}

async function draw({ id, page: number, width }: Extract<PreviewQuestion, { type: 'draw' }>) {
  if (!opened) throw new Error('nothing is open')
  const page = await opened.getPage(number)
  const natural = page.getViewport({ scale: 1 })
  const wanted = width / natural.width
  const most = Math.sqrt(mostPixels / (natural.width * natural.height))
  const viewport = page.getViewport({ scale: Math.min(wanted, most) })
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.floor(viewport.width))
  canvas.height = Math.max(1, Math.floor(viewport.height))
  await page.render({ canvas, viewport }).promise
  const picture = await createImageBitmap(canvas)
  page.cleanup()
  answer({ type: 'drawn', id, picture }, [picture])
}
