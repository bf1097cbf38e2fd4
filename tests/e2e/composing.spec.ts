// "Write" of the pages: a message is written in Keyhearth's own window, where the page cannot read the typing, and
// put into the field it was for.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import type { Site } from '../../scripts/serve.ts'
import { messageForms } from '../../src/protocol/drafts.ts'
import {
  compose,
  expect,
  fillText,
  type Keyhearth,
  operate,
  passphrase,
  test,
} from './keyhearth.ts'

/** The extension's own API, in a page of its own. */
declare const chrome: typeof Browser

async function write(composing: Page, text: string): Promise<void> {
  await composing.getByLabel('Message').fill(text)
  await composing.getByRole('button', { name: 'Encrypt and insert' }).click()
}

async function decrypted(keyhearth: Keyhearth, text: string): Promise<string> {
  const popup = await keyhearth.open('popup.html?view=text')
  await fillText(popup, text)
  await popup.getByRole('button', { name: 'Decrypt', exact: true }).click()
  const result = (await popup.getByLabel('Result', { exact: true }).textContent()) ?? ''
  await popup.close()
  return result
}

const fields = {
  textarea: '<textarea autofocus rows="9">before  after</textarea>',
  input: '<input autofocus size="60" value="before  after">',
  contenteditable: '<div contenteditable tabindex="0">before  after</div>',
} as const

for (const [name, html] of Object.entries(fields)) {
  test(`into a ${name}, at the caret, out of the page’s sight until it is encrypted`, async ({
    keyhearth,
    site,
  }, info) => {
    await keyhearth.createVault()
    const page = await keyhearth.context.newPage()
    await page.goto(site.page(`<title>Mail</title>${html}`))
    await page.evaluate(() => {
      const seen: string[] = []
      Object.assign(window, { seen })
      for (const type of ['keydown', 'keypress', 'beforeinput', 'input', 'paste']) {
        addEventListener(
          type,
          (event) => seen.push(JSON.stringify((event as InputEvent).data)),
          true,
        )
      }
      const field = document.querySelector<HTMLElement>('textarea, input, [contenteditable]')
      field?.focus()
      if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
        field.setSelectionRange(7, 7)
      } else getSelection()?.collapse(field?.firstChild ?? null, 7)
    })
    const composing = await compose(keyhearth, page)
    await expect(composing.getByText(new URL(site.origin).host)).toBeVisible()
    await composing.screenshot({ path: info.outputPath('compose.png') })
    const closed = composing.waitForEvent('close')
    await write(composing, 'at the old bridge')
    await closed
    const value = await page.evaluate(() => {
      const field = document.querySelector<HTMLElement>('textarea, input, [contenteditable]')
      return field && 'value' in field ? String(field.value) : (field?.textContent ?? '')
    })
    expect(value).toMatch(/^before\s-----BEGIN KEYHEARTH MESSAGE-----/)
    expect(value).toMatch(/-----END KEYHEARTH MESSAGE-----\s*after$/)
    expect(await page.evaluate(() => String(Reflect.get(window, 'seen')))).not.toContain('bridge')
    expect(await decrypted(keyhearth, value)).toBe('at the old bridge')
  })
}

test('locked, it asks to be unlocked first, in the same window', async ({ keyhearth, site }) => {
  const popup = await keyhearth.createVault()
  await popup.getByRole('button', { name: 'Lock' }).click()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<title>Mail</title><textarea autofocus></textarea>'))
  await page.locator('textarea').focus()
  const composing = await compose(keyhearth, page)
  await composing.getByLabel('Passphrase').fill(passphrase)
  await composing.getByRole('button', { name: 'Unlock' }).click()
  const closed = composing.waitForEvent('close')
  await write(composing, 'after unlocking')
  await closed
  await expect(page.locator('textarea')).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
})

test('a field that is gone, or a page that was left, gets nothing, and the message is not lost', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<title>Mail</title><textarea autofocus></textarea>'))
  await page.locator('textarea').focus()
  for (const leave of [
    () => page.evaluate(() => document.querySelector('textarea')?.remove()),
    () => page.goto(site.page('<title>Other</title><textarea autofocus></textarea>')),
  ]) {
    await page.goto(site.page('<title>Mail</title><textarea autofocus></textarea>'))
    await page.locator('textarea').focus()
    const composing = await compose(keyhearth, page)
    await leave()
    await write(composing, 'not lost')
    await expect(composing.getByRole('alert')).toContainText('paste it yourself')
    const message = (await composing.getByLabel('Result').textContent()) ?? ''
    expect(await decrypted(keyhearth, message)).toBe('not lost')
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain('BEGIN')
    await composing.close()
  }
})

test('half-typed words survive the closing of the window', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<title>Mail</title><textarea autofocus></textarea>'))
  await page.locator('textarea').focus()
  const composing = await compose(keyhearth, page)
  await composing.getByLabel('Message').fill('half a thought')
  const [Form] = messageForms(site.origin)
  const kept = () => operate<{ Value: string | null }>(composing, 'keyhearth:GetDraft', { Form })
  await expect.poll(async () => (await kept()).Value).toContain('half a thought')
  await composing.close()
  const again = await compose(keyhearth, page)
  await expect(again.getByLabel('Message')).toHaveValue('half a thought')
})

const mail = '<title>Mail</title><textarea autofocus></textarea>'

async function composeFor(keyhearth: Keyhearth, address: string): Promise<Page> {
  const page = await keyhearth.context.newPage()
  await page.goto(address)
  await page.locator('textarea').focus()
  return compose(keyhearth, page)
}

test('what is meant for one site is not there for another, and two windows of one site keep apart', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const address = site.page(mail)
  const type = async (composing: Page, text: string) => {
    const field = composing.getByLabel('Message')
    await expect(field).toHaveValue('')
    await field.fill(text)
  }
  const [first, second, other] = [
    await composeFor(keyhearth, address),
    await composeFor(keyhearth, address),
    await composeFor(keyhearth, otherSite.page(mail)),
  ]
  await type(first, 'the first for here')
  await type(second, 'the second for here')
  await type(other, 'for the other site')
  // Each as it was, also after more was typed elsewhere and written down.
  await second.waitForTimeout(600)
  await first.getByLabel('Message').press('End')
  await first.getByLabel('Message').pressSequentially('!')
  await expect(second.getByLabel('Message')).toHaveValue('the second for here')
  await Promise.all([first, second, other].map((one) => one.close()))
  for (const text of ['the first for here!', 'the second for here']) {
    const again = await composeFor(keyhearth, address)
    await expect(again.getByLabel('Message')).toHaveValue(text)
  }
  const back = await composeFor(keyhearth, otherSite.page(mail))
  await expect(back.getByLabel('Message')).toHaveValue('for the other site')
})

test('the tab closed while a message for it is written: the message is not lost', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const composing = await composeFor(keyhearth, site.page(mail))
  const page = keyhearth.context.pages().find((one) => one.url().startsWith(site.origin))
  await page?.close()
  await write(composing, 'not lost either')
  await expect(composing.getByRole('alert')).toContainText('paste it yourself')
  const message = (await composing.getByLabel('Result').textContent()) ?? ''
  expect(await decrypted(keyhearth, message)).toBe('not lost either')
})

/** A page with a field of its own, and a frame of another site whose field takes the focus as soon as it can. */
async function openBeside(keyhearth: Keyhearth, site: Site, otherSite: Site) {
  const inner = otherSite.page('<input id="theirs" autofocus>')
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<title>Mail</title><textarea id="ours"></textarea><iframe src="${inner}"></iframe>`),
  )
  await expect.poll(() => page.frames().some((one) => one.url() === inner)).toBe(true)
  const frame = page.frames().find((one) => one.url() === inner)
  if (!frame) throw new Error('the frame is gone')
  // As a hostile one would: whoever asks first, it has a field to offer.
  await frame.evaluate(() => document.querySelector('input')?.focus())
  const ours = page.locator('#ours')
  return { page, frame, ours, theirs: frame.locator('#theirs') }
}

async function writeAndClose(composing: Page, text: string): Promise<void> {
  const closed = composing.waitForEvent('close')
  await write(composing, text)
  await closed
}

const contextOf = async (keyhearth: Keyhearth, text: string) => {
  const popup = await keyhearth.popup()
  type Decrypted = { EncryptionContext: Record<string, string> }
  const Message = [...Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64')]
  const context = await popup.evaluate(async (bytes) => {
    const input = { Message: new Uint8Array(bytes) }
    const operation = 'keyhearth:DecryptMessage'
    const call = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), operation, input }
    const { output } = await chrome.runtime.sendMessage<object, { output: Decrypted }>(call)
    return output.EncryptionContext
  }, Message)
  await popup.close()
  return context
}

test('chosen in the menu of a field of the page, it goes there, whatever a frame of another site offers', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const { page, ours, theirs } = await openBeside(keyhearth, site, otherSite)
  await ours.focus()
  const composing = await keyhearth.opened('compose.html', () =>
    keyhearth.chooseMenu(page, 'compose'),
  )
  await expect(composing.locator('.origin')).toHaveText(site.origin)
  await writeAndClose(composing, 'for the page')
  await expect(ours).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  await expect(theirs).toHaveValue('')
  expect(await decrypted(keyhearth, await ours.inputValue())).toBe('for the page')
})

test('chosen in the menu of a frame of another site, it goes there, and the window names both', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const { page, frame, ours, theirs } = await openBeside(keyhearth, site, otherSite)
  const composing = await keyhearth.opened('compose.html', () =>
    keyhearth.chooseMenu(page, 'compose', frame),
  )
  await expect(composing.locator('.origin')).toHaveText(
    `${otherSite.origin}in a frame inside ${site.origin}`,
  )
  await writeAndClose(composing, 'for the frame')
  await expect(theirs).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  await expect(ours).toHaveValue('')
  expect(await contextOf(keyhearth, await theirs.inputValue())).toMatchObject({
    'keyhearth:origin': otherSite.origin,
    'keyhearth:top-origin': site.origin,
  })
})

test('attack-07-iframe-confusion: by the shortcut nothing goes into a frame of another site, though it has the focus', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const { page, ours, theirs } = await openBeside(keyhearth, site, otherSite)
  await theirs.click()
  const composing = await compose(keyhearth, page)
  await expect(composing.getByLabel('Message')).toBeVisible()
  await expect(composing.locator('.origin')).toHaveCount(0)
  await composing.getByLabel('Message').fill('for nobody')
  await composing.getByRole('button', { name: 'Encrypt', exact: true }).click()
  await expect(composing.getByLabel('Result')).toContainText('BEGIN KEYHEARTH MESSAGE')
  for (const field of [ours, theirs]) await expect(field).toHaveValue('')
})

test('attack-08-tab-and-frame: where the focus is in the page, a frame that has had it gets nothing', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const { page, ours, theirs } = await openBeside(keyhearth, site, otherSite)
  await ours.click()
  const composing = await compose(keyhearth, page)
  await expect(composing.locator('.origin')).toHaveText(site.origin)
  await writeAndClose(composing, 'for the page')
  await expect(ours).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  await expect(theirs).toHaveValue('')
})

test('from the popup, into the frame of the same site that has the focus', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const inner = site.page('<textarea></textarea>')
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<title>Mail</title><textarea></textarea><iframe src="${inner}"></iframe>`),
  )
  const field = page.frameLocator('iframe').locator('textarea')
  await field.click()
  const popup = await keyhearth.open('popup.html?view=site')
  const composing = await keyhearth.opened('compose.html', () =>
    popup.getByRole('button', { name: 'Write into the page' }).click(),
  )
  await expect(composing.locator('.origin')).toHaveText(site.origin)
  await writeAndClose(composing, 'from the popup')
  await expect(field).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  await expect(page.locator('textarea')).toHaveValue('')
})
