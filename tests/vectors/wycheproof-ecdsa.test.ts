// Wycheproof's ECDSA cases against the reader of DER signatures and of compressed points: signatures with
// wrong encodings, numbers out of range, and edge cases of the curves.

import { expect, test } from 'vitest'
import { compressPoint, decompressPoint, ecdsaFromDer, ecdsaToDer } from '../../src/codec/ecdsa.ts'
import { decodeHex, encodeHex } from '../../src/codec/text.ts'
import { describeVectors, readVectorJson } from './folder.ts'

interface Group {
  readonly publicKey: { readonly uncompressed: string }
  readonly tests: readonly {
    readonly tcId: number
    readonly msg: string
    readonly sig: string
    readonly result: 'valid' | 'invalid' | 'acceptable'
  }[]
}

const files = [
  { file: 'ecdsa_secp256r1_sha256_test.json', curve: 'P-256', hash: 'SHA-256', bytes: 32 },
  { file: 'ecdsa_secp384r1_sha384_test.json', curve: 'P-384', hash: 'SHA-384', bytes: 48 },
] as const

for (const { file, curve, hash, bytes } of files) {
  describeVectors(`wycheproof/${file}`, () => {
    const { testGroups } = readVectorJson<{ testGroups: Group[] }>(`wycheproof/${file}`)

    test('signatures are taken or refused as they should be', async () => {
      let [taken, refused] = [0, 0]
      for (const { publicKey, tests } of testGroups) {
        const point = decompressPoint(compressPoint(decodeHex(publicKey.uncompressed)), curve)
        if (!point) throw new Error('no point')
        expect(encodeHex(point)).toBe(publicKey.uncompressed)
        const algorithm = { name: 'ECDSA', namedCurve: curve, hash }
        const key = await crypto.subtle.importKey('raw', point, algorithm, false, ['verify'])
        for (const { tcId, msg, sig, result } of tests) {
          const signature = ecdsaFromDer(decodeHex(sig), bytes)
          const holds =
            signature !== null &&
            (await crypto.subtle.verify(algorithm, key, signature, decodeHex(msg)))
          expect(holds, `case ${tcId}`).toBe(result === 'valid')
          if (holds) expect(encodeHex(ecdsaToDer(signature))).toBe(sig)
          if (holds) taken++
          else refused++
        }
      }
      expect(taken).toBeGreaterThan(100)
      expect(refused).toBeGreaterThan(100)
    })
  })
}
