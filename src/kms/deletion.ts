// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ScheduleKeyDeletion, CancelKeyDeletion, and the deletion itself once its day has come. From
// that day on nobody finds the key any more (keys.readKey), whenever it is swept away.

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { keyByIdFor } from './access.ts'
import { removeAliases } from './aliases.ts'
import { removeGrants } from './grantRecords.ts'
import {
  arnOf,
  assertState,
  isKeyOver,
  type KeyRecord,
  putKey,
  readKeyAnyhow,
  recalled,
  removeKey,
  stateOf,
} from './keys.ts'
import { unschedule } from './schedules.ts'
import { removeUsage } from './usage.ts'

const day = 24 * 60 * 60 * 1000
const usualWindow = 30

export const scheduleKeyDeletion: Handler<'kms:ScheduleKeyDeletion'> = async (context, input) => {
  const { KeyId, PendingWindowInDays: windowInDays = usualWindow } = input
  const key = await keyByIdFor(context, KeyId, {
    action: 'kms:ScheduleKeyDeletion',
    conditions: { 'kms:scheduledeletionpendingwindowindays': [String(windowInDays)] },
  })
  assertState(key, context.now, 'Enabled', 'Disabled', 'PendingImport')
  const at = context.now + windowInDays * day
  await putKey(context, { ...key, deletion: { at, windowInDays }, rotation: null })
  return {
    KeyId: arnOf(key),
    DeletionDate: at / 1000,
    KeyState: 'PendingDeletion',
    PendingWindowInDays: windowInDays,
  }
}

/** Whoever wants the key that comes back switches it on. */
export const cancelKeyDeletion: Handler<'kms:CancelKeyDeletion'> = async (context, { KeyId }) => {
  const key = await keyByIdFor(context, KeyId, { action: 'kms:CancelKeyDeletion' })
  if (stateOf(key, context.now) !== 'PendingDeletion') {
    throw new KeyhearthError('key-invalid-state', {
      keyId: arnOf(key),
      state: 'not pending deletion',
    })
  }
  await putKey(context, recalled(key) ?? key)
  return { KeyId: arnOf(key) }
}

/** Keyhearth's own doing, on the day or at the next unlocking. */
export const deleteKey: Handler<'keyhearth:DeleteKey'> = async (context, { KeyId }) => {
  const key = await readKeyAnyhow(context, KeyId)
  if (!key || !isKeyOver(key, context.now)) throw new KeyhearthError('request-gone')
  await destroy(context, key)
  return {}
}

async function destroy(context: Context, key: KeyRecord): Promise<void> {
  await removeAliases(context, key)
  await removeGrants(context, key.keyId)
  removeUsage(context, key)
  unschedule(context, key)
  removeKey(context, key)
}
