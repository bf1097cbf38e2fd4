// Secrets Manager API reference, RotateSecret, CancelRotateSecret, UpdateSecretVersionStage: a rotation is begun,
// goes on, is finished or ended.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Background } from './background.ts'

const noon = Date.UTC(2027, 4, 3, 12)
const dayMs = 86_400_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A secret, and the hook that leaves AWS's four steps to its clients. */
async function withSecret() {
  const vault = await Background.withVault()
  const { ARN: SecretId, VersionId = '' } = await vault.call('secretsmanager:CreateSecret', {
    Name: 'turning',
    SecretString: 'old',
  })
  const RotationLambdaARN = `arn:aws:lambda:browser-1:${SecretId.split(':')[4]}:function:page`
  return { vault, SecretId, VersionId, RotationLambdaARN }
}

const stagesOf = async (vault: Background, SecretId: string) =>
  (await vault.call('secretsmanager:DescribeSecret', { SecretId })).VersionIdsToStages

describe('CancelRotateSecret', () => {
  async function withPendingOn(stage: 'AWSCURRENT' | 'AWSPREVIOUS') {
    const { vault, SecretId, VersionId, RotationLambdaARN } = await withSecret()
    await vault.call('secretsmanager:RotateSecret', {
      SecretId,
      RotationLambdaARN,
      RotateImmediately: false,
      RotationRules: { AutomaticallyAfterDays: 30 },
    })
    const second = await vault.call('secretsmanager:PutSecretValue', {
      SecretId,
      SecretString: 'new',
    })
    await vault.call('secretsmanager:UpdateSecretVersionStage', {
      SecretId,
      VersionStage: 'AWSPENDING',
      MoveToVersionId: stage === 'AWSCURRENT' ? second.VersionId : VersionId,
    })
    return { vault, SecretId, first: VersionId, second: second.VersionId }
  }

  test.each(['AWSCURRENT', 'AWSPREVIOUS'] as const)(
    'leaves a version that is %s as well, with its value',
    async (stage) => {
      const { vault, SecretId, first, second } = await withPendingOn(stage)
      await vault.call('secretsmanager:CancelRotateSecret', { SecretId })
      await vault.restart()
      expect(await stagesOf(vault, SecretId)).toEqual({
        [first]: ['AWSPREVIOUS'],
        [second]: ['AWSCURRENT'],
      })
      for (const [VersionId, value] of [
        [first, 'old'],
        [second, 'new'],
      ] as const) {
        const read = await vault.call('secretsmanager:GetSecretValue', { SecretId, VersionId })
        expect(read.SecretString).toBe(value)
      }
    },
  )

  test('takes away what the rotation made, whether it had a value yet or not', async () => {
    const { vault, SecretId, VersionId, RotationLambdaARN } = await withSecret()
    for (const SecretString of [null, 'tried']) {
      const begun = await vault.call('secretsmanager:RotateSecret', { SecretId, RotationLambdaARN })
      const ClientRequestToken = begun.VersionId ?? ''
      if (SecretString !== null) {
        const VersionStages = ['AWSPENDING']
        const put = { SecretId, ClientRequestToken, SecretString, VersionStages }
        await vault.call('secretsmanager:PutSecretValue', put)
      }
      const ended = await vault.call('secretsmanager:CancelRotateSecret', { SecretId })
      expect(ended.VersionId).toBe(begun.VersionId)
      expect(await stagesOf(vault, SecretId)).toEqual({ [VersionId]: ['AWSCURRENT'] })
      expect(await vault.db.count('secretVersions')).toBe(1)
    }
  })
})

describe('RotateSecret while a version waits', () => {
  test('is refused by another token, and changes nothing; by its own it goes on', async () => {
    const { vault, SecretId, VersionId, RotationLambdaARN } = await withSecret()
    const ClientRequestToken = crypto.randomUUID()
    const request = { SecretId, RotationLambdaARN, ClientRequestToken }
    const begun = await vault.call('secretsmanager:RotateSecret', request)
    expect(begun.VersionId).toBe(ClientRequestToken)
    const before = await vault.call('secretsmanager:DescribeSecret', { SecretId })
    const RotationRules = { AutomaticallyAfterDays: 5 }
    for (const more of [
      { ClientRequestToken: crypto.randomUUID(), RotationRules },
      { ClientRequestToken: VersionId },
      { ClientRequestToken: undefined, RotateImmediately: false, RotationRules },
    ]) {
      const { ClientRequestToken: token, ...others } = { ...request, ...more }
      const other = token === undefined ? others : { ...others, ClientRequestToken: token }
      expect(await vault.refusal('secretsmanager:RotateSecret', other)).toBe('secret-request')
    }
    expect(await vault.call('secretsmanager:DescribeSecret', { SecretId })).toEqual(before)
    expect(await vault.call('secretsmanager:RotateSecret', request)).toEqual(begun)
    expect(await stagesOf(vault, SecretId)).toEqual({
      [VersionId]: ['AWSCURRENT'],
      [ClientRequestToken]: ['AWSPENDING'],
    })
  })

  test('the value that its version has by then stays', async () => {
    const { vault, SecretId, RotationLambdaARN } = await withSecret()
    const ClientRequestToken = crypto.randomUUID()
    const request = { SecretId, RotationLambdaARN, ClientRequestToken }
    await vault.call('secretsmanager:RotateSecret', request)
    const VersionStages = ['AWSPENDING']
    const put = { SecretId, ClientRequestToken, SecretString: 'new', VersionStages }
    await vault.call('secretsmanager:PutSecretValue', put)
    await vault.call('secretsmanager:RotateSecret', request)
    const waiting = { SecretId, VersionStage: 'AWSPENDING' }
    const read = await vault.call('secretsmanager:GetSecretValue', waiting)
    expect(read.SecretString).toBe('new')
  })
})

test('the token of a version that is there already begins no rotation', async () => {
  const { vault, SecretId, VersionId, RotationLambdaARN } = await withSecret()
  const request = { SecretId, RotationLambdaARN, ClientRequestToken: VersionId }
  expect(await vault.refusal('secretsmanager:RotateSecret', request)).toBe('secret-request')
  expect(await stagesOf(vault, SecretId)).toEqual({ [VersionId]: ['AWSCURRENT'] })
})

describe('a rotation is done, with its day and the next one,', () => {
  async function underWay() {
    const { vault, SecretId, VersionId, RotationLambdaARN } = await withSecret()
    const begun = await vault.call('secretsmanager:RotateSecret', {
      SecretId,
      RotationLambdaARN,
      RotationRules: { AutomaticallyAfterDays: 30 },
    })
    const ClientRequestToken = begun.VersionId ?? ''
    const put = { SecretId, ClientRequestToken, SecretString: 'new', VersionStages: ['AWSPENDING'] }
    const days = async () => {
      const facts = await vault.call('secretsmanager:DescribeSecret', { SecretId })
      return { last: facts.LastRotatedDate, next: facts.NextRotationDate }
    }
    return { vault, SecretId, VersionId, put, days, ClientRequestToken }
  }
  const two = noon + 2 * dayMs

  test('when the label moves to the version that waited', async () => {
    const { vault, SecretId, VersionId, put, days, ClientRequestToken } = await underWay()
    await vault.call('secretsmanager:PutSecretValue', put)
    expect(await days()).toEqual({ last: undefined, next: noon / 1000 + 30 * 86_400 })
    vi.setSystemTime(two)
    await vault.call('secretsmanager:UpdateSecretVersionStage', {
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: ClientRequestToken,
      RemoveFromVersionId: VersionId,
    })
    expect(await days()).toEqual({ last: two / 1000, next: two / 1000 + 30 * 86_400 })
    vi.setSystemTime(two + dayMs)
    await vault.call('secretsmanager:PutSecretValue', { SecretId, SecretString: 'by hand' })
    expect((await days()).last).toBe(two / 1000)
  })

  test('when its value is put as the current one', async () => {
    const { vault, put, days } = await underWay()
    vi.setSystemTime(two)
    const VersionStages = ['AWSCURRENT']
    await vault.call('secretsmanager:PutSecretValue', { ...put, VersionStages })
    expect(await days()).toEqual({ last: two / 1000, next: two / 1000 + 30 * 86_400 })
  })

  test('when the person says so', async () => {
    const { vault, SecretId, put, days } = await underWay()
    await vault.call('secretsmanager:PutSecretValue', put)
    vi.setSystemTime(two)
    await vault.call('keyhearth:FinishRotation', { SecretId })
    expect(await days()).toEqual({ last: two / 1000, next: two / 1000 + 30 * 86_400 })
  })
})
