// Keys in the manager, as a person meets them: made, found, understood, tried, granted, rotated, imported;
// and nothing is disabled or deleted before what would break is on the screen.

import { createPublicKey, diffieHellman, generateKeyPairSync, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { expectAccessible, expectFits } from './accessible.ts'
import { connect, expect, type Keyhearth, test } from './keyhearth.ts'

/** Inside extension pages. */
declare const chrome: typeof Browser

const wide = { width: 1100, height: 800 }

async function openKeys(keyhearth: Keyhearth): Promise<Page> {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#keys')
  await manager.setViewportSize(wide)
  await expect(manager.getByRole('table', { name: 'Keys' })).toBeVisible()
  return manager
}

/** As any extension page asks; for what a test needs before it begins. */
async function ask(page: Page, operation: string, input: object): Promise<{ KeyId: string }> {
  return page.evaluate(
    async ([name, value]) => {
      const id = crypto.randomUUID()
      const call = { keyhearth: 1, type: 'call', id, operation: name, input: value }
      const reply = await chrome.runtime.sendMessage(call)
      if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`)
      return { KeyId: reply.output.KeyMetadata?.KeyId }
    },
    [operation, input] as const,
  )
}

async function makeKey(page: Page, alias: string, input: object = {}): Promise<string> {
  const { KeyId } = await ask(page, 'kms:CreateKey', input)
  await ask(page, 'kms:CreateAlias', { AliasName: `alias/${alias}`, TargetKeyId: KeyId })
  await page.goto(page.url().replace(/#.*/, `#keys/${KeyId}`))
  await page.reload()
  await expect(page.getByRole('heading', { name: alias, level: 1 })).toBeVisible()
  return KeyId
}

test('a key is made with the keyboard alone, and found again where one left', async ({
  keyhearth,
}) => {
  const manager = await openKeys(keyhearth)
  await manager.getByRole('link', { name: 'Create key' }).focus()
  await manager.keyboard.press('Enter')
  await expect(manager.getByRole('heading', { name: 'Create key', level: 1 })).toBeFocused()
  await manager.getByRole('radio', { name: /^Encrypt/ }).focus()
  await manager.keyboard.press('ArrowDown')
  await expect(manager.getByRole('radio', { name: /^Sign/ })).toBeChecked()
  await expect(manager.getByRole('radio', { name: /^ECC P-256/ })).toBeChecked()
  await manager.getByLabel('Alias').fill('not a name')
  await manager.getByLabel('Alias').press('Enter')
  await expect(manager.getByRole('alert')).toContainText('letters, digits')
  await manager.getByLabel('Alias').fill('letters/outgoing')
  await manager.getByLabel('Description').fill('Signs what leaves the house')
  await manager.getByRole('button', { name: 'Add tag' }).click()
  await manager.getByLabel('Name of tag 1').fill('project')
  await manager.getByLabel('Value of tag 1').fill('hearth')
  await manager.getByLabel('Alias').press('Enter')
  const heading = manager.getByRole('heading', { name: 'letters/outgoing', level: 1 })
  await expect(heading).toBeVisible()
  await expect(manager.getByText('The browser (WebCrypto)')).toBeVisible()
  await expect(manager.getByRole('listitem').filter({ hasText: 'project hearth' })).toBeVisible()
  await manager.getByRole('link', { name: 'All keys' }).click()
  const link = manager.getByRole('link', { name: 'letters/outgoing' })
  await expect(link).toBeFocused()
  await manager.goBack()
  await expect(heading).toBeFocused()
})

test('a half-made key survives a reload', async ({ keyhearth }) => {
  const manager = await openKeys(keyhearth)
  await manager.getByRole('link', { name: 'Create key' }).click()
  await manager.getByRole('radio', { name: /^Check codes/ }).check()
  await manager.getByLabel('Alias').fill('webhooks')
  await manager.waitForTimeout(600)
  await manager.reload()
  await expect(manager.getByLabel('Alias')).toHaveValue('webhooks')
  await expect(manager.getByRole('radio', { name: /^HMAC SHA-256/ })).toBeChecked()
})

test('keys of sites stand beside one’s own; search, order and page are as one left them', async ({
  keyhearth,
  site,
}) => {
  const manager = await openKeys(keyhearth)
  await connect(keyhearth, site.origin)
  await manager.bringToFront()
  const row = manager.getByRole('row').filter({ hasText: new URL(site.origin).host })
  await expect(row).toContainText('Messages of this site')
  await manager.evaluate(async () => {
    const call = (Description: string) =>
      chrome.runtime.sendMessage({
        keyhearth: 1,
        type: 'call',
        id: crypto.randomUUID(),
        operation: 'kms:CreateKey',
        input: { Description },
      })
    for (let i = 1; i <= 60; i++) await call(`Drawer ${i}`)
  })
  await manager.reload()
  await expect(manager.getByText('62 keys')).toBeVisible()
  await expect(manager.getByText('Page 1 of 2')).toBeVisible()
  await manager.getByRole('button', { name: 'Next' }).click()
  await expect(manager.getByRole('row')).toHaveCount(13)
  await manager.getByLabel('Search keys').fill('drawer 7')
  await expect(manager.getByRole('row')).toHaveCount(7)
  // Addresses go to the browser's history: what is searched for does not stand in them.
  expect(manager.url()).not.toContain('drawer')
  await manager.getByRole('link', { name: 'Drawer 7' }).click()
  await expect(manager.getByRole('heading', { name: 'Drawer 7', level: 1 })).toBeVisible()
  await manager.goBack()
  await expect(manager.getByLabel('Search keys')).toHaveValue('drawer 7')
  await manager.getByLabel('Search keys').fill('no such key')
  await expect(manager.getByText('Nothing matches “no such key”.')).toBeVisible()
  await manager.getByLabel('Search keys').fill('')
  await manager.getByRole('button', { name: 'Name' }).click()
  const name = manager.getByRole('columnheader', { name: 'Name' })
  await expect(name).toHaveAttribute('aria-sort', 'descending')
})

test('before a key is disabled or deleted, what would break is shown; both are taken back', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'Library card', '4711')
  const manager = await keyhearth.open('manager.html#keys')
  await manager.setViewportSize(wide)
  await manager.getByRole('link', { name: 'personal' }).click()
  await manager.getByRole('button', { name: 'Disable…' }).click()
  await expect(manager.getByText(/1 secret under it.*Library-card/)).toBeVisible()
  await manager.getByRole('button', { name: 'Disable key' }).click()
  await expect(manager.getByText('“personal” is disabled.')).toBeVisible()
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Copy' }).click()
  await expect(popup.getByRole('alert')).toContainText('disabled')
  await manager.bringToFront()
  await manager.getByRole('button', { name: 'Undo' }).click()
  await expect(manager.getByText('Enabled', { exact: true })).toBeVisible()
  await manager.getByRole('button', { name: 'Delete…' }).click()
  await expect(manager.getByText(/1 secret under it.*Library-card/)).toBeVisible()
  await manager.getByLabel('Delete after days').fill('7')
  await manager.getByRole('button', { name: 'Schedule deletion' }).click()
  await expect(manager.getByText(/will be deleted for good on/)).toBeVisible()
  await manager.getByRole('link', { name: 'Try it' }).click()
  await expect(manager.getByText('cannot be used in its present state')).toBeVisible()
  await manager.reload()
  await manager.getByRole('button', { name: 'Cancel deletion' }).click()
  await expect(manager.getByText('Disabled', { exact: true })).toBeVisible()
  await manager.getByRole('button', { name: 'Enable' }).click()
  await expect(manager.getByText('Enabled', { exact: true })).toBeVisible()
})

test('trying shows what a key does: text is bound, a signature fits one text alone', async ({
  keyhearth,
}) => {
  const manager = await openKeys(keyhearth)
  await makeKey(manager, 'notes')
  await manager.getByRole('link', { name: 'Try it' }).click()
  await manager.getByLabel('Plain text').fill('under the third stone')
  await manager.getByRole('button', { name: 'Encrypt', exact: true }).click()
  await expect(manager.getByLabel('Ciphertext (base64)')).toHaveValue(/^[\w+/]{40,}=*$/)
  await manager.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await expect(manager.getByLabel('Decrypted', { exact: true })).toHaveText('under the third stone')
  await manager.getByText('Bound to (optional)').click()
  await manager.getByRole('button', { name: 'Add entry' }).click()
  await manager.getByLabel('Entry key').fill('project')
  await manager.getByLabel('Entry value').fill('other')
  await manager.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await expect(manager.getByRole('alert')).toBeVisible()
  await makeKey(manager, 'signer', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  await manager.getByRole('link', { name: 'Try it' }).click()
  await manager.getByLabel('Message').fill('I owe you ten')
  await manager.getByRole('button', { name: 'Sign', exact: true }).click()
  await expect(manager.getByLabel('Signature (base64)')).toHaveValue(/^MEQ?/)
  await manager.getByRole('button', { name: 'Check signature' }).click()
  await expect(manager.getByText('The signature fits')).toBeVisible()
  await manager.getByLabel('Message').fill('I owe you tan')
  await expect(manager.getByText('The signature fits')).toBeHidden()
  await manager.getByRole('button', { name: 'Check signature' }).click()
  await expect(manager.getByRole('alert')).toContainText('does not fit')
})

test('trying codes, agreements and capsules: both ends find the same', async ({ keyhearth }) => {
  const manager = await openKeys(keyhearth)
  await makeKey(manager, 'codes', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  await manager.getByRole('link', { name: 'Try it' }).click()
  await manager.getByLabel('Message').fill('token')
  await manager.getByRole('button', { name: 'Make code' }).click()
  await expect(manager.getByLabel('Code (base64)')).not.toHaveValue('')
  await manager.getByRole('button', { name: 'Check code' }).click()
  await expect(manager.getByText('The code fits')).toBeVisible()
  await manager.getByLabel('Code (base64)').fill('AAAA')
  await manager.getByRole('button', { name: 'Check code' }).click()
  await expect(manager.getByRole('alert')).toContainText('does not fit')
  await makeKey(manager, 'both', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
  const mine = createPublicKey((await manager.getByLabel('Public key').textContent()) ?? '')
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await manager.getByRole('link', { name: 'Try it' }).click()
  const pem = String(other.publicKey.export({ type: 'spki', format: 'pem' }))
  await manager.getByLabel('The other public key (PEM)').fill(pem)
  await manager.getByRole('button', { name: 'Find the secret' }).click()
  const secret = diffieHellman({ privateKey: other.privateKey, publicKey: mine })
  await expect(manager.getByLabel('Shared secret (base64)', { exact: true })).toHaveText(
    secret.toString('base64'),
  )
  await makeKey(manager, 'post', { KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' })
  await manager.getByRole('link', { name: 'Try it' }).click()
  await manager.getByRole('button', { name: 'Make a capsule' }).click()
  const made = manager.getByLabel('Shared secret (base64)', { exact: true })
  await expect(made).toHaveText(/=$/)
  await manager.getByRole('button', { name: 'Open capsule' }).click()
  const found = manager.getByLabel('Secret found in the capsule (base64)', { exact: true })
  await expect(found).toHaveText((await made.textContent()) ?? '')
})

test('the public key that is downloaded checks the signatures', async ({ keyhearth }) => {
  const manager = await openKeys(keyhearth)
  await makeKey(manager, 'outgoing', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const downloading = manager.waitForEvent('download')
  await manager.getByRole('button', { name: 'Download .pem' }).click()
  const file = await downloading
  expect(file.suggestedFilename()).toBe('outgoing.pem')
  const publicKey = createPublicKey(readFileSync(await file.path()))
  await manager.getByRole('link', { name: 'Try it' }).click()
  await manager.getByLabel('Message').fill('letter')
  await manager.getByRole('button', { name: 'Sign', exact: true }).click()
  await expect(manager.getByLabel('Signature (base64)')).not.toHaveValue('')
  const signature = await manager.getByLabel('Signature (base64)').inputValue()
  expect(verify('sha256', Buffer.from('letter'), publicKey, Buffer.from(signature, 'base64'))).toBe(
    true,
  )
})

test('a policy is changed in the form and as JSON, and “who may” answers by it', async ({
  keyhearth,
}) => {
  const manager = await openKeys(keyhearth)
  await makeKey(manager, 'shared')
  await manager.getByRole('link', { name: 'Who may' }).click()
  await manager.getByRole('button', { name: 'Add statement' }).click()
  await manager.getByLabel('Origin').fill('https://mail.example.com')
  await manager
    .getByRole('group', { name: 'Statement 2' })
    .getByLabel('What')
    .selectOption('Decrypt only')
  await manager.waitForTimeout(600)
  await manager.reload()
  await expect(manager.getByLabel('Origin')).toHaveValue('https://mail.example.com')
  await manager.getByRole('button', { name: 'Save policy' }).click()
  await expect(manager.getByText('Policy saved.')).toBeVisible()
  await manager.getByLabel('Site, or empty for you').fill('mail.example.com')
  await manager.getByLabel('Would do').selectOption('Decrypt')
  await manager.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(manager.getByText('Yes. The key’s policy allows it')).toBeVisible()
  await manager.getByLabel('Would do').selectOption('Encrypt')
  await manager.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(manager.getByText('No. No statement of the policy')).toBeVisible()
  await manager.getByRole('radio', { name: 'JSON' }).check({ force: true })
  const json = manager.getByLabel('Policy (JSON)')
  await expect(json).toHaveValue(/"Federated": "https:\/\/mail.example.com"/)
  await json.fill('{\n  "Version": "2012-10-17",\n  oops\n}')
  await manager.getByRole('button', { name: 'Save policy' }).click()
  await expect(manager.getByRole('alert')).toContainText('line 3')
  await json.fill('{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}')
  await manager.getByRole('button', { name: 'Save policy' }).click()
  await expect(manager.getByRole('alert')).toContainText('That policy cannot be used')
  await manager.getByRole('button', { name: 'Discard changes' }).click()
  await expect(json).toHaveValue(/mail\.example\.com/)
})

test('a grant is given within limits, taken back, and given again', async ({ keyhearth }) => {
  const manager = await openKeys(keyhearth)
  await makeKey(manager, 'lent')
  await manager.getByRole('link', { name: 'Grants' }).click()
  await expect(manager.getByText('No site was granted this key.')).toBeVisible()
  await manager.getByRole('button', { name: 'Grant to a site' }).click()
  await expect(manager.getByLabel('Site')).toBeFocused()
  await manager.getByRole('button', { name: 'Grant', exact: true }).click()
  await expect(manager.getByRole('alert')).toContainText('origin')
  await manager.getByLabel('Site').fill('mail.example.com')
  // What is decrypted is asked about only where something is.
  const given = manager.getByRole('radio', { name: 'The site gets it', exact: true })
  await expect(given).toHaveCount(0)
  await manager.getByLabel('Decrypt', { exact: true }).check()
  await expect(
    manager.getByRole('radio', { name: 'The site does not get it', exact: true }),
  ).toBeChecked()
  await manager.getByLabel('How often').fill('3')
  await manager.getByRole('button', { name: 'Grant', exact: true }).click()
  const grant = manager.getByRole('listitem').filter({ hasText: 'https://mail.example.com' })
  await expect(grant).toContainText('Decrypt, Encrypt')
  await expect(grant).toContainText('3 uses left')
  await expect(grant).toContainText('Asks you each time')
  await expect(grant).toContainText('Without the plaintext')
  await manager.getByRole('button', { name: 'Revoke the grant of https://mail' }).click()
  await expect(manager.getByText('No site was granted this key.')).toBeVisible()
  await manager.getByRole('button', { name: 'Undo' }).click()
  await expect(grant).toContainText('3 uses left')
  await expect(grant).toContainText('Without the plaintext')
})

test('a key rotates on demand and by itself', async ({ keyhearth }) => {
  const manager = await openKeys(keyhearth)
  await makeKey(manager, 'turning')
  await manager.getByRole('link', { name: 'Rotation' }).click()
  await manager.getByLabel('Rotate after days').fill('90')
  await manager.getByRole('button', { name: 'Switch on' }).click()
  await expect(manager.getByText(/The next rotation is on/)).toBeVisible()
  await manager.getByRole('button', { name: 'Rotate now' }).click()
  const versions = manager.getByRole('table', { name: 'Versions' })
  await expect(versions.getByRole('row')).toHaveCount(3)
  await expect(versions).toContainText('Earlier: decrypts')
  await manager.getByRole('button', { name: 'Switch off' }).click()
  await expect(manager.getByText('Automatic rotation is off.')).toBeVisible()
  await manager.getByRole('button', { name: 'Undo' }).click()
  await expect(manager.getByText(/The next rotation is on/)).toBeVisible()
})

test('own key material is imported: bytes for AES, a private key for RSA', async ({
  keyhearth,
}) => {
  const manager = await openKeys(keyhearth)
  await makeKey(manager, 'brought', { Origin: 'EXTERNAL' })
  await expect(manager.getByText('Waits for material')).toBeVisible()
  await manager.getByLabel('Key material', { exact: true }).fill('not a key!')
  await manager.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(manager.getByRole('alert')).toContainText('neither hexadecimal nor base64')
  await manager
    .getByLabel('Key material', { exact: true })
    .fill('00112233445566778899aabbccddeeff'.repeat(2))
  await manager.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(manager.getByText('Enabled', { exact: true })).toBeVisible()
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const external = { Origin: 'EXTERNAL', KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }
  await makeKey(manager, 'stamp', external)
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await manager.getByLabel('Key material', { exact: true }).fill(pem)
  await manager.getByRole('button', { name: 'Import', exact: true }).click()
  const shown = manager.getByLabel('Public key')
  // It comes in under a wrapping key of RSA 4096, made for it.
  await expect(shown).toContainText('BEGIN PUBLIC KEY', { timeout: 60_000 })
  expect(createPublicKey((await shown.textContent()) ?? '').equals(publicKey)).toBe(true)
})

test('the focus goes back to what opened a form; looking at keys leaves no event', async ({
  keyhearth,
}) => {
  const manager = await openKeys(keyhearth)
  await makeKey(manager, 'watched')
  const count = () =>
    manager.evaluate(async () => {
      const call = { keyhearth: 1, type: 'call', id: crypto.randomUUID() }
      const list = { ...call, operation: 'keyhearth:ListEvents', input: {} }
      return (await chrome.runtime.sendMessage(list)).output.Events.length as number
    })
  const before = await count()
  await manager.getByRole('link', { name: 'All keys' }).click()
  await manager.getByRole('link', { name: 'watched' }).click()
  const button = (name: string) => manager.getByRole('button', { name, exact: true })
  for (const opener of ['Edit description', 'Add alias', 'Edit tags', 'Disable…', 'Delete…']) {
    await button(opener).focus()
    await manager.keyboard.press('Enter')
    await button('Cancel').focus()
    await manager.keyboard.press('Enter')
    await expect(button(opener)).toBeFocused()
  }
  expect(await count()).toBe(before)
  await button('Disable…').click()
  await button('Disable key').focus()
  await manager.keyboard.press('Enter')
  await expect(button('Enable')).toBeFocused()
})

test('every screen of a key passes axe and fits 320 pixels and 200% zoom', async ({
  keyhearth,
}) => {
  test.setTimeout(180_000)
  const manager = await openKeys(keyhearth)
  await expectAccessible(manager)
  await expectFits(manager)
  await manager.getByRole('link', { name: 'Create key' }).click()
  await manager.getByText('Advanced').click()
  await expectAccessible(manager)
  await expectFits(manager)
  await makeKey(manager, 'signer', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })
  await expect(manager.getByText('BEGIN PUBLIC KEY')).toBeVisible()
  await expectAccessible(manager)
  await expectFits(manager)
  await makeKey(manager, 'everything')
  for (const name of ['Overview', 'Try it', 'Who may', 'Grants', 'Rotation']) {
    await manager.getByRole('link', { name, exact: true }).click()
    const add = manager.getByRole('button', { name: /^(Grant to a site|Add statement)$/ })
    if (name === 'Who may' || name === 'Grants') await add.click()
    await expectAccessible(manager)
    await expectFits(manager)
  }
  await manager.getByRole('button', { name: 'Delete…' }).click()
  await expect(manager.getByText('What would stop working')).toBeVisible()
  await expectAccessible(manager)
  await manager.getByRole('button', { name: 'Schedule deletion' }).click()
  await expect(manager.getByRole('button', { name: 'Cancel deletion' })).toBeVisible()
  await expectAccessible(manager)
  await expectFits(manager)
})
