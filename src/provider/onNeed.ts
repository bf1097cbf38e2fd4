// provider: what a web page holds. This file: getting what most pages never need (formats.ts, verifier.ts), which comes once
// into a document.

import type { PagePart } from '../protocol/messages.ts'
import { pageError } from '../protocol/pageErrors.ts'
import type { Channel } from './channel.ts'

export const formatsEvent = 'keyhearth:formats'
export const verifierEvent = 'keyhearth:verifier'

const events = { formats: formatsEvent, verifier: verifierEvent } as const satisfies Record<
  PagePart,
  string
>

export class OnNeed<Part> {
  readonly #channel: Channel
  readonly #which: PagePart
  #coming: Promise<Part> | null = null

  constructor(channel: Channel, which: PagePart) {
    this.#channel = channel
    this.#which = which
  }

  /** Who asks while it is on its way waits for the same; where it did not come, it is asked for anew. */
  get(): Promise<Part> {
    this.#coming ??= this.#bring().catch((error: unknown) => {
      this.#coming = null
      throw error
    })
    return this.#coming
  }

  async #bring(): Promise<Part> {
    let part: Part | null = null
    const take = (event: Event) => {
      part = (event as CustomEvent<Part>).detail
    }
    const name = events[this.#which]
    addEventListener(name, take, { once: true })
    try {
      await this.#channel.bring(this.#which)
    } finally {
      removeEventListener(name, take)
    }
    return part ?? Promise.reject(pageError('internal'))
  }
}
