// What AWS has and one device has not: other regions, and secrets that a partner holds. Each is refused in words, by an
// error that AWS's client knows, and changes nothing.

import { expect, test } from 'vitest'
import type { SecretAction } from '../../src/secrets/find.ts'
import { Background } from './background.ts'

const SecretId = 'here'
const regions = [{ Region: 'eu-west-1' }]
const hook = 'arn:aws:lambda:browser-1:000000000000:function:page'

const requests: readonly (readonly [SecretAction, object, 'secret-invalid' | 'secret-request'])[] =
  [
    ['secretsmanager:CreateSecret', { Name: 'b', Type: 'partner' }, 'secret-invalid'],
    ['secretsmanager:CreateSecret', { Name: 'b', AddReplicaRegions: regions }, 'secret-invalid'],
    [
      'secretsmanager:UpdateSecret',
      { SecretId, Description: 'changed', Type: 'partner' },
      'secret-invalid',
    ],
    [
      'secretsmanager:RotateSecret',
      {
        SecretId,
        RotationLambdaARN: hook,
        ExternalSecretRotationMetadata: [{ Key: 'a', Value: 'b' }],
      },
      'secret-invalid',
    ],
    [
      'secretsmanager:RotateSecret',
      { SecretId, RotationLambdaARN: hook, ExternalSecretRotationRoleArn: 'arn:aws:iam::1:role/r' },
      'secret-invalid',
    ],
    [
      'secretsmanager:ReplicateSecretToRegions',
      { SecretId, AddReplicaRegions: regions },
      'secret-invalid',
    ],
    [
      'secretsmanager:RemoveRegionsFromReplication',
      { SecretId, RemoveReplicaRegions: ['eu-west-1'] },
      'secret-invalid',
    ],
    ['secretsmanager:StopReplicationToReplica', { SecretId }, 'secret-request'],
  ]

test.each(requests)('%s %o is refused', async (operation, input, reason) => {
  const vault = await Background.withVault()
  await vault.call('secretsmanager:CreateSecret', { Name: SecretId, SecretString: 'x' })
  const before = await vault.call('secretsmanager:ListSecrets', {})
  expect(await vault.refusal(operation, input)).toBe(reason)
  expect(await vault.call('secretsmanager:ListSecrets', {})).toEqual(before)
})
