// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ListKeys.

import type { Handler } from '../hsm/context.ts'
import { arnOf, keysOf } from './keys.ts'

/** Pages in the order of key ids; the marker is the last id of the page before. */
export const listKeys: Handler<'kms:ListKeys'> = async (context, { Limit = 100, Marker }) => {
  const all = (await keysOf(context, context.account))
    .filter(({ keyId }) => Marker === undefined || keyId > Marker)
    .sort((left, right) => (left.keyId < right.keyId ? -1 : 1))
  const page = all.slice(0, Limit)
  const last = page.at(-1)
  const more = all.length > page.length && last !== undefined
  return {
    Keys: page.map((key) => ({ KeyId: key.keyId, KeyArn: arnOf(key) })),
    Truncated: more,
    ...(more ? { NextMarker: last.keyId } : {}),
  }
}
