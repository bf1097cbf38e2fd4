// Keys in and out on the screen: a key that is brought in signs; one that may leave is taken out as a file that OpenSSL
// opens, and one that may not has no such place.

import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expectAccessible, expectFits } from './accessible.ts'
import { expect, passphrase, test } from './keyhearth.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicPem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString()
const locked = privateKey
  .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'of the file' })
  .toString()

test('a key comes in as a file under a password, and goes out as another', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#keys')
  await manager.getByRole('link', { name: 'Bring in a key' }).click()
  await expect(manager.getByRole('heading', { level: 1 })).toHaveText('Bring in a key')
  await expectAccessible(manager)
  await manager
    .locator('input[type=file]')
    .setInputFiles({ name: 'key.pem', mimeType: 'text/plain', buffer: Buffer.from(locked) })
  await manager.getByLabel('Password of the file').fill('of the file')
  await manager.getByRole('button', { name: 'Open' }).click()
  await expect(manager.getByRole('heading', { name: 'Found: ECC P-256' })).toBeVisible()
  await manager.getByLabel('Can leave this vault').check()
  await expectAccessible(manager)
  await expectFits(manager)
  await manager.getByRole('button', { name: 'Put into the vault' }).click()
  await expect(manager.getByText(publicPem.trim().split('\n')[1] ?? '')).toBeVisible()

  await manager.getByRole('link', { name: 'Take out' }).click()
  await manager.getByLabel('Password of the file').fill('a new password')
  await manager.getByLabel('Repeat the password').fill('a new password')
  await manager.getByLabel('Your passphrase, to take the key out').fill(passphrase)
  await expectAccessible(manager)
  await expectFits(manager)
  const [saved] = await Promise.all([
    manager.waitForEvent('download'),
    manager.getByRole('button', { name: 'Save the key' }).click(),
  ])
  const path = await saved.path()
  const text = execFileSync('openssl', ['pkey', '-in', path, '-passin', 'pass:a new password'])
  expect(createPublicKey(createPrivateKey(text)).export({ format: 'pem', type: 'spki' })).toBe(
    publicPem,
  )
  expect(readFileSync(path, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY')
})

test('a file whose password takes a million rounds is given up, and what comes of it late is nothing', async ({
  keyhearth,
}, info) => {
  await keyhearth.createVault()
  const path = (name: string) => info.outputPath(name)
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=Slow',
    '-keyout',
    path('slow.key'),
    '-out',
    path('slow.pem'),
  )
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    path('slow.key'),
    '-in',
    path('slow.pem'),
    '-out',
    path('slow.p12'),
    '-passout',
    'pass:',
    '-iter',
    '3000000',
  )
  const manager = await keyhearth.open('manager.html#keys/bring')
  await manager.locator('input[type=file]').setInputFiles(path('slow.p12'))
  await expect(manager.getByText('Opening “slow.p12”…')).toBeVisible()
  await expectAccessible(manager)
  await manager.getByRole('button', { name: 'Cancel' }).click()
  await manager.getByLabel('Or paste the key').fill('ab'.repeat(32))
  await manager.getByRole('button', { name: 'Look at it' }).click()
  await expect(manager.getByRole('heading', { name: 'Found: AES-256, bare' })).toBeVisible()
  await manager.getByRole('button', { name: 'Put into the vault' }).click()
  await expect(manager.getByText('is in your vault').first()).toBeVisible({ timeout: 60_000 })
})

test('a key that was made to stay has no way out; what is no key is not kept', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#keys/bring')
  await manager.getByLabel('Or paste the key').fill('00'.repeat(15))
  await manager.getByRole('button', { name: 'Look at it' }).click()
  await expect(manager.getByRole('alert')).toContainText('No key has 15 bytes')
  await manager.getByLabel('Or paste the key').fill('7f'.repeat(32))
  await manager.getByRole('button', { name: 'Look at it' }).click()
  await expect(manager.getByRole('heading', { name: 'Found: AES-256, bare' })).toBeVisible()
  await manager.getByRole('button', { name: 'Put into the vault' }).click()
  await expect(manager.getByText('It was made to stay here.')).toBeVisible()
  await expect(manager.getByRole('link', { name: 'Overview' })).toBeVisible()
  await expect(manager.getByRole('link', { name: 'Take out' })).toHaveCount(0)
})
