// gate: who asks, may they, dispatch, record. This file: what keeps the trail in order by itself: a
// digest for each hour in which something happened and one on locking, and, where the person chose so,
// the removal of old events.

import { type Browser, browser } from 'wxt/browser'
import type { Context } from '../hsm/context.ts'
import type { SecurityModule } from '../hsm/module.ts'
import { makeDigests } from '../trail/digests.ts'
import { removable } from '../trail/retention.ts'
import type { Gate } from './dispatch.ts'
import { loadSettings } from './settings.ts'

const alarmName = 'trail'
const everyMinutes = 60

export const isTrailAlarm = ({ name }: Browser.alarms.Alarm): boolean => name === alarmName

/** Once; made anew by each worker that starts, the hour would never be over. */
export async function watchTrail(): Promise<void> {
  if (await browser.alarms.get(alarmName)) return
  await browser.alarms.create(alarmName, { periodInMinutes: everyMinutes })
}

/** Hourly, and when the browser starts. */
export async function keepTrail(gate: Gate, hsm: SecurityModule): Promise<void> {
  if (hsm.state === 'missing' || hsm.state === 'damaged') return
  await makeDigests(hsm, hsm.openedIfAny?.vault ?? null, Date.now())
  const { TrailRetentionDays: OlderThanDays } = await loadSettings(hsm)
  if (OlderThanDays === 0 || hsm.state !== 'unlocked') return
  if (!(await removable(hsm, OlderThanDays, Date.now()))) return
  await gate.perform({ kind: 'service' }, 'keyhearth:RemoveOldEvents', { OlderThanDays })
}

/** The last moment at which the vault can vouch for what it wrote; what fails waits for its next opening. */
export async function signBeforeLocked(context: Context): Promise<void> {
  const { hsm, now } = context
  try {
    await makeDigests(hsm, context.vault, now)
  } catch (error) {
    // Locking a locked vault: nothing to sign with, and nothing new of the vault's to sign.
    if (hsm.state === 'unlocked') console.error('keyhearth: digest', error)
  }
}
