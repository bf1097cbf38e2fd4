// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ListKeys, UpdateKeyDescription, EnableKey and DisableKey.

import type { Context, Handler } from '../hsm/context.ts'
import { keyByIdFor } from './access.ts'
import { accountGroup } from './accounts.ts'
import { keyArn } from './arns.ts'
import { assertState, putKey } from './keys.ts'
import { markedId, markerAt } from './paging.ts'
import { deletedKeyIds } from './schedules.ts'

const usualLimit = 100

/** By ids alone: no key is opened, so a page costs the same among 10,000 keys as among 100. */
export const listKeys: Handler<'kms:ListKeys'> = async (context, input) => {
  const { account } = context
  const limit = input.Limit ?? usualLimit
  const found = await liveIds(context, markedId(input) ?? '', limit + 1)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    Keys: page.map((KeyId) => ({ KeyId, KeyArn: keyArn(account, KeyId) })),
    ...(found.length > limit && last !== undefined
      ? { Truncated: true, NextMarker: markerAt(last) }
      : { Truncated: false }),
  }
}

async function liveIds(context: Context, after: string, most: number): Promise<string[]> {
  const group = accountGroup(context, context.account)
  const gone = await deletedKeyIds(context)
  const ids = await context.records.idsAfter('keys', group, after, most + gone.size)
  return ids.filter((id) => !gone.has(id)).slice(0, most)
}

export const updateKeyDescription: Handler<'kms:UpdateKeyDescription'> = async (context, input) => {
  const { KeyId, Description: description } = input
  const key = await keyByIdFor(context, KeyId, { action: 'kms:UpdateKeyDescription' })
  assertState(key, context.now, 'Enabled', 'Disabled', 'PendingImport')
  await putKey(context, { ...key, description })
  return {}
}

export const enableKey: Handler<'kms:EnableKey'> = async (context, { KeyId }) => {
  const key = await keyByIdFor(context, KeyId, { action: 'kms:EnableKey' })
  assertState(key, context.now, 'Enabled', 'Disabled')
  if (!key.enabled) await putKey(context, { ...key, enabled: true })
  return {}
}

export const disableKey: Handler<'kms:DisableKey'> = async (context, { KeyId }) => {
  const key = await keyByIdFor(context, KeyId, { action: 'kms:DisableKey' })
  assertState(key, context.now, 'Enabled', 'Disabled')
  if (key.enabled) await putKey(context, { ...key, enabled: false })
  return {}
}
