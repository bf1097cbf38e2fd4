// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: what the gate calls
// to have an event written: sealed before the commit, appended inside it.

import type { SecurityModule } from '../hsm/module.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import type { AdvanceTrail } from '../store/commit.ts'
import { appendSealed } from './chain.ts'
import { digestEvents, makeDigests } from './digests.ts'
import { type SealedEvent, sealEvent, trailKeys } from './sealing.ts'

/** Under the vault key where the vault is open, else under this device's root key; `null` without both. */
export async function prepareEvent(
  hsm: SecurityModule,
  vault: UnlockedVault | null,
  event: SealedEvent,
): Promise<AdvanceTrail | null> {
  const keys = await trailKeys(hsm, vault)
  const sealer = keys.vault ?? keys.device
  if (!sealer) return null
  const content = await sealEvent(sealer, event)
  return appendSealed(sealer, content, (sequence) => {
    if (sequence % digestEvents === 0) signSoon(hsm, sequence)
  })
}

/** Behind the commit that this is called in; whatever fails is made good by the next alarm. */
function signSoon(hsm: SecurityModule, last: number): void {
  setTimeout(() => {
    const vault = hsm.openedIfAny?.vault ?? null
    makeDigests(hsm, vault, Date.now(), last).catch((error) =>
      console.error('keyhearth: digest', error),
    )
  })
}
