// The person's items: what the screens stand on, over the same secrets that AWS's clients see.

import { describe, expect, test } from 'vitest'
import { keepKeys } from '../../src/gate/keyKeeping.ts'
import { blankItem, type Item, itemKinds } from '../../src/items/item.ts'
import { itemInputs } from '../../src/protocol/secretsInputs.ts'
import type { WrittenItem } from '../../src/protocol/secretsOutputs.ts'
import { Background, page, passphrase } from './background.ts'

const written = (item: Item): WrittenItem => structuredClone(item) as unknown as WrittenItem
const login = (title: string, more: Partial<Item> = {}): WrittenItem =>
  written({
    ...blankItem('login'),
    title,
    fields: { username: `${title}@example.com`, password: `password of ${title}` },
    uris: [`https://${title.toLowerCase().replace(/\W/g, '')}.example/login`],
    ...more,
  })

const titles = async (vault: Background, input: object = {}) =>
  (await vault.call('keyhearth:ListItems', input)).Items.map(({ Title }) => Title)

test('the contract has the kinds that items have', () => {
  const { options } = itemInputs['keyhearth:ListItems'].entries.Kind.wrapped
  expect(options).toEqual([...itemKinds])
})

test('a search that goes on letter by letter finds what one of the whole word does, changes included', async () => {
  const vault = await Background.withVault()
  const names = ['Site 4', 'Site 44', 'My site', 'Sit here', 'Other', 'site of 4 people']
  for (const name of names) await vault.call('keyhearth:PutItem', { Item: login(name) })
  for (const Query of ['s', 'si', 'sit', 'site', 'site ', 'site 4', 'site 44']) {
    const found = await titles(vault, { Query })
    await titles(vault, { Query: 'zzz' })
    expect(await titles(vault, { Query })).toEqual(found)
  }
  await titles(vault, { Query: 'site' })
  await vault.call('keyhearth:PutItem', { Item: login('Site 4b') })
  expect(await titles(vault, { Query: 'site 4' })).toContain('Site 4b')
  await titles(vault, { Query: 'site', Favourite: true })
  expect(await titles(vault, { Query: 'site 4' })).toContain('Site 4b')
})

describe('an item', () => {
  test('is kept, listed without what is hidden, and read by AWS’s operation', async () => {
    const vault = await Background.withVault()
    const Item = login('Mail', { tags: ['work'], favourite: true, notes: 'a note' })
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item })
    const { Items, Tags } = await vault.call('keyhearth:ListItems', {})
    expect(Items).toMatchObject([
      { SecretId, Title: 'Mail', Kind: 'login', Tags: ['work'], Favourite: true },
    ])
    expect(JSON.stringify(Items)).not.toContain('password of')
    expect(Tags).toEqual(['work'])
    expect((await vault.call('keyhearth:GetItem', { SecretId })).Item).toEqual(Item)
    const { SecretString = '' } = await vault.call('secretsmanager:GetSecretValue', { SecretId })
    expect(JSON.parse(SecretString)).toMatchObject({ password: 'password of Mail' })
  })

  test('of a name that is taken gets another; titles may be the same, and any text', async () => {
    const vault = await Background.withVault()
    for (let i = 0; i < 4; i++) {
      await vault.call('keyhearth:PutItem', { Item: login('Bänk & Söhne') })
    }
    const names = (await vault.call('secretsmanager:ListSecrets', {})).SecretList
    expect(new Set(names.map(({ Name }) => Name)).size).toBe(4)
    expect(names[0]?.Name).toBe('Bank-Sohne')
    expect(await titles(vault)).toEqual(Array(4).fill('Bänk & Söhne'))
  })

  test('keeps its versions; another window’s change is not overwritten', async () => {
    const vault = await Background.withVault()
    const first = await vault.call('keyhearth:PutItem', { Item: login('Mail') })
    const { SecretId, Revision } = first
    const Item = login('Mail', { fields: { username: 'u', password: 'new' } })
    await vault.call('keyhearth:PutItem', { SecretId, Revision, Item })
    expect(await vault.refusal('keyhearth:PutItem', { SecretId, Revision, Item })).toBe(
      'secret-changed',
    )
    const now = await vault.call('keyhearth:GetItem', { SecretId })
    expect(now.Versions.map(({ Stages }) => Stages)).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']])
    const VersionId = now.Versions[1]?.VersionId ?? ''
    const before = await vault.call('keyhearth:GetItem', { SecretId, VersionId })
    expect(before.Item.fields['password']).toBe('password of Mail')
  })

  test('that is to be asked for again needs the passphrase each time', async () => {
    const vault = await Background.withVault()
    const { SecretId } = await vault.call('keyhearth:PutItem', {
      Item: login('Bank'),
      AskAgain: true,
    })
    const refused = async (input: object) =>
      vault.refusal('keyhearth:GetItem', { SecretId, ...input })
    expect(await refused({})).toBe('passphrase-needed')
    expect(await refused({ Proof: { Passphrase: 'not the one' } })).toBe('wrong-passphrase')
    expect(await refused({ Proof: { Passphrase: passphrase } })).toBe('none')
    expect(await refused({})).toBe('passphrase-needed')
    expect(await vault.refusal('secretsmanager:GetSecretValue', { SecretId })).toBe(
      'passphrase-needed',
    )
  })

  test('is too large with 65,537 bytes, and not with 65,536', async () => {
    const vault = await Background.withVault()
    const Item = written({ ...blankItem('value'), title: 'large' })
    const of = (length: number) => ({
      Item: { ...Item, fields: { value: 'é'.repeat(length / 2) } },
    })
    expect(await vault.refusal('keyhearth:PutItem', of(65_536))).toBe('none')
    expect(await vault.refusal('keyhearth:PutItem', of(65_538))).toBe('secret-invalid')
  })
})

test('what asks for the passphrase again does so after an export and an import', async () => {
  const vault = await Background.withVault()
  await vault.call('keyhearth:PutItem', { Item: login('Bank'), AskAgain: true })
  const { Items } = await vault.call('keyhearth:ExportItems', { Proof: { Passphrase: passphrase } })
  expect(Items).toMatchObject([{ Item: { title: 'Bank' }, AskAgain: true }])
  const { SecretId: Replaces } = await vault.call('keyhearth:PutItem', { Item: login('Shop') })
  const { ImportId } = await vault.call('keyhearth:StartImport', {})
  await vault.call('keyhearth:AddToImport', {
    ImportId,
    Items: [
      { Item: login('Mail'), AskAgain: true },
      { Item: login('Forum') },
      { Item: login('Shop', { notes: 'new' }), Replaces, AskAgain: true },
    ],
  })
  await vault.call('keyhearth:FinishImport', { ImportId })
  const listed = (await vault.call('keyhearth:ListItems', {})).Items
  expect(listed.map(({ Title, AskAgain }) => [Title, AskAgain])).toEqual([
    ['Bank', true],
    ['Forum', false],
    ['Mail', true],
    ['Shop', true],
  ])
  const [, , mail] = listed
  expect(await vault.refusal('keyhearth:GetItem', { SecretId: mail?.SecretId ?? '' })).toBe(
    'passphrase-needed',
  )
})

test('an import brings earlier values along as versions, with their times and labels', async () => {
  const vault = await Background.withVault()
  const of = (password: string) => login('Mail', { fields: { username: 'u', password } })
  const { ImportId } = await vault.call('keyhearth:StartImport', {})
  await vault.call('keyhearth:AddToImport', {
    ImportId,
    Items: [
      {
        Item: of('three'),
        CreatedAt: 1000,
        ChangedAt: 3000,
        Older: [{ Item: of('two'), At: 2000 }, { Item: of('one') }],
      },
    ],
  })
  await vault.call('keyhearth:FinishImport', { ImportId })
  const [found] = (await vault.call('keyhearth:ListItems', {})).Items
  const SecretId = found?.SecretId ?? ''
  const { Versions, Item } = await vault.call('keyhearth:GetItem', { SecretId })
  expect(Item.fields['password']).toBe('three')
  expect(Versions.map(({ CreatedAt, Stages }) => [CreatedAt, Stages])).toEqual([
    [3000, ['AWSCURRENT']],
    [2000, ['AWSPREVIOUS']],
    [1000, []],
  ])
  const VersionId = Versions[2]?.VersionId ?? ''
  const oldest = await vault.call('keyhearth:GetItem', { SecretId, VersionId })
  expect(oldest.Item.fields['password']).toBe('one')
})

test('whoever shows secrets is told of each change, and of nothing else', async () => {
  const vault = await Background.withVault()
  const { SecretId } = await vault.call('keyhearth:PutItem', { Item: login('Mail') })
  expect(vault.secretsChanged).toBe(1)
  await vault.call('keyhearth:ListItems', {})
  await vault.call('secretsmanager:GetSecretValue', { SecretId })
  await vault.refusal('secretsmanager:DeleteSecret', { SecretId: 'none' })
  expect(vault.secretsChanged).toBe(1)
  await vault.call('secretsmanager:DeleteSecret', { SecretId })
  expect(vault.secretsChanged).toBe(2)
})

describe('the list', () => {
  test('finds by every word, title first, and puts what is for the tab before', async () => {
    const vault = await Background.withVault()
    for (const title of ['Bank', 'Mail', 'Mailing list', 'Shop']) {
      await vault.call('keyhearth:PutItem', { Item: login(title) })
    }
    await vault.call('keyhearth:PutItem', { Item: login('Other', { notes: '', tags: ['mail'] }) })
    expect(await titles(vault, { Query: 'mail' })).toEqual(['Mail', 'Mailing list', 'Other'])
    expect(await titles(vault, { Query: 'MAIL list' })).toEqual(['Mailing list'])
    const { Items } = await vault.call('keyhearth:ListItems', { Url: 'https://shop.example/pay' })
    expect(Items.slice(0, 2)).toMatchObject([{ Title: 'Shop', Match: 3 }, { Title: 'Bank' }])
    expect(await titles(vault, { Tag: 'mail' })).toEqual(['Other'])
    expect(await titles(vault, { Start: 1, Limit: 2 })).toEqual(['Mail', 'Mailing list'])
  })

  test('follows changes of many at once, into the trash and back', async () => {
    const vault = await Background.withVault()
    const made: string[] = []
    for (const title of ['a', 'b', 'c']) {
      made.push((await vault.call('keyhearth:PutItem', { Item: login(title) })).SecretId)
    }
    const change = (Change: object, SecretIds = made) =>
      vault.call('keyhearth:ChangeItems', { SecretIds, Change } as never)
    expect(await titles(vault)).toEqual(['a', 'b', 'c'])
    await change({ Kind: 'tag', Tag: 'x' })
    await change({ Kind: 'delete' }, made.slice(0, 2))
    expect(await titles(vault, { Tag: 'x' })).toEqual(['c'])
    expect(await titles(vault, { Deleted: true })).toEqual(['a', 'b'])
    await change({ Kind: 'restore' }, made.slice(0, 1))
    expect(await titles(vault)).toEqual(['a', 'c'])
    expect(await change({ Kind: 'destroy' })).toEqual({ Changed: 1 })
    await vault.restart()
    expect(await titles(vault)).toEqual(['a', 'c'])
    expect(await titles(vault, { Deleted: true })).toEqual([])
  })

  test('is no page’s', async () => {
    const vault = await Background.withVault()
    const site = page('https://shop.example')
    await vault.sites.allowOnce(site, ['secrets', 'keys', 'messages'])
    for (const [operation, input] of [
      ['keyhearth:ListItems', {}],
      ['keyhearth:ExamineItems', {}],
      ['keyhearth:CompareItems', { Items: [{ Item: login('Mail') }] }],
      ['keyhearth:ExportItems', { Proof: { Passphrase: passphrase } }],
      ['keyhearth:StartImport', {}],
    ] as const) {
      expect(await vault.refusal(operation, input, site)).toBe('not-allowed')
    }
  })
})

describe('an import', () => {
  const parts = async (vault: Background, count: number) => {
    const { ImportId } = await vault.call('keyhearth:StartImport', {})
    for (let i = 0; i < count; i += 50) {
      const Items = Array.from({ length: 50 }, (_one, j) => ({
        Item: login(`Site ${i + j}`),
        CreatedAt: 1_500_000_000,
      }))
      await vault.call('keyhearth:AddToImport', { ImportId, Items })
    }
    return ImportId
  }

  test('counts from its end on, whole', async () => {
    const vault = await Background.withVault()
    const ImportId = await parts(vault, 150)
    expect(await titles(vault)).toEqual([])
    expect(await vault.call('keyhearth:FinishImport', { ImportId })).toEqual({ Items: 150 })
    await vault.restart()
    const { Total, Items } = await vault.call('keyhearth:ListItems', { Limit: 500 })
    expect(Total).toBe(150)
    expect(Items[0]).toMatchObject({ Title: 'Site 0', CreatedAt: 1_500_000_000 })
    // Small secrets share blocks: reading them is what costs.
    expect(await vault.db.count('secretBlocks')).toBeLessThan(10)
    const SecretId = Items[149]?.SecretId ?? ''
    const { Item } = await vault.call('keyhearth:GetItem', { SecretId })
    expect(Item.fields['password']).toBe('password of Site 149')
  })

  test('that is cut off leaves nothing: what it wrote goes with the next', async () => {
    const vault = await Background.withVault()
    const ImportId = await parts(vault, 100)
    await vault.restart()
    const refused = vault.refusal('keyhearth:FinishImport', { ImportId })
    expect(await refused).toBe('import-gone')
    expect(await titles(vault)).toEqual([])
    expect(await vault.db.count('secretVersions')).toBe(100)
    await vault.call('keyhearth:StartImport', {})
    expect(await vault.db.count('secretVersions')).toBe(0)
  })

  test('that is given up leaves nothing, and none that goes on loses anything to that', async () => {
    const vault = await Background.withVault()
    const counts = () => Promise.all([vault.db.count('secretVersions'), vault.db.count('drafts')])
    await vault.call('keyhearth:AbortImport', { ImportId: await parts(vault, 100) })
    expect(await counts()).toEqual([0, 0])
    const ImportId = await parts(vault, 100)
    await vault.call('keyhearth:RemoveAbandoned', {})
    expect(await counts()).toEqual([100, 2])
    expect(await vault.call('keyhearth:FinishImport', { ImportId })).toEqual({ Items: 100 })
    await vault.call('keyhearth:AbortImport', { ImportId })
    expect(await titles(vault)).toHaveLength(100)
    await parts(vault, 50)
    await vault.restart()
    await keepKeys(vault.gate, vault.hsm)
    expect(await counts()).toEqual([100, 0])
  })
})

describe('an import that replaces', () => {
  const put = (vault: Background, Item: WrittenItem) => vault.call('keyhearth:PutItem', { Item })
  const start = async (vault: Background, Items: readonly object[]) => {
    const { ImportId } = await vault.call('keyhearth:StartImport', {})
    const asked = { ImportId, Items } as never
    return { ImportId, add: () => vault.refusal('keyhearth:AddToImport', asked) }
  }
  const csv = (password: string) =>
    login('Mail', { fields: { username: 'Mail@example.com', password }, tags: ['from a file'] })
  const kept = login('Mail', {
    fields: { username: 'Mail@example.com', password: 'old', totp: 'JBSWY3DPEHPK3PXP' },
    notes: 'stays',
    own: [{ name: 'PIN', value: '1', hidden: true }],
    tags: ['work'],
  })

  test('makes the value there an earlier version, and what the file does not say stays', async () => {
    const vault = await Background.withVault()
    const { SecretId } = await put(vault, kept)
    const Older = [{ Item: csv('between'), At: 2000 }, { Item: csv('old') }]
    const Items = [
      { Item: csv('new'), Replaces: SecretId, ChangedAt: 3000, Older },
      { Item: login('Other') },
    ]
    const { ImportId, add } = await start(vault, Items)
    expect(await add()).toBe('none')
    const before = await vault.call('keyhearth:GetItem', { SecretId })
    expect(before.Item).toEqual(kept)
    expect(before.Versions).toHaveLength(1)
    expect(await vault.call('keyhearth:FinishImport', { ImportId })).toEqual({ Items: 2 })
    await vault.restart()
    expect(await titles(vault)).toEqual(['Mail', 'Other'])
    const { Item, Versions } = await vault.call('keyhearth:GetItem', { SecretId })
    const fields = { ...kept.fields, password: 'new' }
    expect(Item).toEqual({ ...kept, fields, tags: ['work', 'from a file'] })
    const passwords: unknown[] = []
    for (const { VersionId, Stages } of Versions) {
      const read = await vault.call('keyhearth:GetItem', { SecretId, VersionId })
      passwords.push([read.Item.fields['password'], Stages])
    }
    expect(passwords).toEqual([
      ['new', ['AWSCURRENT']],
      ['between', []],
      ['old', ['AWSPREVIOUS']],
    ])
  })

  test('changes nothing where it is cut off, and nothing twice', async () => {
    const vault = await Background.withVault()
    const { SecretId } = await put(vault, kept)
    const Items = [{ Item: csv('new'), Replaces: SecretId }]
    await (await start(vault, Items)).add()
    expect(await vault.db.count('secretVersions')).toBe(2)
    await vault.restart()
    expect((await vault.call('keyhearth:GetItem', { SecretId })).Item).toEqual(kept)
    for (const _time of ['first', 'second']) {
      const { ImportId, add } = await start(vault, Items)
      await add()
      await vault.call('keyhearth:FinishImport', { ImportId })
      expect(await vault.db.count('secretVersions')).toBe(2)
    }
    const { Versions } = await vault.call('keyhearth:GetItem', { SecretId })
    expect(Versions.map(({ Stages }) => Stages)).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']])
  })

  test('does not overwrite what was changed meanwhile, and brings nothing else then', async () => {
    const vault = await Background.withVault()
    const { SecretId } = await put(vault, kept)
    const Items = [{ Item: csv('new'), Replaces: SecretId }, { Item: login('Other') }]
    const { ImportId, add } = await start(vault, Items)
    await add()
    await vault.call('keyhearth:PutItem', { SecretId, Item: csv('by hand') })
    const refused = vault.refusal('keyhearth:FinishImport', { ImportId })
    expect(await refused).toBe('secret-changed')
    expect(await titles(vault)).toEqual(['Mail'])
    const { Item } = await vault.call('keyhearth:GetItem', { SecretId })
    expect(Item.fields['password']).toBe('by hand')
  })

  test('takes each secret once, and only such as there are', async () => {
    const vault = await Background.withVault()
    const { SecretId } = await put(vault, kept)
    const one = { Item: csv('new'), Replaces: SecretId }
    expect(await (await start(vault, [one, one])).add()).toBe('secret-invalid')
    const none = { ...one, Replaces: 'none' }
    expect(await (await start(vault, [none])).add()).toBe('secret-not-found')
    await vault.call('secretsmanager:DeleteSecret', { SecretId })
    expect(await (await start(vault, [one])).add()).toBe('secret-deleted')
  })
})

describe('all items', () => {
  test('are examined and exported in parts; export asks for the passphrase', async () => {
    const vault = await Background.withVault()
    await vault.call('keyhearth:PutItem', { Item: login('One') })
    await vault.call('keyhearth:PutItem', {
      Item: written({ ...blankItem('note'), title: 'Two', notes: 'n' }),
    })
    const examined = await vault.call('keyhearth:ExamineItems', {})
    expect(examined.Items).toMatchObject([{ Title: 'One', Password: 'password of One' }])
    expect(await vault.refusal('keyhearth:ExportItems', {})).toBe('passphrase-needed')
    expect(await vault.refusal('keyhearth:ExportItems', { Proof: { Passphrase: 'wrong' } })).toBe(
      'wrong-passphrase',
    )
    expect(await vault.refusal('keyhearth:ExportItems', { NextToken: 'x' })).toBe(
      'secret-next-token',
    )
    const { Items } = await vault.call('keyhearth:ExportItems', {
      Proof: { Passphrase: passphrase },
    })
    expect(Items.map(({ Item }) => Item.title).sort()).toEqual(['One', 'Two'])
  })

  const Proof = { Passphrase: passphrase }
  const many = async (vault: Background, from: number, to: number) => {
    const { ImportId } = await vault.call('keyhearth:StartImport', {})
    const Items = Array.from({ length: to - from }, (_one, i) => ({ Item: login(`S ${from + i}`) }))
    await vault.call('keyhearth:AddToImport', { ImportId, Items })
    await vault.call('keyhearth:FinishImport', { ImportId })
  }

  test('come each once, whatever comes and goes between two pages', async () => {
    const vault = await Background.withVault()
    await many(vault, 0, 1000)
    for (const operation of ['keyhearth:ExportItems', 'keyhearth:ExamineItems'] as const) {
      const { Items: listed } = await vault.call('keyhearth:ListItems', { Limit: 500 })
      const first = await vault.call(operation, { Proof })
      const given = first.Items.map(({ SecretId }) => SecretId)
      expect(given).toHaveLength(500)
      // Out of what was given: by places, as many of the others would be passed over.
      const SecretIds = given.slice(0, 20)
      await vault.call('keyhearth:ChangeItems', { SecretIds, Change: { Kind: 'delete' } })
      for (let token = first.NextToken; token !== undefined; ) {
        const page = await vault.call(operation, { NextToken: token })
        given.push(...page.Items.map(({ SecretId }) => SecretId))
        token = page.NextToken
      }
      expect(new Set(given).size).toBe(given.length)
      for (const { SecretId } of listed) expect(given).toContain(SecretId)
    }
  })

  test('are given where one is damaged and the key of another is disabled; those are named', async () => {
    const vault = await Background.withVault()
    const ids: string[] = []
    for (const title of ['One', 'Damaged', 'Under a key', 'Two']) {
      const made = await vault.call('keyhearth:PutItem', { Item: login(title) })
      ids.push(made.SecretId)
    }
    const [, damaged = '', keyed = ''] = ids
    const { KeyMetadata } = await vault.call('kms:CreateKey', {})
    const { KeyId = '' } = KeyMetadata
    await vault.call('secretsmanager:UpdateSecret', { SecretId: keyed, KmsKeyId: KeyId })
    const { VersionId } = await vault.call('keyhearth:GetItem', { SecretId: damaged })
    for (const row of await vault.db.getAll('secretVersions')) {
      if (!row.id.endsWith(VersionId)) continue
      const sealed = row.sealed.slice()
      sealed[20] = (sealed[20] ?? 0) ^ 1
      await vault.db.put('secretVersions', { ...row, sealed })
    }
    await vault.call('kms:DisableKey', { KeyId })
    await vault.restart()
    const lost = [damaged, keyed].sort()
    const exported = await vault.call('keyhearth:ExportItems', { Proof })
    expect(exported.Items.map(({ Item }) => Item.title).sort()).toEqual(['One', 'Two'])
    expect(exported.Unreadable.map(({ SecretId }) => SecretId).sort()).toEqual(lost)
    expect(exported.Unreadable.map(({ Title }) => Title).sort()).toEqual(['Damaged', 'Under a key'])
    const examined = await vault.call('keyhearth:ExamineItems', {})
    expect(examined.Items.map(({ Title }) => Title).sort()).toEqual(['One', 'Two'])
    expect(examined.Unreadable.map(({ SecretId }) => SecretId).sort()).toEqual(lost)
    const Items = ['One', 'Damaged', 'Under a key'].map((title) => ({ Item: login(title) }))
    const compared = await vault.call('keyhearth:CompareItems', { Items })
    expect(compared.Found).toEqual([
      { Same: ids[0], Alike: [ids[0]] },
      { Alike: [] },
      { Alike: [] },
    ])
    expect(compared.Unreadable.map(({ SecretId }) => SecretId).sort()).toEqual(lost)
  })

  test('are exported with what they were before, newest first, but for what waits to be set', async () => {
    const vault = await Background.withVault()
    const of = (password: string) => login('Mail', { fields: { username: 'u', password } })
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: of('first') })
    for (const password of ['second', 'third']) {
      await vault.call('keyhearth:PutItem', { SecretId, Item: of(password) })
    }
    await vault.call('secretsmanager:PutSecretValue', {
      SecretId,
      SecretString: 'waits',
      VersionStages: ['AWSPENDING'],
    })
    const { Items, Unreadable } = await vault.call('keyhearth:ExportItems', { Proof })
    expect(Items[0]?.Item.fields['password']).toBe('third')
    expect(Items[0]?.Older?.map(({ Item }) => Item.fields['password'])).toEqual(['second', 'first'])
    expect(Unreadable).toEqual([])
  })

  test('of damaged groups are missed in words', async () => {
    const vault = await Background.withVault()
    await vault.call('keyhearth:PutItem', { Item: login('One') })
    for (const row of await vault.db.getAll('secretBlocks')) {
      const sealed = row.sealed.slice()
      sealed[20] = (sealed[20] ?? 0) ^ 1
      if (row.group) await vault.db.put('secretBlocks', { ...row, sealed })
    }
    await vault.restart()
    const { Items, Damaged } = await vault.call('keyhearth:ExportItems', { Proof })
    expect([Items, Damaged]).toEqual([[], 1])
    expect((await vault.call('keyhearth:ExamineItems', {})).Damaged).toBe(1)
  })

  test('are as old as their values: a mark makes none young', async () => {
    const vault = await Background.withVault()
    const { ImportId } = await vault.call('keyhearth:StartImport', {})
    const key = written({ ...blankItem('api-key'), title: 'Key', fields: { key: 'k' } })
    const Items = [login('Old'), key].map((Item) => ({ Item, ChangedAt: 1_000_000_000 }))
    await vault.call('keyhearth:AddToImport', { ImportId, Items })
    await vault.call('keyhearth:FinishImport', { ImportId })
    const listed = (await vault.call('keyhearth:ListItems', {})).Items
    const SecretIds = listed.map(({ SecretId }) => SecretId)
    const Change = { Kind: 'favourite', Favourite: true } as const
    await vault.call('keyhearth:ChangeItems', { SecretIds, Change })
    const examined = await vault.call('keyhearth:ExamineItems', {})
    const ages = examined.Items.map(({ Title, Kind, ChangedAt }) => [Title, Kind, ChangedAt]).sort()
    expect(ages).toEqual([
      ['Key', 'api-key', 1_000_000_000],
      ['Old', 'login', 1_000_000_000],
    ])
    expect(JSON.stringify(examined)).not.toContain('"k"')
  })
})

describe('what asks for the passphrase again', () => {
  const Proof = { Passphrase: passphrase }
  const careful = async () => {
    const vault = await Background.withVault()
    const Item = login('Bank')
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item, AskAgain: true })
    return { vault, Item, SecretId }
  }

  test('goes on asking until the person shows that it is they', async () => {
    const { vault, Item, SecretId } = await careful()
    const put = (more: object) => vault.refusal('keyhearth:PutItem', { SecretId, Item, ...more })
    expect(await put({ AskAgain: false })).toBe('passphrase-needed')
    expect(await put({ AskAgain: false, Proof: { Passphrase: 'wrong' } })).toBe('wrong-passphrase')
    expect(await put({})).toBe('none')
    expect(await put({ AskAgain: true })).toBe('none')
    expect(await vault.refusal('keyhearth:GetItem', { SecretId })).toBe('passphrase-needed')
    expect(await put({ AskAgain: false, Proof })).toBe('none')
    expect(await vault.refusal('keyhearth:GetItem', { SecretId })).toBe('none')
  })

  test('gives its password to no health check without that, and is checked with it', async () => {
    const { vault } = await careful()
    await vault.call('keyhearth:PutItem', { Item: login('Shop') })
    const without = await vault.call('keyhearth:ExamineItems', {})
    expect(JSON.stringify(without)).not.toContain('password of Bank')
    expect(without.Items.map(({ Title }) => Title).sort()).toEqual(['Bank', 'Shop'])
    expect(await vault.refusal('keyhearth:ExamineItems', { Proof: { Passphrase: 'no' } })).toBe(
      'wrong-passphrase',
    )
    const all = await vault.call('keyhearth:ExamineItems', { Proof })
    expect(all.Items.map(({ Password }) => Password).sort()).toEqual([
      'password of Bank',
      'password of Shop',
    ])
  })

  test('is half-written in a row that is read with proof alone, and beside those of other windows', async () => {
    const { vault, SecretId } = await careful()
    const put = (Value: string, more: object) => {
      const DraftId = crypto.randomUUID()
      const Draft = { Value, Title: Value, AskAgain: false, ...more }
      return vault.call('keyhearth:PutItemDraft', { DraftId, Draft }).then(() => DraftId)
    }
    const guarded = await put('guarded', { SecretId, AskAgain: true })
    const other = await put('other', {})
    const get = (DraftId: string, more = {}) =>
      vault.call('keyhearth:GetItemDraft', { DraftId, ...more })
    expect(await vault.refusal('keyhearth:GetItemDraft', { DraftId: guarded })).toBe(
      'passphrase-needed',
    )
    expect((await get(guarded, { Proof })).Value).toBe('guarded')
    const { Drafts } = await vault.call('keyhearth:ListItemDrafts', {})
    expect(Drafts.map(({ Title }) => Title).sort()).toEqual(['guarded', 'other'])
    await vault.call('keyhearth:PutItemDraft', { DraftId: guarded, Draft: null })
    await vault.restart()
    expect((await get(other)).Value).toBe('other')
    expect((await vault.call('keyhearth:ListItemDrafts', {})).Drafts).toHaveLength(1)
  })

  test('is found in a file, and its value is not in the answer', async () => {
    const { vault, Item, SecretId } = await careful()
    const other = login('Bank', { fields: { ...Item.fields, password: 'another' } })
    const Items = [{ Item }, { Item: other }, { Item, AskAgain: true }]
    const { Found } = await vault.call('keyhearth:CompareItems', { Items })
    const Alike = [SecretId]
    expect(Found).toEqual([{ Same: SecretId, Alike }, { Alike }, { Same: SecretId, Alike }])
  })
})

test('an item of a file is there where nothing of it would be lost, earlier values and files included', async () => {
  const vault = await Background.withVault()
  const of = (password: string, more: Partial<Item> = {}) =>
    login('Mail', { fields: { username: 'ada', password }, ...more })
  const { SecretId } = await vault.call('keyhearth:PutItem', { Item: of('first') })
  await vault.call('keyhearth:PutItem', { SecretId, Item: of('second', { notes: 'n' }) })
  const totp = { ...of('second').fields, totp: 'JBSWY3DPEHPK3PXP' }
  const Items = [
    { Item: of('second') },
    { Item: of('second', { notes: 'n' }), Older: [of('first')] },
    { Item: of('second'), Older: [of('never')] },
    { Item: of('second', { notes: 'other' }) },
    { Item: of('second', { fields: totp }) },
    { Item: of('second'), Files: [{ Name: 'a.txt', Size: 1 }] },
    { Item: of('second'), AskAgain: true },
    { Item: login('Other') },
  ]
  const { Found } = await vault.call('keyhearth:CompareItems', { Items })
  expect(Found.map(({ Same, Alike }) => [Same, Alike.length])).toEqual([
    [SecretId, 1],
    [SecretId, 1],
    ...Array.from({ length: 5 }, () => [undefined, 1]),
    [undefined, 0],
  ])
})

describe('rotation', () => {
  test('makes a new password, waits for the person, and keeps the one before', async () => {
    const vault = await Background.withVault()
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: login('Mail') })
    const account = SecretId.split(':')[4]
    const hook = `arn:aws:lambda:browser-1:${account}:function:new-password`
    await vault.call('secretsmanager:RotateSecret', {
      SecretId,
      RotationLambdaARN: hook,
      RotationRules: { AutomaticallyAfterDays: 90 },
    })
    const password = async (VersionStage: string) => {
      const value = await vault.call('secretsmanager:GetSecretValue', { SecretId, VersionStage })
      return JSON.parse(value.SecretString ?? '{}').password
    }
    const fresh = await password('AWSPENDING')
    expect(fresh).toHaveLength(32)
    expect(await password('AWSCURRENT')).toBe('password of Mail')
    expect((await vault.call('keyhearth:ListItems', {})).Items[0]?.Rotating).toBe(true)
    await vault.call('keyhearth:FinishRotation', { SecretId })
    expect(await password('AWSCURRENT')).toBe(fresh)
    expect(await password('AWSPREVIOUS')).toBe('password of Mail')
    const described = await vault.call('secretsmanager:DescribeSecret', { SecretId })
    expect(described).toMatchObject({ RotationEnabled: true, RotationRules: {} })
    expect(described.NextRotationDate).toBeGreaterThan(Date.now() / 1000 + 89 * 86_400)
    expect(await vault.refusal('keyhearth:FinishRotation', { SecretId })).toBe('secret-request')
  })

  test('that is cancelled takes its version back', async () => {
    const vault = await Background.withVault()
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: login('Mail') })
    const hook = `arn:aws:lambda:browser-1:${SecretId.split(':')[4]}:function:new-password`
    await vault.call('secretsmanager:RotateSecret', { SecretId, RotationLambdaARN: hook })
    await vault.call('secretsmanager:CancelRotateSecret', { SecretId })
    const { Versions } = await vault.call('keyhearth:GetItem', { SecretId })
    expect(Versions).toHaveLength(1)
    expect(await vault.db.count('secretVersions')).toBe(1)
  })
})
