// ui: what the person sees; speaks the protocol like any other client. This file: what a key that leaves the vault is
// given away as. The key comes wrapped for this window alone; the files are made of it here, where the password is
// typed, and the background never sees that.

import { encryptPkcs8, unwrapWithPadding } from '../certificates/index.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { readPkcs8 } from '../codec/keyInfo.ts'
import { encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import { toJwk } from '../documents/index.ts'
import { buildClient, passphraseContext, passphraseKeyring } from '../encryption-sdk/index.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'
import type { Output } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { isBareBytes } from './importing.ts'

type ExportInput = Input<'keyhearth:ExportKey'>
type Exported = Output<'keyhearth:ExportKey'>
export type KeyExportForm = ExportInput['Form']

/** What is written of a key: of algorithms that JWK or other programs do not have, less. */
export function formsOf(spec: KeySpec): readonly KeyExportForm[] {
  if (isBareBytes(spec)) return ['jwk', 'wrapped']
  return spec.startsWith('ML_') ? ['pkcs8', 'wrapped'] : ['pkcs8', 'jwk', 'wrapped']
}

const transport = {
  name: 'RSA-OAEP',
  hash: 'SHA-256',
  modulusLength: 3072,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const
const toBeKept = false

/** A key of this window, for one export. Its private half cannot be read. */
export async function beginReceiving() {
  const pair = await crypto.subtle.generateKey(transport, toBeKept, ['encrypt', 'decrypt'])
  const PublicKey = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  return { receiver: { PublicKey }, open: (exported: Exported) => open(pair.privateKey, exported) }
}

async function open(key: CryptoKey, { WrappedKey }: Exported): Promise<Bytes> {
  const first = transport.modulusLength / 8
  const kek = await crypto.subtle.decrypt(transport, key, WrappedKey.slice(0, first))
  return unwrapWithPadding(new Uint8Array(kek), WrappedKey.slice(first))
}

/** PEM that OpenSSL opens. @throws TypeError where the key is bare bytes */
export const asPkcs8File = (pkcs8: Bytes, password: string): Promise<Bytes> =>
  encryptPkcs8(pkcs8, password)

/** A message under the passphrase with the key as JSON inside (docs/passphrase-messages.md). */
export async function asJwkMessage(
  spec: KeySpec,
  { secret, publicKey }: KeyBytes,
  passphrase: string,
): Promise<Bytes> {
  const plaintext = encodeUtf8(JSON.stringify(await jwkOf(spec, { secret, publicKey }), null, 2))
  const { result } = await buildClient().encrypt(passphraseKeyring(passphrase), plaintext, {
    suiteId: 0x0478,
    encryptionContext: { 'keyhearth:content': 'jwk', ...passphraseContext() },
  })
  plaintext.fill(0)
  return concatBytes(result)
}

interface KeyBytes {
  /** Raw, or PKCS #8. */
  readonly secret: Bytes
  /** Subject public key info; `null` where there is none. */
  readonly publicKey: Bytes | null
}

/** RFC 7517, 7518 section 6, 8037 section 2, 8812 section 3.1. */
async function jwkOf(spec: KeySpec, { secret, publicKey }: KeyBytes): Promise<object> {
  if (isBareBytes(spec)) return { kty: 'oct', k: encodeBase64Url(secret) }
  if (spec === 'ECC_SECG_P256K1') {
    const scalar = readPkcs8('secp256k1', secret)
    return { ...(publicKey && toJwk(publicKey)), d: encodeBase64Url(scalar ?? new Uint8Array()) }
  }
  const key = await crypto.subtle.importKey('pkcs8', secret, webCryptoOf(spec), true, ['sign'])
  const { key_ops: _ops, ext: _ext, alg: _alg, ...jwk } = await crypto.subtle.exportKey('jwk', key)
  return jwk
}

function webCryptoOf(spec: KeySpec): RsaHashedImportParams | EcKeyImportParams | { name: string } {
  if (spec.startsWith('RSA_')) return { name: 'RSA-PSS', hash: 'SHA-256' }
  if (spec === 'ECC_NIST_EDWARDS25519') return { name: 'Ed25519' }
  return { name: 'ECDSA', namedCurve: `P-${spec.slice(-3)}` }
}
