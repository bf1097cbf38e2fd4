// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: counts of what comes
// often, of which one a second is written.
//
// The first of a while is written at once, with what it counts. One that comes within a second of that waits in
// memory, until another commit writes anyway, or for the end of the second: a worker killed before that loses
// it, and nothing else.

import type { SealedStore } from '../store/schema.ts'
import { nameOfRow } from './recordForm.ts'

interface Put {
  readonly store: SealedStore
  readonly id: string
  readonly value: unknown
  readonly counts?: boolean
}

const everyMs = 1000

export class Counts<Staged extends Put> {
  readonly #writtenAt = new Map<string, number>()
  readonly #waiting = new Map<string, Staged>()
  readonly #write: () => Promise<void>
  #timer: ReturnType<typeof setTimeout> | null = null

  /** `write` commits what waits by then. */
  constructor(write: () => Promise<void>) {
    this.#write = write
  }

  /** What of it is to be written now, with what waited for that, and what is to wait. */
  take(staged: readonly Staged[], all: boolean) {
    const now = performance.now()
    const waiting = all ? [] : staged.filter((put) => this.#mayWait(put, now))
    const named = new Set(staged.map(({ store, id }) => nameOfRow(store, id)))
    const older = [...this.#waiting].filter(([, put]) => all || !this.#mayWait(put, now))
    const puts = [
      ...staged.filter((put) => !waiting.includes(put)),
      ...older.flatMap(([name, put]) => (named.has(name) ? [] : [put])),
    ]
    for (const { store, id, counts } of puts) {
      if (counts) this.#writtenAt.set(nameOfRow(store, id), now)
      this.#waiting.delete(nameOfRow(store, id))
    }
    return { puts, waiting }
  }

  #mayWait({ store, id, counts }: Staged, now: number): boolean {
    const writtenAt = this.#writtenAt.get(nameOfRow(store, id))
    return counts === true && writtenAt !== undefined && now - writtenAt < everyMs
  }

  wait(put: Staged): void {
    this.#waiting.set(nameOfRow(put.store, put.id), put)
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      // Where it cannot be written now, the next use brings it.
      this.#write().catch(() => {})
    }, everyMs)
  }

  /** What came while an older count was being written. */
  newest(name: string): unknown {
    return this.#waiting.get(name)?.value
  }

  forget(name: string): void {
    this.#waiting.delete(name)
    this.#writtenAt.delete(name)
  }
}
