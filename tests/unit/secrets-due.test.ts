// What becomes of secrets by itself, once its day has come: they are destroyed (DeleteSecret, RecoveryWindowInDays) or
// rotated (RotateSecret, RotationRules). The service asks what is due and does each by an operation of its own.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { blankItem } from '../../src/items/item.ts'
import type { WrittenItem } from '../../src/protocol/secretsInputs.ts'
import { Background } from './background.ts'

const noon = Date.UTC(2027, 4, 3, 12)
const dayMs = 86_400_000
const service = { kind: 'service' } as const

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon })
})
afterEach(() => {
  vi.useRealTimers()
})

const dueNow = async (vault: Background) =>
  (await vault.call('keyhearth:ListDueSecrets', {}, service)).Secrets

/** As gate/keyKeeping does. */
async function keep(vault: Background): Promise<number> {
  const due = await dueNow(vault)
  for (const { Operation, SecretId } of due) await vault.call(Operation, { SecretId }, service)
  return due.length
}

describe('a secret marked for deletion', () => {
  async function marked(RecoveryWindowInDays: number) {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'stays', SecretString: 'x' })
    const made = await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'x' })
    await vault.call('secretsmanager:PutSecretValue', { SecretId: 'a', SecretString: 'y' })
    const input = { SecretId: 'a', RecoveryWindowInDays }
    const { DeletionDate } = await vault.call('secretsmanager:DeleteSecret', input)
    return { vault, SecretId: made.ARN, DeletionDate }
  }

  test('is there to its day, and destroyed with all of its values then', async () => {
    const { vault, SecretId, DeletionDate } = await marked(7)
    expect(DeletionDate).toBe((noon + 7 * dayMs) / 1000)
    vi.setSystemTime(noon + 7 * dayMs - 1)
    expect(await dueNow(vault)).toEqual([])
    await vault.call('secretsmanager:DescribeSecret', { SecretId })
    vi.setSystemTime(noon + 7 * dayMs)
    expect(await dueNow(vault)).toEqual([{ SecretId, Operation: 'keyhearth:DeleteDueSecret' }])
    expect(await keep(vault)).toBe(1)
    expect(await vault.db.count('secretVersions')).toBe(1)
    expect(await dueNow(vault)).toEqual([])
    await vault.restart()
    const all = await vault.call('secretsmanager:ListSecrets', { IncludePlannedDeletion: true })
    expect(all.SecretList.map(({ Name }) => Name)).toEqual(['stays'])
  })

  test('is gone from its day on, though the vault was not open to destroy it; its name is free', async () => {
    const { vault, SecretId } = await marked(7)
    vi.setSystemTime(noon + 8 * dayMs)
    for (const operation of [
      'secretsmanager:DescribeSecret',
      'secretsmanager:RestoreSecret',
      'secretsmanager:GetSecretValue',
    ] as const) {
      expect(await vault.refusal(operation, { SecretId })).toBe('secret-not-found')
    }
    const all = await vault.call('secretsmanager:ListSecrets', { IncludePlannedDeletion: true })
    expect(all.SecretList.map(({ Name }) => Name)).toEqual(['stays'])
    const again = await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'z' })
    expect(again.ARN).not.toBe(SecretId)
    // What was to be destroyed went with the new one's making; the day of the old one is nobody's now.
    await keep(vault)
    expect(await dueNow(vault)).toEqual([])
    const read = await vault.call('secretsmanager:GetSecretValue', { SecretId: 'a' })
    expect(read.SecretString).toBe('z')
    expect(await vault.db.count('secretVersions')).toBe(2)
  })

  test('that was restored stays, whatever its day was', async () => {
    const { vault, SecretId } = await marked(7)
    vi.setSystemTime(noon + 6 * dayMs)
    await vault.call('secretsmanager:RestoreSecret', { SecretId })
    vi.setSystemTime(noon + 40 * dayMs)
    expect(await dueNow(vault)).toEqual([])
    await vault.call('keyhearth:DeleteDueSecret', { SecretId }, service)
    const read = await vault.call('secretsmanager:GetSecretValue', { SecretId })
    expect(read.SecretString).toBe('y')
  })

  test('is not destroyed before its day, nor a secret that is not marked', async () => {
    const { vault, SecretId } = await marked(30)
    vi.setSystemTime(noon + 29 * dayMs)
    await vault.call('keyhearth:DeleteDueSecret', { SecretId }, service)
    const stays = await vault.call('secretsmanager:DescribeSecret', { SecretId: 'stays' })
    await vault.call('keyhearth:DeleteDueSecret', { SecretId: stays.ARN }, service)
    const all = await vault.call('secretsmanager:ListSecrets', { IncludePlannedDeletion: true })
    expect(all.SecretList).toHaveLength(2)
  })

  test('within 7 to 30 days', async () => {
    const { vault } = await marked(30)
    const window = (RecoveryWindowInDays: number) =>
      vault.refusal('secretsmanager:DeleteSecret', { SecretId: 'stays', RecoveryWindowInDays })
    expect(await window(6)).toBe('invalid-input')
    expect(await window(31)).toBe('invalid-input')
    expect(
      await vault.refusal('secretsmanager:DeleteSecret', {
        SecretId: 'stays',
        RecoveryWindowInDays: 7,
        ForceDeleteWithoutRecovery: true,
      }),
    ).toBe('secret-invalid')
  })
})

describe('a schedule', () => {
  const login = {
    ...blankItem('login'),
    title: 'Mail',
    fields: { username: 'me', password: 'old' },
  } as unknown as WrittenItem

  async function scheduled(RotationRules: object, hook = 'new-password') {
    const vault = await Background.withVault()
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: login })
    await vault.call('secretsmanager:RotateSecret', {
      SecretId,
      RotationLambdaARN: `arn:aws:lambda:browser-1:${SecretId.split(':')[4]}:function:${hook}`,
      RotationRules,
      RotateImmediately: false,
    })
    const facts = () => vault.call('secretsmanager:DescribeSecret', { SecretId })
    const password = async (VersionStage: string) => {
      const value = await vault.call('secretsmanager:GetSecretValue', { SecretId, VersionStage })
      return JSON.parse(value.SecretString ?? '{}').password
    }
    const stages = async () =>
      Object.values((await facts()).VersionIdsToStages)
        .flat()
        .sort()
    return { vault, SecretId, facts, password, stages }
  }

  const schedules = [
    [{ AutomaticallyAfterDays: 10 }, noon + 10 * dayMs],
    [{ ScheduleExpression: 'rate(36 hours)' }, noon + 36 * 3_600_000],
    [{ ScheduleExpression: 'cron(0 8 1 * ? *)' }, Date.UTC(2027, 5, 1, 8)],
  ] as const

  test.each(schedules)('%o: a new password waits from its day on', async (rules, at) => {
    const { vault, SecretId, facts, password, stages } = await scheduled(rules)
    expect(await stages()).toEqual(['AWSCURRENT'])
    expect((await facts()).NextRotationDate).toBe(at / 1000)
    vi.setSystemTime(at - 1)
    expect(await keep(vault)).toBe(0)
    await vault.call('keyhearth:RotateDueSecret', { SecretId }, service)
    expect(await stages()).toEqual(['AWSCURRENT'])
    vi.setSystemTime(at)
    expect(await dueNow(vault)).toEqual([{ SecretId, Operation: 'keyhearth:RotateDueSecret' }])
    await vault.restart()
    expect(await keep(vault)).toBe(1)
    expect(await stages()).toEqual(['AWSCURRENT', 'AWSPENDING'])
    expect(await password('AWSCURRENT')).toBe('old')
    expect(await password('AWSPENDING')).toMatch(/^.{32}$/)
    expect((await facts()).NextRotationDate).toBeGreaterThan(at / 1000)
    expect(await keep(vault)).toBe(0)
  })

  test('finds its version still waiting: that one stays, and is asked for another day', async () => {
    const { vault, SecretId, facts, password } = await scheduled({ AutomaticallyAfterDays: 10 })
    vi.setSystemTime(noon + 10 * dayMs)
    await keep(vault)
    const waiting = await password('AWSPENDING')
    vi.setSystemTime(noon + 20 * dayMs)
    expect(await keep(vault)).toBe(1)
    expect(await password('AWSPENDING')).toBe(waiting)
    expect((await facts()).NextRotationDate).toBe((noon + 30 * dayMs) / 1000)
    await vault.call('keyhearth:FinishRotation', { SecretId })
    expect(await password('AWSCURRENT')).toBe(waiting)
    expect((await facts()).LastRotatedDate).toBe((noon + 20 * dayMs) / 1000)
  })

  test('leaves a version without a value to the page', async () => {
    const { vault, SecretId, stages } = await scheduled({ AutomaticallyAfterDays: 10 }, 'page')
    vi.setSystemTime(noon + 10 * dayMs)
    await keep(vault)
    expect(await stages()).toEqual(['AWSCURRENT', 'AWSPENDING'])
    const waiting = { SecretId, VersionStage: 'AWSPENDING' }
    expect(await vault.refusal('secretsmanager:GetSecretValue', waiting)).toBe('secret-not-found')
  })

  test('that was ended is due no more, and neither is that of a secret in the trash', async () => {
    const { vault, SecretId, stages } = await scheduled({ AutomaticallyAfterDays: 10 })
    await vault.call('secretsmanager:DeleteSecret', { SecretId, RecoveryWindowInDays: 30 })
    vi.setSystemTime(noon + 11 * dayMs)
    expect(await keep(vault)).toBe(0)
    await vault.call('secretsmanager:RestoreSecret', { SecretId })
    expect(await dueNow(vault)).toHaveLength(1)
    await vault.call('secretsmanager:CancelRotateSecret', { SecretId })
    expect(await keep(vault)).toBe(0)
    await vault.call('keyhearth:RotateDueSecret', { SecretId }, service)
    expect(await stages()).toEqual(['AWSCURRENT'])
  })
})
