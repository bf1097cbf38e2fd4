// Random passwords under any options: what they promise, and that nothing is likelier than the rest.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawer } from '../../src/items/draw.ts'
import { randomPassword } from '../../src/items/randomPassword.ts'

const numRuns = process.env['KEYHEARTH_LONG'] === '1' ? 20_000 : 1000

const options = fc.record(
  {
    PasswordLength: fc.integer({ min: 1, max: 120 }),
    ExcludeCharacters: fc.string({ unit: 'grapheme', maxLength: 120 }),
    ExcludeNumbers: fc.boolean(),
    ExcludePunctuation: fc.boolean(),
    ExcludeUppercase: fc.boolean(),
    ExcludeLowercase: fc.boolean(),
    IncludeSpace: fc.boolean(),
    RequireEachIncludedType: fc.boolean(),
  },
  { requiredKeys: [] },
)

const types = {
  ExcludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  ExcludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ExcludeNumbers: '0123456789',
  ExcludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const

test('a password keeps to its options, or is refused for a reason that holds', () => {
  const property = fc.property(options, (asked) => {
    const included = Object.entries(types)
      .filter(([name]) => asked[name as keyof typeof types] !== true)
      .map(([, type]) => [...type].filter((one) => !asked.ExcludeCharacters?.includes(one)))
      .filter((type) => type.length > 0)
    const space = asked.IncludeSpace && !asked.ExcludeCharacters?.includes(' ') ? [' '] : []
    const allowed = new Set([...included.flat(), ...space])
    const length = asked.PasswordLength ?? 32
    const required = asked.RequireEachIncludedType === false ? [] : included
    const found = randomPassword(asked)
    if (allowed.size === 0) {
      expect(found).toEqual({ problem: 'nothing-left' })
      return
    }
    if (length < required.length) {
      expect(found).toEqual({ problem: 'too-short-for-each-type' })
      return
    }
    if ('problem' in found) throw new Error(found.problem)
    expect(found.password).toHaveLength(length)
    expect([...found.password].filter((one) => !allowed.has(one))).toEqual([])
    for (const type of required) expect(type.some((one) => found.password.includes(one))).toBe(true)
    expect(found.entropyBits).toBeGreaterThanOrEqual(0)
    expect(found.entropyBits).toBeLessThanOrEqual(length * Math.log2(allowed.size) + 1e-9)
  })
  fc.assert(property, { numRuns })
})

/** Pearson's statistic; about its degrees of freedom where all are equally likely. */
function chiSquared(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

/** Beyond six standard deviations: once in a billion runs by chance. */
const tooFar = (degrees: number) => degrees + 6 * Math.sqrt(2 * degrees) + 12

test.each([2, 3, 10, 26, 94, 95, 1000])(
  'each of %d numbers is drawn as often as any other',
  (below) => {
    const draw = drawer()
    const counts = new Array<number>(below).fill(0)
    for (let round = 0; round < below * 300; round++) {
      const number = draw(below)
      counts[number] = (counts[number] ?? Number.NaN) + 1
    }
    expect(chiSquared(counts)).toBeLessThan(tooFar(below - 1))
  },
)

test('a bound just above half of the range is not lopsided', () => {
  // The remainder of 32 bits by 3·2^30 would fall into the first third twice as often as into the others.
  const draw = drawer()
  const thirds = [0, 0, 0]
  for (let round = 0; round < 30_000; round++) {
    const third = Math.floor(draw(3 * 2 ** 30) / 2 ** 30)
    thirds[third] = (thirds[third] ?? Number.NaN) + 1
  }
  expect(chiSquared(thirds)).toBeLessThan(tooFar(2))
})

test('asking for each type leaves all passwords that have them equally likely', () => {
  // Three of a, b and 0: 27 in all, less 8 without a digit and 1 without a letter.
  const asked = {
    PasswordLength: 3,
    ExcludeUppercase: true,
    ExcludePunctuation: true,
    ExcludeCharacters: 'cdefghijklmnopqrstuvwxyz123456789',
  }
  const counts = new Map<string, number>()
  for (let round = 0; round < 18 * 400; round++) {
    const found = randomPassword(asked)
    if ('problem' in found) throw new Error(found.problem)
    counts.set(found.password, (counts.get(found.password) ?? 0) + 1)
  }
  expect(counts.size).toBe(18)
  expect(chiSquared([...counts.values()])).toBeLessThan(tooFar(17))
})
