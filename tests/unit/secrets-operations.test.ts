// Secrets Manager API reference: the operations the popup stands on.

import { describe, expect, test } from 'vitest'
import { Background, page } from './background.ts'

const read = async (vault: Background, SecretId: string) =>
  (await vault.call('secretsmanager:GetSecretValue', { SecretId })).SecretString

describe('a secret', () => {
  test('is found by name, by ARN and by ARN without its six characters', async () => {
    const vault = await Background.withVault()
    const made = await vault.call('secretsmanager:CreateSecret', {
      Name: 'mail/pass-word',
      SecretString: 'hunter2',
    })
    expect(made.ARN).toMatch(
      /^arn:aws:secretsmanager:browser-1:\d{12}:secret:mail\/pass-word-[A-Za-z0-9]{6}$/,
    )
    for (const id of ['mail/pass-word', made.ARN, made.ARN.slice(0, -7)]) {
      expect(await read(vault, id)).toBe('hunter2')
    }
    expect(
      await vault.refusal('secretsmanager:GetSecretValue', {
        SecretId: `${made.ARN.slice(0, -6)}aaaaaa`,
      }),
    ).toBe('secret-not-found')
  })

  test('keeps its value across worker and browser, and each version under its label', async () => {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'one' })
    await vault.call('secretsmanager:UpdateSecret', { SecretId: 'a', SecretString: 'two' })
    await vault.restart()
    expect(await read(vault, 'a')).toBe('two')
    const before = await vault.call('secretsmanager:GetSecretValue', {
      SecretId: 'a',
      VersionStage: 'AWSPREVIOUS',
    })
    expect(before.SecretString).toBe('one')
    const described = await vault.call('secretsmanager:DescribeSecret', { SecretId: 'a' })
    expect(Object.values(described.VersionIdsToStages).sort()).toEqual([
      ['AWSCURRENT'],
      ['AWSPREVIOUS'],
    ])
  })

  test('holds bytes as well as text, but not both', async () => {
    const vault = await Background.withVault()
    const SecretBinary = crypto.getRandomValues(new Uint8Array(300))
    await vault.call('secretsmanager:CreateSecret', { Name: 'bytes', SecretBinary })
    const value = await vault.call('secretsmanager:GetSecretValue', { SecretId: 'bytes' })
    expect(value.SecretBinary).toEqual(SecretBinary)
    expect(
      await vault.refusal('secretsmanager:CreateSecret', {
        Name: 'both',
        SecretString: 'x',
        SecretBinary,
      }),
    ).toBe('secret-invalid')
  })

  test('the same request twice makes one secret; another of its name is refused', async () => {
    const vault = await Background.withVault()
    const request = {
      Name: 'once',
      SecretString: 'x',
      ClientRequestToken: crypto.randomUUID() as string,
    }
    const first = await vault.call('secretsmanager:CreateSecret', request)
    expect(await vault.call('secretsmanager:CreateSecret', request)).toEqual(first)
    expect(
      await vault.refusal('secretsmanager:CreateSecret', { Name: 'once', SecretString: 'y' }),
    ).toBe('secret-exists')
    expect((await vault.call('secretsmanager:ListSecrets', {})).SecretList).toHaveLength(1)
  })
})

describe('deletion', () => {
  test('refuses reads, keeps the name, and is undone', async () => {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'gone', SecretString: 'x' })
    await vault.call('secretsmanager:DeleteSecret', { SecretId: 'gone', RecoveryWindowInDays: 7 })
    expect(await vault.refusal('secretsmanager:GetSecretValue', { SecretId: 'gone' })).toBe(
      'secret-deleted',
    )
    expect(
      await vault.refusal('secretsmanager:CreateSecret', { Name: 'gone', SecretString: 'y' }),
    ).toBe('secret-deleted')
    expect((await vault.call('secretsmanager:ListSecrets', {})).SecretList).toEqual([])
    const all = await vault.call('secretsmanager:ListSecrets', { IncludePlannedDeletion: true })
    expect(all.SecretList[0]?.DeletedDate).toBeDefined()
    await vault.call('secretsmanager:RestoreSecret', { SecretId: 'gone' })
    expect(await read(vault, 'gone')).toBe('x')
  })

  test('without recovery leaves no row of it behind', async () => {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'gone', SecretString: 'x' })
    await vault.call('secretsmanager:DeleteSecret', {
      SecretId: 'gone',
      ForceDeleteWithoutRecovery: true,
    })
    expect(await vault.db.count('secrets')).toBe(0)
    expect(await vault.db.count('secretVersions')).toBe(0)
    await vault.call('secretsmanager:CreateSecret', { Name: 'gone', SecretString: 'again' })
    expect(await read(vault, 'gone')).toBe('again')
  })

  test('by force of what is not there succeeds and echoes its name, in one’s own account', async () => {
    const vault = await Background.withVault()
    const { ARN } = await vault.call('secretsmanager:CreateSecret', { Name: 'a' })
    const force = (SecretId: string) => ({ SecretId, ForceDeleteWithoutRecovery: true })
    for (let round = 0; round < 2; round++) {
      const gone = await vault.call('secretsmanager:DeleteSecret', force(ARN))
      expect(gone).toMatchObject({ ARN, Name: 'a' })
    }
    const never = await vault.call('secretsmanager:DeleteSecret', force('never/was-secret'))
    expect(never.Name).toBe('never/was-secret')
    expect(never.ARN).toBe(ARN.replace(/:a-.{6}$/, ':never/was-secret'))
    expect(never.DeletionDate).toBeGreaterThan(0)
    expect(await vault.refusal('secretsmanager:DeleteSecret', { SecretId: 'a' })).toBe(
      'secret-not-found',
    )
    const site = page('https://app.example')
    await vault.sites.allowOnce(site, ['secrets'])
    expect(await vault.refusal('secretsmanager:DeleteSecret', force(ARN), site)).toBe('not-allowed')
    expect((await vault.call('secretsmanager:DeleteSecret', force('a'), site)).Name).toBe('a')
  })
})

test('a list longer than a page is read through its tokens, each secret once', async () => {
  const vault = await Background.withVault()
  for (let i = 0; i < 7; i++) {
    await vault.call('secretsmanager:CreateSecret', { Name: `s${i}`, SecretString: 'x' })
  }
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const page = await vault.call('secretsmanager:ListSecrets', {
      MaxResults: 3,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    names.push(...page.SecretList.map(({ Name }) => Name))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(names).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6'])
})
