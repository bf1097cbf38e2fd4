// Keys from elsewhere, in the forms people have them in, and those that are not to be kept; and hashes as people paste
// them.

import { execFileSync } from 'node:child_process'
import { createECDH, createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { KeyFileError } from '../../src/certificates/index.ts'
import { encodeBase64, encodeHex, encodeUtf8 } from '../../src/codec/text.ts'
import { readImportedKey } from '../../src/hsm/importedKeys.ts'
import { KeyLengthError, readBroughtKeys } from '../../src/ui/bringKey.ts'
import { fileHashes, hashOfFile, readHash } from '../../src/ui/hashWork.ts'

const bytesOf = (key: string | Uint8Array) =>
  typeof key === 'string' ? encodeUtf8(key) : new Uint8Array(key)

const read = (key: string | Uint8Array, password?: string) =>
  readBroughtKeys(bytesOf(key), password, {})

async function refusalOf(key: string | Uint8Array): Promise<string> {
  try {
    await read(key)
    return 'none'
  } catch (error) {
    if (error instanceof KeyLengthError) return `${error.bytes} bytes`
    if (error instanceof KeyFileError) return error.code
    throw error
  }
}

const secret = new Uint8Array(randomBytes(32)).fill(0xfe, 0, 1)

test.each([
  ['hexadecimal', encodeHex(secret)],
  ['base64', encodeBase64(secret)],
  ['as they are', secret],
  ['JSON', JSON.stringify({ kty: 'oct', k: Buffer.from(secret).toString('base64url') })],
])('a secret in %s', async (_form, text) => {
  const [key] = await read(text)
  expect(key?.material).toEqual(secret)
  expect(key?.specs).toEqual(['AES_256', 'HMAC_256', 'SYMMETRIC_DEFAULT', 'GENERIC_SECRET'])
})

test.each([
  ['RSA_2048', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ECC_NIST_P384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['ECC_SECG_P256K1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
  ['ECC_NIST_EDWARDS25519', generateKeyPairSync('ed25519')],
] as const)('%s as PEM, under a password, and as JSON', async (spec, { privateKey }) => {
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  expect((await read(pem))[0]?.specs).toEqual([spec])
  const locked = privateKey
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'a password' })
    .toString()
  expect(await refusalOf(locked)).toBe('needs-password')
  expect((await read(locked, 'a password'))[0]?.specs).toEqual([spec])
  const jwk = JSON.stringify(privateKey.export({ format: 'jwk' }))
  expect((await read(jwk))[0]?.specs).toEqual([spec])
})

/** By OpenSSL, which asks nobody how long a key should be. */
const rsa1024 = (): Buffer =>
  execFileSync('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })

function p256(change: (jwk: Record<string, string>) => void): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = privateKey.export({ format: 'jwk' }) as Record<string, string>
  change(jwk)
  return JSON.stringify(jwk)
}

const zero = Buffer.alloc(32).toString('base64url')

test.each([
  ['RSA of 1024 bits', (): string => rsa1024().toString(), 'too-weak'],
  [
    'a point that is not on P-256',
    () => p256((jwk) => Object.assign(jwk, { x: zero })),
    'not-a-pair',
  ],
  [
    'the identity of P-256',
    () => p256((jwk) => Object.assign(jwk, { x: zero, y: zero })),
    'not-a-pair',
  ],
  ['a scalar of zero', () => p256((jwk) => Object.assign(jwk, { d: zero })), 'not-a-pair'],
  [
    'the public half of another key',
    () => p256((jwk) => Object.assign(jwk, { d: encodeOther() })),
    'not-a-pair',
  ],
  [
    'X25519, also with a point of small order',
    () => JSON.stringify({ kty: 'OKP', crv: 'X25519', d: zero, x: zero }),
    'unknown-kind',
  ],
  [
    'a public key',
    (): string =>
      generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    'public-key',
  ],
  ['a public key in JSON', () => p256((jwk) => delete jwk['d']), 'public-key'],
  ['15 bytes', () => '00'.repeat(15), '15 bytes'],
  ['513 bytes', (): Uint8Array => new Uint8Array(513).fill(0xff), '513 bytes'],
  ['no key', (): string => 'This is just a text.', 'not-recognised'],
] as const)('%s is refused', async (_name, make, code) => {
  expect(await refusalOf(make())).toBe(code)
})

function encodeOther(): string {
  const other = createECDH('prime256v1')
  other.generateKeys()
  return other.getPrivateKey().toString('base64url').padStart(43, 'A')
}

test('the vault itself takes no key whose halves do not belong together', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }))
  expect(await readImportedKey('ECC_NIST_P256', der.slice())).not.toBeNull()
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1
  expect(await readImportedKey('ECC_NIST_P256', der)).toBeNull()
})

test.each(fileHashes)('%s of a file is OpenSSL’s, and so is its HMAC', async (hash) => {
  const bytes = new Uint8Array(randomBytes(300_000))
  const file = new Blob([bytes])
  const name = hash.replace('SHA-', 'sha').replace('SHA3-', 'sha3-')
  const seen: number[] = []
  const made = await hashOfFile(file, hash, { onProgress: (done) => seen.push(done) })
  expect(encodeHex(made)).toBe(createHash(name).update(bytes).digest('hex'))
  expect(seen.at(-1)).toBe(1)
  const code = await hashOfFile(file, hash, { key: secret })
  expect(encodeHex(code)).toBe(createHmac(name, secret).update(bytes).digest('hex'))
})

test.each([
  ['BA7816BF 8F01CFEA', 'ba7816bf8f01cfea'],
  ['ba:78:16:bf', 'ba7816bf'],
  ['ba7816bf8f01cfea  report.pdf', 'ba7816bf8f01cfea'],
  ['ba7816bf8f01cfea *report.pdf', 'ba7816bf8f01cfea'],
  [
    'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ],
])('%s is read as a hash', (text, hex) => {
  expect(encodeHex(readHash(text) ?? new Uint8Array())).toBe(hex)
})

test('what is no hash is none', () => {
  expect(readHash('not a hash!')).toBeNull()
  expect(readHash('  ')).toBeNull()
})
