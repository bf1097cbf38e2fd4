// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: pieces of work at the same time, their results in the order they were begun.

interface Piece {
  readonly done: Promise<void>
  readonly size: number
}

export class WorkInOrder<T> {
  readonly #mostAtOnce: number
  readonly #deliver: (result: T) => void
  readonly #fail: (reason: unknown) => void
  readonly #underWay: Piece[] = []
  #last: Promise<void> = Promise.resolve()
  #size = 0

  /**
   * @param mostAtOnce size of the work that may be under way while more is begun
   * @param fail told at once of what went wrong; nothing is delivered after it
   */
  constructor(mostAtOnce: number, deliver: (result: T) => void, fail: (reason: unknown) => void) {
    this.#mostAtOnce = mostAtOnce
    this.#deliver = deliver
    this.#fail = fail
  }

  /** Waits until there is room for more. @throws what an earlier piece of work threw */
  async add(work: Promise<T>, size: number): Promise<void> {
    const done = Promise.all([work, this.#last]).then(([result]) => this.#deliver(result))
    done.catch(this.#fail)
    this.#last = done
    this.#underWay.push({ done, size })
    this.#size += size
    while (this.#size > this.#mostAtOnce) await this.#awaitFirst()
  }

  async #awaitFirst(): Promise<void> {
    const first = this.#underWay.shift()
    if (!first) return
    this.#size -= first.size
    await first.done
  }

  /** @throws what a piece of work threw */
  async finish(): Promise<void> {
    await this.#last
  }
}
