// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: backups under
// way, part by part. They live as long as the worker: one cut off begins again, and nothing was changed.

import { type Bytes, release } from '../codec/bytes.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { backupPartMaxBytes } from '../protocol/limits.ts'
import type { Database } from '../store/database.ts'
import type { BackupRowsOf } from './backup.ts'

interface Part {
  readonly bytes: Bytes
  readonly done: boolean
}

/**
 * Takes a stream away in parts of a MiB, the next one read while this one is on its way; a part that was lost on its
 * way is given once more.
 */
export class OutgoingBackup {
  readonly progress: BackupRowsOf
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #left: Bytes = new Uint8Array(0)
  #part = -1
  #given: Part | null = null
  #next: Promise<Part> | null = null
  #lane: Promise<unknown> = Promise.resolve()

  constructor(file: ReadableStream<Uint8Array>, progress: BackupRowsOf) {
    this.#reader = file.getReader()
    this.progress = progress
  }

  /** @throws KeyhearthError `backup-gone` where that part's turn is over, or not yet */
  read(part: number): Promise<Part> {
    const turn = this.#lane.then(() => this.#read(part))
    this.#lane = turn.catch(() => {})
    return turn
  }

  async #read(part: number): Promise<Part> {
    if (part === this.#part && this.#given) return this.#given
    if (part !== this.#part + 1 || this.#given?.done) throw new KeyhearthError('backup-gone')
    this.#given = await (this.#next ?? this.#take())
    this.#part = part
    this.#next = this.#given.done ? null : this.#take()
    // Heard of where it is asked for.
    this.#next?.catch(() => {})
    return this.#given
  }

  async #take(): Promise<Part> {
    const part = new Uint8Array(backupPartMaxBytes)
    let length = 0
    let done = false
    while (length < part.byteLength && !done) {
      const piece = this.#left.byteLength > 0 ? this.#left : (await this.#reader.read()).value
      done = piece === undefined
      if (!piece) break
      const fitting = piece.subarray(0, part.byteLength - length)
      part.set(fitting, length)
      length += fitting.byteLength
      this.#left = piece.slice(fitting.byteLength)
      release(piece)
    }
    return { bytes: part.subarray(0, length), done }
  }

  get isDone(): boolean {
    return this.#given?.done === true
  }

  /** Where nobody takes it any more. */
  async abandon(): Promise<void> {
    await this.#reader.cancel().catch(() => {})
  }
}

/** One backup is made, and one read, at a time: a new one ends one that went before. */
export class Jobs<Job> {
  readonly #jobs = new WeakMap<Database, { readonly id: string; readonly job: Job }>()

  /** @returns the one before, which is over */
  begin(db: Database, id: string, job: Job): Job | null {
    const before = this.#jobs.get(db)?.job ?? null
    this.#jobs.set(db, { id, job })
    return before
  }

  /** @throws KeyhearthError `backup-gone` */
  find(db: Database, id: string): Job {
    const found = this.#jobs.get(db)
    if (found?.id !== id) throw new KeyhearthError('backup-gone')
    return found.job
  }

  /** One that is over already ends no other. */
  end(db: Database, id: string): void {
    if (this.#jobs.get(db)?.id === id) this.#jobs.delete(db)
  }
}
