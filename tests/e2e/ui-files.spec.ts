// The manager's section "Files": files go in and come back, and what is cancelled or damaged leaves nothing.

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Download, Page } from '@playwright/test'
import { expectAccessible, expectFits } from './accessible.ts'
import { expect, type Keyhearth, test } from './keyhearth.ts'

async function openFiles(keyhearth: Keyhearth): Promise<Page> {
  await keyhearth.createVault()
  return keyhearth.open('manager.html#files')
}

interface Given {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

const give = (page: Page, files: string | readonly string[] | Given | Given[]) =>
  page
    .getByLabel('Choose files')
    .last()
    .setInputFiles(files as Given[])

async function downloaded(page: Page, button: string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ])
  return download
}

/** Names of what lies in the extension's own file system. */
const leftovers = (page: Page) =>
  page.evaluate(async () => {
    const names: string[] = []
    for await (const [, folder] of (await navigator.storage.getDirectory()).entries()) {
      for await (const name of (folder as FileSystemDirectoryHandle).keys()) names.push(name)
    }
    return names
  })

test('a file of 40 MiB goes in and comes back, name and all', async ({ keyhearth }, info) => {
  const page = await openFiles(keyhearth)
  const content = randomBytes(40 * 1024 * 1024)
  const path = info.outputPath('Bericht Zoë.bin')
  writeFileSync(path, content)
  await give(page, path)
  const sealed = await downloaded(page, 'Encrypt')
  expect(sealed.suggestedFilename()).toBe('Bericht Zoë.bin.keyhearth')
  await expect(page.getByText('Saved as Bericht Zoë.bin.keyhearth')).toBeVisible()
  const sealedPath = info.outputPath('other-name')
  await sealed.saveAs(sealedPath)
  const message = readFileSync(sealedPath)
  expect(message.includes('Bericht')).toBe(false)
  expect(message.subarray(0, 3).toString('hex')).toBe('020478')
  await page.getByRole('button', { name: 'Clear list' }).click()
  await give(page, sealedPath)
  const opened = await downloaded(page, 'Decrypt')
  expect(opened.suggestedFilename()).toBe('Bericht Zoë.bin')
  const openedPath = info.outputPath('opened')
  await opened.saveAs(openedPath)
  expect(readFileSync(openedPath).equals(content)).toBe(true)
})

test('what is damaged, cut or no message is refused, and nothing is saved', async ({
  keyhearth,
}, info) => {
  const page = await openFiles(keyhearth)
  const plain = { name: 'a.txt', mimeType: 'text/plain', buffer: randomBytes(1_000_000) }
  await give(page, plain)
  const path = info.outputPath('whole')
  await (await downloaded(page, 'Encrypt')).saveAs(path)
  const whole = readFileSync(path)
  const changed = Buffer.from(whole)
  changed[900_000] = (changed[900_000] ?? 0) ^ 1
  await page.getByRole('button', { name: 'Clear list' }).click()
  const bytes = (name: string, buffer: Buffer) => ({ name, mimeType: '', buffer })
  await give(page, [
    bytes('changed', changed),
    bytes('cut', whole.subarray(0, -20)),
    bytes('rubbish', Buffer.from('no message at all')),
    bytes('empty', Buffer.alloc(0)),
  ])
  let downloads = 0
  page.on('download', () => downloads++)
  const before = await leftovers(page)
  await page.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await expect(page.getByRole('alert')).toHaveCount(4)
  for (const alert of await page.getByRole('alert').all()) {
    await expect(alert).toContainText('Nothing was saved.')
  }
  expect(downloads).toBe(0)
  expect(await leftovers(page)).toEqual(before)
})

test('a message of another vault says what is missing', async ({ keyhearth }) => {
  const page = await openFiles(keyhearth)
  // From AWS's own documentation of the format: a header whose key nobody here has.
  const { encrypt, rawAesKeyring } = await import('../../src/encryption-sdk/index.ts')
  const wrappingKey = new Uint8Array(32)
  const keyring = rawAesKeyring({ keyNamespace: 'elsewhere', keyName: 'k', wrappingKey })
  const { result } = await encrypt(keyring, new Uint8Array(10), { suiteId: 0x0578 })
  await give(page, { name: 'foreign', mimeType: '', buffer: Buffer.from(result) })
  await page.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('not in this vault')
  await page.getByRole('button', { name: 'Inspect', exact: true }).click()
  const seen = page.getByRole('article', { name: 'foreign' })
  await expect(seen).toContainText('ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384 (0578)')
  await expect(seen).toContainText('elsewhere k')
  await expect(seen).toContainText('10 bytes')
})

test('a cancelled file leaves nothing', async ({ keyhearth }, info) => {
  const page = await openFiles(keyhearth)
  const path = info.outputPath('large')
  writeFileSync(path, Buffer.alloc(512 * 1024 * 1024))
  await give(page, path)
  await page.getByRole('button', { name: 'Encrypt', exact: true }).click()
  await expect(page.getByRole('progressbar', { name: 'large' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel large' }).click()
  await expect(page.getByText('Cancelled. Nothing was saved.')).toBeVisible()
  await expect.poll(() => leftovers(page)).toEqual([])
})

test('several files and a folder, with hidden names', async ({ keyhearth }, info) => {
  const page = await openFiles(keyhearth)
  const folder = info.outputPath('folder')
  mkdirSync(join(folder, 'inner'), { recursive: true })
  writeFileSync(join(folder, 'one.txt'), 'one')
  writeFileSync(join(folder, 'inner', 'two.txt'), 'two')
  await page.getByLabel('Choose a folder').last().setInputFiles(folder)
  await expect(page.getByText('folder/inner/two.txt')).toBeVisible()
  await page.getByLabel('Hide file names').check()
  const names: string[] = []
  const paths: string[] = []
  page.on('download', async (download) => {
    names.push(download.suggestedFilename())
    paths.push(await download.path())
  })
  await page.getByRole('button', { name: 'Encrypt', exact: true }).click()
  await expect(page.getByRole('status').first()).toHaveText('2 of 2 done')
  await expect.poll(() => paths.length).toBe(2)
  expect(names.every((name) => /^[0-9a-f]{8}\.keyhearth$/.test(name))).toBe(true)
  await page.getByRole('button', { name: 'Clear list' }).click()
  await give(page, paths)
  await page.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await expect.poll(() => names.slice(2).sort()).toEqual(['one.txt', 'two.txt'])
})

test('text is inspected without a key, rubbish said to be none', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  await popup.getByRole('tab', { name: 'Text' }).click()
  await popup.getByLabel('Text', { exact: true }).fill('a secret')
  await popup.getByRole('button', { name: 'Encrypt' }).click()
  const armoured = await popup.getByLabel('Result').textContent()
  const page = await keyhearth.open('manager.html#files')
  await page.getByRole('textbox', { name: 'Message text' }).fill(armoured ?? '')
  await page.getByRole('button', { name: 'Inspect text' }).click()
  const seen = page.getByRole('article', { name: 'Message text' })
  await expect(seen).toContainText('aws-kms')
  await expect(seen).toContainText('8 bytes')
  await page.getByRole('textbox', { name: 'Message text' }).fill('hello')
  await page.getByRole('button', { name: 'Inspect text' }).click()
  await expect(seen).toContainText('This is no encrypted message')
})

test('what is under way goes on when the vault locks; what half files were left goes', async ({
  keyhearth,
}, info) => {
  const page = await openFiles(keyhearth)
  const path = info.outputPath('large')
  writeFileSync(path, Buffer.alloc(256 * 1024 * 1024))
  await give(page, path)
  const finished = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Encrypt', exact: true }).click()
  await expect(page.getByRole('progressbar', { name: 'large' })).toBeVisible()
  const popup = await keyhearth.popup()
  await popup.getByRole('button', { name: 'Lock' }).click()
  expect((await finished).suggestedFilename()).toBe('large.keyhearth')
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible()
  await keyhearth.unlock(popup)
  await page.reload()
  await expect(page.getByText('Drop files or folders here')).toBeVisible()
  // A folder that is taken away while it is looked into fails the look: then once more.
  await expect(async () => expect(await leftovers(page)).toEqual([])).toPass()
})

test('it is read by everyone: axe, 320 pixels, 200%', async ({ keyhearth }) => {
  const page = await openFiles(keyhearth)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page)
  await give(page, { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') })
  await page.getByRole('button', { name: 'Inspect', exact: true }).click()
  await page.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await expect(page.getByRole('alert')).toHaveCount(1)
  await expectAccessible(page)
  await expectFits(page)
})
