// A message for somebody without Keyhearth: made in the extension, opened from a file in a browser that has none.

import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { findChromium } from '../../scripts/browser.ts'
import { armour } from '../../src/codec/armour.ts'
import { concatBytes } from '../../src/codec/bytes.ts'
import { fileContentPair, writeFileHeader } from '../../src/codec/fileHeader.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { encrypt, passphraseContext, passphraseKeyring } from '../../src/encryption-sdk/index.ts'
import { expectAccessible } from './accessible.ts'
import { expect, type Keyhearth, test } from './keyhearth.ts'

const secret = 'six words that nobody would guess'
const text = 'at the bridge <img src=x onerror=alert(1)> https://example.com\nגשר'

async function makePage(keyhearth: Keyhearth, path: string): Promise<string> {
  await keyhearth.createVault()
  const popup = await keyhearth.open('popup.html?view=text')
  await popup.getByRole('textbox', { name: 'Text' }).fill(text)
  await popup.getByText('For someone without Keyhearth…').click()
  await popup.getByLabel('Passphrase for the message').fill(secret)
  await popup.getByLabel('Repeat it').fill(secret)
  await popup.getByRole('button', { name: 'Encrypt with the passphrase' }).click()
  const download = popup.waitForEvent('download')
  await popup.getByRole('button', { name: 'Save as a page' }).click()
  await (await download).saveAs(path)
  return path
}

/** In a browser without the extension, which tells what it asks the network for. */
async function openPage(path: string, work: (page: Page) => Promise<void>): Promise<void> {
  const executablePath = findChromium()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await (await browser.newContext()).newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(pathToFileURL(path).href)
    await work(page)
    expect(asked.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([])
    expect(asked.filter((url) => url.startsWith('file:'))).toHaveLength(1)
  } finally {
    await browser.close()
  }
}

const enter = async (page: Page, passphrase: string) => {
  await page.getByLabel('Passphrase').fill(passphrase)
  await page.getByRole('button', { name: 'Open' }).click()
}

test('a text is saved as a page that opens with the passphrase and with no other', async ({
  keyhearth,
}, info) => {
  test.setTimeout(120_000)
  const path = await makePage(keyhearth, info.outputPath('message.html'))
  expect(readFileSync(path, 'utf8')).not.toContain('bridge')
  await openPage(path, async (page) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: info.outputPath(`closed-${colorScheme}.png`) })
    }
    await expectAccessible(page)
    await enter(page, 'not this one')
    await expect(page.getByRole('alert')).toHaveText('That passphrase does not open this message.')
    await enter(page, secret)
    await expect(page.getByLabel('The message')).toHaveText(text)
    expect(await page.locator('output img').count()).toBe(0)
    await expect(page.getByLabel('Passphrase')).toBeHidden()
    await page.setViewportSize({ width: 320, height: 640 })
    await page.screenshot({ path: info.outputPath('open.png') })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  })
})

test('a changed message is refused', async ({ keyhearth }, info) => {
  test.setTimeout(120_000)
  const path = await makePage(keyhearth, info.outputPath('message.html'))
  const page = readFileSync(path, 'utf8')
  const end = page.indexOf('-----END KEYHEARTH MESSAGE-----')
  const at = end - 40
  const changed = page.slice(0, at) + (page[at] === 'A' ? 'B' : 'A') + page.slice(at + 1)
  writeFileSync(path, changed)
  await openPage(path, async (opened) => {
    await enter(opened, secret)
    await expect(opened.getByRole('alert')).toContainText(/changed on the way|does not open/)
  })
})

test('a file inside is offered under its name', async ({ keyhearth }, info) => {
  test.setTimeout(120_000)
  const path = await makePage(keyhearth, info.outputPath('message.html'))
  const header = writeFileHeader({ name: '../../a<b>.html', type: 'text/html' })
  const content = encodeUtf8('<script>document.title = "ran"</script>')
  const { result } = await encrypt(passphraseKeyring(secret), concatBytes(header, content), {
    suiteId: 0x0478,
    encryptionContext: { ...passphraseContext(), ...fileContentPair },
  })
  const page = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    page.replace(/-----BEGIN KEYHEARTH MESSAGE-----[^<]*/, () => armour(result)),
  )
  await openPage(path, async (opened) => {
    await enter(opened, secret)
    const link = opened.getByRole('link', { name: /^Save / })
    await expect(link).toBeVisible()
    expect(await link.getAttribute('download')).not.toMatch(/[/\\]/)
    const download = opened.waitForEvent('download')
    await link.click()
    const saved = info.outputPath('saved')
    await (await download).saveAs(saved)
    expect(readFileSync(saved, 'utf8')).toBe('<script>document.title = "ran"</script>')
    expect(await opened.title()).toBe('An encrypted message')
  })
})

test('Keyhearth itself opens it too, once it has the passphrase', async ({ keyhearth }, info) => {
  test.setTimeout(120_000)
  const path = await makePage(keyhearth, info.outputPath('message.html'))
  const message =
    /-----BEGIN KEYHEARTH MESSAGE-----[^<]*/.exec(readFileSync(path, 'utf8'))?.[0] ?? ''
  const popup = await keyhearth.open('popup.html?view=text')
  await popup.getByRole('textbox', { name: 'Text' }).fill(message)
  await popup.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await popup.getByText('Open with a passphrase').click()
  await popup.getByLabel('Passphrase of the message').fill('wrong')
  await popup.getByRole('button', { name: 'Open the message' }).click()
  await expect(popup.getByText('That passphrase does not open this message.')).toBeVisible()
  await popup.getByLabel('Passphrase of the message').fill(secret)
  await popup.getByRole('button', { name: 'Open the message' }).click()
  await expect(popup.getByLabel('Result', { exact: true })).toHaveText(text)
})
