// The tab "Secrets": kinds and their fields, the list by keyboard, codes, history, care for single secrets, two windows.

import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { renderSVG } from 'uqr'
import type { Browser } from 'wxt/browser'
import { expectAccessible, expectFits } from './accessible.ts'
import { expect, type Keyhearth, operate, passphrase, test } from './keyhearth.ts'

/** Inside extension pages. */
declare const chrome: typeof Browser

const setupKey = 'JBSWY3DPEHPK3PXP'

interface Given {
  readonly kind?: string
  readonly title: string
  readonly fields?: Readonly<Record<string, string>>
  readonly uris?: readonly string[]
  readonly favourite?: boolean
  readonly askAgain?: boolean
}

const keep = (popup: Page, { kind = 'login', title, fields, uris, favourite, askAgain }: Given) =>
  operate<{ SecretId: string; Revision: number }>(popup, 'keyhearth:PutItem', {
    Item: {
      kind,
      title,
      fields: fields ?? { username: 'ada', password: 'p' },
      uris: uris ?? [],
      notes: '',
      own: [],
      tags: [],
      favourite: favourite ?? false,
    },
    AskAgain: askAgain ?? false,
  })

const titleOf = (popup: Page, name: string) => popup.getByRole('button', { name, exact: true })

async function addLogin(popup: Page, name: string): Promise<void> {
  await popup.getByRole('button', { name: 'Add secret' }).click()
  await popup.getByLabel('Name', { exact: true }).fill(name)
  await popup.getByLabel('Kind').selectOption({ label: 'Login' })
}

/** What the clipboard holds, as a page would be given it. */
async function clipboard(popup: Page): Promise<string> {
  await popup.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  return popup.evaluate(() => navigator.clipboard.readText())
}

/** A picture of a QR code, as a site shows it. */
async function qrPicture(keyhearth: Keyhearth, text: string): Promise<Buffer> {
  const page = await keyhearth.context.newPage()
  await page.setContent(`<div style="width:260px;background:#fff">${renderSVG(text)}</div>`)
  const picture = await page.locator('div').screenshot()
  await page.close()
  return picture
}

test('a login is kept with fields of its own, and looked at as it was written', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  await addLogin(popup, 'Example shop')
  await popup.getByLabel('User name').fill('ada@example.com')
  await popup.getByText('Generate password', { exact: true }).click()
  await popup.getByRole('button', { name: 'Use this' }).click()
  const made = await popup.getByLabel('Password', { exact: true }).inputValue()
  expect(made).toMatch(/^.{20}$/)
  await popup.getByRole('button', { name: 'Add website' }).click()
  await popup.getByLabel('Website 1', { exact: true }).fill('https://shop.example')
  await popup.getByRole('button', { name: 'Add field' }).click()
  await popup.getByLabel('Name of field 1').fill('Customer number')
  await popup.getByLabel('Content of field 1').fill('K-77')
  await popup.getByLabel('Hide field 1').uncheck()
  await popup.getByLabel('Tags').fill('shops, work')
  await popup.getByLabel('Favourite').check()
  await expectAccessible(popup)
  await expectFits(popup)
  await popup.screenshot({ path: '.output/shots/form.png', fullPage: true })
  await popup.getByRole('button', { name: 'Save' }).click()

  await expect(popup.getByRole('heading', { name: 'Favourites' })).toBeVisible()
  await titleOf(popup, 'Example shop').click()
  await expect(popup.getByText('K-77')).toBeVisible()
  await expect(popup.getByText(made)).toHaveCount(0)
  await popup.getByRole('button', { name: 'Reveal: Password' }).click()
  await expect(popup.getByText(made)).toBeVisible()
  await expect(popup.getByText('shops, work')).toBeVisible()
  await popup.getByText('Who read it').click()
  await expect(popup.getByText(/looked at/).first()).toBeVisible()
  await expectAccessible(popup)
  await expectFits(popup)
  await popup.screenshot({ path: '.output/shots/view.png', fullPage: true })
  await popup.emulateMedia({ colorScheme: 'light' })
  await popup.screenshot({ path: '.output/shots/view-light.png', fullPage: true })
})

test('the list by keyboard: search, open, back, and copying by key', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  const fields = { username: 'ada', password: 'first password', totp: setupKey }
  await keep(popup, { title: 'Alpha', fields })
  await keep(popup, { title: 'Beta', fields: { username: 'bob', password: 'second password' } })
  await popup.reload()
  await expect(popup.getByLabel('Search secrets')).toBeFocused()
  await expect(titleOf(popup, 'Beta')).toBeVisible()
  const { keyboard } = popup
  // In the search they mean the first that was found.
  await keyboard.press('ControlOrMeta+c')
  await expect(popup.getByText(/leaves the clipboard/)).toBeVisible()
  expect(await clipboard(popup)).toBe('first password')
  await keyboard.press('ControlOrMeta+e')
  await expect.poll(() => clipboard(popup)).toMatch(/^\d{6}$/)
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowDown')
  await expect(titleOf(popup, 'Beta')).toBeFocused()
  await keyboard.press('ControlOrMeta+b')
  await expect.poll(() => clipboard(popup)).toBe('bob')
  await keyboard.press('ControlOrMeta+c')
  await expect.poll(() => clipboard(popup)).toBe('second password')
  await keyboard.press('ControlOrMeta+e')
  await expect(popup.getByText('This has no one-time code.')).toBeVisible()
  await keyboard.press('Enter')
  await expect(popup.getByRole('heading', { name: 'Beta' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(titleOf(popup, 'Beta')).toBeFocused()
  await keyboard.press('Escape')
  await keyboard.type('alp')
  await expect(titleOf(popup, 'Beta')).toHaveCount(0)
  // Marked text is what is copied.
  await keyboard.press('ControlOrMeta+a')
  await keyboard.press('ControlOrMeta+c')
  await expect.poll(() => clipboard(popup)).toBe('alp')
  await keyboard.press('Enter')
  await expect(popup.getByRole('heading', { name: 'Alpha' })).toBeVisible()
})

test('what is for the page comes first, then favourites; long lists are read as one scrolls', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  await keep(popup, { title: 'Zebra', uris: [site.origin] })
  await keep(popup, { title: 'Yak', favourite: true })
  await operate(popup, 'keyhearth:StartImport', {}).then(async (started) => {
    const { ImportId } = started as unknown as { ImportId: string }
    const Items = Array.from({ length: 250 }, (_, at) => ({
      Item: {
        kind: 'value',
        title: `Item ${String(at).padStart(3, '0')}`,
        fields: { value: 'v' },
        uris: [],
        notes: '',
        own: [],
        tags: [],
        favourite: false,
      },
    }))
    await operate(popup, 'keyhearth:AddToImport', { ImportId, Items })
    await operate(popup, 'keyhearth:FinishImport', { ImportId })
  })
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  await popup.bringToFront()
  await popup.reload()
  const headings = popup.getByRole('tabpanel').getByRole('heading')
  await expect(headings).toHaveText([
    `For ${new URL(site.origin).host}`,
    'Favourites',
    'All others',
  ])
  const titles = popup.locator('.item-title')
  await expect(titles.nth(0)).toContainText('Zebra')
  await expect(titles.nth(1)).toContainText('Yak')
  expect(await titles.count()).toBeLessThanOrEqual(101)
  await expectAccessible(popup)
  await popup.screenshot({ path: '.output/shots/list.png' })
  await popup.emulateMedia({ colorScheme: 'light' })
  await popup.screenshot({ path: '.output/shots/list-light.png' })
  await expect(async () => {
    await popup.evaluate(() => scrollTo(0, document.body.scrollHeight))
    expect(await titles.count()).toBe(252)
  }).toPass()
  await popup.getByLabel('Search secrets').fill('item 024')
  await expect(titles).toHaveCount(1)
  await expect(popup.getByRole('status').first()).toContainText('1 found')
})

test('a setup key is read from a picture and from the page, and makes codes', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const address = `otpauth://totp/Shop:ada?secret=${setupKey}&issuer=Shop`
  const picture = await qrPicture(keyhearth, address)
  await addLogin(popup, 'Codes')
  const field = popup.getByLabel('One-time code', { exact: true })
  await popup.locator('input[accept="image/*"]').setInputFiles({
    name: 'code.png',
    mimeType: 'image/png',
    buffer: picture,
  })
  await expect(field).toHaveValue(address)
  await field.fill('')
  // The toolbar's own popup alone may look at the tab; here that one call is answered in its stead.
  await popup.evaluate((data) => {
    Object.assign((globalThis as unknown as { chrome: { tabs: object } }).chrome.tabs, {
      captureVisibleTab: async () => `data:image/png;base64,${data}`,
    })
  }, picture.toString('base64'))
  await popup.getByRole('button', { name: 'Read QR code from the page' }).click()
  await expect(field).toHaveValue(address)
  await field.fill('no such key!')
  await expect(popup.getByText(/That is no setup key/)).toBeVisible()
  await popup.locator('input[accept="image/*"]').setInputFiles({
    name: 'nothing.png',
    mimeType: 'image/png',
    buffer: await popup.getByRole('tablist').screenshot(),
  })
  await expect(popup.getByRole('alert')).toContainText('no QR code')
  await field.fill(address)
  await popup.getByRole('button', { name: 'Save' }).click()
  await titleOf(popup, 'Codes').click()
  await expect(popup.getByLabel('One-time code', { exact: true })).toHaveText(/^\d{3} \d{3}$/)
  await expect(popup.getByRole('timer')).toHaveText(/Another code in \d+ seconds/)
  await expectAccessible(popup)
  await popup.screenshot({ path: '.output/shots/code.png' })
})

test('an earlier version is compared and brought back, and none is lost', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  await keep(popup, { title: 'Mail', fields: { username: 'ada', password: 'old one' } })
  await popup.reload()
  await titleOf(popup, 'Mail').click()
  await popup.getByRole('button', { name: 'Edit' }).click()
  await popup.getByLabel('Password', { exact: true }).fill('new one')
  await popup.getByRole('button', { name: 'Save' }).click()
  await titleOf(popup, 'Mail').click()
  await popup.getByText('Earlier versions').click()
  await popup.getByRole('button', { name: /Compare with now/ }).click()
  await expect(popup.locator('.differences')).toContainText('Passwordchanged')
  await expect(popup.getByText('old one')).toHaveCount(0)
  await popup.getByLabel('Show the contents').check()
  await expect(popup.getByText('old one')).toBeVisible()
  await expect(popup.getByText('new one')).toBeVisible()
  await expectAccessible(popup)
  await expectFits(popup)
  await popup.screenshot({ path: '.output/shots/history.png', fullPage: true })
  await popup.getByRole('button', { name: 'Bring this version back' }).click()
  await popup.getByRole('button', { name: 'Reveal: Password' }).click()
  await expect(popup.locator('.item-value', { hasText: 'old one' })).toBeVisible()
  await expect(popup.getByRole('button', { name: /Compare with now/ })).toHaveCount(2)
})

test('two windows: the second is told, sees what differs, and nothing is overwritten silently', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const { SecretId } = await keep(popup, { title: 'Shared' })
  await popup.reload()
  await titleOf(popup, 'Shared').click()
  await popup.getByRole('button', { name: 'Edit' }).click()
  await popup.getByLabel('User name').fill('mine')
  const other = await keyhearth.open('manager.html')
  const there = await operate<{ Item: { fields: object }; Revision: number }>(
    other,
    'keyhearth:GetItem',
    { SecretId },
  )
  await operate(other, 'keyhearth:PutItem', {
    SecretId,
    Revision: there.Revision,
    Item: { ...there.Item, fields: { username: 'theirs', password: 'p' } },
  })
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Save' }).click()
  await expect(popup.getByRole('alert')).toContainText('changed in another window')
  await popup.getByRole('button', { name: 'Show what differs' }).click()
  await popup.getByLabel('Show the contents').check()
  await expect(popup.getByText('theirs')).toBeVisible()
  await expectAccessible(popup)
  await popup.screenshot({ path: '.output/shots/conflict.png', fullPage: true })
  await popup.getByRole('button', { name: 'Save mine' }).click()
  await titleOf(popup, 'Shared').click()
  await expect(popup.getByText('mine', { exact: true })).toBeVisible()
  await popup.getByText('Earlier versions').click()
  await expect(popup.getByRole('button', { name: /Compare with now/ })).toHaveCount(2)
})

test('asked again: neither shown nor copied without the passphrase', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  await addLogin(popup, 'Careful')
  await popup.getByLabel('Password', { exact: true }).fill('careful password')
  await popup.getByLabel('Ask for my passphrase before this is shown').check()
  await popup.getByRole('button', { name: 'Save' }).click()
  await popup.getByRole('button', { name: /^Copy \(/ }).click()
  await expect(popup.getByRole('heading', { name: 'Your passphrase' })).toBeVisible()
  await expectAccessible(popup)
  await popup.getByLabel('Passphrase', { exact: true }).fill('something else')
  await popup.getByRole('button', { name: 'Continue' }).click()
  await expect(popup.getByRole('alert')).toBeVisible()
  await popup.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await popup.getByRole('button', { name: 'Continue' }).click()
  await expect(popup.getByText(/leaves the clipboard/)).toBeVisible()
  expect(await clipboard(popup)).toBe('careful password')
  await titleOf(popup, 'Careful').click()
  await expect(popup.getByRole('heading', { name: 'Your passphrase' })).toBeVisible()
  await expect(popup.getByRole('button', { name: /Reveal/ })).toHaveCount(0)
  await popup.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await popup.getByRole('button', { name: 'Continue' }).click()
  await expect(popup.getByRole('button', { name: 'Reveal: Password' })).toBeVisible()
  // Nor is the question taken away without it.
  await popup.getByRole('button', { name: 'Edit' }).click()
  await popup.getByLabel('Ask for my passphrase before this is shown').uncheck()
  await popup.getByRole('button', { name: 'Save' }).click()
  await expect(popup.getByRole('heading', { name: 'Your passphrase' })).toBeVisible()
  await expectAccessible(popup)
  await popup.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await popup.getByRole('button', { name: 'Continue' }).click()
  await titleOf(popup, 'Careful').click()
  await expect(popup.getByRole('button', { name: 'Reveal: Password' })).toBeVisible()
})

test('files are kept with a secret, found again as they were, and go with it', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#secrets')
  await manager.setViewportSize({ width: 1280, height: 900 })
  const content = Buffer.alloc(5 * 1024 * 1024 + 7, 'a scan of a passport. ')
  await manager.getByRole('link', { name: 'Add secret' }).first().click()
  await manager.getByLabel('Name', { exact: true }).fill('Passport')
  await manager.getByLabel('Kind', { exact: true }).last().selectOption({ label: 'File' })
  await manager.locator('input[type=file]').setInputFiles([
    { name: 'scan.pdf', mimeType: 'application/pdf', buffer: content },
    { name: 'note <b>.txt', mimeType: 'text/plain', buffer: Buffer.from('kept') },
  ])
  await expect(manager.getByRole('button', { name: 'Remove note <b>.txt' })).toBeVisible()
  await expectAccessible(manager)
  await manager.getByRole('button', { name: 'Save', exact: true }).click()
  const save = manager.getByRole('button', { name: 'Save scan.pdf' })
  await expect(save).toBeVisible()
  await expectAccessible(manager)
  const [file] = await Promise.all([manager.waitForEvent('download'), save.click()])
  expect(file.suggestedFilename()).toBe('scan.pdf')
  expect(readFileSync(await file.path()).equals(content)).toBe(true)

  await popup.bringToFront()
  await popup.reload()
  await titleOf(popup, 'Passport').click()
  const [small] = await Promise.all([
    popup.waitForEvent('download'),
    popup.getByRole('button', { name: 'Save note <b>.txt' }).click(),
  ])
  expect(readFileSync(await small.path(), 'utf8')).toBe('kept')
  await expectFits(popup)
  await popup.getByRole('button', { name: 'Edit' }).click()
  await popup.getByRole('button', { name: 'Remove scan.pdf' }).click()
  await popup.getByRole('button', { name: 'Save', exact: true }).click()
  await titleOf(popup, 'Passport').click()
  await expect(popup.getByRole('button', { name: 'Save note <b>.txt' })).toBeVisible()
  await expect(popup.getByRole('button', { name: 'Save scan.pdf' })).toHaveCount(0)
})

test('what is typed while a file is on its way stays, in the form and in what is kept of it', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  await popup.close()
  const manager = await keyhearth.context.newPage()
  await manager.addInitScript(() => {
    const { sendMessage } = chrome.runtime
    const held = new Promise<void>((resolve) => {
      Object.assign(window, { letGo: resolve })
    })
    const slowly = async (message: { operation?: string }) => {
      if (message.operation === 'keyhearth:AddToAttachment') {
        Object.assign(window, { isHeld: true })
        await held
      }
      return sendMessage(message)
    }
    Object.assign(chrome.runtime, { sendMessage: slowly })
  })
  await manager.goto(keyhearth.url('manager.html#secrets/new'))
  await manager.setViewportSize({ width: 1280, height: 900 })
  const name = manager.getByLabel('Name', { exact: true })
  await name.fill('Pass')
  await manager
    .locator('input[type=file][multiple]')
    .setInputFiles([{ name: 'scan.txt', mimeType: 'text/plain', buffer: Buffer.from('kept') }])
  await manager.waitForFunction(() => 'isHeld' in window)
  await name.fill('Passport')
  await manager.getByLabel('Notes').fill('typed meanwhile')
  await manager.evaluate(() => (window as unknown as { letGo: () => void }).letGo())
  await expect(manager.getByRole('button', { name: 'Remove scan.txt' })).toBeVisible()
  await expect(name).toHaveValue('Passport')
  await expect(manager.getByLabel('Notes')).toHaveValue('typed meanwhile')
  await manager.reload()
  await expect(name).toHaveValue('Passport')
  await expect(manager.getByLabel('Notes')).toHaveValue('typed meanwhile')
  await expect(manager.getByRole('button', { name: 'Remove scan.txt' })).toBeVisible()
})

test('the generator: by choice, kept encrypted, and kept as a login for the page', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  await popup.bringToFront()
  await popup.reload()
  await popup.getByRole('button', { name: 'Generate password' }).click()
  const made = popup.getByLabel('Generated', { exact: true })
  await popup.getByLabel('Length').fill('12')
  await popup.getByLabel('Signs', { exact: true }).uncheck()
  await expect(made).toHaveText(/^[A-Za-z0-9]{12}$/)
  await expectAccessible(popup)
  await expectFits(popup)
  await popup.screenshot({ path: '.output/shots/generator.png', fullPage: true })
  const password = (await made.textContent()) ?? ''
  await popup.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(popup.getByText(/leaves the clipboard/)).toBeVisible()
  await popup.getByLabel('What to make').selectOption('passphrase')
  await expect(made).toHaveText(/^([a-z]+-){5}[a-z]+$/)
  // What was copied is found again, also after the popup was closed and the worker ended.
  await popup.waitForTimeout(500)
  await popup.close()
  await keyhearth.killWorker()
  await page.bringToFront()
  const again = await keyhearth.popup()
  await again.getByRole('button', { name: 'Generate password' }).click()
  await again.getByText('Generated before').click()
  await expect(again.getByText(password)).toBeVisible()
  const words = await again.getByLabel('Generated', { exact: true }).textContent()
  await again
    .getByRole('button', { name: `Keep it as a login for ${new URL(site.origin).host}` })
    .click()
  await expect(again.getByLabel('Password', { exact: true })).toHaveValue(words ?? '')
  await expect(again.getByLabel('Website 1', { exact: true })).toHaveValue(site.origin)
  await again.getByRole('button', { name: 'Save' }).click()
  await expect(
    again.getByRole('heading', { name: `For ${new URL(site.origin).host}` }),
  ).toBeVisible()
})
