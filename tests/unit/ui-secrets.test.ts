// The popup's secrets: each stands once in the list; a half-typed form comes back whole or not at all.

import { expect, test } from 'vitest'
import { blankItem, itemKinds } from '../../src/items/item.ts'
import type { ItemSummary } from '../../src/protocol/secretsOutputs.ts'
import { noneGenerated, readGenerated, withGenerated } from '../../src/ui/generated.ts'
import { newForm, readForm } from '../../src/ui/itemForm.ts'
import { arranged } from '../../src/ui/itemList.ts'
import { tidied } from '../../src/ui/itemWork.ts'

const summary = (SecretId: string, Match?: number): ItemSummary => ({
  SecretId,
  Title: SecretId,
  Kind: 'login',
  Username: '',
  Uris: [],
  Tags: [],
  Favourite: false,
  HasOneTimeCode: false,
  AskAgain: false,
  CreatedAt: 0,
  ChangedAt: 0,
  ...(Match === undefined ? {} : { Match }),
})
const ids = (items: readonly ItemSummary[]) => items.map(({ SecretId }) => SecretId)

test('what is for the tab comes first, favourites next, and none twice', () => {
  const found = [summary('tab', 3), summary('a'), summary('b'), summary('c')]
  const { matching, favourites, others } = arranged(found, [
    summary('tab'),
    summary('b'),
    summary('far down'),
  ])
  expect(ids(matching)).toEqual(['tab'])
  expect(ids(favourites)).toEqual(['b', 'far down'])
  expect(ids(others)).toEqual(['a', 'c'])
})

test('what is empty, or of another kind, is not kept', () => {
  const item = tidied({
    ...blankItem('login'),
    title: ' Bank ',
    fields: { username: 'ada', password: '', number: '4111' },
    uris: ['', ' https://bank.example '],
    own: [
      { name: '', value: '', hidden: true },
      { name: ' Branch ', value: '7', hidden: false },
    ],
    tags: ['work', '', 'work'],
  })
  expect(item).toEqual({
    ...blankItem('login'),
    title: 'Bank',
    fields: { username: 'ada' },
    uris: ['https://bank.example'],
    own: [{ name: 'Branch', value: '7', hidden: false }],
    tags: ['work'],
  })
})

test('a form is kept and read again; what Keyhearth 0.1 kept is not one', () => {
  for (const kind of itemKinds) {
    const form = newForm({ title: 'half' }, kind)
    expect(readForm(JSON.parse(JSON.stringify(form)))).toEqual(form)
  }
  for (const kept of [
    null,
    7,
    {},
    { title: 'a', value: 'b', notes: '' },
    { item: { title: 'a' } },
  ]) {
    expect(readForm(kept)).toBeNull()
  }
})

test('what was generated is kept newest first, each once, a hundred at most', () => {
  let state = noneGenerated
  for (let at = 0; at < 150; at++) state = withGenerated(state, `password ${at % 120}`, at)
  expect(state.history).toHaveLength(100)
  expect(state.history[0]).toEqual({ text: 'password 29', at: 149 })
  expect(new Set(state.history.map(({ text }) => text)).size).toBe(100)
  expect(readGenerated(JSON.parse(JSON.stringify(state)))).toEqual(state)
  expect(readGenerated({ history: [] })).toBeNull()
})
