// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: long work in pieces, so that the page it runs in stays alive, and whoever asked for it can end it.

/** Less than a person notices. */
const pieceMs = 30

export class Pace {
  readonly #signal: AbortSignal | undefined
  #since = performance.now()

  constructor(signal?: AbortSignal) {
    this.#signal = signal
  }

  /** Between two pieces. Rejects with the signal's reason. */
  async rest(): Promise<void> {
    this.#signal?.throwIfAborted()
    if (performance.now() - this.#since < pieceMs) return
    await new Promise((resolve) => setTimeout(resolve))
    this.#since = performance.now()
    this.#signal?.throwIfAborted()
  }
}
