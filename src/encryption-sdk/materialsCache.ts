// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the local cache of materials (framework/local-cryptographic-materials-cache.md): in memory, the
// least recently used go first, and each leaves when its time is up, whether anybody asks or not.

import { EncryptionSdkError } from './errors.ts'

declare const materialsOf: unique symbol
/** Names an entry, and says in its type what the entry holds. */
export type CacheId<M> = string & { readonly [materialsOf]: M }

export interface CacheEntry<M> {
  readonly materials: M
  /** When it was asked for, in milliseconds. */
  readonly createdAt: number
  readonly expiresAt: number
  /** Encrypted with it so far ("Usage Metadata"). */
  messages: number
  bytes: number
}

/** Opaque; CMMs and keyrings that share one share its capacity, and entries where their partitions are equal. */
export class MaterialsCache {
  readonly #capacity: number
  /** In the order of last use. */
  readonly #entries = new Map<string, CacheEntry<unknown>>()
  readonly #timers = new Map<string, Timer>()
  readonly #underWay = new Map<string, Promise<CacheEntry<unknown>>>()

  /** @param capacity most entries it holds; 0 caches nothing */
  constructor(capacity: number) {
    if (!(Number.isSafeInteger(capacity) && capacity >= 0)) {
      throw new EncryptionSdkError('invalid', 'The capacity of a cache is a whole number.')
    }
    this.#capacity = capacity
  }

  /** @param maxAgeMs older entries are none, whatever time they were given when they were put */
  get<M>(id: CacheId<M>, maxAgeMs: number): CacheEntry<M> | null {
    const entry = this.#entries.get(id)
    if (!entry) return null
    const now = Date.now()
    // A clock that was set back must not make entries younger.
    if (now < entry.createdAt || now > entry.expiresAt || now - entry.createdAt > maxAgeMs) {
      this.#remove(id)
      return null
    }
    this.#entries.delete(id)
    this.#entries.set(id, entry)
    // The id's type says what was put under it.
    return entry as CacheEntry<M>
  }

  /**
   * The entry as `begin` makes it. Who asks while it is being made waits for the same one; a failure is all
   * theirs, and is not kept.
   */
  make<M>(id: CacheId<M>, maxAgeMs: number, begin: () => Promise<M>): Promise<CacheEntry<M>> {
    const underWay = this.#underWay.get(id)
    if (underWay) return underWay as Promise<CacheEntry<M>>
    const made = this.#made(id, maxAgeMs, begin).finally(() => this.#underWay.delete(id))
    this.#underWay.set(id, made)
    return made
  }

  async #made<M>(id: CacheId<M>, ttlMs: number, begin: () => Promise<M>): Promise<CacheEntry<M>> {
    const createdAt = Date.now()
    const materials = await begin()
    const entry = { materials, createdAt, expiresAt: createdAt + ttlMs, messages: 0, bytes: 0 }
    this.#put(id, entry, ttlMs)
    return entry
  }

  #put(id: string, entry: CacheEntry<unknown>, ttlMs: number): void {
    this.#remove(id)
    this.#entries.set(id, entry)
    this.#timers.set(
      id,
      startTimer(() => this.#remove(id), ttlMs),
    )
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break
      this.#remove(oldest)
    }
  }

  /** Lets go of that very entry: another may have come in its place. */
  drop<M>(id: CacheId<M>, entry: CacheEntry<M>): void {
    if (this.#entries.get(id) === entry) this.#remove(id)
  }

  /** Lets go of everything, at a lock for instance. */
  clear(): void {
    for (const id of [...this.#entries.keys()]) this.#remove(id)
  }

  #remove(id: string): void {
    this.#entries.delete(id)
    const timer = this.#timers.get(id)
    if (timer !== undefined) clearTimeout(timer)
    this.#timers.delete(id)
  }
}

type Timer = ReturnType<typeof setTimeout>
/** Longer ones fire at once. */
const longestTimerMs = 2 ** 31 - 1

function startTimer(done: () => void, ms: number): Timer {
  const timer: Timer = setTimeout(done, Math.min(ms, longestTimerMs))
  // Node would stay up for it.
  if (typeof timer === 'object') timer.unref()
  return timer
}

/** AWS's name for it. */
export const getLocalCryptographicMaterialsCache = (capacity: number): MaterialsCache =>
  new MaterialsCache(capacity)
