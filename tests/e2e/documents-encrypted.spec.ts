// Documents are encrypted to certificates, and decrypted, on the screens of the manager: openssl opens what is made there,
// and what openssl makes opens there. What does not open says why.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Locator, Page, TestInfo } from '@playwright/test'
import { expectAccessible, expectFits } from './accessible.ts'
import { expect, type Keyhearth, operate, test } from './keyhearth.ts'

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
test.skip(!hasOpenssl, 'openssl is not installed on this machine')
test.setTimeout(300_000)

const letter = 'Dear Ada,\nmeet me at noon.\n'

function workshop(info: TestInfo) {
  const path = (name: string) => info.outputPath(name)
  writeFileSync(path('letter.txt'), letter)
  return {
    path,
    read: (name: string) => readFileSync(path(name)),
    write: (name: string, content: string | Uint8Array) => writeFileSync(path(name), content),
    openssl(...args: readonly string[]): void {
      const { status, stderr } = spawnSync('openssl', args, {
        cwd: info.outputDir,
        encoding: 'utf8',
      })
      expect(status, `openssl ${args.join(' ')}: ${stderr}`).toBe(0)
    },
  }
}

type Workshop = ReturnType<typeof workshop>

/** A certificate of Bob's own, for an RSA key. */
function makeBob(shop: Workshop): void {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'bob.key', '-out', 'bob.pem']
  shop.openssl('req', '-x509', ...key, '-subj', '/CN=Bob')
}

async function open(keyhearth: Keyhearth, side: 'encrypt' | 'decrypt'): Promise<Page> {
  const page = await keyhearth.open(`manager.html#documents/${side}`)
  await page.setViewportSize({ width: 1200, height: 900 })
  return page
}

async function saved(page: Page, { path }: Workshop, as: string, button: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  await download.saveAs(path(as))
  return download.suggestedFilename()
}

/** For people to look at. */
async function look(page: Page, info: TestInfo, name: string): Promise<void> {
  const before = page.viewportSize()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1200, 420]) {
      await page.setViewportSize({ width, height: 900 })
      const path = info.outputPath(`${name}-${colorScheme}-${width}.png`)
      await page.screenshot({ path, fullPage: true })
    }
  }
  if (before) await page.setViewportSize(before)
  await expectAccessible(page)
  await expectFits(page)
}

/** With the key and the authority that come with it. */
async function makeOwn(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Make a certificate for encryption' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await expect(page.getByText(`“Authority of ${name}” is made with it`)).toBeVisible()
  await page.getByRole('button', { name: 'Make the certificate' }).click()
  await expect(page.getByRole('article', { name, exact: true })).toBeVisible()
}

/** On the screen for it: a key file under the password "x". */
async function bringIn(page: Page, path: string, use: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(path)
  await page.getByLabel('Password of the file').fill('x')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await page.getByLabel('What the key is for').selectOption({ label: use })
  await page.getByRole('button', { name: 'Put into the vault' }).click()
  await expect(page.getByText('Its certificate is kept with it.')).toBeVisible({ timeout: 60_000 })
}

const messageOf = (page: Page, name: string): Locator =>
  page.getByRole('article', { name, exact: true })

async function decrypt(page: Page, path: string): Promise<void> {
  await page.getByLabel('Choose files').setInputFiles(path)
}

test('a certificate for encryption is made, and what openssl encrypts to it opens', async ({
  keyhearth,
}, info) => {
  const shop = workshop(info)
  await keyhearth.createVault()
  const page = await open(keyhearth, 'decrypt')
  await expect(page.getByText('You have none yet')).toBeVisible()
  await page.getByRole('link', { name: 'Make a certificate for encryption' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Ada')
  await look(page, info, 'new-certificate')
  await page.goBack()
  await makeOwn(page, 'Ada')
  await expect(page.getByRole('article', { name: 'Authority of Ada' })).toContainText('Ada')
  await page.getByRole('link', { name: 'Decrypt', exact: true }).click()
  await saved(page, shop, 'ada.pem', page.getByRole('button', { name: 'Download Ada (PEM)' }))
  const encrypt = (cipher: string, out: string, ...more: readonly string[]) => {
    const files = ['-in', 'letter.txt', '-out', out, '-recip', 'ada.pem']
    shop.openssl('cms', '-encrypt', '-binary', cipher, ...files, ...more)
    return shop.path(out)
  }
  await decrypt(page, encrypt('-aes-256-gcm', 'gcm.p7m', '-outform', 'DER'))
  const first = messageOf(page, 'gcm.p7m')
  await expect(first).toContainText('Opened with the key of your certificate “Ada”.')
  await expect(first).toContainText('Nobody changed it on the way (AES-256-GCM).')
  await expect(first).toContainText('meet me at noon')
  await saved(page, shop, 'opened', first.getByRole('button', { name: 'Save content' }))
  expect(shop.read('opened').toString()).toBe(letter)
  await decrypt(page, encrypt('-aes-256-cbc', 'cbc.pem', '-outform', 'PEM'))
  await expect(messageOf(page, 'cbc.pem')).toContainText('Anybody on the way can have changed it')
  await expect(messageOf(page, 'cbc.pem')).toContainText('meet me at noon')
  await decrypt(page, encrypt('-des3', 'mail.eml', '-outform', 'SMIME'))
  await expect(messageOf(page, 'mail.eml')).toContainText('(Triple DES)')
  await expect(messageOf(page, 'mail.eml')).toContainText('meet me at noon')
  await look(page, info, 'decrypt')
})

test('what does not open says why: another’s, altered, a key for signing, none at all', async ({
  keyhearth,
}, info) => {
  const shop = workshop(info)
  await keyhearth.createVault()
  const page = await open(keyhearth, 'decrypt')
  await makeOwn(page, 'Ada')
  await page.getByRole('link', { name: 'Decrypt', exact: true }).click()
  await saved(page, shop, 'ada.pem', page.getByRole('button', { name: 'Download Ada (PEM)' }))
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const files = ['-keyout', 'bob.key', '-out', 'bob.pem']
  shop.openssl('req', '-x509', ...key, ...files, '-subj', '/CN=Bob')
  const to = (who: string, out: string) => {
    const options = ['-in', 'letter.txt', '-outform', 'DER', '-out', out, '-recip', `${who}.pem`]
    shop.openssl('cms', '-encrypt', '-aes-256-gcm', ...options)
    return shop.path(out)
  }
  await decrypt(page, to('bob', 'bobs.p7m'))
  await expect(messageOf(page, 'bobs.p7m').getByRole('alert')).toContainText(
    'not encrypted to any of your certificates',
  )
  const altered = readFileSync(to('ada', 'altered.p7m'))
  altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
  shop.write('altered.p7m', altered)
  await decrypt(page, shop.path('altered.p7m'))
  await expect(messageOf(page, 'altered.p7m').getByRole('alert')).toContainText(
    'it was altered, or it is for another key',
  )
  await decrypt(page, shop.path('letter.txt'))
  await expect(messageOf(page, 'letter.txt').getByRole('alert')).toContainText(
    'no message encrypted to certificates',
  )
  await look(page, info, 'failed')

  await page.goto(page.url().replace(/#.*/, '#documents/certificates/bring-in'))
  const pkcs12 = ['-inkey', 'bob.key', '-in', 'bob.pem', '-out', 'bob.p12', '-passout', 'pass:x']
  shop.openssl('pkcs12', '-export', ...pkcs12)
  await bringIn(page, shop.path('bob.p12'), 'Signs')
  await page.getByRole('link', { name: 'Decrypt', exact: true }).click()
  await page.getByRole('button', { name: 'Take bobs.p7m off the list' }).click()
  await decrypt(page, shop.path('bobs.p7m'))
  await expect(messageOf(page, 'bobs.p7m').getByRole('alert')).toContainText(
    'whose key is here for signing alone',
  )
  await page.goto(page.url().replace(/#.*/, '#documents/certificates/bring-in'))
  await bringIn(page, shop.path('bob.p12'), 'Agrees on secrets')
  await page.getByRole('link', { name: 'Decrypt', exact: true }).click()
  await page.getByRole('button', { name: 'Take bobs.p7m off the list' }).click()
  await decrypt(page, shop.path('bobs.p7m'))
  await expect(messageOf(page, 'bobs.p7m')).toContainText('meet me at noon')
})

test('what openssl encrypts to an RSA key by its defaults opens, and altered it says so as any', async ({
  keyhearth,
}, info) => {
  const shop = workshop(info)
  await keyhearth.createVault()
  makeBob(shop)
  const pkcs12 = ['-inkey', 'bob.key', '-in', 'bob.pem', '-out', 'bob.p12', '-passout', 'pass:x']
  shop.openssl('pkcs12', '-export', ...pkcs12)
  const page = await open(keyhearth, 'decrypt')
  await page.goto(page.url().replace(/#.*/, '#documents/certificates/bring-in'))
  await bringIn(page, shop.path('bob.p12'), 'Encrypts and decrypts')
  await page.getByRole('link', { name: 'Decrypt', exact: true }).click()
  const encrypt = (out: string, ...how: readonly string[]) => {
    const files = ['-in', 'letter.txt', '-out', out, '-recip', 'bob.pem']
    shop.openssl('cms', '-encrypt', '-binary', ...files, ...how)
    return shop.path(out)
  }
  for (const [name, ...how] of [
    ['default.eml'],
    ['des3.p7m', '-des3', '-outform', 'DER'],
    ['aes.pem', '-aes256', '-outform', 'PEM'],
  ] as const) {
    await decrypt(page, encrypt(name, ...how))
    const message = messageOf(page, name)
    await expect(message).toContainText('Opened with the key of your certificate “Bob”.')
    await expect(message).toContainText('meet me at noon')
  }
  const altered = readFileSync(encrypt('gcm.p7m', '-aes-256-gcm', '-outform', 'DER'))
  await decrypt(page, shop.path('gcm.p7m'))
  await expect(messageOf(page, 'gcm.p7m')).toContainText('Nobody changed it on the way')
  // After the identifier of RSA with the old padding, NULL and two lengths, the key of the message.
  const rsa = Buffer.from('2a864886f70d010101', 'hex')
  const at = altered.indexOf(rsa) + rsa.length + 2 + 4 + 100
  altered[at] = (altered[at] ?? 0) ^ 1
  shop.write('altered.p7m', altered)
  await decrypt(page, shop.path('altered.p7m'))
  await expect(messageOf(page, 'altered.p7m').getByRole('alert')).toContainText(
    'it was altered, or it is for another key',
  )
})

test('files are encrypted to oneself and to others: openssl opens them, and so does the screen', async ({
  keyhearth,
}, info) => {
  const shop = workshop(info)
  await keyhearth.createVault()
  makeBob(shop)
  const sole = ['-newkey', 'ed25519', '-nodes', '-keyout', 'eve.key', '-out', 'eve.pem']
  shop.openssl('req', '-x509', ...sole, '-subj', '/CN=Eve')
  const page = await open(keyhearth, 'encrypt')
  await expect(page.getByText('nobody’s certificate yet')).toBeVisible()
  await page.getByLabel('Choose files').setInputFiles(shop.path('letter.txt'))
  await page.getByRole('button', { name: 'Encrypt', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('Choose who can open it first')
  await page.getByLabel('Add a certificate from a file').setInputFiles(shop.path('eve.pem'))
  await expect(page.getByText('Nothing can be encrypted to this certificate')).toBeVisible()
  await page.getByLabel('Add a certificate from a file').setInputFiles(shop.path('bob.pem'))
  const bob = page.getByRole('checkbox', { name: /^Bob/ })
  await expect(bob).toBeChecked()
  await expect(page.getByText('You are not among them')).toBeVisible()
  await makeOwn(page, 'Ada')
  await page.getByRole('link', { name: 'Encrypt', exact: true }).click()
  await page.getByRole('checkbox', { name: /^Ada/ }).check()
  await expect(bob).toBeChecked()
  const how = page.getByLabel('How it is encrypted')
  await how.selectOption({ label: 'For programs that know nothing newer (AES-256-CBC)' })
  await expect(page.getByText('Anybody on the way can then change it')).toBeVisible()
  await look(page, info, 'encrypt')
  const now = page.getByRole('button', { name: 'Encrypt', exact: true })
  const decryptWithOpenssl = (name: string) => {
    const keys = ['-recip', 'bob.pem', '-inkey', 'bob.key', '-binary', '-out', 'out']
    shop.openssl('cms', '-decrypt', '-inform', 'DER', '-in', name, ...keys)
    return shop.read('out').toString()
  }
  expect(await saved(page, shop, 'cbc.p7m', now)).toBe('letter.txt.p7m')
  await expect(page.getByText('Saved as letter.txt.p7m')).toBeVisible()
  expect(decryptWithOpenssl('cbc.p7m')).toBe(letter)
  await page.getByRole('button', { name: 'Clear list' }).click()
  await page.getByLabel('Choose files').setInputFiles(shop.path('letter.txt'))
  await how.selectOption({ label: 'So that nobody can change it unnoticed (AES-256-GCM)' })
  await saved(page, shop, 'gcm.p7m', now)
  expect(decryptWithOpenssl('gcm.p7m')).toBe(letter)
  await page.getByRole('link', { name: 'Decrypt', exact: true }).click()
  for (const [name, cipher] of [
    ['cbc', 'AES-256-CBC'],
    ['gcm', 'AES-256-GCM'],
  ] as const) {
    await decrypt(page, shop.path(`${name}.p7m`))
    await expect(messageOf(page, `${name}.p7m`)).toContainText(cipher)
    await expect(messageOf(page, `${name}.p7m`)).toContainText('meet me at noon')
  }
})

test('what was signed before it was encrypted is checked from there; locking clears it', async ({
  keyhearth,
}, info) => {
  const shop = workshop(info)
  const popup = await keyhearth.createVault()
  const page = await open(keyhearth, 'decrypt')
  await makeOwn(page, 'Ada')
  await page.getByRole('link', { name: 'Decrypt', exact: true }).click()
  await saved(page, shop, 'ada.pem', page.getByRole('button', { name: 'Download Ada (PEM)' }))
  makeBob(shop)
  const signer = ['-signer', 'bob.pem', '-inkey', 'bob.key', '-in', 'letter.txt']
  shop.openssl('smime', '-sign', '-text', ...signer, '-out', 'signed')
  const to = ['-in', 'signed', '-out', 'mail.eml', '-recip', 'ada.pem']
  shop.openssl('cms', '-encrypt', '-aes256', ...to)
  await decrypt(page, shop.path('mail.eml'))
  await page.getByRole('button', { name: 'Check its signature' }).click()
  const checked = page.getByRole('heading', {
    name: 'Intact, but the signer is not known to you',
  })
  await expect(checked).toBeVisible()
  await expect(page.getByText('meet me at noon')).toBeVisible()
  await page.getByRole('link', { name: 'Decrypt', exact: true }).click()
  await expect(messageOf(page, 'mail.eml')).toBeVisible()
  await operate(popup, 'keyhearth:Lock', {})
  await expect(page.getByLabel('Passphrase')).toBeVisible()
  await expect(messageOf(page, 'mail.eml')).toHaveCount(0)
})
