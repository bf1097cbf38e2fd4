// Signatures in DER and compressed points: one encoding each, and nothing that is no point.

import { describe, expect, test } from 'vitest'
import { compressPoint, decompressPoint, ecdsaFromDer, ecdsaToDer } from '../../src/codec/ecdsa.ts'
import { decodeHex, encodeHex } from '../../src/codec/text.ts'

const two = (hex: string) => decodeHex(hex.padStart(4, '0'))

describe('DER', () => {
  // Coordinates of two bytes, as no curve has, to keep the numbers legible.
  const cases: readonly (readonly [r: string, s: string, der: string])[] = [
    ['01', '02', '3006020101020102'],
    ['7f', '80', '300702017f02020080'],
    ['ffff', '8000', '300a020300ffff0203008000'],
    ['0', '0', '3006020100020100'],
  ]

  test.each(cases)('r %s, s %s', (r, s, der) => {
    const numbers = Uint8Array.from([...two(r), ...two(s)])
    expect(encodeHex(ecdsaToDer(numbers))).toBe(der)
    expect(ecdsaFromDer(decodeHex(der), 2)).toEqual(numbers)
  })

  test.each([
    ['a needless zero', '300702020001020102'],
    ['a negative number', '3006020181020102'],
    ['an empty number', '30050200020102'],
    ['a number too large', '30080203010000020102'],
    ['a long length', '308106020101020102'],
    ['an indefinite length', '30800201010201020000'],
    ['something behind', '300602010102010200'],
    ['something inside', '30080201010201020500'],
    ['another type', '3006030101020102'],
    ['no sequence', '3106020101020102'],
    ['an end too soon', '300602010102'],
    ['nothing', ''],
  ])('refuses %s', (_name, der) => {
    expect(ecdsaFromDer(decodeHex(der), 2)).toBeNull()
  })

  test('takes the longest signatures of P-384', () => {
    const numbers = new Uint8Array(96).fill(0xff)
    const der = ecdsaToDer(numbers)
    expect(der).toHaveLength(104)
    expect(ecdsaFromDer(der, 48)).toEqual(numbers)
    expect(ecdsaFromDer(der, 47)).toBeNull()
  })
})

describe.each([
  ['P-256', 32, 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'],
  [
    'P-384',
    48,
    'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff',
  ],
] as const)('points of %s', (namedCurve, bytes, prime) => {
  test('are compressed and back', async () => {
    for (let i = 0; i < 8; i++) {
      const algorithm = { name: 'ECDSA', namedCurve }
      const { publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
      const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
      const compressed = compressPoint(point)
      expect(compressed).toHaveLength(1 + bytes)
      expect(decompressPoint(compressed, namedCurve)).toEqual(point)
      expect(decompressPoint(point, namedCurve)).toEqual(point)
    }
  })

  test('about half of all numbers are no x of a point', () => {
    const xs = Array.from({ length: 64 }, (_, i) => i.toString(16).padStart(2 * bytes, '0'))
    const points = xs.map((x) => decompressPoint(decodeHex(`02${x}`), namedCurve))
    const missing = points.filter((point) => point === null).length
    expect(missing).toBeGreaterThan(16)
    expect(missing).toBeLessThan(48)
  })

  test('have one written form each', () => {
    const withPrime = BigInt(`0x${prime}`)
    const small = Array.from({ length: 64 }, (_, i) => i).find((x) =>
      decompressPoint(decodeHex(`02${x.toString(16).padStart(2 * bytes, '0')}`), namedCurve),
    )
    const beyond = (withPrime + BigInt(small ?? 0)).toString(16)
    expect(beyond).toHaveLength(2 * bytes)
    expect(decompressPoint(decodeHex(`02${beyond}`), namedCurve)).toBeNull()
  })

  test.each(['', '00', '02', `05${'00'.repeat(bytes)}`, `04${'00'.repeat(bytes)}`])(
    'refuses %j',
    (hex) => {
      expect(decompressPoint(decodeHex(hex), namedCurve)).toBeNull()
    },
  )
})
