// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: how far the vault had come, kept
// a second time outside the database. Where the database says less, it was set back to an earlier day.
//
// It is written behind each commit, once a second at most: a worker killed in between leaves it behind, which says
// nothing; it is never ahead of what was committed. Whoever sets back the whole profile sets this back too (SECURITY.md).

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import type { Memory } from './memory.ts'
import type { UnlockedVault } from './unlocked.ts'

const key = 'revision-counter'
const everyMs = 1000

interface Written {
  readonly vaultId: string
  readonly revision: number
  /** The database was found to say less, and the person has not said yet that this is as it should be. */
  readonly setBack: boolean
  /** base64 */
  readonly mac: string
}

export class RevisionCounter {
  readonly #memory: Memory
  readonly #vault: UnlockedVault
  #newest = 0
  #found: Promise<boolean> | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(memory: Memory, vault: UnlockedVault) {
    this.#memory = memory
    this.#vault = vault
  }

  /** The vault came to this revision. */
  note(revision: number): void {
    this.#newest = revision
    if (this.#timer !== null) return
    void this.#advance()
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (this.#newest !== revision) this.note(this.#newest)
    }, everyMs)
  }

  /** Never back by itself. Where it fails, the next one says the same again. */
  async #advance(): Promise<void> {
    const before = await this.#read()
    if (before?.setBack || (before?.revision ?? 0) >= this.#newest) return
    await this.#write(this.#newest, false)
  }

  /**
   * Whether the database had come further than `present`; it stays so until it is accepted. Looked at once: whatever
   * is committed from there on is noted here.
   */
  isAhead(present: number): Promise<boolean> {
    const found = this.#found ?? this.#look(present)
    this.#found = found
    found.catch(() => {
      this.#found = null
    })
    return found
  }

  async #look(present: number): Promise<boolean> {
    const noted = await this.#read()
    if (!noted || noted.setBack) return noted?.setBack ?? false
    if (noted.revision <= present) return false
    await this.#write(noted.revision, true)
    return true
  }

  /** It is as it should be: a backup was restored, or the person knows. */
  async accept(present: number): Promise<void> {
    await this.#write(present, false)
    this.#found = null
  }

  #mac(revision: number, setBack: boolean): Bytes {
    return this.#vault.mac('revision counter', `${revision} ${setBack}`)
  }

  async #write(revision: number, setBack: boolean): Promise<void> {
    const { vaultId } = this.#vault
    const mac = encodeBase64(this.#mac(revision, setBack))
    const written: Written = { vaultId, revision, setBack, mac }
    await this.#memory.local.set({ [key]: written }).catch(() => {})
  }

  /** `null` where there is none, or one of another vault or by somebody else. */
  async #read(): Promise<Written | null> {
    const found = (await this.#memory.local.get(key))[key] as Written | undefined
    if (found?.vaultId !== this.#vault.vaultId) return null
    const isOurs = equalBytes(decodeBase64(found.mac), this.#mac(found.revision, found.setBack))
    return isOurs ? found : null
  }
}
