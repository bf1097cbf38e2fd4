// kms: keys, their states and what is done under them; one file per family of operations.
// This file: certificates: kept, listed, revoked, removed. The person's own pages make and read them; here it is only
// looked at whose public key one is of.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { DerError, DerFields, tags } from '../codec/der.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { CertificateEntry } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { findKey } from './access.ts'
import { findAlias } from './aliasRecords.ts'
import {
  allCertificates,
  type CertificateRecord,
  findCertificate,
  putCertificateRecord,
  removeCertificateRecord,
} from './certificateRecords.ts'
import { makeAliasKey } from './createKey.ts'
import { arnOf } from './keys.ts'
import { publicKeyOf } from './signing.ts'

const mostCertificates = 10_000
const signingAlias = 'alias/signing'
const signingKind = { keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY' } as const

/** The key documents are signed with unless another is chosen (design section 4), made with the first of them. */
export const ensureSigningKey: Handler<'keyhearth:EnsureSigningKey'> = async (context) => {
  const { account } = context
  if (await findAlias(context, account, signingAlias)) {
    return { KeyId: arnOf(await findKey(context, signingAlias)) }
  }
  const made = await makeAliasKey(context, account, signingAlias, 'Your signature', signingKind)
  return { KeyId: arnOf(made) }
}

const entryOf = (record: CertificateRecord): CertificateEntry => ({
  CertificateId: record.certificateId,
  Kind: record.kind,
  Chain: record.chain,
  Name: record.name,
  AddedAt: record.addedAt / 1000,
  ...(record.keyArn === undefined ? {} : { KeyId: record.keyArn }),
  ...(record.revokedAt === undefined ? {} : { RevokedAt: record.revokedAt / 1000 }),
  ...(record.revocationReason === undefined ? {} : { RevocationReason: record.revocationReason }),
})

export const listCertificates: Handler<'keyhearth:ListCertificates'> = async (context) => {
  const records = await allCertificates(context)
  return { Certificates: records.sort((a, b) => a.addedAt - b.addedAt).map(entryOf) }
}

/** The SubjectPublicKeyInfo of a certificate (RFC 5280 section 4.1). @throws KeyhearthError `certificate-malformed` */
function certifiedKey(certificate: Bytes): Bytes {
  try {
    const toBeSigned = DerFields.whole(certificate).open()
    toBeSigned.optional(tags.explicit0)
    toBeSigned.take(tags.integer)
    // signature, issuer, validity, subject
    for (let field = 0; field < 4; field++) toBeSigned.take(tags.sequence)
    return toBeSigned.take(tags.sequence).der
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    throw new KeyhearthError('certificate-malformed', {}, { cause })
  }
}

async function keyOf(
  context: Context,
  { Kind, KeyId, Chain }: Input<'keyhearth:PutCertificate'>,
): Promise<{ keyArn?: string }> {
  const isOwn = Kind === 'own'
  if (!isOwn && Kind !== 'issued') return {}
  if (KeyId === undefined) throw new KeyhearthError('invalid-input', { what: 'KeyId is missing' })
  const key = await findKey(context, KeyId)
  const [leaf] = Chain
  if (isOwn && leaf && !equalBytes(certifiedKey(leaf), publicKeyOf(key))) {
    throw new KeyhearthError('certificate-of-other-key', { keyId: arnOf(key) })
  }
  return { keyArn: arnOf(key) }
}

export const putCertificate: Handler<'keyhearth:PutCertificate'> = async (context, input) => {
  const { CertificateId, Kind: kind, Chain: chain, Name: name = '' } = input
  const before = CertificateId === undefined ? null : await certificateNamed(context, CertificateId)
  if (!before && (await allCertificates(context)).length >= mostCertificates) {
    throw new KeyhearthError('limit-exceeded', {
      what: `There are at most ${mostCertificates} certificates`,
    })
  }
  if (kind !== 'signer') chain.forEach(certifiedKey)
  const certificateId = before?.certificateId ?? crypto.randomUUID()
  const addedAt = before?.addedAt ?? context.now
  const key = await keyOf(context, input)
  putCertificateRecord(context, { certificateId, kind, chain, name, addedAt, ...key })
  return { CertificateId: certificateId }
}

/** @throws KeyhearthError `certificate-not-found` */
async function certificateNamed(context: Context, id: string): Promise<CertificateRecord> {
  const record = await findCertificate(context, id)
  if (!record) throw new KeyhearthError('certificate-not-found')
  return record
}

/** Of one that the person's authority issued: its next revocation list has it. Revoked once, it stays so. */
export const revokeCertificate: Handler<'keyhearth:RevokeCertificate'> = async (context, input) => {
  const record = await certificateNamed(context, input.CertificateId)
  if (record.kind !== 'issued') {
    throw new KeyhearthError('invalid-input', { what: 'CertificateId: was not issued here' })
  }
  if (record.revokedAt !== undefined) return {}
  const revoked = { revokedAt: context.now, revocationReason: input.Reason }
  putCertificateRecord(context, { ...record, ...revoked })
  return {}
}

export const removeCertificate: Handler<'keyhearth:RemoveCertificate'> = async (context, input) => {
  const { certificateId } = await certificateNamed(context, input.CertificateId)
  removeCertificateRecord(context, certificateId)
  return {}
}
