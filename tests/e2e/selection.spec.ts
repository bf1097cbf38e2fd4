// The context menu: marked text is encrypted and decrypted in place, and the page sees it as typing.

import type { Page } from '@playwright/test'
import { compose, expect, test } from './keyhearth.ts'

/** Counts the input events a page's framework would listen for. */
const countInputs = (page: Page) =>
  page.evaluate(() => {
    Object.assign(window, { inputs: 0 })
    addEventListener('input', () => (window as never as { inputs: number }).inputs++, true)
  })
const inputs = (page: Page) => page.evaluate(() => (window as never as { inputs: number }).inputs)

test('a note in a textarea', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const note = page.getByLabel('Note', { exact: true })
  const before = await note.inputValue()
  await countInputs(page)
  await note.selectText()
  await keyhearth.chooseMenu(page, 'encrypt-selection')
  await expect(note).toHaveValue(
    /^-----BEGIN KEYHEARTH MESSAGE-----[\s\S]+END KEYHEARTH MESSAGE-----$/,
  )
  expect(await inputs(page)).toBeGreaterThan(0)
  await note.selectText()
  await keyhearth.chooseMenu(page, 'decrypt-selection')
  await expect(note).toHaveValue(before)
  await note.press('ControlOrMeta+z')
  await expect(note).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
})

test('a part of a line in an input', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const title = page.getByLabel('Title')
  await title.fill('call Ada now')
  await title.evaluate((input) => (input as HTMLInputElement).setSelectionRange(5, 8))
  await keyhearth.chooseMenu(page, 'encrypt-selection')
  await expect(title).toHaveValue(/^call -----BEGIN .+ now$/)
  await title.selectText()
  await keyhearth.chooseMenu(page, 'decrypt-selection')
  await expect(title).toHaveValue('call Ada now')
})

test('a rich note in a contenteditable', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const note = page.getByLabel('Rich note')
  await countInputs(page)
  await note.selectText()
  await keyhearth.chooseMenu(page, 'encrypt-selection')
  await expect(note).toContainText('BEGIN KEYHEARTH MESSAGE')
  await expect(note).not.toContainText('Ada')
  expect(await inputs(page)).toBeGreaterThan(0)
  await note.selectText()
  await keyhearth.chooseMenu(page, 'decrypt-selection')
  await expect(note).toContainText('Met Ada at the bridge, as agreed.')
  await expect(note).not.toContainText('KEYHEARTH')
})

test('a rich note in an open shadow root, and in one inside that: marked, and at the caret', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<title>Note</title><p>around</p><div id="outer"></div><script>
      const outer = document.querySelector('#outer').attachShadow({ mode: 'open' })
      outer.innerHTML = '<p>in between</p><div id="inner"></div>'
      const inner = outer.querySelector('#inner').attachShadow({ mode: 'open' })
      inner.innerHTML = '<div contenteditable role="textbox" aria-label="Shadow note">Met Ada at the bridge.</div>'
    </script>`),
  )
  const note = page.getByLabel('Shadow note')
  const mark = (from: number, to: number) =>
    note.evaluate(
      (element, [start, end]) => {
        const text = element.firstChild
        const root = element.getRootNode() as ShadowRoot & { getSelection(): Selection }
        ;(element as HTMLElement).focus()
        if (text) root.getSelection().setBaseAndExtent(text, start, text, end)
      },
      [from, to] as const,
    )
  await mark(4, 7)
  await keyhearth.chooseMenu(page, 'encrypt-selection')
  await expect(note).toContainText(
    /^Met -----BEGIN KEYHEARTH MESSAGE-----.*END KEYHEARTH MESSAGE-----/,
  )
  await expect(note).toContainText('at the bridge.')
  await expect(note).not.toContainText('Ada')
  await note.selectText()
  await keyhearth.chooseMenu(page, 'decrypt-selection')
  await expect(note).toContainText('Met Ada at the bridge.')
  // A message of Keyhearth's own window goes where the caret is.
  await note.evaluate((element) => {
    element.textContent = 'before  after'
  })
  await mark(7, 7)
  const composing = await compose(keyhearth, page)
  await composing.getByLabel('Message').fill('at the old bridge')
  const closed = composing.waitForEvent('close')
  await composing.getByRole('button', { name: 'Encrypt and insert' }).click()
  await closed
  await expect(note).toContainText(/^before\s-----BEGIN KEYHEARTH MESSAGE-----.*-----\s*after$/)
})

test('a field that may not be changed is left alone, the result shown in Keyhearth', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<textarea readonly>fixed words</textarea>'))
  await page.locator('textarea').selectText()
  const window = await keyhearth.opened('view=text', () =>
    keyhearth.chooseMenu(page, 'encrypt-selection'),
  )
  await expect(window.getByLabel('Text', { exact: true })).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  await expect(page.locator('textarea')).toHaveValue('fixed words')
})

test('a message made on another site opens in Keyhearth, not in this page', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const note = page.getByLabel('Note', { exact: true })
  await note.fill('only here')
  await note.selectText()
  await keyhearth.chooseMenu(page, 'encrypt-selection')
  await expect(note).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  const message = await note.inputValue()
  const other = await keyhearth.context.newPage()
  await other.goto(otherSite.origin)
  const otherNote = other.getByLabel('Note', { exact: true })
  await otherNote.fill(message)
  await otherNote.selectText()
  const window = await keyhearth.opened('view=text', () =>
    keyhearth.chooseMenu(other, 'decrypt-selection'),
  )
  await expect(window.getByLabel('Result')).toHaveText('only here')
  await expect(otherNote).toHaveValue(message)
})

test('while locked, the menu waits for unlocking and then does it', async ({ keyhearth, site }) => {
  const popup = await keyhearth.createVault()
  await popup.getByRole('button', { name: 'Lock' }).click()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const note = page.getByLabel('Note', { exact: true })
  await note.selectText()
  const window = await keyhearth.opened('popup.html', () =>
    keyhearth.chooseMenu(page, 'encrypt-selection'),
  )
  await keyhearth.unlock(window)
  await expect(note).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
})

test('an editor with a document of its own gets the text into that document', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  // As such editors do: it takes a paste itself, and puts back whatever else changes what is seen.
  await page.goto(
    site.page(`<div contenteditable>words of the editor</div><script>
      const host = document.querySelector('div')
      let model = host.textContent
      const render = () => { if (host.textContent !== model) host.textContent = model }
      host.addEventListener('paste', (event) => {
        event.preventDefault()
        model = event.clipboardData.getData('text/plain')
        render()
      })
      new MutationObserver(render).observe(host, { childList: true, characterData: true, subtree: true })
      window.modelOf = () => model
    </script>`),
  )
  const model = () => page.evaluate('modelOf()')
  await page.locator('div').selectText()
  await keyhearth.chooseMenu(page, 'encrypt-selection')
  await expect.poll(model).toMatch(/^-----BEGIN KEYHEARTH MESSAGE-----/)
  await page.waitForTimeout(300)
  await page.locator('div').selectText()
  await keyhearth.chooseMenu(page, 'decrypt-selection')
  await expect.poll(model).toBe('words of the editor')
})

test('an editor that takes nothing keeps its text, the result is shown in Keyhearth', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<div contenteditable>kept words</div><script>
      document.querySelector('div').addEventListener('paste', (event) => event.preventDefault())
    </script>`),
  )
  await page.locator('div').selectText()
  const window = await keyhearth.opened('view=text', () =>
    keyhearth.chooseMenu(page, 'encrypt-selection'),
  )
  await expect(window.getByLabel('Text', { exact: true })).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  await expect(page.locator('div')).toHaveText('kept words')
})

test('text of several lines is not squeezed into a field of one', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<textarea>one\ntwo</textarea><input>'))
  const area = page.locator('textarea')
  await area.selectText()
  await keyhearth.chooseMenu(page, 'encrypt-selection')
  await expect(area).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  const message = (await area.inputValue()).replaceAll('\n', ' ')
  await page.locator('input').fill(message)
  await page.locator('input').selectText()
  const window = await keyhearth.opened('view=text', () =>
    keyhearth.chooseMenu(page, 'decrypt-selection'),
  )
  await expect(window.getByLabel('Result')).toHaveText('one\ntwo')
  await expect(page.locator('input')).toHaveValue(message)
})
