// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: what the person knows
// the key slots by. Sealed under the root key, for it is shown before unlocking; where the device is lost, so
// are the names, and nothing else.

import type { Change } from '../store/commit.ts'
import type { SlotRow } from '../store/schema.ts'
import type { SecurityModule } from './module.ts'
import { type Device, openForDevice, sealForDevice } from './rootKey.ts'

export interface SlotFacts {
  readonly name?: string
  /** Milliseconds since 1970. */
  readonly lastUsedAt?: number
}

type AllFacts = Readonly<Record<string, SlotFacts>>

export async function factsOfSlots({ db, deviceIfAny }: SecurityModule): Promise<AllFacts> {
  return (deviceIfAny && (await openForDevice<AllFacts>(db, deviceIfAny, 'slot-facts'))) ?? {}
}

/** The change that adds to what is known of a slot. Those of slots that are gone are dropped with it. */
export async function noteFacts(
  hsm: SecurityModule,
  device: Device,
  slot: Pick<SlotRow, 'id'>,
  more: SlotFacts,
): Promise<Change> {
  const [known, slots] = [await factsOfSlots(hsm), await hsm.slots()]
  const kept = slots.flatMap(({ id }) => (known[id] ? [[id, known[id]] as const] : []))
  const facts = { ...Object.fromEntries(kept), [slot.id]: { ...known[slot.id], ...more } }
  return sealForDevice(device, 'slot-facts', facts)
}
