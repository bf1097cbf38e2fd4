// Messages encrypted to certificates of KMS keys: the private keys stay in the vault, behind kms:Decrypt,
// keyhearth:HsmDecrypt and kms:DeriveSharedSecret.

import { expect, test } from 'vitest'
import { writePem } from '../../src/certificates/pem.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { decryptCms } from '../../src/documents/decryptCms.ts'
import { encryptCms } from '../../src/documents/encryptCms.ts'
import { readEnvelope } from '../../src/documents/readEnvelope.ts'
import { KeyhearthError } from '../../src/protocol/errors.ts'
import { Background } from './background.ts'
import { ecOfVault, makeRecipient, pemIn, rsaOfVault } from './documentsRecipients.ts'
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

async function makeVault() {
  const background = await Background.withVault()
  const authority = await makeRecipient(folder, 'P-256', 'authority')
  const wanted = ['-new', '-key', authority.keyFile, '-subj', '/CN=vault']
  run('openssl', ['req', ...wanted, '-out', folder.path('request.pem')])
  const make = async (
    name: string,
    input: Parameters<typeof background.call<'kms:CreateKey'>>[1],
  ) => {
    const { KeyId } = (await background.call('kms:CreateKey', input)).KeyMetadata
    const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
    return { KeyId, certificate: certify(name, PublicKey) }
  }
  const makeRsa = async (name: string) => {
    const made = await make(name, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
    return rsaOfVault(background, made.KeyId, made.certificate)
  }
  return { background, authority, make, makeRsa }
}

test.runIf(hasOpenssl)(
  'KMS keys decrypt them, and only those they are for',
  async () => {
    const { background, authority, make, makeRsa } = await makeVault()
    const rsaDecryptor = await makeRsa('rsa')
    const ec = await make('ec', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
    const { KeyId } = ec
    const ecDecryptor = ecOfVault(background, KeyId, ec.certificate)
    for (const decryptor of [rsaDecryptor, ecDecryptor]) {
      const message = await encryptCms({ content, recipients: [decryptor.certificate] })
      const opened = await decryptCms(message, [decryptor])
      expect(opened).toMatchObject({ content, authenticated: true })
      const stranger = { ...rsaDecryptor, certificate: authority.certificate }
      await expect(decryptCms(message, [stranger])).rejects.toMatchObject({
        code: 'not-a-recipient',
      })
    }
    await background.call('kms:DisableKey', { KeyId })
    const message = await encryptCms({ content, recipients: [ecDecryptor.certificate] })
    await expect(decryptCms(message, [ecDecryptor])).rejects.toBeInstanceOf(KeyhearthError)
  },
  60_000,
)

test.runIf(hasOpenssl)(
  'what openssl encrypts to RSA by its defaults opens; altered, as under a wrong key, it does not',
  async () => {
    const { makeRsa } = await makeVault()
    const decryptor = await makeRsa('old')
    const other = { ...(await makeRsa('other')), certificate: decryptor.certificate }
    const encrypt = (...cipher: readonly string[]) => {
      const files = ['-in', folder.write('plain', content), '-out', folder.path('old.p7m')]
      const to = ['-binary', '-outform', 'DER', '-recip', folder.path('old.pem')]
      const { status, text } = run('openssl', ['cms', '-encrypt', ...cipher, ...files, ...to])
      if (status !== 0) throw new Error(text)
      return folder.bytes('old.p7m')
    }
    for (const cipher of [[], ['-des3'], ['-aes128'], ['-aes192'], ['-aes256']]) {
      const opened = await decryptCms(encrypt(...cipher), [decryptor])
      expect(opened, cipher[0] ?? 'default').toMatchObject({ content, authenticated: false })
    }
    // What has authenticity never opens by chance.
    const message = encrypt('-aes-256-gcm')
    expect(await decryptCms(message, [decryptor])).toMatchObject({ content, authenticated: true })
    const [recipient] = readEnvelope(message).recipients
    const at = Buffer.from(message).indexOf(recipient?.encryptedKey ?? content)
    message[at + 100] = (message[at + 100] ?? 0) ^ 1
    const altered = await decryptCms(message, [decryptor]).catch((error: unknown) => error)
    const wrongKey = await decryptCms(encrypt('-aes-256-gcm'), [other]).catch(
      (error: unknown) => error,
    )
    expect(altered).toMatchObject({ code: 'not-opened' })
    expect(wrongKey).toEqual(altered)
  },
  60_000,
)
