// ui: what the person sees; speaks the protocol like any other client. This file: authorities of the person's own: made,
// and asked to vouch for the person's own keys.

import { certifyKey, makeSelfSigned, readCertificate } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { call } from './call.ts'
import { type SubjectForm, subjectOf, validityFor } from './certificateForm.ts'
import {
  isAuthority,
  type KeptCertificate,
  keepOwn,
  kept,
  keyOfArn,
  loadCertificates,
} from './certificateList.ts'
import { keySigner } from './keySigner.ts'
import { t } from './words.ts'

/** Those whose key can sign now. */
export const ownAuthorities = (): readonly KeptCertificate[] =>
  (kept.value?.certificates ?? []).filter(
    ({ entry, certificate }) =>
      entry.Kind === 'own' &&
      isAuthority(certificate) &&
      keyOfArn(entry.KeyId)?.KeyState === 'Enabled',
  )

export async function makeAuthority(subject: SubjectForm, years: number): Promise<KeptCertificate> {
  const { KeyMetadata } = await call('kms:CreateKey', {
    KeySpec: 'ECC_NIST_P384',
    KeyUsage: 'SIGN_VERIFY',
    Description: t('certificates_authority_key', [subject.name.trim()]),
  })
  const der = await makeSelfSigned(await keySigner(KeyMetadata.Arn), {
    ...validityFor(years, Date.now()),
    subject: subjectOf(subject),
    isCa: true,
    // It issues to people, and to no further authorities.
    pathLength: 0,
    keyUsage: ['keyCertSign', 'cRLSign'],
  })
  await keepOwn(readCertificate(der), KeyMetadata.Arn, [])
  const made = ownAuthorities().find(({ entry }) => entry.KeyId === KeyMetadata.Arn)
  if (!made) throw new KeyhearthError('certificate-not-found')
  return made
}

/** What the authority issues is kept with it, so that it can be revoked. */
export async function keepIssued(
  { certificate, above, entry: { KeyId = '' } }: KeptCertificate,
  der: Bytes,
): Promise<void> {
  const Chain = [der, certificate.der, ...above.map((one) => one.der)]
  await call('keyhearth:PutCertificate', { Kind: 'issued', KeyId, Chain })
  await loadCertificates()
}

interface OwnKey {
  readonly KeyId: string
  readonly publicKey: Bytes
}

/** The certificate is kept with the key, and with the authority. */
export async function vouchForOwnKey(
  issuer: KeptCertificate,
  { KeyId, publicKey }: OwnKey,
  {
    subject,
    years,
    ...purposes
  }: Omit<Parameters<typeof certifyKey>[2], 'notBefore' | 'notAfter'> & {
    readonly subject: SubjectForm
    readonly years: number
  },
): Promise<void> {
  const signer = await keySigner(issuer.entry.KeyId ?? '')
  const der = await certifyKey(
    { certificate: issuer.certificate, signer },
    { subject: subjectOf(subject), publicKey },
    { ...purposes, ...validityFor(years, Date.now(), issuer.certificate.notAfter) },
  )
  await keepIssued(issuer, der)
  await keepOwn(readCertificate(der), KeyId, [issuer.certificate, ...issuer.above])
}
