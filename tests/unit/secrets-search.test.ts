// What a search of the person's items finds: whatever case and accents it is typed in, and by which of their words.

import { expect, test } from 'vitest'
import { blankItem } from '../../src/items/item.ts'
import { Background } from './background.ts'

interface Kept {
  readonly title: string
  readonly username?: string
  readonly uris?: string[]
  readonly tags?: string[]
}

const kept: readonly Kept[] = [
  {
    title: 'GitHub',
    username: 'alice@example.com',
    uris: ['https://github.com/'],
    tags: ['work'],
  },
  { title: 'GitLab', username: 'bob', uris: ['https://gitlab.com/'], tags: ['work'] },
  { title: 'My Git server', uris: ['https://git.example.org:8443/'] },
  { title: 'Café Łódź', username: 'ＡＬＩＣＥ', tags: ['Straße'] },
  { title: 'Οδυσσέας' },
  { title: 'Почта' },
  { title: '支付宝 密码' },
  { title: 'C++ forum' },
]

async function filled(): Promise<Background> {
  const vault = await Background.withVault()
  for (const { title, username = '', uris = [], tags = [] } of kept) {
    const { fields: _none, ...blank } = blankItem('login')
    const Item = { ...blank, title, fields: { username }, uris, tags, own: [] }
    await vault.call('keyhearth:PutItem', { Item })
  }
  return vault
}

const vault = await filled()

test.each([
  ['git', ['GitHub', 'GitLab', 'My Git server']],
  ['alice', ['Café Łódź', 'GitHub']],
  ['ALICE', ['Café Łódź', 'GitHub']],
  ['cafe', ['Café Łódź']],
  ['CAFÉ', ['Café Łódź']],
  ['cafe\u0301', ['Café Łódź']],
  ['lodz', ['Café Łódź']],
  ['strasse', ['Café Łódź']],
  ['οδυσσεας', ['Οδυσσέας']],
  ['ΟΔΥΣΣΈΑΣ', ['Οδυσσέας']],
  ['почта', ['Почта']],
  ['付宝', ['支付宝 密码']],
  ['c++', ['C++ forum']],
  ['e@example', ['GitHub']],
  [':8443', ['My Git server']],
  ['work git', ['GitHub', 'GitLab']],
  ['git work bob', ['GitLab']],
  ['bob alice', []],
  ['github\ngitlab', []],
  ['__proto__', []],
  ['zzz', []],
])('%j', async (Query, found) => {
  const { Items, Total } = await vault.call('keyhearth:ListItems', { Query })
  expect(Items.map(({ Title }) => Title)).toEqual(found)
  expect(Total).toBe(found.length)
})
