// Secrets as Keyhearth 0.1 wrote them (schemas 1 to 4): one row a secret, one for its name, one for each value.
// They are in blocks after the first unlocking, and lose nothing on the way.

import { expect, test } from 'vitest'
import { commit } from '../../src/store/commit.ts'
import { Background, passphrase } from './background.ts'

/** As that version sealed it, written down apart from the code of today. */
async function writeEarlier(vault: Background, name: string, value: string): Promise<string> {
  const { records, vault: keys } = vault.hsm.opened
  const account = (await vault.call('keyhearth:GetStatus', {})).AccountId ?? ''
  const [id, versionId, suffix] = [crypto.randomUUID(), crypto.randomUUID(), 'aBcDeF']
  const arn = `arn:aws:secretsmanager:browser-1:${account}:secret:${name}-${suffix}`
  const made = await vault.call('kms:GenerateDataKey', {
    KeyId: 'alias/personal',
    KeySpec: 'AES_256',
    EncryptionContext: { SecretARN: arn, SecretVersionId: versionId },
  })
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const key = await crypto.subtle.importKey('raw', made.Plaintext, 'AES-GCM', false, ['encrypt'])
  const text = new TextEncoder().encode(value)
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, text))
  const ciphertext = new Uint8Array([...iv, ...sealed])
  const secret = {
    id,
    account,
    name,
    suffix,
    description: 'what it is for',
    kmsKeyId: null,
    createdAt: 1_600_000_000_000,
    changedAt: 1_600_000_001_000,
    deletedAt: null,
    deletionAt: null,
    tags: [
      { Key: 'keyhearth:title', Value: `Title of ${name}` },
      { Key: 'team', Value: 'blue' },
    ],
    versions: [{ versionId, createdAt: 1_600_000_000_000, stages: ['AWSCURRENT'] }],
  }
  const rows = [
    {
      store: 'secrets',
      id,
      group: keys.label('secrets of account', account),
      value: secret,
    },
    {
      store: 'secrets',
      id: keys.label('secret name', `${account}:${name}`),
      group: null,
      value: { secretId: id },
    },
    {
      store: 'secretVersions',
      id: `${id}/${versionId}`,
      group: keys.label('versions of secret', id),
      value: { encryptedDataKey: made.CiphertextBlob, ciphertext, kind: 'string' },
    },
  ] as const
  const { changes, committed } = await records.seal({ puts: [...rows] })
  await commit(vault.hsm.db, changes, null)
  committed()
  return arn
}

test('secrets of Keyhearth 0.1 are in blocks after the first unlocking, as they were', async () => {
  const vault = await Background.withVault()
  const first = await writeEarlier(vault, 'first', 'one')
  await writeEarlier(vault, 'second', '{"username":"u"}')
  expect(await vault.db.count('secrets')).toBe(4)
  await vault.endBrowser()
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
  expect(await vault.db.count('secrets')).toBe(0)
  expect(await vault.db.count('secretBlocks')).toBeGreaterThan(0)
  await vault.restart()
  const { Items } = await vault.call('keyhearth:ListItems', {})
  expect(Items).toMatchObject([
    { SecretId: first, Title: 'Title of first', CreatedAt: 1_600_000_000 },
    { Title: 'Title of second' },
  ])
  const value = await vault.call('secretsmanager:GetSecretValue', { SecretId: 'first' })
  expect(value).toMatchObject({ ARN: first, SecretString: 'one' })
  const described = await vault.call('secretsmanager:DescribeSecret', { SecretId: 'first' })
  expect(described).toMatchObject({
    Description: 'what it is for',
    Tags: [{ Key: 'team', Value: 'blue' }],
  })
  const { Item } = await vault.call('keyhearth:GetItem', { SecretId: first })
  expect(Item.notes).toBe('what it is for')
})

test('a worker killed before the commit leaves them as they were; the next unlocking moves them', async () => {
  const vault = await Background.withVault()
  await writeEarlier(vault, 'first', 'one')
  await vault.call('keyhearth:Lock', {})
  const unlocking = vault.call('keyhearth:Unlock', { Passphrase: passphrase })
  await vault.restart()
  await unlocking.catch(() => {})
  await vault.endBrowser()
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
  const { SecretString } = await vault.call('secretsmanager:GetSecretValue', { SecretId: 'first' })
  expect(SecretString).toBe('one')
  expect(await vault.db.count('secrets')).toBe(0)
})
