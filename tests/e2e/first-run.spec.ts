// Issue: Keyhearth runs. The walk of one person through the whole, and what must survive what.

import { expect, passphrase, test } from './keyhearth.ts'

test('a person creates a vault, keeps a secret, encrypts, locks, unlocks and decrypts', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'Bank PIN', '4711')
  await popup.getByRole('tab', { name: 'Text' }).click()
  await popup.getByLabel('Text', { exact: true }).fill('meet at nine')
  await popup.getByRole('button', { name: 'Encrypt' }).click()
  const message = await popup.getByLabel('Result').textContent()
  expect(message).toMatch(
    /^-----BEGIN KEYHEARTH MESSAGE-----\n[\s\S]*-----END KEYHEARTH MESSAGE-----\n$/,
  )
  expect(message).not.toContain('meet at nine')

  await popup.getByRole('button', { name: 'Lock' }).click()
  await expect(popup.getByRole('button', { name: 'Unlock' })).toBeVisible()
  await expect(popup.getByText('Bank PIN')).toHaveCount(0)
  await keyhearth.unlock(popup)

  await popup.getByRole('tab', { name: 'Text' }).click()
  await popup.getByLabel('Text', { exact: true }).fill(message ?? '')
  await popup.getByRole('button', { name: 'Decrypt' }).click()
  await expect(popup.getByLabel('Result')).toHaveText('meet at nine')
  await popup.getByRole('tab', { name: 'Secrets' }).click()
  await popup.getByRole('button', { name: 'Bank PIN' }).click()
  await popup.getByRole('button', { name: 'Reveal' }).click()
  await expect(popup.getByText('4711')).toBeVisible()
})

test('the recovery key is shown once, confirmed by three of its words', async ({ keyhearth }) => {
  const popup = await keyhearth.popup()
  await popup.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await popup.getByLabel('Repeat passphrase').fill(passphrase)
  await popup.getByRole('button', { name: 'Create vault' }).click()
  await expect(popup.getByRole('heading', { name: 'Your recovery key' })).toBeVisible()
  const words = await popup
    .getByRole('list', { name: 'Recovery words' })
    .getByRole('listitem')
    .allTextContents()
  expect(words).toHaveLength(24)

  await popup.reload()
  await expect(popup.getByRole('heading', { name: 'Your recovery key' })).toBeVisible()
  await popup.getByRole('button', { name: 'Continue' }).click()
  for (const field of await popup.getByRole('textbox').all()) await field.fill('zoo')
  await popup.getByRole('button', { name: 'Confirm' }).click()
  await expect(popup.getByRole('alert')).toContainText('not the words')
  for (const field of await popup.getByRole('textbox').all()) {
    const label = await field.evaluate(
      (element) => (element as HTMLInputElement).labels?.[0]?.textContent,
    )
    await field.fill(words[Number(label?.match(/\d+/)?.[0]) - 1] ?? '')
  }
  await popup.getByRole('button', { name: 'Confirm' }).click()
  await expect(popup.getByRole('tab', { name: 'Secrets' })).toBeVisible()
  await expect(popup.getByText('not confirmed yet')).toHaveCount(0)
})

test('an ended browser is locked, and the secret is there after unlocking', async ({
  keyhearth,
}) => {
  await keyhearth.addSecret(await keyhearth.createVault(), 'kept', 'value')
  await keyhearth.restart()
  const popup = await keyhearth.popup()
  await keyhearth.unlock(popup)
  await expect(popup.getByRole('button', { name: 'kept', exact: true })).toBeVisible()
})

test('a killed worker leaves the vault unlocked', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'kept', 'value')
  await keyhearth.killWorker()
  const again = await keyhearth.popup()
  await expect(again.getByRole('button', { name: 'kept', exact: true })).toBeVisible()
})

test('a browser killed right after a save has saved', async ({ keyhearth }) => {
  await keyhearth.addSecret(await keyhearth.createVault(), 'kept', 'value')
  await keyhearth.restart('kill')
  const popup = await keyhearth.popup()
  await keyhearth.unlock(popup)
  await expect(popup.getByRole('button', { name: 'kept', exact: true })).toBeVisible()
})
