// "Check a signature": what others' programs signed is told as what it is, in words; trust is given by comparing a
// fingerprint; and what was altered, or changed after signing, is never called good.

import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { Locator, Page, TestInfo } from '@playwright/test'
import { readCertificate, readPem } from '../../src/certificates/index.ts'
import { verifyDocument } from '../../src/documents/index.ts'
import { makePdf, sample } from '../unit/pdfFiles.ts'
import { expectAccessible, expectFits } from './accessible.ts'
import { type Keyhearth, operate, passphrase, expect as slowly, test } from './keyhearth.ts'

/** A check reads whole files, beside other tests. */
const expect = slowly.configure({ timeout: 60_000 })

const vectors =
  process.env['KEYHEARTH_VECTORS'] ?? join(import.meta.dirname, '../../../shared/vectors')
const pdfs = join(vectors, 'documents/pdf')

const words = {
  trusted: 'Intact, and signed by someone you trust',
  unknown: 'Intact, but the signer is not known to you',
  altered: 'Altered since it was signed',
  changed: 'Changed after signing',
  unchecked: 'Cannot be checked',
}

async function openCheck(keyhearth: Keyhearth): Promise<Page> {
  await keyhearth.createVault()
  const page = await keyhearth.open('manager.html#documents/verify')
  await page.setViewportSize({ width: 1100, height: 900 })
  await expect(page.getByText('Nothing is checked yet')).toBeVisible()
  return page
}

type Given = Readonly<Record<string, string | Uint8Array>>

async function give(page: Page, files: Given, where = 'Choose files'): Promise<void> {
  const given = Object.entries(files).map(([name, content]) => ({
    name,
    mimeType: '',
    buffer: Buffer.from(content),
  }))
  await page.getByLabel(where).last().setInputFiles(given)
}

const articleOf = (page: Page, name: string): Locator =>
  page.getByRole('article', { name, exact: true })

const verdictOf = (page: Page, name: string, verdict: string): Locator =>
  articleOf(page, name).getByRole('heading', { name: verdict, exact: true })

/** Programs of others, in the folder of the test. */
function workshop(info: TestInfo) {
  const path = (name: string) => info.outputPath(name)
  return {
    path,
    write: (name: string, content: string | Uint8Array) => writeFileSync(path(name), content),
    read: (name: string) => new Uint8Array(readFileSync(path(name))),
    run(tool: string, ...args: readonly string[]): string {
      const { stdout, stderr, status } = spawnSync(tool, args, {
        cwd: info.outputDir,
        encoding: 'utf8',
        input: '',
      })
      expect(status, `${tool} ${args.join(' ')}: ${stderr}`).toBe(0)
      return stdout
    },
  }
}

const hasTool = (tool: string): boolean =>
  spawnSync(tool, ['version'], { input: '' }).error === undefined

function makeSigner({ run }: ReturnType<typeof workshop>, name: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const files = ['-keyout', 'key.pem', '-out', 'certificate.pem']
  run('openssl', 'req', '-x509', ...key, ...files, '-subj', `/CN=${name}`, '-days', '30')
}

const signer = ['-signer', 'certificate.pem', '-inkey', 'key.pem', '-cades', '-binary'] as const

async function trustSigner(article: Locator, fingerprint: string): Promise<void> {
  await article.getByRole('button', { name: 'Trust this signer' }).click()
  await expect(article.getByLabel('Fingerprint to compare', { exact: true })).toHaveText(
    fingerprint,
  )
  const name = article.getByLabel('Whose key it is')
  if ((await name.inputValue()) === '') await name.fill('Ada')
  await article.getByRole('button', { name: 'I compared it: trust' }).click()
}

async function download(page: Page, button: string): Promise<Buffer> {
  const [made] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ])
  return readFileSync(await made.path())
}

/** What a report as PDF shows, line by line. */
function linesOf(pdf: string): string {
  expect(pdf).toMatch(/^%PDF-1\.7/)
  const shown = [...pdf.matchAll(/<([0-9a-f]*)> Tj/g)].map(([, hex = '']) =>
    Buffer.from(hex, 'hex'),
  )
  return shown.map((line) => line.toString('latin1')).join('\n')
}

/** Pictures of all of the screen in both schemes, wide and narrow, for people to look at. */
async function pictures(page: Page, info: TestInfo, name: string): Promise<void> {
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
}

test('a signature by openssl: asked for its file, unknown, trusted, altered, reported', async ({
  keyhearth,
}, info) => {
  test.skip(!hasTool('openssl'), 'openssl is not installed on this machine')
  test.setTimeout(240_000)
  const shop = workshop(info)
  const letter = `Dear Zoë,\n${'all is well. '.repeat(50)}\n`
  shop.write('letter.txt', letter)
  makeSigner(shop, 'Ada Example')
  shop.run(
    'openssl',
    'cms',
    '-sign',
    ...signer,
    '-in',
    'letter.txt',
    '-outform',
    'DER',
    '-out',
    's',
  )
  const signature = shop.read('s')
  const print = shop.run(
    'openssl',
    'x509',
    '-in',
    'certificate.pem',
    '-noout',
    '-fingerprint',
    '-sha256',
  )
  const fingerprint = print.trim().split('=')[1] ?? ''

  const page = await openCheck(keyhearth)
  await expectAccessible(page)
  await give(page, { 'letter.txt.p7s': signature })
  await expect(articleOf(page, 'letter.txt.p7s')).toContainText('perhaps letter.txt')
  await give(page, { 'letter.txt': letter })
  await expect(verdictOf(page, 'letter.txt', words.unknown)).toBeVisible()
  const article = articleOf(page, 'letter.txt')
  await expect(article).toContainText('Ada Example')
  await expect(article).toContainText('Nobody you trust vouches')
  await pictures(page, info, 'unknown')

  await trustSigner(article, fingerprint)
  await expect(verdictOf(page, 'letter.txt', words.trusted)).toBeVisible()
  await expect(article).toContainText('you trust this very certificate')
  await expect(article.getByText('What could not be checked')).toHaveCount(0)

  await give(page, { 'other.txt.p7s': signature, 'other.txt': letter.replace('well', 'ill!') })
  await expect(verdictOf(page, 'other.txt', words.altered)).toBeVisible()
  await expect(articleOf(page, 'other.txt')).toContainText('not the one that was signed')
  await article.getByText('Details', { exact: true }).click()
  await expect(article).toContainText(fingerprint)
  await pictures(page, info, 'trusted-and-altered')
  await expectAccessible(page)
  await expectFits(page)

  const json = JSON.parse(String(await download(page, 'Save report as JSON')))
  const sha256 = createHash('sha256').update(letter).digest('hex')
  expect(json.documents).toMatchObject([
    { name: 'letter.txt', sha256, verdict: 'valid', signatureFile: 'letter.txt.p7s' },
    { name: 'other.txt', verdict: 'altered' },
  ])
  expect(json.documents[0].signatures[0]).toMatchObject({
    headline: 'trusted',
    integrity: 'intact',
    notChecked: [],
    certificate: {
      subject: 'CN=Ada Example',
      sha256: fingerprint.replaceAll(':', '').toLowerCase(),
    },
  })
  const pdf = linesOf(String(await download(page, 'Save report as PDF')))
  expect(pdf).toContain(words.trusted)
  expect(pdf).toContain(words.altered)
  expect(pdf).toContain(sha256.slice(0, 20))

  // A locked vault meanwhile takes nothing away.
  const popup = await keyhearth.popup()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await popup.close()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(verdictOf(page, 'letter.txt', words.trusted)).toBeVisible()
})

test('PDFs of others: what was changed after signing is told, by version', async ({
  keyhearth,
}, info) => {
  test.skip(!existsSync(pdfs), `${pdfs} is not there; KEYHEARTH_VECTORS names the folder`)
  test.setTimeout(240_000)
  const page = await openCheck(keyhearth)
  const pdf = (name: string) => ({ [name]: new Uint8Array(readFileSync(join(pdfs, name))) })
  const sneaky = 'form-update-override-appearance-stream-sneaky.pdf'
  await give(page, pdf(sneaky))
  await expect(verdictOf(page, sneaky, words.changed)).toBeVisible()
  await expect(articleOf(page, sneaky)).toContainText('not allowed by the signer')
  await expect(articleOf(page, sneaky)).toContainText('Later, the document itself was changed.')

  const twice = 'minimal-two-fields-signed-twice.pdf'
  await give(page, pdf(twice))
  await expect(verdictOf(page, twice, words.unknown)).toHaveCount(2)
  await expect(articleOf(page, twice)).toContainText('Later, only further signatures were added.')
  await pictures(page, info, 'pdfs')

  const whole = readFileSync(join(pdfs, twice))
  const altered = Uint8Array.from(whole)
  altered[40] = (altered[40] ?? 0) ^ 1
  const encrypted = pdf('minimal-aes256.pdf')
  await give(page, { 'altered.pdf': altered, ...encrypted, ...pdf('minimal.pdf') })
  await expect(verdictOf(page, 'altered.pdf', words.altered)).toHaveCount(2)
  await expect(verdictOf(page, 'altered.pdf', words.unknown)).toHaveCount(0)
  await expect(verdictOf(page, 'altered.pdf', words.trusted)).toHaveCount(0)
  await expect(articleOf(page, 'minimal-aes256.pdf').getByRole('alert')).toContainText('encrypted')
  await expect(articleOf(page, 'minimal.pdf').getByRole('alert')).toContainText('Nothing in this')
  await give(page, { 'rubbish.bin': randomBytes(100_000), 'empty.pdf': '' })
  for (const name of ['rubbish.bin', 'empty.pdf']) {
    await expect(articleOf(page, name).getByRole('alert')).toContainText('No signature was found')
  }
  await expectAccessible(page)
})

/** As minisign makes it (https://jedisct1.github.io/minisign/), with nothing of ours. */
function minisign(privateKey: KeyObject, publicKey: KeyObject, content: Uint8Array) {
  const id = randomBytes(8)
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const signed = sign(null, createHash('blake2b512').update(content).digest(), privateKey)
  const comment = 'timestamp:1767225600\tfile:tool.bin'
  const both = sign(null, Buffer.concat([signed, Buffer.from(comment)]), privateKey)
  const base64 = (...parts: Uint8Array[]) => Buffer.concat(parts).toString('base64')
  return {
    line: base64(Buffer.from('Ed'), id, raw),
    signature: [
      'untrusted comment: anybody may write this',
      base64(Buffer.from('ED'), id, signed),
      `trusted comment: ${comment}`,
      base64(both),
      '',
    ].join('\n'),
  }
}

test('minisign and OpenSSH: a key is trusted once, by its fingerprint', async ({
  keyhearth,
}, info) => {
  test.skip(!hasTool('ssh-keygen'), 'ssh-keygen is not installed on this machine')
  test.setTimeout(240_000)
  const shop = workshop(info)
  const page = await openCheck(keyhearth)
  const tool = randomBytes(300_000)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { line, signature } = minisign(privateKey, publicKey, tool)
  await give(page, { 'tool.bin': tool, 'tool.bin.minisig': signature })
  await expect(verdictOf(page, 'tool.bin', words.unchecked)).toBeVisible()
  await expect(articleOf(page, 'tool.bin')).toContainText('public key is not at hand')
  await give(page, { 'signer.pub': `untrusted comment: key\n${line}\n` }, 'Choose evidence')
  const evidence = page.getByRole('list', { name: 'Evidence given' })
  await expect(evidence.getByLabel('Fingerprint to compare', { exact: true })).toHaveText(line)
  await evidence.getByLabel('Whose key it is').fill('Zoë of the tools')
  await evidence.getByRole('button', { name: 'I compared it: trust' }).click()
  await expect(verdictOf(page, 'tool.bin', words.trusted)).toBeVisible()
  await expect(articleOf(page, 'tool.bin')).toContainText('you know this key as Zoë of the tools')
  await expect(articleOf(page, 'tool.bin')).toContainText('file:tool.bin')

  shop.write('script.sh', 'echo hello\n')
  shop.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'ada@example', '-f', 'id')
  shop.run('ssh-keygen', '-Y', 'sign', '-f', 'id', '-n', 'file', 'script.sh')
  const fingerprint = shop.run('ssh-keygen', '-l', '-f', 'id.pub').split(' ')[1] ?? ''
  await give(page, { 'script.sh': 'echo hello\n', 'script.sh.sig': shop.read('script.sh.sig') })
  await expect(verdictOf(page, 'script.sh', words.unknown)).toBeVisible()
  await trustSigner(articleOf(page, 'script.sh'), fingerprint)
  await expect(verdictOf(page, 'script.sh', words.trusted)).toBeVisible()
  await give(page, { 'bad.sh': 'echo hellO\n', 'bad.sh.sig': shop.read('script.sh.sig') })
  await expect(verdictOf(page, 'bad.sh', words.altered)).toBeVisible()
  await pictures(page, info, 'keys')
})

test('content inside: a message of openssl, pasted PEM, clear-signed mail, a JWS', async ({
  keyhearth,
}, info) => {
  test.skip(!hasTool('openssl'), 'openssl is not installed on this machine')
  test.setTimeout(240_000)
  const shop = workshop(info)
  const page = await openCheck(keyhearth)
  shop.write('note.txt', 'Meet me at eight.\n')
  makeSigner(shop, 'Ada Example')
  const attached = ['cms', '-sign', ...signer, '-nodetach', '-in', 'note.txt']
  shop.run('openssl', ...attached, '-outform', 'DER', '-out', 'note.txt.p7m')
  shop.run('openssl', ...attached, '-outform', 'PEM', '-out', 'note.pem')
  const clear = ['cms', '-sign', '-signer', 'certificate.pem', '-inkey', 'key.pem', '-text']
  shop.run('openssl', ...clear, '-in', 'note.txt', '-out', 'mail.eml')
  await give(page, { 'note.txt.p7m': shop.read('note.txt.p7m') })
  await expect(verdictOf(page, 'note.txt.p7m', words.unknown)).toBeVisible()
  const content = articleOf(page, 'note.txt.p7m').getByLabel('What was signed').last()
  await expect(content).toHaveText('Meet me at eight.')

  await page.getByText('Paste signed text instead').click()
  await page.getByLabel('Signed text').fill(String(readFileSync(shop.path('note.pem'))))
  await page.getByRole('button', { name: 'Check text' }).click()
  await expect(verdictOf(page, 'Pasted text', words.unknown)).toBeVisible()

  const mail = String(readFileSync(shop.path('mail.eml')))
  await give(page, { 'mail.eml': mail, 'changed.eml': mail.replace('eight', 'seven') })
  await expect(verdictOf(page, 'mail.eml', words.unknown)).toBeVisible()
  await expect(articleOf(page, 'mail.eml')).toContainText('Meet me at eight.')
  await expect(verdictOf(page, 'changed.eml', words.altered)).toBeVisible()
  await expect(articleOf(page, 'changed.eml')).toContainText('does not prove')

  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  const header = { alg: 'EdDSA', jwk: { kty: 'OKP', crv: 'Ed25519', x } }
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${encoded(header)}.${encoded({ amount: 12 })}`
  const jws = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
  const thumbprint = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url')
  await give(page, { 'order.jws': jws })
  await expect(verdictOf(page, 'order.jws', words.unknown)).toBeVisible()
  await expect(articleOf(page, 'order.jws')).toContainText('{"amount":12}')
  await trustSigner(articleOf(page, 'order.jws'), thumbprint)
  await expect(verdictOf(page, 'order.jws', words.trusted)).toBeVisible()
  await pictures(page, info, 'content')
  await expectAccessible(page)
})

/** An authority of openssl’s whose server has a list of revoked certificates, and answers about single ones. */
async function authority({ write, read, run, path }: ReturnType<typeof workshop>) {
  const server = createServer((request, response) => {
    const { url = '/' } = request
    if (url === '/ca.crl' && existsSync(path('ca.crl'))) return response.end(read('ca.crl'))
    if (!url.startsWith('/ocsp/')) return response.writeHead(404).end('nothing here')
    write('question', Buffer.from(decodeURIComponent(url.slice('/ocsp/'.length)), 'base64'))
    const by = ['-CA', 'ca.pem', '-rsigner', 'ca.pem', '-rkey', 'ca.key', '-ndays', '1']
    run('openssl', 'ocsp', '-index', 'index', ...by, '-reqin', 'question', '-respout', 'answer')
    return response.end(read('answer'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const at = `http://127.0.0.1:${port}`
  write('index', '')
  const making = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem']
  const rights = ['-addext', 'keyUsage=keyCertSign,cRLSign,digitalSignature', '-subj', '/CN=Town']
  run('openssl', 'req', '-x509', ...making, ...rights, '-days', '30')
  const files = `database=${path('index')}\ncertificate=${path('ca.pem')}\nprivate_key=${path('ca.key')}\n`
  write('ca.cnf', `[ca]\ndefault_ca=a\n[a]\n${files}default_md=sha256\ndefault_crl_days=2\n`)
  const ca = (...args: readonly string[]) => run('openssl', 'ca', '-config', 'ca.cnf', ...args)
  const issue = (who: string, extension: string, ...how: readonly string[]) => {
    const request = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${who}.key`, '-out', `${who}.csr`]
    run('openssl', 'req', ...request, '-subj', `/CN=${who}`)
    write('extensions', `${extension}\nkeyUsage=digitalSignature\n`)
    const by = ['-in', `${who}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']
    const out = ['-extfile', 'extensions', '-days', '20', '-out', `${who}.pem`]
    run('openssl', 'x509', '-req', ...by, ...out, ...how)
    ca('-valid', `${who}.pem`)
  }
  const sign = (who: string, extension: string) => {
    issue(who, extension)
    write('words', `Signed by ${who}`)
    const by = ['-signer', `${who}.pem`, '-inkey', `${who}.key`, '-nodetach', '-outform', 'DER']
    run('openssl', 'cms', '-sign', '-binary', ...by, '-in', 'words', '-out', `${who}.p7m`)
    return read(`${who}.p7m`)
  }
  const list = `crlDistributionPoints=URI:${at}/ca.crl`
  return {
    host: `127.0.0.1:${port}`,
    byList: (who: string) => sign(who, list),
    /** For a key that is elsewhere. */
    certify(who: string, publicKey: Uint8Array): Uint8Array {
      write('public.der', publicKey)
      run('openssl', 'pkey', '-pubin', '-inform', 'DER', '-in', 'public.der', '-out', 'public.pem')
      issue(who, list, '-force_pubkey', 'public.pem')
      return derIn(read(`${who}.pem`))
    },
    byAnswer: (who: string) => sign(who, `authorityInfoAccess=OCSP;URI:${at}/ocsp/`),
    revoke: (who: string) => ca('-revoke', `${who}.pem`, '-crl_reason', 'keyCompromise'),
    publish: () => {
      ca('-gencrl', '-out', 'crl.pem')
      run('openssl', 'crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'ca.crl')
    },
    close: () => server.close(),
  }
}

const derIn = (pem: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  readPem(pem)?.[0]?.bytes ?? new Uint8Array()

/** What the streams of a PDF hold. */
function inflatedIn(pdf: Uint8Array): readonly Buffer[] {
  const starts = Buffer.from(pdf)
    .toString('latin1')
    .matchAll(/\bstream\r?\n/g)
  return [...starts].flatMap(({ index, 0: { length } }) => {
    try {
      return [inflateSync(pdf.subarray(index + length))]
    } catch {
      return []
    }
  })
}

test('a PDF takes along what its authority says when it is asked', async ({ keyhearth }, info) => {
  test.skip(!hasTool('openssl'), 'openssl is not installed on this machine')
  test.setTimeout(240_000)
  const shop = workshop(info)
  const town = await authority(shop)
  const popup = await keyhearth.createVault()
  const { KeyMetadata } = await operate<{ KeyMetadata: { Arn: string } }>(popup, 'kms:CreateKey', {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
    Description: 'Town hall',
  })
  const KeyId = KeyMetadata.Arn
  const { PublicKey } = await operate<{ PublicKey: Record<string, number> }>(
    popup,
    'kms:GetPublicKey',
    { KeyId },
  )
  const own = town.certify('Ada', Uint8Array.from(Object.values(PublicKey)))
  const root = derIn(shop.read('ca.pem'))
  await operate(popup, 'keyhearth:PutCertificate', { Kind: 'own', KeyId, Chain: [own, root] })
  town.publish()
  const page = await keyhearth.open('manager.html#documents')
  await page.setViewportSize({ width: 1100, height: 900 })
  await give(page, { 'deed.pdf': makePdf(sample) })
  await page.getByLabel('Sign with').selectOption({ label: 'Town hall, as Ada' })
  await page.getByText('More about this signature').click()
  const ask = page.getByRole('button', { name: `Get the list of withdrawn ones from ${town.host}` })
  await expect(ask).toBeVisible()
  await pictures(page, info, 'evidence')
  await expectAccessible(page)
  await ask.click()
  await page.getByLabel('Reason (optional)').fill('It is so')
  await expect(page.getByText(/Kept inside: 0 certificates, 1 revocation lists/)).toBeVisible()
  await expect(page.getByLabel('Reason (optional)')).toHaveValue('It is so')
  const made = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  const file = new Uint8Array(readFileSync(await (await made).path()))
  town.close()
  const asked = { file, name: 'deed.pdf', at: new Date() }
  expect(await verifyDocument({ ...asked, anchors: [readCertificate(root)] })).toMatchObject({
    signatures: [{ integrity: 'intact', reason: null, pdf: { reason: 'It is so' } }],
  })
  // ISO 32000-2 section 12.8.4.3: the document security store.
  expect(Buffer.from(file).toString('latin1')).toMatch(/\/DSS\b[\s\S]*\/CRLs\b/)
  const kept = inflatedIn(file)
  for (const der of [own, root, shop.read('ca.crl')]) {
    expect(kept.some((one) => one.equals(der))).toBe(true)
  }
})

test('where it is not known whether a certificate was revoked, its authority is asked', async ({
  keyhearth,
}, info) => {
  test.skip(!hasTool('openssl'), 'openssl is not installed on this machine')
  test.setTimeout(240_000)
  const shop = workshop(info)
  const town = await authority(shop)
  const page = await openCheck(keyhearth)
  const files = { 'Ada.p7m': town.byList('Ada'), 'Bob.p7m': town.byAnswer('Bob') }
  const [block] = readPem(shop.read('ca.pem')) ?? []
  await operate(page, 'keyhearth:PutCertificate', { Kind: 'trusted', Chain: [block?.bytes] })
  await page.reload()
  await give(page, files)
  const [ada, bob] = [articleOf(page, 'Ada.p7m'), articleOf(page, 'Bob.p7m')]
  const getList = ada.getByRole('button', {
    name: `Get the list of withdrawn ones from ${town.host}`,
  })
  await expect(getList).toBeVisible()
  await expect(verdictOf(page, 'Ada.p7m', words.trusted)).toHaveCount(0)
  await expectAccessible(page)
  await pictures(page, info, 'asking')
  await bob.getByRole('button', { name: `Ask ${town.host} about the certificate of “Bob”` }).click()
  await expect(verdictOf(page, 'Bob.p7m', words.trusted)).toBeVisible()
  // Nothing is published yet.
  await getList.click()
  await expect(ada.getByRole('alert')).toContainText(`${town.host} gave no answer here`)
  await expect(ada.getByRole('link', { name: 'Open the address yourself' })).toHaveAttribute(
    'href',
    `http://${town.host}/ca.crl`,
  )
  town.publish()
  await getList.click()
  await expect(verdictOf(page, 'Ada.p7m', words.trusted)).toBeVisible()

  town.revoke('Ada')
  town.revoke('Bob')
  town.publish()
  await page.getByRole('button', { name: 'Clear all' }).click()
  await give(page, files)
  await getList.click()
  const untrusted = 'Intact, but the signer cannot be trusted'
  await expect(verdictOf(page, 'Ada.p7m', untrusted)).toBeVisible()
  await expect(ada).toContainText('A certificate in the chain was withdrawn by its authority.')
  town.close()
})
