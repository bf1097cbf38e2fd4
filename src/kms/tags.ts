// kms: keys, their states and what is done under them; one file per family of operations.
// This file: tags.

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { KmsTag } from '../protocol/kmsOutputs.ts'
import { keyByIdFor } from './access.ts'
import type { Access } from './authorization.ts'
import { assertState, type KeyRecord, putKey } from './keys.ts'
import { pageOf } from './paging.ts'

const mostTags = 50

/** @throws KeyhearthError `tags-invalid`, `limit-exceeded` */
export function assertTags(tags: readonly KmsTag[]): void {
  const names = tags.map(({ TagKey }) => TagKey)
  if (new Set(names).size < names.length) {
    throw new KeyhearthError('tags-invalid', { what: 'Duplicate tag keys' })
  }
  if (names.some((name) => name.toLowerCase().startsWith('aws:'))) {
    throw new KeyhearthError('tags-invalid', { what: 'Tags beginning with aws: are reserved' })
  }
  if (tags.length > mostTags) {
    throw new KeyhearthError('limit-exceeded', { what: `A key has at most ${mostTags} tags` })
  }
}

async function taggable(
  context: Context,
  keyId: string,
  action: Access['action'],
  names: readonly string[],
): Promise<KeyRecord> {
  const key = await keyByIdFor(context, keyId, { action, conditions: { 'aws:tagkeys': names } })
  assertState(key, context.now, 'Enabled', 'Disabled', 'PendingImport')
  return key
}

export const tagResource: Handler<'kms:TagResource'> = async (context, { KeyId, Tags }) => {
  const names = Tags.map(({ TagKey }) => TagKey)
  const key = await taggable(context, KeyId, 'kms:TagResource', names)
  if (new Set(names).size < names.length) assertTags(Tags)
  const kept = key.tags.filter(({ TagKey }) => !names.includes(TagKey))
  const tags = [...kept, ...Tags]
  assertTags(tags)
  await putKey(context, { ...key, tags })
  return {}
}

export const untagResource: Handler<'kms:UntagResource'> = async (context, { KeyId, TagKeys }) => {
  const key = await taggable(context, KeyId, 'kms:UntagResource', TagKeys)
  const tags = key.tags.filter(({ TagKey }) => !TagKeys.includes(TagKey))
  if (tags.length < key.tags.length) await putKey(context, { ...key, tags })
  return {}
}

export const listResourceTags: Handler<'kms:ListResourceTags'> = async (context, input) => {
  const key = await keyByIdFor(context, input.KeyId, { action: 'kms:ListResourceTags' })
  const { items, page } = pageOf(key.tags, ({ TagKey }) => TagKey, input, 50)
  return { Tags: [...items], ...page }
}
