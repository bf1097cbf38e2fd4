// What stands in where WebCrypto cannot: AES-192 in Chromium, hashes and signatures of streams. Each says
// the same as WebCrypto does where both can.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/codec/bytes.ts'
import { importAesGcm, libraryGcm } from '../../src/encryption-sdk/aesGcm.ts'
import { signDigest, verifyDigest } from '../../src/encryption-sdk/digestSignature.ts'
import { hashInJavaScript, startHash } from '../../src/encryption-sdk/runningHash.ts'
import {
  generateSigningKey,
  importVerificationKey,
  signMessage,
  verifyMessage,
} from '../../src/encryption-sdk/signature.ts'
import { suites } from '../../src/encryption-sdk/suites.ts'

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((value) => new Uint8Array(value))
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

test.each([16, 24, 32])('AES-GCM with keys of %i bytes', async (length) => {
  const key = random(length)
  const [library, platform] = [libraryGcm(key), await importAesGcm(key, 'encrypt', 'decrypt')]
  const property = fc.asyncProperty(bytes(300), bytes(100), async (content, data) => {
    const iv = random(12)
    const sealed = await library.seal(iv, data, content)
    expect(sealed).toEqual(await platform.seal(iv, data, content))
    expect(await library.open(iv, data, sealed)).toEqual(content)
    const at = content.byteLength % sealed.byteLength
    sealed[at] = (sealed[at] ?? 0) ^ 1
    await expect(library.open(iv, data, sealed)).rejects.toThrow()
    await expect(platform.open(iv, data, sealed)).rejects.toThrow()
  })
  await fc.assert(property, { numRuns: 30 })
})

test('a key of no AES length is refused', async () => {
  await expect(importAesGcm(random(20), 'encrypt')).rejects.toThrow()
})

test.each(['SHA-256', 'SHA-384'] as const)('%s in pieces', async (name) => {
  const property = fc.asyncProperty(fc.array(bytes(300), { maxLength: 20 }), async (pieces) => {
    const hashes = [await startHash(name), hashInJavaScript(name)]
    const expected = new Uint8Array(await crypto.subtle.digest(name, concatBytes(...pieces)))
    for (const hash of hashes) {
      for (const piece of pieces) hash.update(piece)
      expect(hash.digest()).toEqual(expected)
    }
  })
  await fc.assert(property, { numRuns: 30 })
})

test('several hashes at once do not meet', async () => {
  const [one, two] = [await startHash('SHA-384'), await startHash('SHA-384')]
  const [first, second] = [random(5000), random(5000)]
  for (let at = 0; at < 5000; at += 7) {
    one.update(first.subarray(at, at + 7))
    two.update(second.subarray(at, at + 7))
  }
  expect(one.digest()).toEqual(new Uint8Array(await crypto.subtle.digest('SHA-384', first)))
  expect(two.digest()).toEqual(new Uint8Array(await crypto.subtle.digest('SHA-384', second)))
})

describe.each([suites[0x0214].signature, suites[0x0578].signature])(
  'ECDSA over $curve',
  (ecdsa) => {
    test('of a digest is that of the message', async () => {
      const { privateKey, publicKey } = await generateSigningKey(ecdsa)
      const key = await importVerificationKey(ecdsa, publicKey)
      if (!key) throw new Error('no key')
      for (let i = 0; i < 10; i++) {
        const message = random(100 + i)
        const digest = new Uint8Array(await crypto.subtle.digest(ecdsa.hash, message))
        const other = new Uint8Array(await crypto.subtle.digest(ecdsa.hash, digest))
        const ours = await signDigest(ecdsa, privateKey, digest)
        expect(await verifyMessage(ecdsa, key, message, ours)).toBe(true)
        const platform = await signMessage(ecdsa, privateKey, message)
        expect(await verifyDigest(ecdsa, key, digest, platform)).toBe(true)
        expect(await verifyDigest(ecdsa, key, other, platform)).toBe(false)
        expect(await verifyDigest(ecdsa, key, digest, platform.slice(1))).toBe(false)
      }
    })
  },
)
