// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: the module as
// a whole: what state the vault is in, and the passage between locked and unlocked.

import { sha256 } from '@noble/hashes/sha2.js'
import { joinUnambiguously } from '../codec/bytes.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { VaultState } from '../protocol/outputs.ts'
import type { Database } from '../store/database.ts'
import type { DeviceBoundSlot, RecoverySlot, SlotRow, VaultRow } from '../store/schema.ts'
import { eraseSessionSecret, type Memory, readMirror, readSessionSecret } from './memory.ts'
import { Records } from './records.ts'
import { type Device, loadDevice } from './rootKey.ts'
import { openSessionSlot } from './slots.ts'
import { UnlockedVault } from './unlocked.ts'

/** The vault while open, with its records. One object per unlocking; locking drops it. */
export interface Opened {
  readonly vault: UnlockedVault
  readonly records: Records
}

type State =
  | { readonly name: 'missing' }
  | { readonly name: 'damaged'; readonly device: Device | null; readonly vault: VaultRow | null }
  | { readonly name: 'locked'; readonly device: Device; readonly vault: VaultRow }
  | {
      readonly name: 'unlocked'
      readonly device: Device
      readonly vault: VaultRow
      readonly opened: Opened
    }

export class SecurityModule {
  readonly db: Database
  readonly memory: Memory
  #state: State

  private constructor(db: Database, memory: Memory, state: State) {
    this.db = db
    this.memory = memory
    this.#state = state
  }

  /** Looks at what is stored and, where a worker died while unlocked, opens the vault again. */
  static async start(db: Database, memory: Memory): Promise<SecurityModule> {
    const module = new SecurityModule(db, memory, await assess(db, memory))
    await module.#reopen()
    return module
  }

  get state(): VaultState {
    return this.#state.name
  }

  /** @throws KeyhearthError `vault-missing`, `vault-damaged` */
  get device(): Device {
    const device = this.deviceIfAny
    if (device) return device
    throw new KeyhearthError(this.#state.name === 'missing' ? 'vault-missing' : 'vault-damaged')
  }

  get deviceIfAny(): Device | null {
    return this.#state.name === 'missing' ? null : this.#state.device
  }

  get vaultRow(): VaultRow | null {
    return this.#state.name === 'missing' ? null : this.#state.vault
  }

  /** @throws KeyhearthError `vault-missing`, `vault-damaged`, `vault-locked` */
  get opened(): Opened {
    if (this.#state.name === 'unlocked') return this.#state.opened
    throw new KeyhearthError(`vault-${this.#state.name}`)
  }

  /** @throws as `opened` */
  assertOpened(): void {
    void this.opened
  }

  get openedIfAny(): Opened | null {
    return this.#state.name === 'unlocked' ? this.#state.opened : null
  }

  async open(vaultId: string, vaultKey: CryptoKey): Promise<Opened> {
    const vault = await UnlockedVault.from(vaultId, vaultKey)
    return { vault, records: new Records(this.db, vault, this.memory) }
  }

  /** To be called once what makes it so has been committed. */
  becomeUnlocked(device: Device, vault: VaultRow, opened: Opened): void {
    this.#state = { name: 'unlocked', device, vault, opened }
  }

  /** Forgets the keys: in this worker, and for any worker after it. Needs no disk to succeed. */
  async lock(): Promise<void> {
    if (this.#state.name === 'unlocked') {
      const { device, vault } = this.#state
      this.#state = { name: 'locked', device, vault }
    }
    await eraseSessionSecret(this.memory)
  }

  async slots(): Promise<SlotRow[]> {
    return this.db.getAllKept('slots')
  }

  /** Those that recover, from the database or else, where it has none, from their mirror. */
  async recoverySlots(): Promise<readonly RecoverySlot[]> {
    const stored = (await this.slots()).filter(worksWithoutDevice)
    return stored.length > 0 ? stored : ((await readMirror(this.memory))?.slots ?? [])
  }

  async #reopen(): Promise<void> {
    if (this.#state.name !== 'locked') return
    const { device, vault } = this.#state
    const secret = await readSessionSecret(this.memory)
    const slot = secret && (await this.db.get('slots', secret.slotId))
    if (!secret || slot?.kind !== 'session') return
    const vaultKey = await openSessionSlot(device, vault.vaultId, slot, secret)
    if (vaultKey) this.becomeUnlocked(device, vault, await this.open(vault.vaultId, vaultKey))
  }
}

export const worksWithoutDevice = (slot: SlotRow): slot is RecoverySlot =>
  slot.kind === 'recovery' || slot.kind === 'shares'

/** Opens the vault on this device, day by day. */
export const opensHere = (slot: SlotRow): slot is DeviceBoundSlot =>
  slot.kind === 'passphrase' || slot.kind === 'passkey' || slot.kind === 'device'

/** Missing means: nothing was ever here. Anything less than whole is damage, never a fresh start. */
async function assess(db: Database, memory: Memory): Promise<State> {
  const [row, slots, device, keys, mirror] = await Promise.all([
    db.get('vault', 'vault'),
    db.getAllKept('slots'),
    loadDevice(db),
    db.count('keys'),
    readMirror(memory),
  ])
  const stored = row && 'vaultId' in row ? row : null
  if (!stored && !mirror && slots.length === 0 && keys === 0 && !device) return { name: 'missing' }
  const vault = stored ?? mirror?.vault ?? null
  if (!stored || !device || !slots.some(opensHere) || !vault)
    return { name: 'damaged', device, vault }
  return { name: 'locked', device, vault }
}

/**
 * The 12-digit account of the person (`origin` null) or of a web origin, as design section 3: made from
 * the vault's id, so that two sites cannot tell from their accounts that they meet one person.
 */
export function accountId(vaultId: string, origin: string | null): string {
  const name = `${vaultId} ${origin ?? ''}`
  const known = accounts.get(name)
  if (known !== undefined) return known
  const hash = sha256(joinUnambiguously('keyhearth/1 account', vaultId, origin ?? ''))
  const number = new DataView(hash.buffer, hash.byteOffset).getBigUint64(0)
  const account = (number % 1_000_000_000_000n).toString().padStart(12, '0')
  if (accounts.size >= mostAccounts) accounts.clear()
  accounts.set(name, account)
  return account
}

/** Every operation asks for its caller's account; few callers ask. */
const accounts = new Map<string, string>()
const mostAccounts = 256
