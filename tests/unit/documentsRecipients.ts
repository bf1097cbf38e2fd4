// Recipients of encrypted documents for tests: keys and certificates by openssl, and what decrypts with them: Node, or a
// vault that has the key.

import { constants, createPrivateKey, privateDecrypt } from 'node:crypto'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { curves, isSshCurve } from '../../src/certificates/curves.ts'
import { readPem } from '../../src/certificates/pem.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import type { Decryptor, EcDecryptor, RsaDecryptor } from '../../src/documents/decryptor.ts'
import { KeyhearthError } from '../../src/protocol/errors.ts'
import type { Background } from './background.ts'
import { run, type testFolder } from './foreignTools.ts'

export const recipientKinds = ['RSA', 'P-256', 'P-384', 'P-521'] as const
export type RecipientKind = (typeof recipientKinds)[number]

export interface TestRecipient {
  readonly certificate: Bytes
  readonly certificateFile: string
  readonly keyFile: string
  readonly decryptor: Decryptor
}

type Folder = ReturnType<typeof testFolder>

/** Self-signed, by openssl. */
export async function makeRecipient(
  folder: Folder,
  kind: RecipientKind,
  name: string,
): Promise<TestRecipient> {
  const [certificateFile, keyFile] = [folder.path(`${name}.pem`), folder.path(`${name}.key`)]
  const key =
    kind === 'RSA'
      ? ['-newkey', 'rsa:2048']
      : ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${kind}`]
  const out = ['-nodes', '-keyout', keyFile, '-out', certificateFile, '-subj', `/CN=${name}`]
  const { status, text } = run('openssl', ['req', '-x509', ...key, ...out])
  if (status !== 0) throw new Error(text)
  const certificate = pemIn(folder.bytes(`${name}.pem`))
  const pkcs8 = pemIn(folder.bytes(`${name}.key`))
  const decryptor = kind === 'RSA' ? rsa(certificate, pkcs8) : await ec(certificate, pkcs8)
  return { certificate, certificateFile, keyFile, decryptor }
}

export function pemIn(file: Bytes): Bytes {
  const [block] = readPem(file) ?? []
  if (!block) throw new Error('no PEM')
  return block.bytes
}

const notExtractable = false

function rsa(certificate: Bytes, pkcs8: Bytes): RsaDecryptor {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  return {
    kind: 'rsa',
    certificate,
    async decryptKey(encryptedKey, { hash }) {
      const how = { name: 'RSA-OAEP', hash }
      const own = await crypto.subtle.importKey('pkcs8', pkcs8, how, notExtractable, ['decrypt'])
      return crypto.subtle.decrypt(how, own, encryptedKey).then(
        (found) => new Uint8Array(found),
        () => null,
      )
    },
    async decryptKeyPkcs1(encryptedKey) {
      return new Uint8Array(
        privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encryptedKey),
      )
    },
  }
}

async function ec(certificate: Bytes, pkcs8: Bytes): Promise<EcDecryptor> {
  const { curve } = readCertificate(certificate).key
  if (!isSshCurve(curve)) throw new Error('another curve')
  const algorithm = { name: 'ECDH', namedCurve: curve }
  const own = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, notExtractable, [
    'deriveBits',
  ])
  return {
    kind: 'ec',
    certificate,
    async agree(publicKey) {
      try {
        const other = await crypto.subtle.importKey('spki', publicKey, algorithm, true, [])
        const how = { name: 'ECDH', public: other }
        const bits = 8 * curves[curve].coordinateBytes
        return new Uint8Array(await crypto.subtle.deriveBits(how, own, bits))
      } catch {
        return null
      }
    },
  }
}

function nullIfNotOfTheKey(error: unknown): null {
  if (error instanceof KeyhearthError && error.reason === 'invalid-ciphertext') return null
  throw error
}

export const rsaOfVault = (
  background: Background,
  KeyId: string,
  certificate: Bytes,
): RsaDecryptor => ({
  kind: 'rsa',
  certificate,
  decryptKey(CiphertextBlob, { hash }) {
    const EncryptionAlgorithm = hash === 'SHA-1' ? 'RSAES_OAEP_SHA_1' : 'RSAES_OAEP_SHA_256'
    const input = { KeyId, CiphertextBlob, EncryptionAlgorithm } as const
    const asked = background.call('kms:Decrypt', input)
    return asked.then(({ Plaintext }) => Plaintext, nullIfNotOfTheKey)
  },
  decryptKeyPkcs1(Data, NumberOfBytes) {
    const input = { KeyId, Mechanism: 'RSAES_PKCS1_V1_5', Data, NumberOfBytes } as const
    const asked = background.call('keyhearth:HsmDecrypt', input)
    return asked.then(({ Plaintext }) => Plaintext, nullIfNotOfTheKey)
  },
})

export const ecOfVault = (
  background: Background,
  KeyId: string,
  certificate: Bytes,
): EcDecryptor => ({
  kind: 'ec',
  certificate,
  async agree(PublicKey) {
    const input = { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey } as const
    return (await background.call('kms:DeriveSharedSecret', input)).SharedSecret
  },
})
