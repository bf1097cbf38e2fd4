// Blocks of secrets as they were first written: read as they are, and written anew with the first change in them.

import { expect, test } from 'vitest'
import { blankItem } from '../../src/items/item.ts'
import { commit } from '../../src/store/commit.ts'
import { Background, passphrase } from './background.ts'

const password = 'the present one'

async function withOneSecret() {
  const vault = await Background.withVault()
  const { fields: _none, uris: _no, ...blank } = blankItem('login')
  const Item = { ...blank, title: 'Mail box', fields: { password }, uris: [], tags: [], own: [] }
  const made = await vault.call('keyhearth:PutItem', { Item })
  const described = await vault.call('secretsmanager:DescribeSecret', { SecretId: made.SecretId })
  const [block] = (await vault.db.getAll('secretBlocks')).filter(({ group }) => group)
  if (!block) throw new Error('no block')
  return { vault, made, described, block }
}

/** The same secret as that version wrote it, written down apart from the code of today. */
async function writeFirstForm({
  vault,
  made,
  described,
  block,
}: Awaited<ReturnType<typeof withOneSecret>>): Promise<void> {
  const { records, vault: keys } = vault.hsm.opened
  const place = ['secretBlocks', block.id, block.group ?? '', String(block.revision)]
  const text = new TextDecoder().decode(await keys.open(place, block.sealed))
  const id = /"([0-9a-f-]{36})"/.exec(text)?.[1]
  const [, rest = ''] = text.split('\n')
  const { keys: kmsKeys, secrets } = JSON.parse(rest)
  const [[revision, [[versionId, createdAt, stages, keyIndex, ofRow]]]] = secrets
  const account = (await vault.call('keyhearth:GetStatus', {})).AccountId ?? ''
  const first = {
    account,
    keys: kmsKeys,
    secrets: [
      [
        id,
        described.Name,
        made.SecretId.slice(-6),
        1_600_000_000_000,
        1_600_000_001_000,
        revision,
        [[versionId, createdAt, stages, keyIndex, ofRow]],
        'Mail box',
        0,
        1 + 4,
        'me@example.com',
        ['https://mail.example/'],
        { description: 'what it is for', tags: [{ Key: 'team', Value: 'blue' }] },
      ],
    ],
  }
  const value = new TextEncoder().encode(JSON.stringify(first))
  const row = { store: 'secretBlocks', id: block.id, group: block.group ?? null, value } as const
  const { changes, committed } = await records.seal({ puts: [row] })
  await commit(vault.hsm.db, changes, null)
  committed()
}

test('a block of the first form is listed and opened as it was', async () => {
  const one = await withOneSecret()
  await writeFirstForm(one)
  const { vault, made } = one
  await vault.endBrowser()
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
  const { Items, Damaged } = await vault.call('keyhearth:ListItems', {})
  expect(Damaged).toBe(0)
  expect(Items).toMatchObject([
    {
      SecretId: made.SecretId,
      Title: 'Mail box',
      Kind: 'login',
      Username: 'me@example.com',
      Uris: ['https://mail.example/'],
      Favourite: true,
      AskAgain: true,
      HasOneTimeCode: false,
      CreatedAt: 1_600_000_000,
      ChangedAt: 1_600_000_001,
    },
  ])
  const { SecretId } = made
  expect(await vault.call('secretsmanager:DescribeSecret', { SecretId })).toMatchObject({
    Description: 'what it is for',
    Tags: [{ Key: 'team', Value: 'blue' }],
    VersionIdsToStages: { [made.VersionId]: ['AWSCURRENT'] },
  })
  const item = await vault.call('keyhearth:GetItem', {
    SecretId,
    Proof: { Passphrase: passphrase },
  })
  expect(item.Item.fields['password']).toBe(password)
})

test('the first change in it writes all of it anew', async () => {
  const one = await withOneSecret()
  await writeFirstForm(one)
  const { vault, made } = one
  await vault.restart()
  const Change = { Kind: 'tag', Tag: 'mine' } as const
  await vault.call('keyhearth:ChangeItems', { SecretIds: [made.SecretId], Change })
  await vault.restart()
  const { Items } = await vault.call('keyhearth:ListItems', {})
  expect(Items).toMatchObject([{ Title: 'Mail box', Username: 'me@example.com', Tags: ['mine'] }])
  const { SecretId } = made
  const item = await vault.call('keyhearth:GetItem', {
    SecretId,
    Proof: { Passphrase: passphrase },
  })
  expect(item.Item.fields['password']).toBe(password)
})
