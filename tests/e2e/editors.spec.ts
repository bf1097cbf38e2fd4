// "Write" of the pages in the editors people write in: what is put there is in the editor's own document, and its
// own undo takes it out again.

import type { Page } from '@playwright/test'
import { findArmoured } from '../../src/codec/armour.ts'
import { bundle } from './awsPage.ts'
import type { EditorName } from './editors/editors.ts'
import { compose, expect, type Keyhearth, test } from './keyhearth.ts'

const names: readonly EditorName[] = [
  'ProseMirror',
  'Lexical, rich text',
  'Lexical, plain text',
  'Quill',
  'CodeMirror',
]
const words = 'before secret after'

async function openEditor(keyhearth: Keyhearth, url: string, name: EditorName): Promise<Page> {
  const page = await keyhearth.context.newPage()
  await page.goto(url)
  await page.addScriptTag({ content: await bundle("import './tests/e2e/editors/editors.ts'") })
  await page.evaluate(([one, text]) => window.openEditor(one, text), [name, words] as const)
  await page.locator('[contenteditable=true]').click()
  return page
}

const textOf = (page: Page) => page.evaluate(() => window.editor.text().trim())
const holdsMessage = (text: string) => findArmoured(text).some((block) => 'bytes' in block)

/** Marks the word in the middle, by the keyboard: editors know of that. */
async function markWord(page: Page): Promise<void> {
  await page.keyboard.press('Home')
  for (let i = 0; i < 'before '.length; i++) await page.keyboard.press('ArrowRight')
  for (let i = 0; i < 'secret'.length; i++) await page.keyboard.press('Shift+ArrowRight')
  await page.waitForTimeout(200)
}

for (const name of names) {
  test.describe(name, () => {
    test('the marked word is encrypted in its document, undone, and decrypted', async ({
      keyhearth,
      site,
    }) => {
      await keyhearth.createVault()
      const page = await openEditor(keyhearth, site.page('<div id="place"></div>'), name)
      await markWord(page)
      await keyhearth.chooseMenu(page, 'encrypt-selection')
      await expect.poll(async () => holdsMessage(await textOf(page))).toBe(true)
      const sealed = await textOf(page)
      expect(sealed).toMatch(/^before/)
      expect(sealed).toMatch(/after$/)
      expect(sealed).not.toContain('secret')
      await page.waitForTimeout(400)
      await page.keyboard.press('Control+z')
      await expect.poll(() => textOf(page)).toBe(words)
    })

    test('with nothing marked, all of it is encrypted in place, and read again', async ({
      keyhearth,
      site,
    }) => {
      await keyhearth.createVault()
      const page = await openEditor(keyhearth, site.page('<div id="place"></div>'), name)
      await keyhearth.chooseMenu(page, 'encrypt-selection')
      await expect.poll(async () => holdsMessage(await textOf(page))).toBe(true)
      const sealed = await textOf(page)
      expect(sealed).toMatch(/^-----BEGIN KEYHEARTH MESSAGE-----/)
      expect(sealed).toMatch(/-----END KEYHEARTH MESSAGE-----$/)
      await page.waitForTimeout(400)
      await page.keyboard.press('Control+a')
      await page.waitForTimeout(200)
      await keyhearth.chooseMenu(page, 'decrypt-selection')
      await expect.poll(() => textOf(page)).toBe(words)
    })

    test('a message written in Keyhearth’s own window comes to the caret', async ({
      keyhearth,
      site,
    }) => {
      await keyhearth.createVault()
      const page = await openEditor(keyhearth, site.page('<div id="place"></div>'), name)
      await page.keyboard.press('Home')
      for (let i = 0; i < 'before '.length; i++) await page.keyboard.press('ArrowRight')
      await page.waitForTimeout(200)
      const composing = await compose(keyhearth, page)
      await composing.getByLabel('Message').fill('lines\nof their own')
      const closed = composing.waitForEvent('close')
      await composing.getByRole('button', { name: 'Encrypt and insert' }).click()
      await closed
      const text = await textOf(page)
      expect(holdsMessage(text)).toBe(true)
      expect(text).toMatch(/^before\s*-----BEGIN/)
      expect(text).toMatch(/-----\s*secret after$/)
    })
  })
}

test('a long document of CodeMirror is not replaced by what is seen of it', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await openEditor(keyhearth, site.page('<div id="place"></div>'), 'CodeMirror')
  const long = await page.evaluate(() => {
    document.querySelector('#place')?.replaceChildren()
    const lines = Array.from({ length: 5000 }, (_, at) => `line ${at}`).join('\n')
    window.openEditor('CodeMirror', lines)
    return lines
  })
  await page.locator('[contenteditable=true]').click()
  await page.keyboard.press('Control+a')
  await page.waitForTimeout(200)
  await keyhearth.opened('view=text', () => keyhearth.chooseMenu(page, 'encrypt-selection'))
  expect(await textOf(page)).toBe(long)
})
