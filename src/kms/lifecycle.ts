// kms: keys, their states and what is done under them; one file per family of operations.
// This file: CreateKey, DescribeKey and ListKeys.

import type { Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { arnOf, findKey, listKeys as keysOf, metadataOf, stageKey } from './keys.ts'

export const createKey: Handler<'kms:CreateKey'> = async (context, input) => {
  const { KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage = 'ENCRYPT_DECRYPT', Origin = 'AWS_KMS' } = input
  if (KeySpec !== 'SYMMETRIC_DEFAULT') unsupported(`KeySpec ${KeySpec}`)
  if (KeyUsage !== 'ENCRYPT_DECRYPT') unsupported(`KeyUsage ${KeyUsage} for ${KeySpec}`)
  if (Origin !== 'AWS_KMS') unsupported(`Origin ${Origin}`)
  if (input.MultiRegion) unsupported('MultiRegion')
  const key = await stageKey(context, context.account, {
    description: input.Description ?? '',
    tags: input.Tags ?? [],
  })
  return { KeyMetadata: metadataOf(key) }
}

function unsupported(what: string): never {
  throw new KeyhearthError('unsupported', { what: what.slice(0, 128) })
}

export const describeKey: Handler<'kms:DescribeKey'> = async (context, { KeyId }) => ({
  KeyMetadata: metadataOf(await findKey(context, KeyId)),
})

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
