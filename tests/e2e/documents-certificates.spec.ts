// Certificates in the manager, as a person meets them, held against openssl: made, asked for, brought in, issued, revoked.

import { spawnSync } from 'node:child_process'
import { generateKeyPairSync, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { isProved, readPem, readRequest } from '../../src/certificates/index.ts'
import { expectAccessible, expectFits } from './accessible.ts'
import { expect, type Keyhearth, operate, test } from './keyhearth.ts'

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
test.skip(!hasOpenssl, 'openssl is not installed on this machine')
test.setTimeout(300_000)

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhearth-certificates-'))
})
test.afterEach(() => rmSync(folder, { recursive: true }))

const file = (name: string): string => join(folder, name)

/** What it says, be it good or bad news. */
function openssl(...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
  return stdout + stderr
}

async function openCertificates(keyhearth: Keyhearth): Promise<Page> {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#documents/certificates')
  await manager.setViewportSize({ width: 1100, height: 900 })
  await expect(manager.getByRole('heading', { name: 'Your certificates' })).toBeVisible()
  return manager
}

async function saved(page: Page, as: string, button: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  await download.saveAs(file(as))
  return download.suggestedFilename()
}

async function bringIn(page: Page, name: string): Promise<void> {
  await page.goto(page.url().replace(/#.*/, '#documents/certificates/bring-in'))
  const other = page.getByRole('button', { name: 'Another file' })
  if (await other.isVisible()) await other.click()
  await page.locator('input[type=file]').setInputFiles(file(name))
}

async function unlockFile(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password of the file').fill(password)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
}

async function look(page: Page, path: (name: string) => string, name: string): Promise<void> {
  const before = page.viewportSize()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1200, 420]) {
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: path(`${name}-${colorScheme}-${width}.png`), fullPage: true })
    }
  }
  if (before) await page.setViewportSize(before)
  await expectAccessible(page)
  await expectFits(page)
}

test('a certificate is made, read by openssl, removed and taken back', async ({
  keyhearth,
}, info) => {
  const page = await openCertificates(keyhearth)
  await look(page, info.outputPath.bind(info), 'empty')
  await page.getByRole('link', { name: 'New certificate' }).click()
  await page.getByRole('button', { name: 'Make the certificate' }).click()
  await expect(page.getByRole('alert')).toContainText('Type a name')
  await page.getByLabel('Name', { exact: true }).fill('Käthe Muster')
  await page.getByLabel('E-mail (optional)').fill('kaethe@example.org')
  await page.getByLabel('Organisation (optional)').fill('Muster & Söhne')
  await page.getByLabel('Country, two letters (optional)').fill('de')
  await look(page, info.outputPath.bind(info), 'new')
  await page.getByRole('button', { name: 'Make the certificate' }).click()
  const card = page.getByRole('article', { name: 'Käthe Muster' })
  await expect(card).toContainText('Itself: nobody else vouches for it')
  const suggested = await saved(page, 'own.pem', card.getByRole('button', { name: /PEM/ }))
  expect(suggested).toBe('Käthe-Muster.pem')
  const text = openssl(
    'x509',
    '-in',
    'own.pem',
    '-noout',
    '-text',
    '-nameopt',
    'utf8,sep_comma_plus',
  )
  expect(text).toContain('Subject: C=DE,O=Muster & Söhne,CN=Käthe Muster')
  expect(text).toContain('email:kaethe@example.org')
  expect(text).toMatch(/Digital Signature, Non Repudiation/)
  expect(text).toMatch(/E-mail Protection/)
  expect(openssl('verify', '-CAfile', 'own.pem', '-x509_strict', 'own.pem')).toContain('OK')
  const printed = openssl('x509', '-in', 'own.pem', '-noout', '-fingerprint', '-sha256')
  await expect(card).toContainText(printed.trim().split('=')[1] ?? 'none')
  await card.getByText('Everything in it').click()
  await expect(card).toContainText('kaethe@example.org')
  await look(page, info.outputPath.bind(info), 'list')
  await card.getByRole('button', { name: 'Remove' }).click()
  await expect(card).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(card).toBeVisible()
})

const kinds = ['RSA_2048', 'ECC_NIST_P384', 'ECC_NIST_EDWARDS25519', 'ML_DSA_44'] as const

test('an authority is asked with a request, and its answer finds the key with its chain', async ({
  keyhearth,
}) => {
  const page = await openCertificates(keyhearth)
  for (const KeySpec of kinds) {
    await operate(page, 'kms:CreateKey', { KeySpec, KeyUsage: 'SIGN_VERIFY', Description: KeySpec })
  }
  await page.reload()
  await page.getByRole('link', { name: 'New certificate' }).click()
  await page.getByRole('radio', { name: /^Ask an authority/ }).check()
  await page.getByLabel('Name', { exact: true }).fill('Ada')
  await page.getByLabel('E-mail (optional)').fill('ada@example.org')
  await page.getByText('Other addresses and uses').click()
  await page.getByLabel('Other addresses', { exact: true }).fill('https://ada.example/')
  for (const kind of kinds) {
    const key = page.getByLabel('For the key')
    const option = key.locator('option').filter({ hasText: kind })
    await key.selectOption({ label: (await option.textContent()) ?? '' })
    await saved(page, `${kind}.csr`, page.getByRole('button', { name: 'Download the request' }))
    if (kind === 'ML_DSA_44') {
      // openssl before version 3.5 does not know ML-DSA.
      const [block] = readPem(new Uint8Array(readFileSync(file(`${kind}.csr`)))) ?? []
      const request = readRequest(block?.bytes ?? new Uint8Array())
      expect([request.key.kind, request.subject.text]).toEqual(['ml-dsa-44', 'CN=Ada'])
      expect(await isProved(request)).toBe(true)
      continue
    }
    const text = openssl('req', '-in', `${kind}.csr`, '-noout', '-verify', '-text')
    expect(text, kind).toContain('verify OK')
    expect(text).toMatch(/Subject: CN ?= ?Ada/)
    expect(text).toContain('email:ada@example.org, URI:https://ada.example/')
  }
  const made = ['-newkey', 'rsa:2048', '-nodes', '-x509', '-days', '30']
  openssl('req', ...made, '-keyout', 'root.key', '-out', 'root.pem', '-subj', '/CN=Test Root')
  const ca = ['-CA', 'root.pem', '-CAkey', 'root.key', '-days', '20']
  openssl('x509', '-req', '-in', 'ECC_NIST_P384.csr', ...ca, '-out', 'ada.pem')
  openssl('crl2pkcs7', '-nocrl', '-certfile', 'root.pem', '-certfile', 'ada.pem', '-out', 'ada.p7b')
  await bringIn(page, 'ada.p7b')
  const answer = page.getByRole('article', { name: 'Ada' })
  await expect(answer).toContainText('This certificate is for your key “ECC_NIST_P384”.')
  await answer.getByRole('button', { name: 'Keep it with the key' }).click()
  await expect(answer).toContainText('Test Root')
  await expect(answer).toContainText('Ends soon')
  await saved(page, 'chain.pem', answer.getByRole('button', { name: /PEM/ }))
  expect(openssl('storeutl', '-certs', '-noout', 'chain.pem')).toContain('Total found: 2')
})

test('somebody is trusted after a warning; a signer of OpenSSH, too; rubbish is refused', async ({
  keyhearth,
}, info) => {
  const page = await openCertificates(keyhearth)
  const made = ['-newkey', 'rsa:1024', '-nodes', '-x509', '-sha1', '-days', '900']
  openssl('req', ...made, '-keyout', 'old.key', '-out', 'old.pem', '-subj', '/CN=Old Root')
  writeFileSync(file('rubbish.pem'), 'hello')
  await bringIn(page, 'rubbish.pem')
  await expect(page.getByRole('alert')).toContainText('Neither a certificate nor a key')
  await bringIn(page, 'old.pem')
  await expect(page.getByText('fewer than 2048 bits')).toBeVisible()
  await expect(page.getByText('signed with SHA-1')).toBeVisible()
  await page.getByRole('button', { name: 'Trust Old Root…' }).click()
  await expect(page.getByText('This is an authority.')).toBeVisible()
  await look(page, info.outputPath.bind(info), 'trust')
  await page.getByLabel('What to call it').fill('The old club')
  await page.getByRole('button', { name: 'I have compared it: trust' }).click()
  await expect(page.getByText('You trust this certificate already.')).toBeVisible()
  await page.getByRole('button', { name: 'Another file' }).click()
  const ssh = 'AAAAC3NzaC1lZDI1NTE5AAAAIBxzsvzxzvsnVTrYVxq8pnHSqfjRfSmsBKgAbsA9xn3H'
  await page.getByLabel('Or paste a text').fill(`ssh-ed25519 ${ssh} grace@harbour`)
  await page.getByRole('button', { name: 'Look at it' }).click()
  await expect(page.getByText(/^SHA256:/)).toBeVisible()
  await page.getByRole('button', { name: 'I have compared it: trust' }).click()
  await expect(page.getByRole('article', { name: 'grace@harbour' })).toContainText('OpenSSH')
  await page.goto(page.url().replace(/#.*/, '#documents/certificates/bring-in'))
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'The bank, 2026', use: 'sig' }
  await page.getByLabel('Or paste a text').fill(JSON.stringify(jwk, null, 2))
  await page.getByRole('button', { name: 'Look at it' }).click()
  await look(page, info.outputPath.bind(info), 'signer')
  await page.getByRole('button', { name: 'I have compared it: trust' }).click()
  const bank = page.getByRole('article', { name: 'The bank, 2026' })
  await expect(bank).toContainText('JSON Web Key')
  await bank.getByText('The public key').click()
  await look(page, info.outputPath.bind(info), 'signers')
  await expect(page.getByRole('article', { name: 'The old club' })).toBeVisible()
})

interface Summary {
  readonly Arn: string
  readonly Description: string
}

/** Whether the key of that description signs what the certificate verifies. */
async function signs(page: Page, description: string, certificate: string): Promise<boolean> {
  const { Keys } = await operate<{ Keys: Summary[] }>(page, 'keyhearth:ListKeySummaries', {})
  const KeyId = Keys.find(({ Description }) => Description === description)?.Arn
  const Message = Uint8Array.of(1, 2, 3)
  const SigningAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256'
  const input = { KeyId, Message, SigningAlgorithm }
  const { Signature } = await operate<{ Signature: Uint8Array }>(page, 'kms:Sign', input)
  return verify('sha256', Message, readFileSync(file(certificate), 'utf8'), Signature)
}

test('keys of other programs go into the vault, with their certificates, and sign there', async ({
  keyhearth,
}, info) => {
  const page = await openCertificates(keyhearth)
  const made = ['-x509', '-nodes', '-days', '400', '-newkey']
  openssl('req', ...made, 'rsa:2048', '-keyout', 'a.key', '-out', 'a.pem', '-subj', '/CN=From RSA')
  openssl('req', ...made, 'rsa:1024', '-keyout', 's.key', '-out', 's.pem', '-subj', '/CN=Small')
  const pkcs12 = (key: string, out: string, ...more: readonly string[]) =>
    openssl(
      'pkcs12',
      '-export',
      '-inkey',
      `${key}.key`,
      '-in',
      `${key}.pem`,
      '-out',
      out,
      '-passout',
      'pass:Sesame',
      ...more,
    )
  pkcs12('a', 'new.p12')
  pkcs12('a', 'old.p12', '-legacy')
  pkcs12('s', 'small.p12')
  pkcs12('a', 'slow.p12', '-iter', '3000000')
  await bringIn(page, 'new.p12')
  await unlockFile(page, 'sesame')
  await expect(page.getByRole('alert')).toContainText('The password does not open this file')
  await unlockFile(page, 'Sesame')
  await expect(page.getByRole('heading', { name: 'Private key: RSA 2048' })).toBeVisible()
  await look(page, info.outputPath.bind(info), 'key')
  await page.getByRole('button', { name: 'Put into the vault' }).click()
  // Keys come in under a wrapping key of RSA 4096, made for it.
  await expect(page.getByText('Its certificate is kept with it.')).toBeVisible({ timeout: 60_000 })
  expect(await signs(page, 'From RSA', 'a.pem')).toBe(true)
  await bringIn(page, 'old.p12')
  await unlockFile(page, 'Sesame')
  await page.getByLabel('What to call the key').fill('From old')
  await page.getByRole('button', { name: 'Put into the vault' }).click()
  const there = page.getByText('The key “From old” is in your vault.').first()
  await expect(there).toBeVisible({ timeout: 60_000 })
  expect(await signs(page, 'From old', 'a.pem')).toBe(true)
  await bringIn(page, 'small.p12')
  await unlockFile(page, 'Sesame')
  await expect(page.getByText('a kind or size that Keyhearth does not keep')).toBeVisible()
  await expect(page.getByText('fewer than 2048 bits')).toBeVisible()
  // Without a password first: many files have an empty one. This one takes its time to say no.
  await bringIn(page, 'slow.p12')
  await expect(page.getByRole('progressbar', { name: 'Opening' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByLabel('Or paste a text')).toBeVisible()
})

test('one’s own authority issues, revokes, and says so in a list that openssl heeds', async ({
  keyhearth,
}, info) => {
  const page = await openCertificates(keyhearth)
  await page.getByRole('link', { name: 'Make an authority' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Family')
  await page.getByRole('button', { name: 'Make an authority' }).click()
  const authority = page.getByRole('article', { name: 'Family' })
  await saved(page, 'ca.pem', authority.getByRole('button', { name: 'Download Family (PEM)' }))
  expect(openssl('x509', '-in', 'ca.pem', '-noout', '-text')).toMatch(/CA:TRUE, pathlen:0/)
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  for (const who of ['grace', 'bob']) {
    openssl(
      'req',
      ...made,
      '-keyout',
      `${who}.key`,
      '-out',
      `${who}.csr`,
      '-subj',
      `/CN=${who}`,
      '-addext',
      `subjectAltName=email:${who}@example.org`,
      '-addext',
      'extendedKeyUsage=emailProtection',
    )
    await authority.getByRole('link', { name: 'Issue a certificate' }).click()
    await page.locator('input[type=file]').setInputFiles(file(`${who}.csr`))
    await expect(page.getByRole('heading', { name: who })).toBeVisible()
    await expect(page.getByRole('checkbox', { name: /e-mail/ })).toBeChecked()
    await expect(page.getByRole('checkbox', { name: `${who}@example.org` })).toBeChecked()
    if (who === 'grace') await look(page, info.outputPath.bind(info), 'request')
    await saved(page, `${who}.pem`, page.getByRole('button', { name: 'Issue the certificate' }))
    const verified = openssl('verify', '-x509_strict', '-CAfile', 'ca.pem', `${who}.pem`)
    expect(verified).toContain('OK')
  }
  const list = () => authority.getByRole('button', { name: 'Download the list of revoked ones' })
  await saved(page, 'first.crl', list())
  await authority.getByRole('button', { name: 'Revoke grace' }).click()
  await authority.getByLabel('Why').selectOption('The key was stolen or lost')
  await look(page, info.outputPath.bind(info), 'revoke')
  await authority.getByRole('button', { name: 'Revoke for good' }).click()
  await expect(authority).toContainText('The key was stolen or lost')
  await saved(page, 'second.crl', list())
  const read = openssl('crl', '-in', 'second.crl', '-CAfile', 'ca.pem', '-noout', '-text')
  expect(read).toContain('verify OK')
  expect(read).toContain('Key Compromise')
  const number = (crl: string) =>
    BigInt(
      openssl('crl', '-in', crl, '-noout', '-crlnumber')
        .trim()
        .replace(/.*=(0x)?/, '0x'),
    )
  expect(number('second.crl')).toBeGreaterThan(number('first.crl'))
  const check = (who: string, crl: string) =>
    openssl('verify', '-crl_check', '-CAfile', 'ca.pem', '-CRLfile', crl, `${who}.pem`)
  expect(check('grace', 'first.crl')).toContain('OK')
  expect(check('grace', 'second.crl')).toContain('certificate revoked')
  expect(check('bob', 'second.crl')).toContain('OK')
})

test('a request whose signature does not fit its key is refused', async ({ keyhearth }) => {
  const page = await openCertificates(keyhearth)
  await page.getByRole('link', { name: 'Make an authority' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Family')
  await page.getByRole('button', { name: 'Make an authority' }).click()
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'x.key', '-subj', '/CN=Mallory']
  openssl('req', ...made, '-outform', 'DER', '-out', 'x.csr')
  const bytes = readFileSync(file('x.csr'))
  bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1
  writeFileSync(file('x.csr'), bytes)
  await page.getByRole('link', { name: 'Issue a certificate' }).click()
  await page.locator('input[type=file]').setInputFiles(file('x.csr'))
  await expect(page.getByRole('alert')).toContainText('does not hold its key')
  await expect(page.getByRole('button', { name: 'Issue the certificate' })).toBeHidden()
})
