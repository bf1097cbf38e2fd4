// Half-typed input: of messages as many as are bounded, of every other form its own.

import { expect, test } from 'vitest'
import { mostMessageDrafts } from '../../src/gate/drafts.ts'
import { messageForms } from '../../src/protocol/drafts.ts'
import { Background } from './background.ts'

test('only the newest messages that are being written are kept, and nothing of other forms goes with them', async () => {
  const background = await Background.withVault()
  const put = (Form: string, Value: string | null) =>
    background.call('keyhearth:PutDraft', { Form, Value })
  const get = async (Form: string) => (await background.call('keyhearth:GetDraft', { Form })).Value
  const forms = Array.from({ length: mostMessageDrafts + 5 }, (_, at) => {
    const [form = ''] = messageForms(`https://site-${at}.example`)
    return form
  })
  await put('text', 'of another form')
  for (const [at, form] of forms.entries()) {
    await put(form, `message ${at}`)
    // The first one is gone on with all the time.
    await put(forms[0] ?? '', 'still being written')
  }
  const kept = await Promise.all(forms.map(get))
  expect(kept.filter((value) => value !== null)).toHaveLength(mostMessageDrafts)
  expect(kept[0]).toBe('still being written')
  expect(kept.at(-1)).toBe(`message ${forms.length - 1}`)
  expect(kept[1]).toBeNull()
  expect(await get('text')).toBe('of another form')
  await put(forms.at(-1) ?? '', null)
  expect(await get(forms.at(-1) ?? '')).toBeNull()
})
