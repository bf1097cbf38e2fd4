// Merging backups is a join: whichever of a vault's backups are merged, into the vault as it is or as it was, in whatever
// order and however often, the same things are in it at the end; and nothing that any of them has, or the vault had,
// is missing, but for a secret whose name a later one has.

import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { Background } from '../unit/background.ts'
import { backUp, type File, merge } from '../unit/backups.ts'

const names = ['a', 'b', 'c'] as const
const things = ['key', 'alias', 'grant', 'revoke', 'schedule', 'cancel', 'destroy'] as const

/** What a person does between two backups. */
const step = fc.oneof(
  fc.record({
    does: fc.constant('put' as const),
    name: fc.constantFrom(...names),
    value: fc.string({ minLength: 1, maxLength: 8 }),
  }),
  fc.record({ does: fc.constant('delete' as const), name: fc.constantFrom(...names) }),
  fc.record({
    does: fc.constantFrom(...things),
    name: fc.constantFrom(...names),
    which: fc.nat(3),
  }),
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const dayMs = 86_400_000
let later = 0
const realNow = Date.now
afterEach(() => vi.restoreAllMocks())

const ignore = () => {}

async function perform(vault: Background, one: Step): Promise<void> {
  const SecretId = one.name
  if (one.does === 'delete') {
    const input = { SecretId, ForceDeleteWithoutRecovery: true }
    await vault.call('secretsmanager:DeleteSecret', input).catch(ignore)
  } else if (one.does === 'put') {
    const SecretString = one.value
    await vault
      .call('secretsmanager:PutSecretValue', { SecretId, SecretString })
      .catch(() => vault.call('secretsmanager:CreateSecret', { Name: SecretId, SecretString }))
      .catch(ignore)
  } else await withKey(vault, one).catch(ignore)
}

/** What is not possible with that key now, does not happen. */
async function withKey(
  vault: Background,
  { does, name, which }: Extract<Step, { readonly which: number }>,
): Promise<void> {
  if (does === 'key') {
    await vault.call('kms:CreateKey', { Description: `key ${name}` })
    return
  }
  const { Keys } = await vault.call('kms:ListKeys', {})
  const KeyId = Keys[which % Keys.length]?.KeyId ?? ''
  const schedule = () => vault.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  const AliasName = `alias/${name}`
  if (does === 'alias') {
    const input = { AliasName, TargetKeyId: KeyId }
    await vault.call('kms:CreateAlias', input).catch(() => vault.call('kms:UpdateAlias', input))
  } else if (does === 'grant') {
    const GranteePrincipal = `https://${name}.example`
    await vault.call('kms:CreateGrant', { KeyId, GranteePrincipal, Operations: ['Decrypt'] })
  } else if (does === 'revoke') {
    const { Grants } = await vault.call('kms:ListGrants', { KeyId })
    const GrantId = Grants[0]?.GrantId ?? ''
    await vault.call('kms:RevokeGrant', { KeyId, GrantId })
  } else if (does === 'schedule') await schedule()
  else if (does === 'cancel') {
    await vault.call('kms:CancelKeyDeletion', { KeyId })
    await vault.call('kms:EnableKey', { KeyId })
  } else {
    await schedule()
    later += 8 * dayMs
    await vault.call('keyhearth:DeleteKey', { KeyId }, { kind: 'service' })
  }
}

interface Contents {
  readonly secrets: readonly string[]
  readonly keys: readonly string[]
  readonly aliases: readonly string[]
  readonly grants: readonly string[]
}

/** Names with their values, and keys with what belongs to them: all of it. */
async function contents(vault: Background): Promise<Contents> {
  const { SecretList } = await vault.call('secretsmanager:ListSecrets', {})
  const secrets = SecretList.map(async ({ ARN, Name }) => {
    // Under a key that is disabled, or gone, none can be read: that is the same in each vault, too.
    const value = await vault
      .call('secretsmanager:GetSecretValue', { SecretId: ARN })
      .then(({ SecretString }) => SecretString)
      .catch(({ reason }: { readonly reason?: string }) => reason)
    return `${Name} ${ARN} ${value}`
  })
  const { Keys } = await vault.call('kms:ListKeys', {})
  const keys = Keys.map(async ({ KeyId }) => {
    const { KeyMetadata } = await vault.call('kms:DescribeKey', { KeyId })
    return `${KeyId} ${KeyMetadata.KeyState} ${KeyMetadata.CurrentKeyMaterialId}`
  })
  const grants = Keys.map(
    async ({ KeyId }) => (await vault.call('kms:ListGrants', { KeyId })).Grants,
  )
  const { Aliases } = await vault.call('kms:ListAliases', {})
  return {
    secrets: (await Promise.all(secrets)).sort(),
    keys: (await Promise.all(keys)).sort(),
    aliases: Aliases.map(({ AliasName, TargetKeyId }) => `${AliasName} ${TargetKeyId}`).sort(),
    grants: (await Promise.all(grants))
      .flat()
      .map(({ GrantId }) => GrantId)
      .sort(),
  }
}

async function merged(start: Background, files: readonly File[]): Promise<Contents> {
  const vault = await start.copy()
  for (const file of files) await merge(vault, file)
  const { Damaged } = await vault.call('keyhearth:CheckRecords', {})
  expect(Damaged).toBe(0)
  return contents(vault)
}

const idsOf = ({ keys }: Contents) => keys.map((line) => line.split(' ')[0])

test('whichever backups, in whatever order, into the vault as it is or as it was', async () => {
  later = 0
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + later)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
      fc.nat(),
      fc.nat(),
      fc.infiniteStream(fc.nat()),
      async (days, some, day, order) => {
        const vault = await Background.withVault()
        const files: File[] = []
        const vaults: Background[] = []
        for (const steps of days) {
          for (const one of steps) await perform(vault, one)
          files.push(await backUp(vault))
          vaults.push(await vault.copy())
        }
        const prefix = files.slice(0, 1 + (some % files.length))
        const shuffled = prefix
          .map((file) => ({ file, at: order.next().value as number }))
          .sort((one, other) => one.at - other.at)
          .map(({ file }) => file)
        const earlier = vaults[day % vaults.length] ?? vault
        for (const start of [vault, earlier]) {
          const inOrder = await merged(start, prefix)
          const before = await contents(start)
          expect(await merged(start, [...shuffled, ...shuffled.slice(0, 1)])).toEqual(inOrder)
          expect(idsOf(inOrder)).toEqual(expect.arrayContaining(idsOf(before)))
          const named = new Set(inOrder.secrets.map((line) => line.split(' ')[0]))
          expect(before.secrets.every((line) => named.has(line.split(' ')[0]))).toBe(true)
        }
      },
    ),
    { numRuns: 6 },
  )
}, 180_000)
