// A document is signed in the manager, with a key of the vault's, a certificate made on the way and a visible mark; other
// people's programs verify it; one altered letter is told.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download, Page, TestInfo } from '@playwright/test'
import {
  compactVerify,
  EmbeddedJWK,
  flattenedVerify,
  type GeneralJWSInput,
  generalVerify,
} from 'jose'
import { certifyKey, makeSelfSigned, readCertificate } from '../../src/certificates/index.ts'
import {
  minisignKeyOf,
  openSshPublicKey,
  verifyDocument,
  writeMinisignKey,
} from '../../src/documents/index.ts'
import { readSignatures } from '../../src/pdf/index.ts'
import { mlDsaSigner } from '../unit/certificatesSigners.ts'
import { makePdf, sample } from '../unit/pdfFiles.ts'
import { expectAccessible, expectFits } from './accessible.ts'
import { expect, type Keyhearth, operate, test } from './keyhearth.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyhearth-documents-'))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function saved(download: Download): Promise<string> {
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return path
}

async function documents(keyhearth: Keyhearth): Promise<Page> {
  const page = await keyhearth.open('manager.html#documents')
  await page.setViewportSize({ width: 1100, height: 900 })
  return page
}

async function give(page: Page, ...paths: string[]): Promise<void> {
  await page.getByLabel('Choose files').setInputFiles(paths)
}

async function sign(page: Page, name = 'Sign'): Promise<string> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name, exact: true }).click()
  return saved(await download)
}

/** For people to look at. */
async function look(page: Page, info: TestInfo, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1200, 420]) {
      await page.setViewportSize({ width, height: 900 })
      const path = info.outputPath(`${name}-${colorScheme}-${width}.png`)
      await page.screenshot({ path, fullPage: true })
    }
  }
}

/** How many pixels of the page shown are dark. */
const inkOf = (page: Page): Promise<number> =>
  page.getByRole('img', { name: 'Page 1' }).evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement
    const context = (canvas as HTMLCanvasElement).getContext('2d')
    const data = context?.getImageData(0, 0, width, height).data ?? []
    let dark = 0
    for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 100) dark++
    return dark
  })

const has = (tool: string, ask = '--version'): boolean => spawnSync(tool, [ask]).error === undefined

const openssl = (...args: readonly string[]) =>
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })

test('a PDF gets a visible mark, and poppler says the signature is valid', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const page = await documents(keyhearth)
  await give(page, file('contract.pdf', makePdf(sample)))
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('Where to sign').selectOption({ label: 'At a place of my own' })
  const mark = page.getByRole('group', { name: 'Mark of your signature' })
  await expect(mark).toContainText('Signed by Ada Lovelace')
  await mark.press('ArrowUp')
  await expect(page.getByText('Page 1 of 2')).toBeVisible()
  await expect.poll(() => inkOf(page)).toBeGreaterThan(0)
  const signed = await sign(page)
  await expect(page.getByText('Saved as contract (signed).pdf')).toBeVisible()
  const bytes = readFileSync(signed)
  expect(bytes.subarray(0, makePdf(sample).byteLength)).toEqual(Buffer.from(makePdf(sample)))
  expect(bytes.toString('latin1')).toContain('ETSI.CAdES.detached')
  test.skip(!has('pdfsig'), 'pdfsig (poppler-utils) is not installed')
  expect(execFileSync('pdfsig', ['-nocert', signed]).toString()).toMatch(/Signature is Valid/)
})

test('a PDF is shown page by page in every form, with a mark only where the signature stands in it', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const page = await documents(keyhearth)
  await give(page, file('shown.pdf', makePdf(sample)))
  await page.getByLabel('Your name').fill('Ada Lovelace')
  const visible = page.getByLabel('Show the signature on a page')
  await expect(visible).toBeVisible()
  for (const form of ['p7s', 'p7m', 'jws', 'ssh']) {
    await page.getByLabel('Kind of signature').selectOption(form)
    await expect(visible).toHaveCount(0)
    await expect(page.getByText('Page 1 of 2')).toBeVisible()
    await expect.poll(() => inkOf(page)).toBeGreaterThan(0)
  }
  await page.getByLabel('Kind of signature').selectOption('p7m')
  const whole = await sign(page)
  openssl('cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-in', whole, '-out', 'out')
  expect(readFileSync(join(folder, 'out'))).toEqual(Buffer.from(makePdf(sample)))
  await page.getByRole('button', { name: 'Clear list' }).click()
  await give(page, join(folder, 'shown.pdf'))
  await page.getByLabel('Kind of signature').selectOption('pdf')
  await expect(visible).toBeVisible()
})

test('a PDF is signed by ML-DSA-87 with the chain of its authority, which takes much room', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const { KeyMetadata } = await operate<{ KeyMetadata: { Arn: string } }>(popup, 'kms:CreateKey', {
    KeySpec: 'ML_DSA_87',
    KeyUsage: 'SIGN_VERIFY',
    Description: 'For long',
  })
  const { PublicKey } = await operate<{ PublicKey: Record<string, number> }>(
    popup,
    'kms:GetPublicKey',
    { KeyId: KeyMetadata.Arn },
  )
  const signer = await mlDsaSigner('ML-DSA-87')
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 86_400_000 }
  const root = await makeSelfSigned(signer, {
    ...validity,
    subject: [['CN', 'Long-lived authority']],
    isCa: true,
  })
  const authority = { signer, certificate: readCertificate(root) }
  const publicKey = Uint8Array.from(Object.values(PublicKey))
  const own = { subject: [['CN', 'Ada Lovelace']], publicKey } as const
  const certificate = await certifyKey(authority, own, validity)
  await operate(popup, 'keyhearth:PutCertificate', {
    Kind: 'own',
    KeyId: KeyMetadata.Arn,
    Chain: [certificate, root],
  })
  const page = await documents(keyhearth)
  await give(page, file('will.pdf', makePdf(sample)))
  await page.getByLabel('Sign with').selectOption({ label: 'For long, as Ada Lovelace' })
  const signed = new Uint8Array(readFileSync(await sign(page)))
  const about = { name: 'a.pdf', anchors: [authority.certificate], at: new Date() }
  const { signatures } = await verifyDocument({ file: signed, ...about })
  expect(signatures).toMatchObject([
    { integrity: 'intact', reason: null, algorithm: expect.stringMatching(/ML-DSA/) },
  ])
  const [{ cms } = { cms: new Uint8Array() }] = readSignatures(signed)
  expect(cms.byteLength).toBeGreaterThan(16 * 1024)
})

test('a form is signed in the field that its author left for it', async ({ keyhearth }, info) => {
  await keyhearth.createVault()
  const page = await documents(keyhearth)
  await give(page, file('form.pdf', makePdf(sample)))
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await expect(page.getByLabel('Where to sign')).toHaveValue('Author')
  await expect(page.getByText('The author of this form left the place for it.')).toBeVisible()
  const mark = page.getByRole('group', { name: 'Mark of your signature' })
  await expect(mark).toContainText('Signed by Ada Lovelace')
  await expect.poll(() => inkOf(page)).toBeGreaterThan(0)
  await expectAccessible(page)
  await look(page, info, 'field')
  await page.getByRole('button', { name: 'Next page' }).click()
  await expect(mark).toHaveCount(0)
  const signed = await sign(page)
  const [signature, ...more] = readSignatures(new Uint8Array(readFileSync(signed)))
  expect([signature?.fieldName, signature?.problems, more]).toEqual(['Author', [], []])
  test.skip(!has('pdfsig'), 'pdfsig (poppler-utils) is not installed')
  const said = execFileSync('pdfsig', ['-nocert', signed]).toString()
  expect(said).toMatch(/Signature Field Name: Author/)
  expect(said).toMatch(/Signature is Valid/)
})

test('a signature of others gets one more, where it is of the same file; openssl verifies both', async ({
  keyhearth,
}, info) => {
  await keyhearth.createVault()
  const page = await documents(keyhearth)
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'bob.key', '-out', 'bob.pem']
  openssl('req', '-x509', ...key, '-subj', '/CN=Bob')
  const lease = file('lease.txt', 'Ten pounds a month.\n')
  const signer = ['-signer', 'bob.pem', '-inkey', 'bob.key', '-binary', '-outform', 'DER']
  openssl('cms', '-sign', ...signer, '-in', 'lease.txt', '-out', 'lease.txt.p7s')
  openssl('cms', '-sign', '-nodetach', ...signer, '-in', 'lease.txt', '-out', 'whole.p7m')

  await give(page, join(folder, 'lease.txt.p7s'))
  await expect(page.getByText('give the file that it signs as well')).toBeVisible()
  await give(page, lease)
  await expect(page.getByText('A signature of “lease.txt”: yours is added')).toBeVisible()
  await expect(page.getByText('Ten pounds a month.')).toBeVisible()
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await look(page, info, 'cosign')
  const both = await sign(page)
  await page.getByRole('button', { name: 'Clear list' }).click()
  await give(page, join(folder, 'whole.p7m'))
  await expect(page.getByText('It is signed already')).toBeVisible()
  await expect(page.getByText('Ten pounds a month.')).toBeVisible()
  const whole = await sign(page)

  for (const [name, content] of [
    [both, [lease]],
    [whole, []],
  ] as const) {
    const { signatures } = await verifyDocument({
      file: new Uint8Array(readFileSync(content[0] ?? name)),
      ...(content[0] ? { signature: new Uint8Array(readFileSync(name)) } : {}),
      anchors: [],
      at: new Date(),
    })
    const found = signatures.map(({ who, integrity }) => `${who} ${integrity}`).sort()
    expect(found).toEqual(['CN=Ada Lovelace intact', 'CN=Bob intact'])
    const beside = content[0] ? ['-content', content[0]] : []
    const input = ['-inform', 'DER', '-in', name, ...beside, '-out', 'out']
    openssl('cms', '-verify', '-noverify', '-binary', ...input)
  }
  await page.getByRole('button', { name: 'Clear list' }).click()
  file('lease.txt', 'Ten pounds a week.\n')
  await give(page, lease, join(folder, 'lease.txt.p7s'))
  await expect(page.getByText('A signature of “lease.txt”: yours is added')).toBeVisible()
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  await expect(page.getByText('does not fit this file')).toBeVisible()
})

test('files of any kind are signed beside them, many at once; openssl and ssh-keygen agree', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const page = await documents(keyhearth)
  const large = new Uint8Array(3_000_000).map((_, at) => (at * 31) % 251)
  await give(page, file('notes.txt', 'Bring the keys.\n'), file('backup.bin', large))
  await page.getByLabel('Your name').fill('Ada Lovelace')
  const downloads: Promise<string>[] = []
  page.on('download', (download) => downloads.push(saved(download)))
  await page.getByRole('button', { name: 'Sign all' }).click()
  await expect(page.getByText('2 of 2 signed')).toBeVisible()
  await expect(page.getByText('Saved as backup.bin.p7s')).toBeVisible()
  await expect.poll(() => downloads.length).toBe(2)
  await Promise.all(downloads)
  const { Certificates } = await operate<{ Certificates: { Chain: Record<string, number>[] }[] }>(
    popup,
    'keyhearth:ListCertificates',
    {},
  )
  const der = Uint8Array.from(Object.values(Certificates[0]?.Chain[0] ?? {}))
  writeFileSync(join(folder, 'own.der'), der)
  openssl('x509', '-inform', 'DER', '-in', 'own.der', '-out', 'own.pem')
  for (const name of ['notes.txt', 'backup.bin']) {
    const trust = ['-CAfile', 'own.pem', '-purpose', 'any', '-binary', '-inform', 'DER', '-cades']
    openssl('cms', '-verify', ...trust, '-in', `${name}.p7s`, '-content', name, '-out', 'out')
  }
  writeFileSync(join(folder, 'notes.txt'), 'Bring the kegs.\n')
  expect(() =>
    openssl(
      'cms',
      '-verify',
      '-noverify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'notes.txt.p7s',
      '-content',
      'notes.txt',
      '-out',
      'out',
    ),
  ).toThrow()
})

test('OpenSSH and minisign verify what an Ed25519 key of the vault signed', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const { KeyMetadata } = await operate<{ KeyMetadata: { Arn: string } }>(popup, 'kms:CreateKey', {
    KeySpec: 'ECC_NIST_EDWARDS25519',
    KeyUsage: 'SIGN_VERIFY',
    Description: 'Releases',
  })
  const { PublicKey } = await operate<{ PublicKey: Record<string, number> }>(
    popup,
    'kms:GetPublicKey',
    { KeyId: KeyMetadata.Arn },
  )
  const spki = Uint8Array.from(Object.values(PublicKey))
  const page = await documents(keyhearth)
  const release = file('tool.tar.gz', 'a release')

  await give(page, release)
  await expect(page.getByText('a release')).toBeVisible()
  await page.getByLabel('Sign with').selectOption({ label: 'Releases (no certificate yet)' })
  await page.getByLabel('Kind of signature').selectOption({ label: 'For OpenSSH and git (.sig)' })
  await expect(page.getByLabel('Your name')).toHaveCount(0)
  const signature = await sign(page)
  writeFileSync(join(folder, 'signers'), `ada ${openSshPublicKey(spki)}\n`)
  const ssh = ['-Y', 'verify', '-f', 'signers', '-I', 'ada', '-n', 'file', '-s', signature]
  expect(
    execFileSync('ssh-keygen', ssh, { cwd: folder, input: readFileSync(release) }).toString(),
  ).toMatch(/Good "file" signature/)

  await page.getByRole('button', { name: 'Clear list' }).click()
  await give(page, release)
  await page.getByLabel('Kind of signature').selectOption({ label: 'For minisign (.minisig)' })
  await sign(page)
  test.skip(!has('minisign', '-v'), 'minisign is not installed')
  const { keyId } = await minisignKeyOf(spki)
  writeFileSync(join(folder, 'key.pub'), await writeMinisignKey({ spki, keyId }))
  expect(
    execFileSync('minisign', ['-Vm', release, '-p', 'key.pub'], { cwd: folder }).toString(),
  ).toMatch(/Signature and comment signature verified/)
})

test('a signature of OpenSSH is made for git, and for purposes of one’s own', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const { KeyMetadata } = await operate<{ KeyMetadata: { Arn: string } }>(popup, 'kms:CreateKey', {
    KeySpec: 'ECC_NIST_EDWARDS25519',
    KeyUsage: 'SIGN_VERIFY',
    Description: 'Commits',
  })
  const { PublicKey } = await operate<{ PublicKey: Record<string, number> }>(
    popup,
    'kms:GetPublicKey',
    { KeyId: KeyMetadata.Arn },
  )
  const line = openSshPublicKey(Uint8Array.from(Object.values(PublicKey)))
  writeFileSync(join(folder, 'committers'), `ada ${line}\n`)
  const page = await documents(keyhearth)
  const commit = file('commit.txt', 'tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nHearth\n')
  await give(page, commit)
  await page.getByLabel('Sign with').selectOption({ label: 'Commits (no certificate yet)' })
  await page.getByLabel('Kind of signature').selectOption({ label: 'For OpenSSH and git (.sig)' })
  const purpose = page.getByLabel('What signatures of OpenSSH are for')
  const verified = (namespace: string, signature: string) =>
    execFileSync(
      'ssh-keygen',
      ['-Y', 'verify', '-f', 'committers', '-I', 'ada', '-n', namespace, '-s', signature],
      { cwd: folder, input: readFileSync(commit) },
    ).toString()
  await purpose.selectOption({ label: 'git: commits and tags' })
  const signature = await sign(page)
  expect(verified('git', signature)).toContain('Good "git" signature')
  expect(() => verified('file', signature)).toThrow()

  const check = await keyhearth.open('manager.html#documents/verify')
  await give(check, commit, signature)
  const article = check.getByRole('article', { name: 'commit.txt' })
  await expect(article).toContainText('It was made for another purpose')
  await check.getByLabel('What signatures of OpenSSH are for').selectOption({ index: 1 })
  await expect(article).not.toContainText('It was made for another purpose')
  await expect(article.getByRole('heading', { name: 'Intact, but the signer' })).toBeVisible()
  await expectAccessible(check)

  await page.bringToFront()
  await page.getByRole('button', { name: 'Clear list' }).click()
  await give(page, commit)
  await purpose.selectOption({ label: 'Something else' })
  const downloads = page.getByRole('button', { name: 'Sign', exact: true })
  await downloads.click()
  await expect(page.getByText('Say in one line what the signature is for.')).toBeVisible()
  await page.getByLabel('Name of the purpose').fill('lease@hearth.example')
  await expectAccessible(page)
  expect(verified('lease@hearth.example', await sign(page))).toContain('Good "lease@')
})

test('a JWS is made compact, beside its file as it is, and in JSON with one more signature; jose verifies', async ({
  keyhearth,
}, info) => {
  await keyhearth.createVault()
  const page = await documents(keyhearth)
  const text = '{"rent":900}'
  const payload = new TextEncoder().encode(text)
  const rent = file('rent.json', text)
  const form = (label: string) => page.getByLabel('How it is written').selectOption({ label })
  const again = async () => {
    await page.getByRole('button', { name: 'Clear list' }).click()
    await give(page, rent)
  }
  await give(page, rent)
  await page.getByLabel('Kind of signature').selectOption({ label: 'JSON Web Signature (.jws)' })
  const compact = readFileSync(await sign(page), 'utf8')
  expect((await compactVerify(compact, EmbeddedJWK)).payload).toEqual(payload)

  await again()
  await form('Beside the file, which is signed as it is (RFC 7797)')
  await look(page, info, 'jws')
  const beside = await sign(page)
  const [header = '', middle, signature = ''] = readFileSync(beside, 'utf8').split('.')
  expect([beside, middle]).toEqual([join(folder, 'rent.json.jws'), ''])
  const apart = { protected: header, payload: text, signature }
  const known = { crit: { b64: true } }
  expect((await flattenedVerify(apart, EmbeddedJWK, known)).payload).toEqual(payload)

  await again()
  await form('JSON, for further signatures, with the file inside')
  const first = await sign(page)
  await page.getByRole('button', { name: 'Clear list' }).click()
  await give(page, first)
  await page.getByLabel('Kind of signature').selectOption({ index: 0 })
  await expect(page.getByText('It is signed already')).toBeVisible()
  await page.getByLabel('Your name').fill('Ada Lovelace')
  const both = JSON.parse(readFileSync(await sign(page), 'utf8')) as GeneralJWSInput
  expect(both.signatures).toHaveLength(2)
  expect((await generalVerify(both, EmbeddedJWK)).payload).toEqual(payload)

  const check = await keyhearth.open('manager.html#documents/verify')
  await give(check, rent, beside)
  const article = check.getByRole('article', { name: 'rent.json', exact: true })
  await expect(article.getByRole('heading', { name: 'Intact' })).toBeVisible()
  await check.getByRole('button', { name: 'Clear all' }).click()
  writeFileSync(rent, '{"rent":901}')
  await give(check, rent, beside)
  await expect(article.getByRole('heading', { name: 'Altered since it was signed' })).toBeVisible()
})

test('a text is signed in the popup: openssl reads it, and it stays readable', async ({
  keyhearth,
}, info) => {
  const popup = await keyhearth.createVault()
  await popup.getByRole('tab', { name: 'Sign' }).click()
  await popup.getByLabel('Text to sign').fill('I agree to the price of 900.')
  await popup.getByRole('button', { name: 'Sign', exact: true }).click()
  await expect(popup.getByRole('alert')).toContainText('Say your name first')
  await popup.getByLabel('Your name').fill('Ada Lovelace')
  await popup.getByRole('button', { name: 'Sign', exact: true }).click()
  const output = popup.getByLabel('Signed text', { exact: true })
  await expect(output).toContainText('I agree to the price of 900.')
  writeFileSync(join(folder, 'letter.eml'), (await output.textContent()) ?? '')
  openssl('smime', '-verify', '-noverify', '-in', 'letter.eml', '-out', 'letter.txt')
  expect(readFileSync(join(folder, 'letter.txt'), 'utf8')).toContain('I agree to the price of 900.')
  await expectAccessible(popup)
  await popup.screenshot({ path: info.outputPath('popup-sign.png'), fullPage: true })
})

test('rubbish, encrypted files and removed ones end in plain words; the screen is accessible', async ({
  keyhearth,
}, info) => {
  await keyhearth.createVault()
  const page = await documents(keyhearth)
  await expect(page.getByText('Nothing to sign yet.')).toBeVisible()
  await expectAccessible(page)
  await give(page, file('broken.pdf', '%PDF-1.7\nthis is none'))
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await expect(page.getByText('This PDF cannot be shown here.')).toBeVisible()
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  await expect(
    page.getByRole('list', { name: 'Documents to sign' }).getByRole('alert'),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Clear list' }).click()
  await give(page, file('contract.pdf', makePdf(sample)))
  await expect(page.getByText('Page 1 of 2')).toBeVisible()
  await page.getByText('More about this signature').click()
  await expectAccessible(page)
  await page.screenshot({ path: info.outputPath('sign-dark.png'), fullPage: true })
  await expectFits(page)
})

/** An authority of openssl's, behind HTTP (RFC 3161 section 3.4). Its front page is nothing. */
async function timeStampServer(): Promise<{ address: string; close: () => void }> {
  writeFileSync(
    join(folder, 'tsa.cnf'),
    `[req]
distinguished_name=dn
[dn]
[ext]
extendedKeyUsage=critical,timeStamping
[tsa]
default_tsa=t
[t]
serial=tsa.serial
crypto_device=builtin
signer_cert=tsa.pem
signer_key=tsa.key
signer_digest=sha256
default_policy=1.2.3.4
digests=sha256
`,
  )
  writeFileSync(join(folder, 'tsa.serial'), '01\n')
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'tsa.key',
    '-out',
    'tsa.pem',
    '-subj',
    '/CN=Clock',
    '-days',
    '2',
    '-config',
    'tsa.cnf',
    '-extensions',
    'ext',
  )
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(404).end('nothing here')
      writeFileSync(join(folder, 'query.tsq'), Buffer.concat(parts))
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', '-out', 'reply.tsr')
      return response
        .writeHead(200, { 'content-type': 'application/timestamp-reply' })
        .end(readFileSync(join(folder, 'reply.tsr')))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}/stamp`, close: () => server.close() }
}

test('a server the person names stamps the time; one that gives no answer leaves nothing signed', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const server = await timeStampServer()
  const page = await documents(keyhearth)
  await give(page, file('contract.pdf', makePdf(sample)))
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('Time-stamp server (optional)').fill('http://127.0.0.1:9/')
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  await expect(page.getByText('The time-stamp server gave no answer.')).toBeVisible()
  await page.getByLabel('Time-stamp server (optional)').fill(server.address)
  const signed = new Uint8Array(readFileSync(await sign(page)))
  server.close()
  const about = { name: 'a.pdf', anchors: [], at: new Date() }
  const { signatures } = await verifyDocument({ file: signed, ...about })
  expect(signatures).toMatchObject([
    {
      integrity: 'intact',
      timeStamp: { integrity: 'intact', who: expect.stringContaining('Clock') },
    },
  ])
})

test('the PDF in a tab is taken from there, and signed as what it is', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  const pdf = makePdf(sample)
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/pdf' }).end(pdf),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const tab = await keyhearth.context.newPage()
  await tab.goto(`http://127.0.0.1:${port}/lease.pdf`)
  await popup.bringToFront()
  await popup.getByRole('tab', { name: 'Sign' }).click()
  const manager = await keyhearth.opened('manager.html', () =>
    popup.getByRole('button', { name: 'Sign this PDF' }).click(),
  )
  await expect(manager.getByText('lease.pdf', { exact: true })).toBeVisible()
  await expect(manager.getByText('Page 1 of 2')).toBeVisible()
  await manager.getByLabel('Your name').fill('Ada Lovelace')
  const signed = readFileSync(await sign(manager))
  expect(signed.subarray(0, pdf.byteLength)).toEqual(Buffer.from(pdf))
  server.close()
})
