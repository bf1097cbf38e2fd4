// Secrets Manager user guide, "Quotas": 50 tags a secret; tag keys that begin with aws: are AWS's own. The same holds
// for the tags that people give their items.

import { describe, expect, test } from 'vitest'
import { blankItem } from '../../src/items/item.ts'
import type { WrittenItem } from '../../src/protocol/secretsInputs.ts'
import { Background } from './background.ts'

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_one, i) => `tag ${from + i}`)

const note = (tags: string[]) => ({ ...blankItem('note'), title: 'Note', tags }) as WrittenItem

async function withItem(tags: string[]) {
  const vault = await Background.withVault()
  const { SecretId } = await vault.call('keyhearth:PutItem', { Item: note(tags) })
  const tag = (Tag: string) => ({ SecretIds: [SecretId], Change: { Kind: 'tag', Tag } as const })
  const tagsNow = async () =>
    (await vault.call('secretsmanager:DescribeSecret', { SecretId })).Tags.map(({ Key }) => Key)
  return { vault, SecretId, tag, tagsNow }
}

describe('an item', () => {
  test('takes 50 tags from the list and no more, so that it can still be saved', async () => {
    const { vault, SecretId, tag, tagsNow } = await withItem(numbers(0, 49))
    await vault.call('keyhearth:ChangeItems', tag('tag 49'))
    await vault.call('keyhearth:ChangeItems', tag('tag 49'))
    expect(await vault.refusal('keyhearth:ChangeItems', tag('tag 50'))).toBe('secret-limit')
    expect(await tagsNow()).toEqual(numbers(0, 50))
    const { Item } = await vault.call('keyhearth:GetItem', { SecretId })
    await vault.call('keyhearth:PutItem', { SecretId, Item: { ...Item, notes: 'changed' } })
  })

  test('takes none that begins with aws:, whatever its case', async () => {
    const { vault, SecretId, tag, tagsNow } = await withItem(['mine'])
    const Item = note(['mine', 'AWS:theirs'])
    expect(await vault.refusal('keyhearth:ChangeItems', tag('aws:theirs'))).toBe('secret-invalid')
    expect(await vault.refusal('keyhearth:PutItem', { SecretId, Item })).toBe('secret-invalid')
    expect(await vault.refusal('keyhearth:PutItem', { Item })).toBe('secret-invalid')
    expect(await tagsNow()).toEqual(['mine'])
    expect((await vault.call('secretsmanager:ListSecrets', {})).SecretList).toHaveLength(1)
  })

  test('counts the tags of AWS’s clients among the 50', async () => {
    const { vault, SecretId } = await withItem(numbers(0, 30))
    const Tags = numbers(100, 120).map((Key) => ({ Key, Value: 'theirs' }))
    await vault.call('secretsmanager:TagResource', { SecretId, Tags })
    const Item = note(numbers(0, 31))
    expect(await vault.refusal('keyhearth:PutItem', { SecretId, Item })).toBe('secret-limit')
    await vault.call('keyhearth:PutItem', { SecretId, Item: note(numbers(1, 31)) })
  })
})

test('AWS’s operations hold to the same: together with those that are there, and each key once', async () => {
  const { vault, SecretId } = await withItem(numbers(0, 50))
  const tag = (Key: string, more: { Key: string; Value: string }[] = []) =>
    vault.refusal('secretsmanager:TagResource', { SecretId, Tags: [{ Key, Value: 'v' }, ...more] })
  expect(await tag('one more')).toBe('secret-limit')
  expect(await tag('tag 7')).toBe('none')
  expect(await tag('aws:theirs')).toBe('secret-invalid')
  expect(await tag('tag 7', [{ Key: 'tag 7', Value: 'w' }])).toBe('secret-invalid')
  await vault.call('secretsmanager:UntagResource', { SecretId, TagKeys: ['tag 7'] })
  expect(await tag('one more')).toBe('none')
})
