// gate: who asks, may they, dispatch, record. This file: the person's settings, when to lock and when not.
// Settings must be known while locked, so they are sealed under the root key alone.

import { browser } from 'wxt/browser'
import type { Handler } from '../hsm/context.ts'
import { isDeviceRowSetBack } from '../hsm/deviceRows.ts'
import { isHeldLocked } from '../hsm/memory.ts'
import type { SecurityModule } from '../hsm/module.ts'
import { openForDevice, sealForDevice } from '../hsm/rootKey.ts'
import type { Settings } from '../protocol/outputs.ts'
import type { Gate } from './dispatch.ts'

/** A record of what happened does not vanish by itself; a year of busy days is some tens of megabytes. */
const keepForEver = 0

const defaults: Settings = {
  AutoLockMinutes: 15,
  LockOnScreenLock: true,
  ClipboardSeconds: 30,
  TrailRetentionDays: keepForEver,
  BackupReminderDays: 30,
}

/** What holds while the settings are not those that were written last: of what can protect, the most. */
const safest: Settings = { ...defaults, AutoLockMinutes: 1 }

export async function loadSettings(hsm: SecurityModule): Promise<Settings> {
  const device = hsm.deviceIfAny
  if (await isDeviceRowSetBack(hsm, 'settings')) return safest
  const stored = device && (await openForDevice<Settings>(hsm.db, device, 'settings'))
  return { ...defaults, ...stored }
}

export const getSettings: Handler<'keyhearth:GetSettings'> = ({ hsm }) => loadSettings(hsm)

export const putSettings: Handler<'keyhearth:PutSettings'> = async (context, changed) => {
  const { hsm, staged, afterCommit } = context
  const settings = { ...(await loadSettings(hsm)), ...changed }
  staged.change(await sealForDevice(hsm.device, 'settings', settings))
  afterCommit(() => watchIdle(settings))
  return {}
}

/** The browser reports idleness no finer than 15 seconds. */
export function watchIdle({ AutoLockMinutes }: Settings): void {
  browser.idle.setDetectionInterval(Math.max(15, AutoLockMinutes * 60))
}

/** `idle` after the chosen minutes; `locked` when the screen locks, where the system tells. */
export async function lockWhenAway(
  gate: Gate,
  hsm: SecurityModule,
  state: 'active' | 'idle' | 'locked',
): Promise<void> {
  if (state === 'active' || hsm.state !== 'unlocked') return
  const { LockOnScreenLock } = await loadSettings(hsm)
  if (state === 'locked' && !LockOnScreenLock) return
  await gate.perform({ kind: 'service' }, 'keyhearth:Lock', {})
}

/** Where the person chose to have no lock, the vault opens with the browser; not once they locked it themselves. */
export async function unlockWithoutLock(gate: Gate, hsm: SecurityModule): Promise<void> {
  if (hsm.state !== 'locked' || (await isHeldLocked(hsm.memory))) return
  if (!(await hsm.slots()).some(({ kind }) => kind === 'device')) return
  await gate.perform({ kind: 'service' }, 'keyhearth:Unlock', { Device: true })
}
