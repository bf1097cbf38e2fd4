// ui: what the person sees; speaks the protocol like any other client. This file: the certificates that are kept, read,
// and the person's keys that certificates can be of.

import { effect, signal } from '@preact/signals'
import {
  type Certificate,
  CertificateError,
  chainOf,
  fingerprintOf,
  readCertificate,
} from '../certificates/index.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import type { CertificateEntry } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { type KeyRow, keyRows, loadKeys } from './keyList.ts'
import { status } from './status.ts'

export interface KeptCertificate {
  readonly entry: CertificateEntry
  readonly certificate: Certificate
  /** Who issued it, and who issued that, without itself. */
  readonly above: readonly Certificate[]
  /** SHA-256, as openssl prints it. */
  readonly fingerprint: string
}

export interface Kept {
  readonly certificates: readonly KeptCertificate[]
  readonly signers: readonly CertificateEntry[]
  /** What another version kept, or what was damaged: it can only be removed. */
  readonly unread: readonly CertificateEntry[]
}

export const kept = signal<Kept | null>(null)

// Whoever locks the vault, this window or another, no name stays behind in this one.
effect(() => {
  if (status.value?.Vault !== 'unlocked') kept.value = null
})

export async function loadCertificates(): Promise<void> {
  const [{ Certificates }] = await Promise.all([call('keyhearth:ListCertificates', {}), loadKeys()])
  kept.value = await readKept(Certificates)
}

/** Pure. */
export async function readKept(entries: readonly CertificateEntry[]): Promise<Kept> {
  const certified = entries.filter(({ Kind }) => Kind !== 'signer')
  const read = await Promise.all(certified.map(readEntry))
  return {
    certificates: read.filter((one) => one !== null),
    signers: entries.filter(({ Kind }) => Kind === 'signer'),
    unread: certified.filter((_, at) => read[at] === null),
  }
}

async function readEntry(entry: CertificateEntry): Promise<KeptCertificate | null> {
  try {
    const [certificate, ...above] = entry.Chain.map(readCertificate)
    if (!certificate) return null
    return { entry, certificate, above, fingerprint: await fingerprintText(certificate) }
  } catch (error) {
    if (error instanceof CertificateError) return null
    throw error
  }
}

export async function fingerprintText(certificate: Certificate): Promise<string> {
  const hex = encodeHex(await fingerprintOf(certificate)).toUpperCase()
  return hex.replaceAll(/..(?=.)/g, '$&:')
}

export const isAuthority = ({ extensions }: Certificate): boolean =>
  extensions.basicConstraints?.isCa === true

/** What the person calls the key of an ARN; `null` where it is gone. */
export const keyOfArn = (arn: string | undefined): KeyRow | null =>
  keyRows.value?.find(({ Arn }) => Arn === arn) ?? null

export const signingKeys = (rows: readonly KeyRow[]): readonly KeyRow[] =>
  rows.filter(
    ({ owner, KeyUsage, KeyState }) =>
      owner.kind === 'you' && KeyUsage === 'SIGN_VERIFY' && KeyState === 'Enabled',
  )

export interface OwnKey {
  readonly row: KeyRow
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes
}

/** The person's own keys that have a public half. */
export async function ownKeys(): Promise<readonly OwnKey[]> {
  await loadKeys()
  const rows = (keyRows.value ?? []).filter(
    ({ owner, KeySpec }) =>
      owner.kind === 'you' && KeySpec !== 'SYMMETRIC_DEFAULT' && !KeySpec.startsWith('HMAC_'),
  )
  const read = rows.map(async (row) => {
    const { PublicKey } = await call('keyhearth:ViewKey', { KeyId: row.KeyId })
    return PublicKey && { row, publicKey: PublicKey }
  })
  return (await Promise.all(read)).filter((one) => one !== null)
}

export const keyOfCertificate = (
  keys: readonly OwnKey[],
  { publicKey }: Certificate,
): OwnKey | null => keys.find((key) => equalBytes(key.publicKey, publicKey)) ?? null

/** Certificates beside the one, and those that are kept already, put in order above it. */
export async function keepOwn(
  certificate: Certificate,
  KeyId: string,
  others: readonly Certificate[],
): Promise<void> {
  const known = kept.value?.certificates ?? []
  const chain = await chainOf(certificate, [
    ...others,
    ...known.flatMap((one) => [one.certificate, ...one.above]),
  ])
  const Chain = chain.map(({ der }) => der)
  await call('keyhearth:PutCertificate', { Kind: 'own', KeyId, Chain })
  await loadCertificates()
}
