// Key material on its way in, and keys as PEM, held against Node's own cryptography.

import { createCipheriv, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { wrapWithPadding } from '../../src/certificates/index.ts'
import { readBytes } from '../../src/ui/base64Input.ts'
import { readMaterial } from '../../src/ui/importing.ts'
import { fromPem, toPem } from '../../src/ui/pem.ts'

/** RFC 5649 by OpenSSL. */
function wrapped(kek: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('id-aes256-wrap-pad', kek, Buffer.from('a65959a6', 'hex'))
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

test.each([1, 7, 8, 9, 16, 20, 32, 138, 1217])('%i bytes are wrapped as OpenSSL does', (n) => {
  const [kek, plain] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(n))]
  const made = wrapWithPadding(kek, plain)
  expect(Buffer.from(made).toString('hex')).toBe(wrapped(kek, plain).toString('hex'))
})

test('a public key becomes the PEM that OpenSSL writes, and comes back', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const pem = toPem('PUBLIC KEY', der)
  expect(pem).toBe(publicKey.export({ type: 'spki', format: 'pem' }))
  expect(createPublicKey(pem).equals(publicKey)).toBe(true)
  expect(Buffer.from(fromPem('PUBLIC KEY', `text\n${pem}`) ?? [])).toEqual(der)
})

test.each([
  ['of another label', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ['cut', '-----BEGIN PUBLIC KEY-----\nAAAA'],
  ['not base64', '-----BEGIN PUBLIC KEY-----\nAAA\n-----END PUBLIC KEY-----'],
  ['empty', ''],
])('PEM that is %s is none', (_what, text) => {
  expect(fromPem('PUBLIC KEY', text)).toBeNull()
})

test('bytes are read as hexadecimal digits or base64, with the spaces people leave', () => {
  const bytes = new Uint8Array(randomBytes(32))
  const hex = Buffer.from(bytes).toString('hex')
  expect(readBytes(hex)).toEqual(bytes)
  expect(readBytes(hex.toUpperCase().replace(/../g, '$&:').slice(0, -1))).toEqual(bytes)
  expect(readBytes(` ${Buffer.from(bytes).toString('base64')}\n`)).toEqual(bytes)
  for (const text of ['', '   ', 'no key', 'ab c']) expect(readBytes(text)).toBeNull()
})

test('private keys are read as PKCS #8, others as bytes', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  expect(Buffer.from(readMaterial('ECC_NIST_P256', String(pem)) ?? [])).toEqual(der)
  expect(readMaterial('ECC_NIST_P256', '00ff')).toBeNull()
  expect(readMaterial('HMAC_256', '00ff')).toEqual(Uint8Array.of(0, 255))
})
