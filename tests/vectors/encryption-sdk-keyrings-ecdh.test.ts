// What the ECDH keyrings write, taken apart with Node's cryptography and the openssl command, which share
// nothing with ours: there are no messages of AWS's with such data keys.

import { spawnSync } from 'node:child_process'
import { createDecipheriv, createECDH, createHmac, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { encodeHex, encodeUtf8 } from '../../src/codec/text.ts'
import { deriveInCounterMode, importPrfKey } from '../../src/encryption-sdk/counterKdf.ts'
import { parseHeader } from '../../src/encryption-sdk/header.ts'
import { decrypt, encrypt, type Keyring, rawEcdhKeyring } from '../../src/encryption-sdk/index.ts'

const curves = [
  ['ECC_NIST_P256', 'prime256v1', 'P-256', 'p256', 33],
  ['ECC_NIST_P384', 'secp384r1', 'P-384', 'p384', 49],
  ['ECC_NIST_P521', 'secp521r1', 'P-521', 'p521', 67],
] as const

const joined = (...parts: (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))

/** Two blocks of HMAC-SHA384 (NIST SP 800-108r1 section 4.1), of which 64 bytes count. */
function derive(secret: Buffer, info: Buffer, salt: Buffer): Buffer {
  const blocks = [1, 2].map((counter) =>
    createHmac('sha384', secret)
      .update(joined(Buffer.from([0, 0, 0, counter]), info, '\0', salt, Buffer.from([0, 0, 2, 0])))
      .digest(),
  )
  return Buffer.concat(blocks).subarray(0, 64)
}

describe.each(curves)('%s', (curveSpec, nodeName, namedCurve, name, pointBytes) => {
  test('a data key is where and under what the specification says', async () => {
    const recipient = createECDH(nodeName)
    recipient.generateKeys()
    const point = new Uint8Array(recipient.getPublicKey())
    const algorithm = { name: 'ECDH', namedCurve }
    const recipientPublicKey = await crypto.subtle.importKey('raw', point, algorithm, true, [])
    const keyring = rawEcdhKeyring({
      curveSpec,
      keyAgreement: 'EphemeralPrivateKeyToStaticPublicKey',
      recipientPublicKey,
    })
    const encryptionContext = { b: '2', a: '1' }
    const options = { suiteId: 0x0478, encryptionContext } as const
    const { result } = await encrypt(keyring, encodeUtf8('content'), options)
    const [dataKey] = parseHeader(result, 1).header.encryptedDataKeys
    if (!dataKey) throw new Error('no data key')

    const info = Buffer.from(dataKey.providerInfo)
    const compressed = recipient.getPublicKey(null, 'compressed')
    const length = Buffer.from([0, 0, 0, pointBytes])
    const sender = info.subarray(-pointBytes)
    expect(dataKey.providerId).toBe('raw-ecdh')
    expect(info).toEqual(joined('\x01', length, Buffer.from(compressed), length, sender))

    const context = Buffer.from('0002000161000131000162000132', 'hex')
    const label = `ecdh-key-derivation\0${name}\0HMAC_SHA384\0`
    const fixedInfo = joined(label, sender, Buffer.from(compressed), '\0\x01\0', context)
    const ciphertext = Buffer.from(dataKey.ciphertext)
    const derived = derive(recipient.computeSecret(sender), fixedInfo, ciphertext.subarray(0, 32))
    expect(derived.subarray(0, 32)).toEqual(ciphertext.subarray(32, 64))
    const decipher = createDecipheriv('aes-256-gcm', derived.subarray(32), Buffer.alloc(12))
    decipher.setAAD(fixedInfo).setAuthTag(ciphertext.subarray(-16))
    const opened = Buffer.concat([decipher.update(ciphertext.subarray(64, -16)), decipher.final()])

    const taken: Keyring = {
      onEncrypt: () => Promise.reject(new Error('unused')),
      onDecrypt: async (materials) => ({ ...materials, plaintextDataKey: new Uint8Array(opened) }),
    }
    expect((await decrypt(taken, result)).plaintext).toEqual(encodeUtf8('content'))
  })
})

const openssl = (...options: string[]) =>
  spawnSync('openssl', ['kdf', ...options, 'KBKDF'], { encoding: 'utf8' })
const installed = openssl('-keylen', '1').error === undefined
if (!installed) test.skip('openssl is not installed on this machine', () => {})

describe.runIf(installed).each([
  ['SHA-256', 'SHA256', 32],
  ['SHA-384', 'SHA384', 64],
] as const)('key derivation with %s', (hash, digest, length) => {
  test('is what openssl derives', async () => {
    const [key, label, context] = [randomBytes(48), randomBytes(40), randomBytes(16)]
    const given = [
      'mac:HMAC',
      `digest:${digest}`,
      `hexkey:${key.toString('hex')}`,
      `hexsalt:${label.toString('hex')}`,
      `hexinfo:${context.toString('hex')}`,
    ]
    const { stdout } = openssl(
      '-keylen',
      String(length),
      ...given.flatMap((one) => ['-kdfopt', one]),
    )
    const prfKey = await importPrfKey(new Uint8Array(key), hash)
    const [labelBytes, contextBytes] = [new Uint8Array(label), new Uint8Array(context)]
    const derived = await deriveInCounterMode(prfKey, labelBytes, contextBytes, length)
    expect(encodeHex(derived)).toBe(stdout.trim().replaceAll(':', '').toLowerCase())
  })
})
