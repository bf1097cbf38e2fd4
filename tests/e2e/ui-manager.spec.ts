// The manager: settings in bounds, sites, and a vault whose device key is gone. And what copying leaves.

import { readFileSync } from 'node:fs'
import {
  connect,
  expect,
  expectProvider,
  type Keyhearth,
  operate,
  passphrase,
  test,
} from './keyhearth.ts'

async function setClipboardSeconds(keyhearth: Keyhearth, seconds: string) {
  const manager = await keyhearth.open('manager.html')
  await manager.getByLabel('Clear copied secrets after seconds').fill(seconds)
  await manager.getByRole('button', { name: 'Save settings' }).click()
  return manager
}

test('a setting out of bounds is not saved, one in bounds is', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await setClipboardSeconds(keyhearth, '4')
  const field = manager.getByLabel('Clear copied secrets after seconds')
  expect(await field.evaluate((input: HTMLInputElement) => input.validity.rangeUnderflow)).toBe(
    true,
  )
  await manager.reload()
  await expect(field).toHaveValue('30')
  const other = await setClipboardSeconds(keyhearth, '45')
  await expect(other.getByText('Settings saved.')).toBeVisible()
  await manager.reload()
  await expect(field).toHaveValue('45')
})

test('the passphrase is changed: the new one opens, the old one does not', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html')
  await expect(manager).toHaveTitle('Keyhearth: Security')
  const fresh = 'another good passphrase'
  const change = manager.getByRole('button', { name: 'Change passphrase' })
  await manager.getByLabel('New passphrase', { exact: true }).fill(fresh)
  await manager.getByLabel('Repeat new passphrase').fill(fresh)
  await change.click()
  await expect(manager.getByRole('alert')).toContainText('current passphrase')
  await manager.getByLabel('Current passphrase').fill('not this one')
  await change.click()
  await expect(manager.getByRole('alert')).toContainText('does not open')
  await manager.getByLabel('Current passphrase').fill(passphrase)
  await change.click()
  await expect(manager.getByText('Passphrase changed.')).toBeVisible()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await popup.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await popup.getByRole('button', { name: 'Unlock' }).click()
  await expect(popup.getByRole('alert')).toContainText('does not open')
  await keyhearth.unlock(popup, fresh)
})

test('the keys are exported to who knows the passphrase', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#security')
  const field = manager.getByLabel('Passphrase, to save the copy')
  const button = manager.getByRole('button', { name: 'Save the copy' })
  await button.click()
  await expect(manager.getByRole('alert')).toHaveText('Type your passphrase.')
  await field.fill('not this one')
  await button.click()
  await expect(manager.getByRole('alert')).toContainText('does not open')
  await field.fill(passphrase)
  const [download] = await Promise.all([manager.waitForEvent('download'), button.click()])
  expect(download.suggestedFilename()).toMatch(/^keyhearth-keys-\d{4}-\d\d-\d\d\.keyhearth$/)
  const file = readFileSync(await download.path())
  expect(file.subarray(0, 3).toString('hex')).toBe('020478')
  await expect(manager.getByText('Copy saved. Keys in it: 1.')).toBeVisible()
  await expect(field).toHaveValue('')
})

test('a site connected meanwhile appears in an open manager, and is revoked there', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#sites')
  await expect(manager.getByText('No site is connected.')).toBeVisible()
  const page = await connect(keyhearth, site.origin)
  await expect(manager.getByText(site.origin, { exact: true })).toBeVisible()
  await manager.getByRole('button', { name: 'Revoke' }).click()
  await expect(manager.getByText('No site is connected.')).toBeVisible()
  await page.reload()
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

test('what a site may do once, or by a grant alone, is shown as such; all of it ends with "Disconnect all"', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  const popup = await keyhearth.createVault()
  type Made = { KeyMetadata: { Arn: string } }
  const { KeyMetadata } = await operate<Made>(popup, 'kms:CreateKey', {})
  const granted = 'https://granted.example'
  await operate(popup, 'kms:CreateGrant', {
    KeyId: KeyMetadata.Arn,
    GranteePrincipal: granted,
    Operations: ['Encrypt'],
  })
  const lasting = await connect(keyhearth, otherSite.origin)
  const once = await connect(keyhearth, site.origin, 'Allow once')
  const here = await keyhearth.open('popup.html?view=site')
  await expect(here.getByRole('heading', { name: 'Allowed once' })).toBeVisible()
  await expect(here.getByRole('button', { name: 'Revoke' })).toBeVisible()
  await here.close()
  const manager = await keyhearth.open('manager.html#sites')
  const card = (origin: string) => manager.getByRole('region', { name: origin, exact: true })
  await expect(card(site.origin)).toContainText('Until its page is left it may')
  await expect(card(otherSite.origin).getByRole('heading').first()).toHaveText('Connected')
  await expect(card(granted)).toContainText('Not connected, but it was granted keys')
  await manager.getByRole('button', { name: 'Disconnect all' }).click()
  await expect(manager.getByText('No site is connected.')).toBeVisible()
  for (const page of [lasting, once]) await expectProvider(page, false)
  type Found = { Grants: object[] }
  const { Grants } = await operate<Found>(manager, 'kms:ListGrants', { KeyId: KeyMetadata.Arn })
  expect(Grants).toEqual([])
})

test('a site allowed once is revoked in its own tab', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin, 'Allow once')
  const here = await keyhearth.open('popup.html?view=site')
  await here.getByRole('button', { name: 'Revoke' }).click()
  await expect(here.getByRole('heading', { name: 'Not connected' })).toBeVisible()
  await expectProvider(page, false)
})

test('with the device key gone the manager recovers too, and offers no new vault', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  await popup.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('keyhearth')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('device', 'readwrite')
          transaction.objectStore('device').clear()
          transaction.oncomplete = () => resolve()
        }
      }),
  )
  await keyhearth.restart()
  const manager = await keyhearth.open('manager.html')
  await expect(manager.getByRole('heading', { name: 'Recover your vault' })).toBeVisible()
  await expect(manager.getByText('Create your vault')).toHaveCount(0)
})

test('a second copy has its own full time on the clipboard', async ({ keyhearth, site }) => {
  const popup = await keyhearth.createVault()
  const manager = await setClipboardSeconds(keyhearth, '6')
  await expect(manager.getByText('Settings saved.')).toBeVisible()
  await keyhearth.addSecret(popup, 'first', 'copied first')
  await keyhearth.addSecret(popup, 'second', 'copied second')
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const paste = async () => {
    await page.getByLabel('Title').fill('')
    await page.getByLabel('Title').press('ControlOrMeta+v')
    return page.getByLabel('Title').inputValue()
  }
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Copy' }).first().click()
  await expect.poll(paste).toBe('copied first')
  await popup.waitForTimeout(3000)
  const copied = Date.now()
  await popup.getByRole('button', { name: 'Copy' }).last().click()
  await expect.poll(paste).toBe('copied second')
  await expect.poll(paste, { timeout: 20_000, intervals: [200] }).toBe('')
  expect(Date.now() - copied).toBeGreaterThanOrEqual(6000)
})
