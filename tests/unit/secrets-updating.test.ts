// Secrets Manager API reference, UpdateSecret: a value, a key and a description, alone and together; a request that
// is sent again.

import { expect, test } from 'vitest'
import { Background } from './background.ts'

const anotherKey = async (vault: Background) =>
  (await vault.call('kms:CreateKey', { Description: 'another' })).KeyMetadata

const read = async (vault: Background, SecretId: string, VersionStage = 'AWSCURRENT') =>
  (await vault.call('secretsmanager:GetSecretValue', { SecretId, VersionStage })).SecretString

/** The key each version is under, by its labels. */
async function keysOf(vault: Background, SecretId: string): Promise<Record<string, string>> {
  const { Versions } = await vault.call('secretsmanager:ListSecretVersionIds', {
    SecretId,
    IncludeDeprecated: true,
  })
  return Object.fromEntries(
    Versions.map(({ VersionStages, KmsKeyIds }) => [VersionStages.join(), KmsKeyIds.join()]),
  )
}

async function withTwoVersions() {
  const vault = await Background.withVault()
  const first = crypto.randomUUID()
  await vault.call('secretsmanager:CreateSecret', {
    Name: 'a',
    SecretString: 'one',
    ClientRequestToken: first,
  })
  await vault.call('secretsmanager:PutSecretValue', { SecretId: 'a', SecretString: 'two' })
  return { vault, first }
}

test('a request sent again with another key encrypts what is labelled under it, and changes no value', async () => {
  const { vault, first } = await withTwoVersions()
  const { KeyId, Arn } = await anotherKey(vault)
  const request = {
    SecretId: 'a',
    SecretString: 'one',
    ClientRequestToken: first,
    KmsKeyId: KeyId,
    Description: 'described',
  }
  for (let round = 0; round < 2; round++) {
    const answer = await vault.call('secretsmanager:UpdateSecret', request)
    expect(answer.VersionId).toBe(first)
    await vault.restart()
    expect(await read(vault, 'a')).toBe('two')
    expect(await read(vault, 'a', 'AWSPREVIOUS')).toBe('one')
    expect(await keysOf(vault, 'a')).toEqual({ AWSCURRENT: Arn, AWSPREVIOUS: Arn })
    const described = await vault.call('secretsmanager:DescribeSecret', { SecretId: 'a' })
    expect(described).toMatchObject({ KmsKeyId: KeyId, Description: 'described' })
  }
})

test('with another value under a token that is taken, nothing at all changes', async () => {
  const { vault, first } = await withTwoVersions()
  const { KeyId } = await anotherKey(vault)
  const before = await vault.call('secretsmanager:DescribeSecret', { SecretId: 'a' })
  const request = {
    SecretId: 'a',
    SecretString: 'three',
    ClientRequestToken: first,
    KmsKeyId: KeyId,
    Description: 'described',
  }
  expect(await vault.refusal('secretsmanager:UpdateSecret', request)).toBe('secret-exists')
  await vault.restart()
  expect(await vault.call('secretsmanager:DescribeSecret', { SecretId: 'a' })).toEqual(before)
  expect(await read(vault, 'a')).toBe('two')
  expect(await read(vault, 'a', 'AWSPREVIOUS')).toBe('one')
})

test('a key alone encrypts labelled versions again, as they are, and leaves the others', async () => {
  const { vault, first } = await withTwoVersions()
  await vault.call('secretsmanager:PutSecretValue', { SecretId: 'a', SecretString: 'three' })
  const before = await vault.call('secretsmanager:ListSecretVersionIds', { SecretId: 'a' })
  const keysBefore = await keysOf(vault, 'a')
  const { KeyId, Arn } = await anotherKey(vault)
  const answer = await vault.call('secretsmanager:UpdateSecret', { SecretId: 'a', KmsKeyId: KeyId })
  expect(answer.VersionId).toBeUndefined()
  await vault.restart()
  expect(await read(vault, 'a')).toBe('three')
  expect(await read(vault, 'a', 'AWSPREVIOUS')).toBe('two')
  const old = { SecretId: 'a', VersionId: first }
  expect((await vault.call('secretsmanager:GetSecretValue', old)).SecretString).toBe('one')
  expect(await keysOf(vault, 'a')).toEqual({
    AWSCURRENT: Arn,
    AWSPREVIOUS: Arn,
    '': keysBefore[''],
  })
  const dates = (list: typeof before) => list.Versions.map(({ CreatedDate }) => CreatedDate)
  const after = await vault.call('secretsmanager:ListSecretVersionIds', { SecretId: 'a' })
  expect(dates(after)).toEqual(dates(before))
})

test('a key and a value together: the new version is under the new key, and so is the one before', async () => {
  const { vault } = await withTwoVersions()
  const { KeyId, Arn } = await anotherKey(vault)
  await vault.call('secretsmanager:UpdateSecret', {
    SecretId: 'a',
    SecretString: 'three',
    KmsKeyId: KeyId,
  })
  await vault.restart()
  expect(await read(vault, 'a')).toBe('three')
  expect(await read(vault, 'a', 'AWSPREVIOUS')).toBe('two')
  expect(await keysOf(vault, 'a')).toMatchObject({ AWSCURRENT: Arn, AWSPREVIOUS: Arn })
})
