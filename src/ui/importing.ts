// ui: what the person sees; speaks the protocol like any other client. This file: wrapping key material the
// person brings, as anyone who imports into KMS does (API reference, GetParametersForImport). The material
// is in this page because the person pasted it here; it leaves the page wrapped.

import { wrapWithPadding } from '../certificates/index.ts'
import { type KeySpec, secretSpecs } from '../protocol/keySpecs.ts'
import type { KeyMetadata } from '../protocol/kmsOutputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { readBytes } from './base64Input.ts'
import { call } from './call.ts'
import { fromPem } from './pem.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Whether the material of a spec is bare bytes, not a private key. */
export const isBareBytes = (spec: KeySpec): boolean =>
  spec === 'TRIPLE_DES' || (secretSpecs as readonly KeySpec[]).includes(spec)

/** Bytes of the kind a spec takes, or `null`: PKCS #8 as PEM for private keys, else plain bytes. */
export const readMaterial = (spec: KeySpec, text: string): Bytes | null =>
  isBareBytes(spec) ? readBytes(text) : fromPem('PRIVATE KEY', text)

const oaep = { name: 'RSA-OAEP', hash: 'SHA-256' } as const

async function wrapMaterial(spki: Bytes, material: Bytes, viaAes: boolean): Promise<Bytes> {
  const publicKey = await crypto.subtle.importKey('spki', spki, oaep, false, ['encrypt'])
  const seal = async (bytes: Bytes) =>
    new Uint8Array(await crypto.subtle.encrypt(oaep, publicKey, bytes))
  if (!viaAes) return seal(material)
  const kek = crypto.getRandomValues(new Uint8Array(32))
  const parts = [await seal(kek), wrapWithPadding(kek, material)]
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

/** RSA 4096 with SHA-256 (RFC 8017 section 7.1.1). */
const mostOaepBytes = 512 - 2 * 32 - 2

export async function importMaterial(
  { KeyId }: Pick<KeyMetadata, 'KeyId'>,
  material: Bytes,
  choices: Pick<Input<'kms:ImportKeyMaterial'>, 'ExpirationModel' | 'ValidTo' | 'ImportType'>,
): Promise<void> {
  // Private keys of RSA and ML-DSA are longer than what RSA itself encrypts.
  const viaAes = material.byteLength > mostOaepBytes
  const parameters = await call('kms:GetParametersForImport', {
    KeyId,
    WrappingAlgorithm: viaAes ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_4096',
  })
  await call('kms:ImportKeyMaterial', {
    KeyId,
    ImportToken: parameters.ImportToken,
    EncryptedKeyMaterial: await wrapMaterial(parameters.PublicKey, material, viaAes),
    ...choices,
  })
}
