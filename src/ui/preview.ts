// ui: what the person sees; speaks the protocol like any other client. This file: a PDF drawn by the sandboxed frame
// (room preview), page by page.

import type { Bytes } from '../codec/bytes.ts'
import type { PreviewAnswer, PreviewQuestion } from '../protocol/preview.ts'

/** A page that takes longer than this is a trap. */
const longestMs = 30_000

type Waits = (answer: PreviewAnswer | null) => void

export class Preview {
  readonly #frame: HTMLIFrameElement
  readonly #waiting = new Map<number, Waits>()
  readonly #ready: Promise<unknown>
  #next = 1

  constructor() {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.hidden = true
    frame.title = ''
    frame.src = '/preview.html'
    this.#frame = frame
    this.#ready = this.#wait(0)
    addEventListener('message', this.#hear)
    document.body.append(frame)
  }

  /** How many pages it has; `null` where it cannot be shown. */
  async open(bytes: Bytes): Promise<number | null> {
    await this.#ready
    const answer = await this.#ask((id) => ({ type: 'open', id, bytes }))
    return answer?.type === 'opened' ? answer.pages : null
  }

  /** @param page from 1 */
  async draw(page: number, width: number): Promise<ImageBitmap | null> {
    const answer = await this.#ask((id) => ({ type: 'draw', id, page, width }))
    return answer?.type === 'drawn' ? answer.picture : null
  }

  close(): void {
    removeEventListener('message', this.#hear)
    this.#frame.remove()
    for (const settle of this.#waiting.values()) settle(null)
    this.#waiting.clear()
  }

  #ask(questionOf: (id: number) => PreviewQuestion): Promise<PreviewAnswer | null> {
    const id = this.#next++
    const answer = this.#wait(id)
    // The frame has no origin of its own to name.
    this.#frame.contentWindow?.postMessage(questionOf(id), '*')
    return answer
  }

  #wait(id: number): Promise<PreviewAnswer | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), longestMs)
      const settle: Waits = (answer) => {
        clearTimeout(timer)
        this.#waiting.delete(id)
        resolve(answer)
      }
      this.#waiting.set(id, settle)
    })
  }

  /** What comes from it may have been written by the document: an answer is a picture or a number, and no more. */
  readonly #hear = ({ source, data }: MessageEvent<unknown>): void => {
    if (source !== this.#frame.contentWindow || typeof data !== 'object' || data === null) return
    const { type, id } = data as Partial<PreviewAnswer>
    if (typeof id !== 'number') return
    const answer = data as PreviewAnswer
    const isSound =
      type === 'ready' ||
      (answer.type === 'opened' && Number.isSafeInteger(answer.pages) && answer.pages > 0) ||
      (answer.type === 'drawn' && answer.picture instanceof ImageBitmap)
    this.#waiting.get(id)?.(isSound ? answer : null)
  }
}
