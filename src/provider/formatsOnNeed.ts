// provider: what a web page holds. This file: getting the formats (formats.ts), which come once into a document.

import { pageError } from '../protocol/pageErrors.ts'
import type { Channel } from './channel.ts'
import type { Formats } from './formats.ts'

export const formatsEvent = 'keyhearth:formats'

export class FormatsOnNeed {
  readonly #channel: Channel
  #coming: Promise<Formats> | null = null

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /** Who asks while they are on their way waits for the same; where they did not come, they are asked for anew. */
  get(): Promise<Formats> {
    this.#coming ??= bring(this.#channel).catch((error: unknown) => {
      this.#coming = null
      throw error
    })
    return this.#coming
  }
}

async function bring(channel: Channel): Promise<Formats> {
  let formats: Formats | null = null
  const take = (event: Event) => {
    formats = (event as CustomEvent<Formats>).detail
  }
  addEventListener(formatsEvent, take, { once: true })
  try {
    await channel.bringFormats()
  } finally {
    removeEventListener(formatsEvent, take)
  }
  return formats ?? Promise.reject(pageError('internal'))
}
