// The bench: what the background of the running extension writes into its database.

import type { Worker } from '@playwright/test'
import type { Keyhearth } from '../../tests/e2e/keyhearth.ts'

/** In the background: from now on every value that is put into a store is counted. */
function startCounting(): void {
  const sizeOf = (value: unknown): number => {
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) return value.byteLength
    if (typeof value === 'string') return value.length
    if (typeof value !== 'object' || value === null) return 8
    return Object.entries(value).reduce((sum, [name, part]) => sum + name.length + sizeOf(part), 0)
  }
  const counted = globalThis as { writtenBytes?: number }
  counted.writtenBytes = 0
  for (const method of ['put', 'add'] as const) {
    const original = IDBObjectStore.prototype[method]
    IDBObjectStore.prototype[method] = function (this: IDBObjectStore, ...given) {
      counted.writtenBytes = (counted.writtenBytes ?? 0) + sizeOf(given[0])
      return original.apply(this, given)
    }
  }
}

/** Counts as long as the background runs. */
export class WrittenBytes {
  readonly #worker: Worker

  private constructor(worker: Worker) {
    this.#worker = worker
  }

  static async of(keyhearth: Keyhearth): Promise<WrittenBytes> {
    const worker = await keyhearth.worker()
    await worker.evaluate(startCounting)
    return new WrittenBytes(worker)
  }

  #now(): Promise<number> {
    return this.#worker.evaluate(() => (globalThis as { writtenBytes?: number }).writtenBytes ?? 0)
  }

  /** KiB that are written while something is done. */
  async during<Result>(work: () => Promise<Result>): Promise<{ result: Result; kib: number }> {
    const before = await this.#now()
    const result = await work()
    return { result, kib: ((await this.#now()) - before) / 1024 }
  }
}
