// Merging backups is a join: whichever backups of a vault are merged, in whatever order and however often, the same
// things are in the vault at the end; and nothing that any of them has, or the vault had, is missing.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Background } from '../unit/background.ts'
import { backUp, type File, merge } from '../unit/backups.ts'

const names = ['a', 'b', 'c', 'd'] as const

/** What a person does between two backups. */
const step = fc.oneof(
  fc.record({
    does: fc.constant('put' as const),
    name: fc.constantFrom(...names),
    value: fc.string({ minLength: 1, maxLength: 8 }),
  }),
  fc.record({ does: fc.constant('delete' as const), name: fc.constantFrom(...names) }),
  fc.record({ does: fc.constant('key' as const), name: fc.constantFrom(...names) }),
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

async function perform(vault: Background, one: Step): Promise<void> {
  const SecretId = one.name
  const ignore = () => {}
  if (one.does === 'key') {
    await vault.call('kms:CreateKey', { Description: `key ${one.name}` })
  } else if (one.does === 'delete') {
    const input = { SecretId, ForceDeleteWithoutRecovery: true }
    await vault.call('secretsmanager:DeleteSecret', input).catch(ignore)
  } else {
    const SecretString = one.value
    await vault
      .call('secretsmanager:PutSecretValue', { SecretId, SecretString })
      .catch(() => vault.call('secretsmanager:CreateSecret', { Name: SecretId, SecretString }))
  }
}

/** Names with their values, and the keys: all of it. */
async function contents(vault: Background): Promise<string> {
  const { SecretList } = await vault.call('secretsmanager:ListSecrets', {})
  const secrets = await Promise.all(
    SecretList.map(async ({ ARN, Name }) => {
      const { SecretString } = await vault.call('secretsmanager:GetSecretValue', { SecretId: ARN })
      return `${Name} ${ARN} ${SecretString}`
    }),
  )
  const { Keys } = await vault.call('kms:ListKeys', {})
  return JSON.stringify([secrets.sort(), Keys.map(({ KeyId }) => KeyId).sort()])
}

test('in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
      async (days, order) => {
        const vault = await Background.withVault()
        const files: File[] = []
        for (const day of days) {
          for (const one of day) await perform(vault, one)
          files.push(await backUp(vault))
        }
        const inOrder = [...files]
        const shuffled = inOrder
          .map((file) => ({ file, at: order.next().value as number }))
          .sort((one, other) => one.at - other.at)
          .map(({ file }) => file)
        const [first, second] = [await vault.copy(), await vault.copy()]
        for (const file of inOrder) await merge(first, file)
        for (const file of [...shuffled, ...shuffled.slice(0, 1)]) await merge(second, file)
        expect(await contents(second)).toBe(await contents(first))
        const { SecretList } = await first.call('secretsmanager:ListSecrets', {})
        const before = await vault.call('secretsmanager:ListSecrets', {})
        const kept = new Set(SecretList.map(({ ARN }) => ARN))
        expect(before.SecretList.every(({ ARN }) => kept.has(ARN))).toBe(true)
      },
    ),
    { numRuns: 8 },
  )
}, 180_000)
