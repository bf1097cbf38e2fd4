// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: pieces of work at the same time, their results in the order they were begun.

/** So many pieces are worked on while the next one is read. */
const mostAtOnce = 2

export class WorkInOrder<T> {
  #last: Promise<void> = Promise.resolve()
  #underWay: Promise<void>[] = []
  readonly #deliver: (result: T) => void
  readonly #fail: (reason: unknown) => void

  /** @param fail told at once of what went wrong; nothing is delivered after it */
  constructor(deliver: (result: T) => void, fail: (reason: unknown) => void) {
    this.#deliver = deliver
    this.#fail = fail
  }

  /** Waits until there is room for more. @throws what an earlier piece of work threw */
  async add(work: Promise<T>): Promise<void> {
    const before = this.#last
    const done = Promise.all([work, before]).then(([result]) => this.#deliver(result))
    done.catch(this.#fail)
    this.#last = done
    this.#underWay.push(done)
    if (this.#underWay.length >= mostAtOnce) await this.#underWay.shift()
  }

  /** @throws what a piece of work threw */
  async finish(): Promise<void> {
    await this.#last
  }
}
