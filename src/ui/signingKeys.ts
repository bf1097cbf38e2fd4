// ui: what the person sees; speaks the protocol like any other client. This file: what the person can sign with: their
// signing keys, each with the certificates it has.

import { type Certificate, makeSelfSigned, readCertificate } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import type { CertificateEntry } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { rowOf } from './keyList.ts'
import { keySigner } from './keySigner.ts'
import { status } from './status.ts'

export interface SigningKey {
  /** ARN. */
  readonly keyId: string
  /** As the person calls it. */
  readonly name: string
  readonly spec: string
  /** The newest that is good now; `null` where the key has none. */
  readonly certificate: Certificate | null
  /** DER, the certificate itself first. */
  readonly chain: readonly Bytes[]
}

const years = 5
const yearMs = 365 * 86_400_000

/** Those that can sign now, the usual one first. */
export async function signingKeys(): Promise<readonly SigningKey[]> {
  const [{ Keys }, { Certificates }] = await Promise.all([
    call('keyhearth:ListKeySummaries', {}),
    call('keyhearth:ListCertificates', {}),
  ])
  const own = status.value?.AccountId ?? ''
  const usable = Keys.filter(
    ({ AWSAccountId, KeyUsage, KeyState }) =>
      AWSAccountId === own && KeyUsage === 'SIGN_VERIFY' && KeyState === 'Enabled',
  )
  const found = usable.map((key): SigningKey & { readonly isUsual: boolean } => ({
    keyId: key.Arn,
    name: rowOf(key, own, []).name,
    spec: key.KeySpec,
    isUsual: key.Aliases.includes('alias/signing'),
    ...newestOf(Certificates, key.Arn, Date.now()),
  }))
  return found.sort((a, b) => Number(b.isUsual) - Number(a.isUsual))
}

function newestOf(
  entries: readonly CertificateEntry[],
  keyId: string,
  now: number,
): Pick<SigningKey, 'certificate' | 'chain'> {
  const good = entries
    .filter(({ Kind, KeyId }) => Kind === 'own' && KeyId === keyId)
    .map(({ Chain }) => ({ certificate: readCertificate(Chain[0] as Bytes), chain: Chain }))
    .filter(({ certificate: { notBefore, notAfter } }) => notBefore <= now && now <= notAfter)
  return good.at(-1) ?? { certificate: null, chain: [] }
}

/** The key that is there for it unless another is chosen, made with the first document. */
export async function usualSigningKey(): Promise<SigningKey> {
  const { KeyId } = await call('keyhearth:EnsureSigningKey', {})
  const found = (await signingKeys()).find(({ keyId }) => keyId === KeyId)
  return found ?? { keyId: KeyId, name: 'signing', spec: '', certificate: null, chain: [] }
}

/** A certificate that the key signs itself, kept with it: what others see is this name. */
export async function certifyOneself(key: SigningKey, name: string): Promise<SigningKey> {
  const signer = await keySigner(key.keyId)
  const now = Date.now()
  const der = await makeSelfSigned(signer, {
    subject: [['CN', name]],
    notBefore: now - 60_000,
    notAfter: now + years * yearMs,
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    extKeyUsage: ['documentSigning', 'emailProtection'],
  })
  await call('keyhearth:PutCertificate', { Kind: 'own', KeyId: key.keyId, Chain: [der] })
  return { ...key, certificate: readCertificate(der), chain: [der] }
}
