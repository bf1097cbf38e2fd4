// kms: keys, their states and what is done under them; one file per family of operations.
// This file: ReplicateKey and UpdatePrimaryRegion. A region will be another of the person's devices; until
// there is one, a multi-Region key is in its only region already.

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { keyByIdFor } from './access.ts'
import { region } from './arns.ts'
import type { Access } from './authorization.ts'
import { arnOf, assertState } from './keys.ts'

/** AWS's own errors for a key that does not travel, and for places it cannot go. */
async function refuse(
  context: Context,
  KeyId: string,
  wanted: string,
  action: Access['action'],
): Promise<never> {
  const key = await keyByIdFor(context, KeyId, { action })
  if (!key.multiRegion) {
    throw new KeyhearthError('unsupported', { what: `${arnOf(key)} is not a multi-Region key` })
  }
  assertState(key, context.now, 'Enabled', 'Disabled')
  if (wanted === region) throw new KeyhearthError('region-exists', { keyId: key.keyId, region })
  throw new KeyhearthError('invalid-input', { what: `there is no region but ${region}` })
}

export const replicateKey: Handler<'kms:ReplicateKey'> = (context, { KeyId, ReplicaRegion }) =>
  refuse(context, KeyId, ReplicaRegion, 'kms:ReplicateKey')

export const updatePrimaryRegion: Handler<'kms:UpdatePrimaryRegion'> = (context, input) =>
  refuse(context, input.KeyId, input.PrimaryRegion, 'kms:UpdatePrimaryRegion')
