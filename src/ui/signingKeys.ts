// ui: what the person sees; speaks the protocol like any other client. This file: what the person can sign with: their
// signing keys, each with the certificates it has.

import { type Certificate, makeSelfSigned, readCertificate } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { KeyhearthError } from '../protocol/errors.ts'
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
  readonly aliases: readonly string[]
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
  const found = usable.map(
    (key): SigningKey => ({
      keyId: key.Arn,
      name: rowOf(key, own, []).name,
      spec: key.KeySpec,
      aliases: key.Aliases,
      ...newestOf(Certificates, key.Arn, Date.now()),
    }),
  )
  return found.sort((a, b) => Number(isUsual(b)) - Number(isUsual(a)))
}

const isUsual = ({ aliases }: SigningKey): boolean => aliases.includes('alias/signing')

/** Whether a page that names a key means this one: by its ARN, its id or an alias. */
export const isNamed = ({ keyId, aliases }: SigningKey, name: string): boolean =>
  keyId === name || keyId.endsWith(`:key/${name}`) || aliases.includes(name)

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
  if (!found) throw new KeyhearthError('key-not-found', { keyId: KeyId })
  return found
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
