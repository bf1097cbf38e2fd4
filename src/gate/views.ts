// gate: who asks, may they, dispatch, record. This file: messages on their way from the mark the person clicked
// to the overlay that shows what they say. The address of an overlay is good once, in the tab it is for.

import type { Bytes } from '../codec/bytes.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Readable } from './principals.ts'

interface View {
  readonly document: Readable
  readonly message: Bytes
  taken: boolean
}

const mostViews = 20
export const longestShown = 1024 * 1024

/** In memory: it takes a moment, and where the worker dies in it the person clicks again. */
export class Views {
  readonly #views = new Map<string, View>()

  /** @returns the token an overlay takes the message with */
  add(document: Readable, message: Bytes): string {
    const token = crypto.randomUUID()
    this.#views.set(token, { document, message, taken: false })
    const [oldest] = this.#views.keys()
    if (this.#views.size > mostViews && oldest !== undefined) this.#views.delete(oldest)
    return token
  }

  /** @throws KeyhearthError `request-gone` where it was taken, or is for another tab */
  take(token: string, tabId: number): { readonly message: Bytes; readonly origin: string } {
    const view = this.#views.get(token)
    if (!view || view.taken || view.document.tabId !== tabId)
      throw new KeyhearthError('request-gone')
    view.taken = true
    return { message: view.message, origin: view.document.origin }
  }

  /** The document it was shown in, to take it away there. */
  close(token: string, tabId: number): Readable | null {
    const view = this.#views.get(token)
    if (view?.document.tabId !== tabId) return null
    this.#views.delete(token)
    return view.document
  }
}
