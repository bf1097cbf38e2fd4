// Messages encrypted to certificates of KMS keys: the private keys stay in the vault, behind kms:Decrypt and
// kms:DeriveSharedSecret.

import { expect, test } from 'vitest'
import { writePem } from '../../src/certificates/pem.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { decryptCms } from '../../src/documents/decryptCms.ts'
import type { Decryptor } from '../../src/documents/decryptor.ts'
import { encryptCms } from '../../src/documents/encryptCms.ts'
import { KeyhearthError } from '../../src/protocol/errors.ts'
import { Background } from './background.ts'
import { makeRecipient, pemIn } from './documentsRecipients.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const folder = testFolder('encrypted-kms')
const hasOpenssl = hasTool('openssl')
const content = encodeUtf8('for the vault alone')

/** By an authority of openssl’s: these keys cannot sign a request themselves. */
function certify(name: string, publicKey: Bytes): Bytes {
  const key = folder.write(`${name}.pub`, writePem('PUBLIC KEY', publicKey))
  const authority = ['-CA', folder.path('authority.pem'), '-CAkey', folder.path('authority.key')]
  const out = [
    '-out',
    folder.path(`${name}.pem`),
    '-days',
    '1',
    '-set_serial',
    '7',
    '-force_pubkey',
    key,
  ]
  const request = ['-in', folder.path('request.pem'), '-req']
  const { status, text } = run('openssl', ['x509', ...request, ...authority, ...out])
  if (status !== 0) throw new Error(text)
  return pemIn(folder.bytes(`${name}.pem`))
}

const orNull = (error: unknown) => {
  if (error instanceof KeyhearthError && error.reason === 'invalid-ciphertext') return null
  throw error
}

test.runIf(hasOpenssl)(
  'KMS keys decrypt them, and only those they are for',
  async () => {
    const background = await Background.withVault()
    const authority = await makeRecipient(folder, 'P-256', 'authority')
    const wanted = ['-new', '-key', authority.keyFile, '-subj', '/CN=vault']
    run('openssl', ['req', ...wanted, '-out', folder.path('request.pem')])
    const make = async (input: Parameters<typeof background.call<'kms:CreateKey'>>[1]) => {
      const { KeyMetadata } = await background.call('kms:CreateKey', input)
      const { KeyId } = KeyMetadata
      return { KeyId, PublicKey: (await background.call('kms:GetPublicKey', { KeyId })).PublicKey }
    }
    const rsa = await make({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
    const ec = await make({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
    const rsaDecryptor: Decryptor = {
      kind: 'rsa',
      certificate: certify('rsa', rsa.PublicKey),
      decryptKey: (CiphertextBlob, { hash }) => {
        const EncryptionAlgorithm = hash === 'SHA-1' ? 'RSAES_OAEP_SHA_1' : 'RSAES_OAEP_SHA_256'
        const input = { KeyId: rsa.KeyId, CiphertextBlob, EncryptionAlgorithm } as const
        return background.call('kms:Decrypt', input).then(({ Plaintext }) => Plaintext, orNull)
      },
    }
    const ecDecryptor: Decryptor = {
      kind: 'ec',
      certificate: certify('ec', ec.PublicKey),
      agree: async (PublicKey) => {
        const input = { KeyId: ec.KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey } as const
        return (await background.call('kms:DeriveSharedSecret', input)).SharedSecret
      },
    }
    for (const decryptor of [rsaDecryptor, ecDecryptor]) {
      const message = await encryptCms({ content, recipients: [decryptor.certificate] })
      const opened = await decryptCms(message, [decryptor])
      expect(opened).toMatchObject({ content, authenticated: true })
      const stranger = { ...rsaDecryptor, certificate: authority.certificate }
      await expect(decryptCms(message, [stranger])).rejects.toMatchObject({
        code: 'not-a-recipient',
      })
    }
    const { KeyId } = ec
    await background.call('kms:DisableKey', { KeyId })
    const message = await encryptCms({ content, recipients: [ecDecryptor.certificate] })
    await expect(decryptCms(message, [ecDecryptor])).rejects.toBeInstanceOf(KeyhearthError)
  },
  60_000,
)
