// ui: what the person sees; speaks the protocol like any other client. This file: changing many secrets at once.

import type { Input } from '../protocol/schemas.ts'
import { call } from './call.ts'
import { say } from './Notices.tsx'
import { secretsChanged } from './secretsStamp.ts'
import { t } from './words.ts'

export type Change = Input<'keyhearth:ChangeItems'>['Change']

/** ChangeItems, SecretIds. */
const mostAtOnce = 10_000

export async function changeItems(ids: readonly string[], change: Change): Promise<void> {
  try {
    for (let at = 0; at < ids.length; at += mostAtOnce) {
      await call('keyhearth:ChangeItems', {
        SecretIds: ids.slice(at, at + mostAtOnce),
        Change: change,
      })
    }
  } finally {
    secretsChanged()
  }
}

/** Into the trash, from which they come back for 30 days. */
export async function deleteItems(ids: readonly string[]): Promise<void> {
  await changeItems(ids, { Kind: 'delete' })
  say(t('bulk_deleted', ids.length), async () => {
    await changeItems(ids, { Kind: 'restore' })
    say(t('bulk_restored', ids.length))
  })
}
