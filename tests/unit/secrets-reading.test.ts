// Secrets Manager API reference: Filter, BatchGetSecretValue, ListSecretVersionIds, resource policies, and the errors
// that reading meets.

import { beforeAll, describe, expect, test } from 'vitest'
import type { Input } from '../../src/protocol/schemas.ts'
import { Background, page } from './background.ts'

type Filters = NonNullable<Input<'secretsmanager:ListSecrets'>['Filters']>

describe('filters', () => {
  let vault: Background
  const secrets = [
    { Name: 'db/prod', Description: 'Main Database', Tags: [{ Key: 'Team', Value: 'Blue' }] },
    { Name: 'db/test', Description: 'database to try', Tags: [{ Key: 'team', Value: 'red' }] },
    { Name: 'DB/old', Description: 'of the year 2019', Tags: [{ Key: 'stage', Value: 'Blue' }] },
    { Name: 'mail', Description: '', Tags: [] },
  ]

  beforeAll(async () => {
    vault = await Background.withVault()
    for (const one of secrets) {
      const SecretString = `value of ${one.Name}`
      await vault.call('secretsmanager:CreateSecret', { ...one, SecretString })
    }
  })

  const [prod, proof, old, mail] = ['db/prod', 'db/test', 'DB/old', 'mail'] as const
  const all = [prod, proof, old, mail]
  const cases: readonly (readonly [Filters, readonly string[]])[] = [
    [[], all],
    [[{ Key: 'name', Values: ['db/'] }], [prod, proof]],
    [[{ Key: 'name', Values: ['DB/', 'ma'] }], [old, mail]],
    [[{ Key: 'name', Values: ['prod'] }], []],
    [[{ Key: 'name', Values: ['!db/'] }], [old, mail]],
    [[{ Key: 'name', Values: ['db/', '!db/t'] }], [prod]],
    [[{ Key: 'name', Values: ['!db/', '!DB/'] }], [mail]],
    [[{ Key: 'description', Values: ['main'] }], [prod]],
    [[{ Key: 'description', Values: ['DATABASE'] }], [proof]],
    [[{ Key: 'description', Values: ['!database'] }], [prod, old, mail]],
    [[{ Key: 'tag-key', Values: ['Te'] }], [prod]],
    [[{ Key: 'tag-key', Values: ['te', 'sta'] }], [proof, old]],
    [[{ Key: 'tag-key', Values: ['!Team'] }], [proof, old, mail]],
    [[{ Key: 'tag-value', Values: ['Bl'] }], [prod, old]],
    [[{ Key: 'tag-value', Values: ['blue'] }], []],
    [[{ Key: 'tag-value', Values: ['!Blue'] }], [proof, mail]],
    [[{ Key: 'primary-region', Values: ['browser'] }], all],
    [[{ Key: 'primary-region', Values: ['eu-'] }], []],
    [[{ Key: 'primary-region', Values: ['!browser-1'] }], []],
    [[{ Key: 'owning-service', Values: ['rds'] }], []],
    [[{ Key: 'owning-service', Values: ['!rds'] }], all],
    [[{ Key: 'all', Values: ['database'] }], [prod, proof]],
    [[{ Key: 'all', Values: ['BLUE'] }], [prod, old]],
    [[{ Key: 'all', Values: ['database blue'] }], [prod]],
    [[{ Key: 'all', Values: ['2019', 'mail'] }], [old, mail]],
    [[{ Key: 'all', Values: ['!database'] }], [old, mail]],
    [[{ Values: ['red'] }], [proof]],
    [[{ Key: 'name' }], all],
    [
      [
        { Key: 'tag-value', Values: ['Blue'] },
        { Key: 'name', Values: ['db'] },
      ],
      [prod],
    ],
  ]

  test.each(cases)('%j', async (Filters, expected) => {
    const listed = await vault.call('secretsmanager:ListSecrets', { Filters })
    expect(listed.SecretList.map(({ Name }) => Name).sort()).toEqual([...expected].sort())
    const batch = await vault.call('secretsmanager:BatchGetSecretValue', { Filters })
    expect(batch.Errors).toEqual([])
    const values = batch.SecretValues.map(({ SecretString }) => SecretString)
    expect(values.sort()).toEqual(expected.map((name) => `value of ${name}`).sort())
  })

  test('that AWS does not know, or that are too many, are refused', async () => {
    for (const Filters of [
      [{ Key: 'colour', Values: ['x'] }],
      [{ Key: 'name', Values: [''] }],
      [{ Key: 'name', Values: Array.from({ length: 11 }, () => 'x') }],
      Array.from({ length: 11 }, () => ({ Key: 'name', Values: ['x'] })),
    ]) {
      expect(await vault.refusal('secretsmanager:ListSecrets', { Filters })).toBe('invalid-input')
    }
  })
})

describe('BatchGetSecretValue', () => {
  test('takes a list or filters, not both and not neither', async () => {
    const vault = await Background.withVault()
    for (const input of [{}, { SecretIdList: ['a'], Filters: [] }]) {
      expect(await vault.refusal('secretsmanager:BatchGetSecretValue', input)).toBe(
        'secret-invalid',
      )
    }
  })

  test('answers with each that can be read, and says why of each that cannot', async () => {
    const vault = await Background.withVault()
    const { KeyMetadata } = await vault.call('kms:CreateKey', {})
    const KmsKeyId = KeyMetadata.KeyId
    await vault.call('secretsmanager:CreateSecret', { Name: 'good', SecretString: 'x' })
    await vault.call('secretsmanager:CreateSecret', {
      Name: 'keyless',
      SecretString: 'y',
      KmsKeyId,
    })
    await vault.call('secretsmanager:CreateSecret', { Name: 'empty' })
    await vault.call('secretsmanager:CreateSecret', { Name: 'marked', SecretString: 'z' })
    await vault.call('secretsmanager:DeleteSecret', { SecretId: 'marked' })
    await vault.call('kms:DisableKey', { KeyId: KmsKeyId })
    const SecretIdList = ['nobody', 'marked', 'good', 'empty', 'keyless']
    const batch = await vault.call('secretsmanager:BatchGetSecretValue', { SecretIdList })
    expect(batch.SecretValues.map(({ SecretString }) => SecretString)).toEqual(['x'])
    expect(batch.Errors.map(({ SecretId, ErrorCode }) => [SecretId, ErrorCode])).toEqual([
      ['nobody', 'ResourceNotFoundException'],
      ['marked', 'InvalidRequestException'],
      ['empty', 'ResourceNotFoundException'],
      ['keyless', 'DecryptionFailure'],
    ])
  })
})

describe('a key that cannot be used', () => {
  test('is a DecryptionFailure to those who read, an EncryptionFailure to those who write, until it can', async () => {
    const vault = await Background.withVault()
    const { KeyId } = (await vault.call('kms:CreateKey', {})).KeyMetadata
    const input = { Name: 'a', SecretString: 'x', KmsKeyId: KeyId }
    await vault.call('secretsmanager:CreateSecret', input)
    await vault.call('kms:DisableKey', { KeyId })
    const read = () => vault.refusal('secretsmanager:GetSecretValue', { SecretId: 'a' })
    const write = () =>
      vault.refusal('secretsmanager:PutSecretValue', { SecretId: 'a', SecretString: 'y' })
    expect(await read()).toBe('secret-decryption')
    expect(await write()).toBe('secret-encryption')
    const KmsKeyId = (await vault.call('kms:CreateKey', {})).KeyMetadata.KeyId
    const rekey = { SecretId: 'a', KmsKeyId }
    expect(await vault.refusal('secretsmanager:UpdateSecret', rekey)).toBe('secret-decryption')
    await vault.call('kms:EnableKey', { KeyId })
    expect(await read()).toBe('none')
    await vault.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    expect(await read()).toBe('secret-decryption')
    expect(await write()).toBe('secret-encryption')
  })
})

test('ListSecretVersionIds tells of versions without label where it is asked to', async () => {
  const vault = await Background.withVault()
  const made = await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: '1' })
  const ids = [made.VersionId]
  for (const SecretString of ['2', '3', '4']) {
    const put = { SecretId: 'a', SecretString }
    ids.push((await vault.call('secretsmanager:PutSecretValue', put)).VersionId)
  }
  const listed = async (more: object) => {
    const input = { SecretId: 'a', ...more }
    const { Versions } = await vault.call('secretsmanager:ListSecretVersionIds', input)
    return Versions.map(({ VersionId, VersionStages }) => [ids.indexOf(VersionId), VersionStages])
  }
  const labelled = [
    [2, ['AWSPREVIOUS']],
    [3, ['AWSCURRENT']],
  ]
  expect((await listed({})).sort()).toEqual(labelled)
  expect((await listed({ IncludeDeprecated: false })).sort()).toEqual(labelled)
  expect((await listed({ IncludeDeprecated: true })).sort()).toEqual([
    [0, []],
    [1, []],
    ...labelled,
  ])
})

describe('a resource policy', () => {
  const statement = (part: object) => ({
    Effect: 'Allow',
    Principal: { Federated: 'https://app.example' },
    Action: 'secretsmanager:GetSecretValue',
    Resource: '*',
    ...part,
  })
  const policyOf = (...statements: object[]) =>
    JSON.stringify({ Version: '2012-10-17', Statement: statements })
  const narrow = policyOf(statement({}))

  const everybody = [
    policyOf(statement({ Principal: '*' })),
    policyOf(statement({ Principal: { AWS: '*' } })),
    policyOf(statement({}), statement({ Principal: { AWS: ['123456789012', '*'] } })),
    policyOf(statement({ Principal: undefined, NotPrincipal: { AWS: '123456789012' } })),
  ]
  const malformed = [
    'no JSON',
    '[]',
    '{}',
    policyOf(),
    policyOf(statement({ Effect: 'Perhaps' })),
    policyOf(statement({ Principal: undefined })),
    policyOf(statement({ Action: undefined })),
    policyOf(statement({ Colour: 'blue' })),
    policyOf(statement({ Condition: { NoSuchOperator: { 'aws:PrincipalArn': 'x' } } })),
  ]

  async function withSecret() {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'x' })
    await vault.call('secretsmanager:PutResourcePolicy', { SecretId: 'a', ResourcePolicy: narrow })
    const present = async () =>
      (await vault.call('secretsmanager:GetResourcePolicy', { SecretId: 'a' })).ResourcePolicy
    return { vault, present }
  }

  test.each(everybody)('for everybody is public, unless that is wanted: %s', async (wide) => {
    const { vault, present } = await withSecret()
    const input = { SecretId: 'a', ResourcePolicy: wide }
    const put = (more: object) =>
      vault.refusal('secretsmanager:PutResourcePolicy', { ...input, ...more })
    expect(await put({})).toBe('secret-policy-public')
    expect(await put({ BlockPublicPolicy: true })).toBe('secret-policy-public')
    expect(await present()).toBe(narrow)
    const valid = await vault.call('secretsmanager:ValidateResourcePolicy', input)
    expect(valid.PolicyValidationPassed).toBe(false)
    expect(valid.ValidationErrors.map(({ CheckName }) => CheckName)).toEqual(['PUBLIC_POLICY'])
    expect(await put({ BlockPublicPolicy: false })).toBe('none')
    expect(await present()).toBe(wide)
  })

  test('for everybody under a condition, or that denies everybody, is not', async () => {
    const { vault } = await withSecret()
    const Condition = { StringEquals: { 'keyhearth:Origin': 'https://app.example' } }
    for (const ResourcePolicy of [
      policyOf(statement({ Principal: '*', Condition })),
      policyOf(statement({ Principal: '*', Effect: 'Deny' })),
    ]) {
      const input = { SecretId: 'a', ResourcePolicy }
      const valid = await vault.call('secretsmanager:ValidateResourcePolicy', input)
      expect(valid).toEqual({ PolicyValidationPassed: true, ValidationErrors: [] })
      expect(await vault.refusal('secretsmanager:PutResourcePolicy', input)).toBe('none')
    }
  })

  test.each(malformed)('that is none is malformed: %s', async (ResourcePolicy) => {
    const { vault, present } = await withSecret()
    const input = { SecretId: 'a', ResourcePolicy }
    const malformedPolicy = 'secret-policy-malformed'
    expect(await vault.refusal('secretsmanager:PutResourcePolicy', input)).toBe(malformedPolicy)
    expect(await vault.refusal('secretsmanager:ValidateResourcePolicy', input)).toBe(
      malformedPolicy,
    )
    expect(await present()).toBe(narrow)
  })

  test('taken back leaves none; a secret that is not there, or not one’s own, has none to see', async () => {
    const { vault, present } = await withSecret()
    await vault.call('secretsmanager:DeleteResourcePolicy', { SecretId: 'a' })
    expect(await present()).toBeUndefined()
    const get = 'secretsmanager:GetResourcePolicy'
    expect(await vault.refusal(get, { SecretId: 'b' })).toBe('secret-not-found')
    const { ARN } = await vault.call('secretsmanager:DescribeSecret', { SecretId: 'a' })
    const site = page('https://app.example')
    await vault.sites.allowOnce(site, ['secrets'])
    expect(await vault.refusal(get, { SecretId: ARN }, site)).toBe('not-allowed')
  })
})
