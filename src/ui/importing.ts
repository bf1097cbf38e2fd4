// ui: what the person sees; speaks the protocol like any other client. This file: wrapping key material the
// person brings, as anyone who imports into KMS does (API reference, GetParametersForImport). The material
// is in this page because the person pasted it here; it leaves the page wrapped.

import type { KeySpec } from '../protocol/keySpecs.ts'
import type { KeyMetadata } from '../protocol/kmsOutputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { readBytes } from './base64Input.ts'
import { call } from './call.ts'
import { fromPem } from './pem.ts'

type Bytes = Uint8Array<ArrayBuffer>

const isPrivateKey = (spec: KeySpec): boolean =>
  spec !== 'SYMMETRIC_DEFAULT' && !spec.startsWith('HMAC_')

/** Bytes of the kind a spec takes, or `null`: PKCS #8 as PEM for private keys, else plain bytes. */
export const readMaterial = (spec: KeySpec, text: string): Bytes | null =>
  isPrivateKey(spec) ? fromPem('PRIVATE KEY', text) : readBytes(text)

/**
 * AES key wrap with padding (RFC 5649 section 4.1) by single blocks of AES, which WebCrypto has in CBC
 * mode with a zero vector; its own AES-KW has no padding.
 */
export async function wrapWithPadding(kek: Bytes, plain: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', kek, 'AES-CBC', false, ['encrypt'])
  const encrypt = async (block: Bytes): Promise<Bytes> => {
    const iv = new Uint8Array(16)
    const sealed = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, block)
    return new Uint8Array(sealed).slice(0, 16)
  }
  const blocks = Math.ceil(plain.length / 8)
  const wrapped = new Uint8Array(8 + blocks * 8)
  wrapped.set([0xa6, 0x59, 0x59, 0xa6])
  new DataView(wrapped.buffer).setUint32(4, plain.length)
  wrapped.set(plain, 8)
  if (blocks === 1) return encrypt(wrapped)
  await wrapRounds(wrapped, blocks, encrypt)
  return wrapped
}

/** RFC 3394 section 2.2.1, in place: the first eight bytes are A. */
async function wrapRounds(
  wrapped: Bytes,
  blocks: number,
  encrypt: (block: Bytes) => Promise<Bytes>,
): Promise<void> {
  const block = new Uint8Array(16)
  for (let round = 0; round < 6; round++) {
    for (let i = 1; i <= blocks; i++) {
      block.set(wrapped.subarray(0, 8))
      block.set(wrapped.subarray(i * 8, i * 8 + 8), 8)
      const result = await encrypt(block)
      const view = new DataView(result.buffer)
      view.setUint32(4, view.getUint32(4) ^ (blocks * round + i))
      wrapped.set(result.subarray(0, 8))
      wrapped.set(result.subarray(8), i * 8)
    }
  }
}

const oaep = { name: 'RSA-OAEP', hash: 'SHA-256' } as const

async function wrapMaterial(spki: Bytes, material: Bytes, viaAes: boolean): Promise<Bytes> {
  const publicKey = await crypto.subtle.importKey('spki', spki, oaep, false, ['encrypt'])
  const seal = async (bytes: Bytes) =>
    new Uint8Array(await crypto.subtle.encrypt(oaep, publicKey, bytes))
  if (!viaAes) return seal(material)
  const kek = crypto.getRandomValues(new Uint8Array(32))
  const parts = [await seal(kek), await wrapWithPadding(kek, material)]
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
