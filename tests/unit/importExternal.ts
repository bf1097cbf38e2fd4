// Key material made elsewhere, brought in as AWS's customers do it: parameters, RSA_AES_KEY_WRAP by Node's
// own crypto, import. Not a test itself.

import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto'
import type { KeySpec, KeyUsageType } from '../../src/protocol/keySpecs.ts'
import type { Background } from './background.ts'

/** RFC 5649's initial value; OpenSSL wants it named. */
const paddedWrapIv = Buffer.from('a65959a6', 'hex')

const spkiKey = (spki: Uint8Array) =>
  ({ key: Buffer.from(spki), format: 'der', type: 'spki' }) as const

export function wrapForImport(
  spki: Uint8Array,
  secret: Uint8Array,
  oaepHash: 'sha1' | 'sha256' = 'sha256',
): Uint8Array<ArrayBuffer> {
  const kek = randomBytes(32)
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const first = publicEncrypt({ ...spkiKey(spki), padding, oaepHash }, kek)
  const cipher = createCipheriv('id-aes256-wrap-pad', kek, paddedWrapIv)
  return new Uint8Array(Buffer.concat([first, cipher.update(secret), cipher.final()]))
}

export function encryptForImport(
  spki: Uint8Array,
  secret: Uint8Array,
  oaepHash: 'sha1' | 'sha256' = 'sha256',
): Uint8Array<ArrayBuffer> {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return new Uint8Array(publicEncrypt({ ...spkiKey(spki), padding, oaepHash }, secret))
}

export async function externalKey(
  background: Background,
  KeySpec: KeySpec,
  KeyUsage: KeyUsageType,
): Promise<string> {
  const input = { KeySpec, KeyUsage, Origin: 'EXTERNAL' } as const
  return (await background.call('kms:CreateKey', input)).KeyMetadata.KeyId
}

/** @param secret raw for symmetric and HMAC keys, PKCS #8 for the others */
export async function importExternal(
  background: Background,
  spec: KeySpec,
  usage: KeyUsageType,
  secret: Uint8Array,
): Promise<string> {
  const KeyId = await externalKey(background, spec, usage)
  const { ImportToken, PublicKey } = await background.call('kms:GetParametersForImport', {
    KeyId,
    WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  })
  await background.call('kms:ImportKeyMaterial', {
    KeyId,
    ImportToken,
    EncryptedKeyMaterial: wrapForImport(PublicKey, secret),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  })
  return KeyId
}
