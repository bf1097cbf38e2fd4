// Secrets Manager API reference, RotateSecret, CancelRotateSecret, UpdateSecretVersionStage: a rotation is begun,
// goes on, is finished or ended.

import { describe, expect, test } from 'vitest'
import { Background } from './background.ts'

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
