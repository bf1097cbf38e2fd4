// Design section 2, "Key slots": passkeys by Chromium's own authenticator, recovery in shares, no lock, and the proof
// that recovery works, as a person does it in the manager.

import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { withAuthenticator } from './authenticator.ts'
import { expect, type Keyhearth, operate, passphrase, test } from './keyhearth.ts'
import { itemOf } from './secretsManager.ts'

async function security(keyhearth: Keyhearth): Promise<Page> {
  const manager = await keyhearth.open('manager.html#security')
  await manager.setViewportSize({ width: 1200, height: 900 })
  await expect(manager.getByRole('heading', { name: 'Ways to open your vault' })).toBeVisible()
  return manager
}

async function add(manager: Page, kind: string, name: string): Promise<void> {
  await manager.getByRole('button', { name: 'Add a way to open it' }).click()
  await manager.getByLabel('Kind', { exact: true }).selectOption({ label: kind })
  await manager.getByLabel('Name', { exact: true }).fill(name)
  await manager.getByLabel('Your present passphrase, to add it').fill(passphrase)
  await manager.getByRole('button', { name: 'Add', exact: true }).click()
}

const passkey = 'Passkey: fingerprint, face or security key'
const shares = 'A recovery key in shares for several people'

const ways = (manager: Page) => manager.getByRole('list', { name: 'Ways to open your vault' })

/** All sheets, turned over one by one. */
async function readShares(manager: Page): Promise<string[]> {
  const sheets: string[] = []
  const words = manager.getByRole('list', { name: 'Recovery words' }).locator('visible=true')
  for (;;) {
    await expect(words.getByRole('listitem')).toHaveCount(33)
    sheets.push((await words.getByRole('listitem').allTextContents()).join(' '))
    const next = manager.getByRole('button', { name: 'Next sheet' })
    if (!(await next.isVisible())) return sheets
    const title = (number: number) =>
      manager.getByRole('heading', { name: `Share ${number} of`, level: 3 })
    await next.click()
    await expect(title(sheets.length + 1)).toBeVisible()
  }
}

test('a passkey unlocks, and one that makes no keys is not taken', async ({ keyhearth }, info) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  const authenticator = await withAuthenticator(manager)
  await add(manager, passkey, 'Fingerprint')
  await expect(ways(manager).getByText('Fingerprint', { exact: true })).toBeVisible()
  await expectAccessible(manager)
  await manager.screenshot({ path: info.outputPath('slots.png'), fullPage: true })
  await operate(manager, 'keyhearth:Lock', {})
  await expect(manager.getByRole('button', { name: 'Unlock with a passkey' })).toBeVisible()
  await expectAccessible(manager)
  await manager.getByRole('button', { name: 'Unlock with a passkey' }).click()
  await expect(ways(manager).getByText('Fingerprint', { exact: true })).toBeVisible()
  await authenticator.session.send('WebAuthn.removeVirtualAuthenticator', {
    authenticatorId: authenticator.authenticatorId,
  })
  await withAuthenticator(manager, { prf: false })
  await add(manager, passkey, 'Old one')
  await expect(manager.getByRole('alert')).toContainText('This passkey cannot open a vault')
  await expect(ways(manager).getByText('Old one')).toHaveCount(0)
})

test('one that makes keys only when it is asked to sign is asked once more', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  await withAuthenticator(manager)
  // Chromium's own answers with the registration; of many, that says only that they can.
  await manager.evaluate(() => {
    const { credentials } = navigator
    const create = credentials.create.bind(credentials)
    credentials.create = async (options) => {
      const made = await create(options)
      if (!(made instanceof PublicKeyCredential)) throw new Error('no credential')
      if (!made.getClientExtensionResults().prf?.results) throw new Error('not even at first')
      made.getClientExtensionResults = () => ({ prf: { enabled: true } })
      return made
    }
  })
  await add(manager, passkey, 'Security key')
  await expect(ways(manager).getByText('Security key', { exact: true })).toBeVisible()
  await operate(manager, 'keyhearth:Lock', {})
  await manager.getByRole('button', { name: 'Unlock with a passkey' }).click()
  await expect(ways(manager).getByText('Security key', { exact: true })).toBeVisible()
})

test('a passkey shows what asks again, and takes all secrets away', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  const Item = itemOf({ title: 'Careful', fields: { password: 'p' } })
  await operate(popup, 'keyhearth:PutItem', { Item, AskAgain: true })
  const manager = await security(keyhearth)
  await withAuthenticator(manager)
  await add(manager, passkey, 'Fingerprint')
  await expect(ways(manager).getByText('Fingerprint', { exact: true })).toBeVisible()
  await manager.getByRole('link', { name: 'Secrets', exact: true }).click()
  await manager.getByRole('link', { name: 'Careful', exact: true }).click()
  await expect(manager.getByRole('heading', { name: 'Your passphrase' })).toBeVisible()
  await manager.getByRole('button', { name: 'Use a passkey instead' }).click()
  await expect(manager.getByRole('heading', { name: 'Is it you?' })).toBeVisible()
  await expectAccessible(manager)
  await manager.getByRole('button', { name: 'Continue' }).click()
  await expect(manager.getByRole('button', { name: 'Reveal: Password' })).toBeVisible()
  await manager.getByRole('link', { name: 'Export', exact: true }).click()
  await manager.getByLabel('Bitwarden JSON, not encrypted').check()
  await manager.getByRole('button', { name: 'Use a passkey instead' }).click()
  const [download] = await Promise.all([
    manager.waitForEvent('download'),
    manager.getByRole('button', { name: 'Export', exact: true }).click(),
  ])
  expect(readFileSync(await download.path(), 'utf8')).toContain('Careful')
})

test('a passkey of another profile does not unlock', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  const first = await withAuthenticator(manager)
  await add(manager, passkey, 'Fingerprint')
  await expect(ways(manager).getByText('Fingerprint', { exact: true })).toBeVisible()
  await operate(manager, 'keyhearth:Lock', {})
  await first.session.send('WebAuthn.removeVirtualAuthenticator', {
    authenticatorId: first.authenticatorId,
  })
  await withAuthenticator(manager)
  await manager.getByRole('button', { name: 'Unlock with a passkey' }).click()
  // Which of the two it was, the browser does not say.
  await expect(manager.getByRole('alert')).toContainText('No passkey of this vault answered')
  await expect(manager.getByRole('button', { name: 'Unlock with a passkey' })).toBeEnabled()
  await expect(ways(manager)).toHaveCount(0)
})

test('shares for five people: two prove and recover, one does not', async ({ keyhearth }, info) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  await manager.getByRole('button', { name: 'Add a way to open it' }).click()
  await manager.getByLabel('Kind', { exact: true }).selectOption({ label: shares })
  await manager.getByLabel('How many shares').fill('5')
  await manager.getByLabel('How many are needed').fill('2')
  await manager.getByLabel('Name', { exact: true }).fill('Family')
  await manager.screenshot({ path: info.outputPath('shares-form.png'), fullPage: true })
  await manager.getByLabel('Your present passphrase, to add it').fill(passphrase)
  await manager.getByRole('button', { name: 'Add', exact: true }).click()
  const sheets = await readShares(manager)
  expect(sheets).toHaveLength(5)
  await manager.screenshot({ path: info.outputPath('sheet.png'), fullPage: true })
  await manager.emulateMedia({ media: 'print' })
  await manager.screenshot({ path: info.outputPath('print.png'), fullPage: true })
  await manager.emulateMedia({ media: 'screen' })
  await manager.getByRole('button', { name: 'I have them on paper' }).click()
  await expect(ways(manager).getByText('2 of 5 needed')).toBeVisible()
  await manager.getByRole('button', { name: 'Prove that you can recover' }).click()
  await manager.getByRole('button', { name: 'I have shares of a recovery key' }).click()
  await manager.getByLabel('Share 1').fill(sheets[3] ?? '')
  await manager.getByRole('button', { name: 'Prove it' }).click()
  await expect(manager.getByRole('alert')).toHaveText('Shares still missing: 1.')
  await expectAccessible(manager)
  await manager.getByLabel('Share 2').fill(sheets[0] ?? '')
  await manager.getByRole('button', { name: 'Prove it' }).click()
  await expect(manager.getByText('It works: with this you can recover your vault.')).toBeVisible()
  await operate(manager, 'keyhearth:Lock', {})
  const popup = await keyhearth.popup()
  await popup.getByRole('button', { name: 'Forgot your passphrase?' }).click()
  await popup.getByRole('button', { name: 'I have shares of a recovery key' }).click()
  await popup.getByLabel('Share 1').fill(sheets[1] ?? '')
  await popup.getByLabel('Share 2').fill(sheets[4] ?? '')
  await popup.screenshot({ path: info.outputPath('recover.png'), fullPage: true })
  await popup.getByLabel('New passphrase', { exact: true }).fill('a quite new passphrase')
  await popup.getByLabel('Repeat new passphrase').fill('a quite new passphrase')
  await popup.getByRole('button', { name: 'Recover vault' }).click()
  await expect(popup.getByRole('tab', { name: 'Secrets' })).toBeVisible()
})

test('a picture of the paper’s QR code proves that it recovers, and one of another does not', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  const picture = async (): Promise<Buffer> => {
    await manager.getByRole('button', { name: 'Make a recovery key' }).click()
    await manager.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await manager.getByRole('button', { name: 'Show new words' }).click()
    await expect(manager.getByRole('heading', { name: 'Your recovery key' })).toBeVisible()
    await manager.emulateMedia({ media: 'print' })
    const code = await manager.locator('.sheet svg').screenshot()
    await manager.emulateMedia({ media: 'screen' })
    await manager.getByRole('button', { name: 'Later' }).click()
    return code
  }
  const first = await picture()
  const give = async (name: string, buffer: Buffer) => {
    await manager
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name, mimeType: 'image/png', buffer })
  }
  await manager.getByRole('button', { name: 'Prove that you can recover' }).click()
  await give('white.png', await manager.locator('h2').first().screenshot())
  await expect(manager.getByRole('alert')).toBeVisible()
  await give('paper.png', first)
  await expect(manager.getByLabel('Recovery key', { exact: true })).toHaveValue(/^(\w+ ){23}\w+$/)
  await manager.getByRole('button', { name: 'Prove it' }).click()
  await expect(manager.getByText('It works: with this you can recover your vault.')).toBeVisible()
  // Proven, the second takes the place of the first.
  const second = await picture()
  await manager.getByRole('button', { name: 'Prove that you can recover' }).click()
  await give('paper.png', second)
  await manager.getByRole('button', { name: 'Prove it' }).click()
  await expect(manager.getByText('It works: with this you can recover your vault.')).toBeVisible()
  await manager.getByRole('button', { name: 'Prove that you can recover' }).click()
  await give('paper.png', first)
  await manager.getByRole('button', { name: 'Prove it' }).click()
  await expect(manager.getByRole('alert')).toContainText('does not open this vault')
})

test('ways are renamed and removed, but for the last of each side', async ({ keyhearth }, info) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  await add(manager, 'No lock at all', 'Open house')
  await expect(ways(manager).getByText('Open house')).toBeVisible()
  await manager.getByRole('button', { name: 'Rename Open house' }).click()
  await ways(manager).getByLabel('Name', { exact: true }).fill('At home')
  await ways(manager).getByRole('button', { name: 'Rename', exact: true }).click()
  await expect(ways(manager).getByText('At home')).toBeVisible()
  await manager.getByRole('button', { name: 'Remove Recovery key on paper' }).click()
  await manager.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await manager.emulateMedia({ colorScheme: 'dark' })
  await manager.screenshot({ path: info.outputPath('remove-dark.png'), fullPage: true })
  await manager.emulateMedia({ colorScheme: 'light' })
  await manager.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(manager.getByRole('alert')).toContainText('last way to recover your vault')
  await manager.getByRole('button', { name: 'Cancel' }).click()
  await manager.getByRole('button', { name: 'Remove At home' }).click()
  await manager.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await manager.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(manager.getByText('“At home” no longer opens your vault.')).toBeVisible()
  await expect(ways(manager).getByRole('listitem')).toHaveCount(2)
})
