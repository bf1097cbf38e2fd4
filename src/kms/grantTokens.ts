// kms: keys, their states and what is done under them; one file per family of operations.
// This file: grant tokens. A grant works at once, so a token adds nothing but a name for it; one that is
// forged, of another vault, or of a grant that is gone is refused.

import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import type { Context } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { type GrantRecord, readGrant } from './grantRecords.ts'

const place = ['grant token'] as const

export const grantToken = async ({ vault }: Context, { grantId }: GrantRecord): Promise<string> =>
  encodeBase64Url(await vault.seal(place, encodeUtf8(grantId)))

/** @throws KeyhearthError `invalid-grant-token` */
export async function grantOfToken(context: Context, token: string): Promise<GrantRecord> {
  const grantId = await openToken(context, token)
  const grant = grantId === null ? null : await readGrant(context, grantId)
  if (!grant) throw new KeyhearthError('invalid-grant-token')
  return grant
}

async function openToken({ vault }: Context, token: string): Promise<string | null> {
  try {
    return decodeUtf8(await vault.open(place, decodeBase64Url(token)))
  } catch {
    return null
  }
}
