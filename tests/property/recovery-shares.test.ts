// Shamir's scheme as recovery and approval use it: any `threshold` of the shares make the secret, in any order; fewer, or
// shares that were misread, never do, and say what is wrong.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineShares, readShare, splitIntoShares } from '../../src/hsm/recoveryShares.ts'

const sets = fc.integer({ min: 2, max: 8 }).chain((threshold) =>
  fc.record({
    threshold: fc.constant(threshold),
    count: fc.integer({ min: threshold, max: 10 }),
    secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    order: fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 })),
  }),
)

/** So many of them, in an order of chance. */
function some(sheets: readonly string[], order: Iterator<number>, many: number): string[] {
  const left = [...sheets]
  return Array.from({ length: many }, () => {
    const at = (order.next().value as number) % left.length
    return left.splice(at, 1)[0] ?? ''
  })
}

const reasonOf = (doing: Promise<unknown>): Promise<string> =>
  doing.then(
    () => 'none',
    (error: { readonly reason: string }) => error.reason,
  )

test('any threshold of them make the secret, one fewer never', async () => {
  await fc.assert(
    fc.asyncProperty(sets, async ({ threshold, count, secret, order }) => {
      const bytes = new Uint8Array(secret)
      const { setId, shares } = await splitIntoShares(bytes, 'recovery', { threshold, count })
      const sheets = shares.map((words) => words.join(' '))
      const chosen = some(sheets, order, threshold)
      expect(await combineShares(chosen, 'recovery')).toEqual({ setId, secret: bytes })
      expect(await reasonOf(combineShares(chosen.slice(1), 'recovery'))).toBe('shares-too-few')
      const repeated = [...chosen.slice(1), chosen[1] ?? '']
      expect(await reasonOf(combineShares(repeated, 'recovery'))).toBe('shares-repeated')
      expect(await reasonOf(combineShares(chosen, 'quorum'))).toBe('share-of-other-kind')
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('shares of two sets of the same secret are told apart', async () => {
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const split = { threshold: 2, count: 3 }
  const [one, other] = [
    await splitIntoShares(secret, 'recovery', split),
    await splitIntoShares(secret, 'recovery', split),
  ]
  const mixed = [one.shares[0]?.join(' ') ?? '', other.shares[1]?.join(' ') ?? '']
  expect(await reasonOf(combineShares(mixed, 'recovery'))).toBe('shares-mixed')
})

test('a word that was misread, left out, doubled or swapped is noticed', async () => {
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const { shares } = await splitIntoShares(secret, 'recovery', { threshold: 2, count: 2 })
  const words = shares[0] ?? []
  const isMalformed = (typed: readonly string[]) => {
    try {
      readShare(typed.join(' '))
      return false
    } catch (error) {
      return (error as { reason?: string }).reason === 'share-malformed'
    }
  }
  expect(isMalformed(words)).toBe(false)
  fc.assert(
    fc.property(fc.nat(32), fc.nat(32), (at, to) => {
      expect(isMalformed(words.toSpliced(at, 1))).toBe(true)
      expect(isMalformed(words.toSpliced(at, 0, words[at] ?? ''))).toBe(true)
      if (words[at] === words[to]) return
      // The checksum has 32 bits: a swap that it misses is once in four thousand million.
      expect(isMalformed(words.with(at, words[to] ?? '').with(to, words[at] ?? ''))).toBe(true)
      expect(isMalformed(words.with(at, words[to] ?? ''))).toBe(true)
    }),
  )
})
