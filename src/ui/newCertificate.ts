// ui: what the person sees; speaks the protocol like any other client. This file: a certificate for a key of the person's,
// made: signed by that key itself, asked for from an authority, or issued by one's own authority.

import {
  type KeyUsage,
  makeRequest,
  makeSelfSigned,
  readCertificate,
} from '../certificates/index.ts'
import { makeAuthority, ownAuthorities, vouchForOwnKey } from './authorities.ts'
import { call } from './call.ts'
import { saveRequest } from './certificateFiles.ts'
import {
  blankSubject,
  emailNames,
  mostNameLength,
  readAddresses,
  type SubjectForm,
  subjectOf,
  validityFor,
} from './certificateForm.ts'
import { keepOwn, keyOfArn } from './certificateList.ts'
import { encryptionUsage, isEncryptionKey } from './encryptionKeys.ts'
import { keySigner } from './keySigner.ts'
import type { Purpose, Years } from './SubjectFields.tsx'
import { t } from './words.ts'

export type Way = 'self' | 'request' | 'authority'

/** `signing`: the usual one, made where there is none. `encryption`: one that is made for it. Else an ARN. */
export type CertifiedKey = 'signing' | 'encryption' | (string & {})

export interface CertificateForm {
  readonly way: Way
  readonly key: CertifiedKey
  /** Id of its certificate; empty where there is one or none. */
  readonly authority: string
  readonly subject: SubjectForm
  readonly addresses: string
  readonly usages: readonly KeyUsage[]
  readonly purposes: readonly Purpose[]
  readonly years: Years
}

export const blankForm = (key: CertifiedKey): CertificateForm => ({
  way: 'self',
  key,
  authority: '',
  subject: blankSubject,
  addresses: '',
  usages: ['digitalSignature', 'nonRepudiation'],
  purposes: ['documentSigning', 'emailProtection'],
  years: '3',
})

/** Such a key cannot sign for itself. */
export function isForEncryption(key: CertifiedKey): boolean {
  if (key === 'signing' || key === 'encryption') return key === 'encryption'
  const row = keyOfArn(key)
  return row !== null && isEncryptionKey(row)
}

export const wayOf = ({ way, key }: CertificateForm): Way =>
  isForEncryption(key) ? 'authority' : way

/** The name of the authority that is made where one is needed and there is none. */
export const firstAuthorityName = ({ name }: SubjectForm): string =>
  t('certificates_first_authority', [name.trim()]).slice(0, mostNameLength)

export async function makeCertificateFor(form: CertificateForm): Promise<void> {
  const KeyId = await keyFor(form)
  switch (wayOf(form)) {
    case 'self': {
      const validity = validityFor(Number(form.years), Date.now())
      const signer = await keySigner(KeyId)
      const subject = subjectOf(form.subject)
      const der = await makeSelfSigned(signer, { ...purposesOf(form), subject, ...validity })
      return keepOwn(readCertificate(der), KeyId, [])
    }
    case 'request': {
      const content = { ...purposesOf(form), subject: subjectOf(form.subject) }
      const request = await makeRequest(await keySigner(KeyId), content)
      return saveRequest(form.subject.name.trim(), request)
    }
    case 'authority':
      return issueToOneself(form, KeyId)
  }
}

async function keyFor({ key, subject }: CertificateForm): Promise<string> {
  if (key === 'signing') return (await call('keyhearth:EnsureSigningKey', {})).KeyId
  if (key !== 'encryption') return key
  const { KeyMetadata } = await call('kms:CreateKey', {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'KEY_AGREEMENT',
    Description: t('certificates_encryption_key', [subject.name.trim()]),
  })
  return KeyMetadata.Arn
}

const purposesOf = ({ subject, addresses, usages, purposes }: CertificateForm) => ({
  altNames: [...emailNames(subject), ...(readAddresses(addresses) ?? [])],
  keyUsage: usages,
  extKeyUsage: purposes,
})

const authorityYears = 10

async function issueToOneself(form: CertificateForm, KeyId: string): Promise<void> {
  const authorities = ownAuthorities()
  const chosen = authorities.find(({ entry }) => entry.CertificateId === form.authority)
  const subject = { ...blankSubject, name: firstAuthorityName(form.subject) }
  const issuer = chosen ?? authorities[0] ?? (await makeAuthority(subject, authorityYears))
  const { PublicKey, KeySpec = 'RSA_2048' } = await call('kms:GetPublicKey', { KeyId })
  const uses = isForEncryption(form.key)
    ? { keyUsage: [encryptionUsage({ KeySpec })], extKeyUsage: ['emailProtection'] as const }
    : {}
  const years = Number(form.years)
  const what = { ...purposesOf(form), ...uses, subject: form.subject, years }
  await vouchForOwnKey(issuer, { KeyId, publicKey: PublicKey }, what)
}
