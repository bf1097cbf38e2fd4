// Any k of n shares approve, in any order, and no k-1 ever do: of every size that a set can have.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Background, passphrase } from '../unit/background.ts'

const numRuns = process.env['KEYHEARTH_LONG'] === '1' ? 500 : 8

const sizes = fc.integer({ min: 2, max: 16 }).chain((count) =>
  fc.record({
    threshold: fc.integer({ min: 2, max: count }),
    order: fc.shuffledSubarray(
      Array.from({ length: count }, (_, i) => i),
      { minLength: count },
    ),
  }),
)

test('as many as are needed approve, and one less does not', async () => {
  const vault = await Background.withVault()
  await fc.assert(
    fc.asyncProperty(sizes, async ({ threshold, order }) => {
      const { Shares } = await vault.call('keyhearth:CreateQuorum', {
        Proof: { Passphrase: passphrase },
        Holders: order.map((i) => `Person ${i + 1}`),
        Threshold: threshold,
        Groups: ['delete-key'],
        ExpiryMinutes: 5,
      })
      expect(await vault.refusal('keyhearth:RemoveQuorum', {})).toBe('quorum-needed')
      const [RequestId = ''] = vault.quorum.waiting.map(({ id }) => id)
      const answers: boolean[] = []
      for (const i of order.slice(0, threshold)) {
        expect(await vault.refusal('keyhearth:RemoveQuorum', {})).toBe('quorum-needed')
        const Share = Shares[i]?.join(' ') ?? ''
        answers.push((await vault.call('keyhearth:ApproveByShare', { RequestId, Share })).Approved)
      }
      expect(answers).toEqual(order.slice(0, threshold).map((_, n) => n === threshold - 1))
      expect(await vault.refusal('keyhearth:RemoveQuorum', {})).toBe('none')
    }),
    { numRuns },
  )
}, 120_000)
