// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: an event sealed and
// opened. Beside its ciphertext stands a salted hash of its text; the salt is sealed with it. So a row
// says nothing to whoever has the disk, and an exported event can be held against it without a key.

import { type Bytes, concatBytes, equalBytes, joinUnambiguously } from '../codec/bytes.ts'
import { canonicalJson } from '../codec/canonicalJson.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { SecurityModule } from '../hsm/module.ts'
import { deviceSealer, type TrailSealer, vaultSealer } from '../hsm/trailKey.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import type { TrailEvent } from '../protocol/outputs.ts'
import type { ProvenTrailRow, TrailRow, TrailSeal } from '../store/schema.ts'
import { hashOf, isProven } from './chain.ts'

/** The event as sealed; its sequence number is its place in the chain, known when it commits. */
export type SealedEvent = Omit<TrailEvent, 'sequence'>

const saltBytes = 16

const commitmentTo = (salt: Uint8Array, text: Uint8Array): Bytes =>
  hashOf(joinUnambiguously('keyhearth/trail/event', salt, text))

export async function sealEvent(
  sealer: TrailSealer,
  event: SealedEvent,
): Promise<Pick<ProvenTrailRow, 'sealed' | 'commitment'>> {
  const salt = crypto.getRandomValues(new Uint8Array(saltBytes))
  const text = encodeUtf8(canonicalJson(event))
  const sealed = await sealer.seal(concatBytes(salt, text))
  return { sealed, commitment: commitmentTo(salt, text) }
}

export interface OpenedEvent {
  readonly event: SealedEvent
  /** Empty for an event of version 1, which is not committed to. */
  readonly salt: Uint8Array
}

/** Those who can open and prove rows: the open vault, and this device. */
export interface TrailKeys {
  readonly vault: TrailSealer | null
  readonly device: TrailSealer | null
}

export async function trailKeys(
  hsm: SecurityModule,
  vault: UnlockedVault | null,
): Promise<TrailKeys> {
  const device = hsm.deviceIfAny
  return {
    vault: vault && vaultSealer(vault),
    device: device && (await deviceSealer(hsm.db, device)),
  }
}

/** Who sealed it, or `null` where that was another device, or the vault and it is locked. */
export function sealerOf(keys: TrailKeys, by: TrailSeal): TrailSealer | null {
  const sealer = keys[by.sealedBy] ?? null
  return sealer?.device === by.device ? sealer : null
}

/** `null` for an event of a device key that is gone, and for one that was altered. */
export async function openEvent(keys: TrailKeys, row: TrailRow): Promise<OpenedEvent | null> {
  if (!isProven(row)) {
    const plaintext = await keys[row.sealedBy]?.open(row.sealed)
    const event = plaintext && parse(plaintext)
    return event ? { event, salt: new Uint8Array() } : null
  }
  const plaintext = await sealerOf(keys, row)?.open(row.sealed)
  if (!plaintext) return null
  const [salt, text] = [plaintext.subarray(0, saltBytes), plaintext.subarray(saltBytes)]
  const event = equalBytes(commitmentTo(salt, text), row.commitment) ? parse(text) : null
  return event && { event, salt }
}

/** `null` for a row of this version that somebody passed off as one of version 1. */
function parse(text: Uint8Array): SealedEvent | null {
  try {
    return JSON.parse(decodeUtf8(text)) as SealedEvent
  } catch {
    return null
  }
}
