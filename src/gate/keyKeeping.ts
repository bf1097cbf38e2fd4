// gate: who asks, may they, dispatch, record. This file: what becomes of keys and secrets by itself:
// deletion, rotation and expiry on their day, and what an import left that nobody will finish. Hourly while the vault is open, and whenever it is opened; they
// are gone, or wait, from their day on, whenever this runs.

import { type Browser, browser } from 'wxt/browser'
import type { SecurityModule } from '../hsm/module.ts'
import type { Gate } from './dispatch.ts'

const alarmName = 'keys'
const everyMinutes = 60
const service = { kind: 'service' } as const

export const isKeyAlarm = ({ name }: Browser.alarms.Alarm): boolean => name === alarmName

export async function watchKeys(): Promise<void> {
  if (await browser.alarms.get(alarmName)) return
  await browser.alarms.create(alarmName, { periodInMinutes: everyMinutes })
}

/** Each by an operation, and so an event, of its own. One that fails does not keep the others. */
export async function keepKeys(gate: Gate, hsm: SecurityModule): Promise<void> {
  if (hsm.state !== 'unlocked') return
  const { Keys } = await gate.perform(service, 'keyhearth:ListDueKeys', {})
  for (const { Operation, KeyId } of Keys) {
    await orSay(Operation, gate.perform(service, Operation, { KeyId }))
  }
  const { Secrets } = await gate.perform(service, 'keyhearth:ListDueSecrets', {})
  for (const { Operation, SecretId } of Secrets) {
    await orSay(Operation, gate.perform(service, Operation, { SecretId }))
  }
  const abandoned = 'keyhearth:RemoveAbandoned'
  await orSay(abandoned, gate.perform(service, abandoned, {}))
}

const orSay = (operation: string, done: Promise<unknown>): Promise<unknown> =>
  done.catch((error: unknown) => console.error('keyhearth:', operation, error))
