// One walk in a real Firefox: create a vault, encrypt, decrypt, fill a form, the page API, documents. Run by
// scripts/test.ts with FIREFOX naming the browser; leaves with 1 where anything is not as it should be.

import assert from 'node:assert/strict'
import { constants, createPublicKey, publicEncrypt, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'
import { findFirefox } from '../../scripts/browser.ts'
import { serve } from '../../scripts/serve.ts'
import { textReportPdf } from '../../src/pdf/textReport.ts'

const addonId = 'keyhearth@keyhearth.example'
const addonUuid = randomUUID()
const passphrase = 'correct horse battery staple'
const patienceMs = 30_000
const build = resolve(process.env['KEYHEARTH_FIREFOX_BUILD'] ?? '.output/firefox-mv3')

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (Date.now() < deadline) {
    if (await look().catch(() => false)) return
    await new Promise((wait) => setTimeout(wait, 150))
  }
  throw new Error(`waited in vain for: ${what}`)
}

/** Navigation to an extension page never reports that it has ended; the address says so. */
async function openExtensionPage(browser: Browser, name: string): Promise<Page> {
  const page = await browser.newPage()
  const url = `moz-extension://${addonUuid}/${name}`
  page.goto(url, { timeout: 5000 }).catch(() => {})
  await until(name, async () => (await page.evaluate(() => location.href)) === url)
  return page
}

const textOf = (page: Page) => page.evaluate(() => document.body.textContent ?? '')

const see = (page: Page, words: string | RegExp) =>
  until(String(words), async () => {
    const text = await textOf(page)
    return typeof words === 'string' ? text.includes(words) : words.test(text)
  })

/** Types into the field of that label, or chooses there. */
async function fill(page: Page, label: string, value: string): Promise<void> {
  await until(`field ${label}`, () => page.evaluate(fillIfThere, label, value))
}

function fillIfThere(name: string, text: string): boolean {
  const found = [...document.querySelectorAll('label')].find((one) => one.textContent === name)
  const field = found?.control as HTMLInputElement | null
  if (!field) return false
  field.focus()
  field.value = text
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  field.dispatchEvent(new Event('change', { bubbles: true }))
  return true
}

async function findButton(page: Page, name: string): Promise<ElementHandle<HTMLButtonElement>> {
  const find = async () =>
    (
      await page.evaluateHandle((text) => {
        const all = [...document.querySelectorAll('button')]
        return all.find((one) => one.textContent?.trim() === text && !one.disabled) ?? null
      }, name)
    ).asElement()
  let element: Awaited<ReturnType<typeof find>> = null
  // The very one that was found: a screen that is being drawn may have none a moment later.
  await until(`button ${name}`, async () => {
    element = await find()
    return element !== null
  })
  assert(element)
  return element as ElementHandle<HTMLButtonElement>
}

/** By script: a field that grows a hint must not move the button away from under a pointer. */
const press = async (page: Page, name: string) =>
  (await findButton(page, name)).evaluate((button) => button.click())

/** A pointer's press: the consent window takes no other. */
const pressInConsent = async (page: Page, name: string) => (await findButton(page, name)).click()

async function consentWindow(browser: Browser): Promise<Page> {
  let consent: Page | undefined
  // The driver is not told the address of a window the extension opens; the window itself knows it.
  await until('the consent window', async () => {
    for (const one of await browser.pages()) {
      const url = await one.evaluate(() => location.href).catch(() => '')
      if (url.includes('consent.html')) consent = one
    }
    return consent !== undefined
  })
  assert(consent)
  return consent
}

async function walk(browser: Browser, sample: string): Promise<void> {
  const popup = await openExtensionPage(browser, 'popup.html')
  await see(popup, 'Create your vault')
  await fill(popup, 'Passphrase', passphrase)
  await fill(popup, 'Repeat passphrase', passphrase)
  await press(popup, 'Create vault')
  await see(popup, 'Your recovery key')
  await press(popup, 'Later')
  await see(popup, 'No secrets yet')
  console.log('Firefox: a vault was made')

  await press(popup, 'Text')
  await fill(popup, 'Text', 'meet at nine')
  await press(popup, 'Encrypt')
  await see(popup, 'END KEYHEARTH MESSAGE')
  const message = await popup.evaluate(() => document.querySelector('output')?.textContent ?? '')
  await fill(popup, 'Text', message)
  await press(popup, 'Decrypt')
  await until('the text again', async () =>
    popup.evaluate(() => document.querySelector('output')?.textContent === 'meet at nine'),
  )
  console.log('Firefox: text was encrypted and decrypted')

  const page = await browser.newPage()
  await page.goto(sample)
  assert.equal(await page.evaluate(() => 'keyhearth' in window), false)
  await page.click('#connect')
  await pressInConsent(await consentWindow(browser), 'Allow on this site')
  await see(page, 'Connected to Keyhearth')
  await page.click('#encrypt')
  await until('the note encrypted', () =>
    page.evaluate(() =>
      /BEGIN KEYHEARTH/.test((document.querySelector('#note') as HTMLTextAreaElement).value),
    ),
  )
  await page.click('#decrypt')
  await until('the note decrypted', () =>
    page.evaluate(() =>
      /^The heron/.test((document.querySelector('#note') as HTMLTextAreaElement).value),
    ),
  )
  console.log('Firefox: a page was connected, encrypted and decrypted')

  assert(await page.evaluate(largeRoundTrip))
  console.log('Firefox: large data was encrypted and decrypted in the page')

  const manager = await openExtensionPage(browser, 'manager.html#files')
  await see(manager, 'Drop files or folders here')
  const chooser = await manager.$('input[type=file]')
  assert(chooser)
  await (chooser as ElementHandle<HTMLInputElement>).uploadFile(resolve('README.md'))
  await see(manager, 'README.md')
  await press(manager, 'Encrypt')
  await see(manager, 'Saved as README.md.keyhearth')
  console.log('Firefox: a file was encrypted')
}

/** A message in a page is marked where the person said so, and read in a frame of the extension. */
async function reading(browser: Browser, sample: string): Promise<void> {
  const popup = await openExtensionPage(browser, 'popup.html?view=text')
  await fill(popup, 'Text', 'read in place')
  await press(popup, 'Encrypt')
  await see(popup, 'END KEYHEARTH MESSAGE')
  const message = await popup.evaluate(() => document.querySelector('output')?.textContent ?? '')
  await popup.evaluate(async (Origin) => {
    const { runtime } = (globalThis as never as { browser: { runtime: Runtime } }).browser
    const input = { Origin, Reading: 'on' }
    const operation = 'keyhearth:PutReading'
    await runtime.sendMessage({
      keyhearth: 1,
      type: 'call',
      id: crypto.randomUUID(),
      operation,
      input,
    })
  }, new URL(sample).origin)
  const page = await browser.newPage()
  await page.goto(sample)
  await page.evaluate((text) => {
    const place = document.createElement('pre')
    place.id = 'message'
    place.textContent = text
    document.body.replaceChildren(place)
  }, message)
  // The mark is in a closed shadow root; where it is follows from where the message is.
  const corner = await page.evaluate(() => {
    const { right, top } = document.querySelector('#message')?.getBoundingClientRect() ?? {
      right: 0,
      top: 0,
    }
    return { x: Math.min(right, innerWidth - 8) - 30, y: Math.max(4, top - 4) + 10 }
  })
  await until('the overlay', async () => {
    await page.mouse.click(corner.x, corner.y)
    await new Promise((resolve) => setTimeout(resolve, 700))
    return page.frames().some((frame) => frame.url().includes('overlay.html'))
  })
  await until('the text in it', async () => {
    const overlay = page.frames().find((frame) => frame.url().includes('overlay.html'))
    const text = await overlay?.evaluate(() => document.querySelector('output')?.textContent ?? '')
    return text === 'read in place'
  })
  console.log('Firefox: a message was read in place')
}

const signIn = `<form><label>Name <input name="user" autocomplete="username"></label>
<label>Password <input name="pass" type="password" autocomplete="current-password"></label></form>`

const inForm = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [...document.querySelectorAll('input')].map(({ value }) => value.trim()).join(' '),
  )

/** A login is kept for the page in the other tab, found by that page, and filled in on the press of "Fill". */
async function filling(driven: Browser, sample: string): Promise<void> {
  const page = await driven.newPage()
  await page.goto(sample)
  await page.evaluate((html) => {
    document.body.innerHTML = html
    document.querySelector('input')?.focus()
  }, signIn)
  const popup = await openExtensionPage(driven, 'popup.html')
  await press(popup, 'Add secret')
  await fill(popup, 'Kind', 'login')
  await fill(popup, 'Name', 'The sample')
  await fill(popup, 'User name', 'ada')
  await fill(popup, 'Password', 'gÜlden & “secret” 7')
  const { host } = new URL(sample)
  await press(popup, `This page: ${host}`)
  await press(popup, 'Save')
  await see(popup, `For ${host}`)
  assert.equal((await inForm(page)).trim(), '')
  await press(popup, 'Fill')
  await until('the form filled', async () => (await inForm(page)) === 'ada gÜlden & “secret” 7')
  console.log('Firefox: a login was kept, found by its page, and filled in')

  await page.goto(sample.replace('127.0.0.1', 'localhost'))
  const elsewhere = await openExtensionPage(driven, 'popup.html')
  await see(elsewhere, 'The sample')
  assert.equal((await textOf(elsewhere)).includes(`For ${host}`), false)
  console.log('Firefox: it was not offered on another site')
}

interface Runtime {
  sendMessage(message: object): Promise<unknown>
}

/** In the page: as much as goes by the keys of one message (design section 4, "Bulk lane"). */
async function largeRoundTrip(): Promise<boolean> {
  const { keyhearth } = window as never as { keyhearth: Provider }
  const bytes = new Uint8Array(4 * 1024 * 1024).map((_, at) => at * 7)
  const { plaintext } = await keyhearth.decrypt(await keyhearth.encrypt(bytes))
  return plaintext.length === bytes.length && bytes.every((byte, at) => plaintext[at] === byte)
}

/** In the page: what AWS's client sends, sent by hand. */
async function encryptAsClient(): Promise<string> {
  const { requestHandler } = (window as never as { keyhearth: Provider }).keyhearth
  const call = async (operation: string, input: object) => {
    const headers = { 'x-amz-target': `TrentService.${operation}` }
    const body = new TextEncoder().encode(JSON.stringify(input))
    const { response } = await requestHandler.handle({ headers, body })
    const text = new TextDecoder().decode(response.body)
    if (response.statusCode !== 200) throw new Error(`${operation}: ${text}`)
    return JSON.parse(text)
  }
  const { KeyMetadata } = await call('CreateKey', {})
  const input = { KeyId: KeyMetadata.KeyId, EncryptionContext: { to: 'Ada' } }
  const { CiphertextBlob } = await call('Encrypt', { ...input, Plaintext: btoa('by hand') })
  const { Plaintext } = await call('Decrypt', { ...input, CiphertextBlob })
  return atob(Plaintext)
}

interface Provider {
  encrypt(plaintext: Uint8Array): Promise<Uint8Array>
  decrypt(message: Uint8Array): Promise<{ readonly plaintext: Uint8Array }>
  readonly requestHandler: {
    handle(request: object): Promise<{
      readonly response: { readonly statusCode: number; readonly body: Uint8Array<ArrayBuffer> }
    }>
  }
}

async function awsClients(driven: Browser, sample: string): Promise<void> {
  const page = await driven.newPage()
  await page.goto(sample)
  await page.evaluate(() => {
    document.body.innerHTML = '<button id="ask">ask for keys</button>'
    const detail = { rights: ['keys'] }
    document.querySelector('#ask')?.addEventListener('click', () => {
      dispatchEvent(new CustomEvent('keyhearth:request', { detail }))
    })
    addEventListener('keyhearth:provider', () => {
      document.title = 'has keys'
    })
  })
  await page.click('#ask')
  const consent = await consentWindow(driven)
  await see(consent, 'Make and use its own keys')
  await pressInConsent(consent, 'Allow on this site')
  await until('the right to keys', async () => (await page.title()) === 'has keys')
  assert.equal(await page.evaluate(encryptAsClient), 'by hand')
  console.log('Firefox: a page used keys as AWS’s client does')
}

/** The extension is updated under a page that stays: its calls must say so, not wait for ever. */
async function update(driven: Browser, sample: string): Promise<void> {
  const page = await driven.newPage()
  await page.goto(sample)
  await until('the provider', () => page.evaluate(() => 'keyhearth' in window))
  await page.evaluate(encryptOnce)
  await driven.installExtension(build)
  await until('a hint to reload', async () => {
    const said = await Promise.race([
      page.evaluate(encryptOnce),
      new Promise<string>((resolve) => setTimeout(resolve, 1000, 'no answer')),
    ])
    return /Reload this page/.test(said)
  })
  await page.reload()
  await until('the provider again', () => page.evaluate(() => 'keyhearth' in window))
  console.log('Firefox: a page heard that the extension was updated')
}

const encryptOnce = () =>
  (window as never as { keyhearth: Provider }).keyhearth.encrypt(new Uint8Array(1)).then(
    () => 'encrypted',
    ({ message }: Error) => message,
  )

interface Reply {
  readonly ok: boolean
  readonly error?: { readonly reason: string }
  readonly output?: {
    readonly KeyMetadata?: { readonly KeyId: string; readonly Implementation: string }
    readonly Signature?: Uint8Array
    readonly SignatureValid?: boolean
    readonly PublicKey?: Uint8Array
    readonly Plaintext?: Uint8Array
  }
}
/** Inside an extension page. */
declare const browser: { runtime: { sendMessage(message: unknown): Promise<Reply> } }

/** In the popup: what its screens ask the background by. */
function keepCall(): void {
  const call = async (operation: string, input: object) => {
    const id = crypto.randomUUID()
    const message = { keyhearth: 1, type: 'call', id, operation, input }
    const reply = await browser.runtime.sendMessage(message)
    if (!reply.ok) throw new Error(`${operation}: ${reply.error?.reason}`)
    return reply.output ?? {}
  }
  Object.assign(window, { call })
}

type Call = (operation: string, input: object) => Promise<NonNullable<Reply['output']>>

/** In the popup: makes a key, signs with it, verifies. Gives who computed. */
async function signOnce([KeySpec, SigningAlgorithm]: readonly [string, string]): Promise<string> {
  const { call } = window as never as { call: Call }
  const { KeyMetadata } = await call('kms:CreateKey', { KeySpec, KeyUsage: 'SIGN_VERIFY' })
  const Message = new TextEncoder().encode('to be signed')
  const input = { KeyId: KeyMetadata?.KeyId, Message, SigningAlgorithm }
  const { Signature } = await call('kms:Sign', input)
  const { SignatureValid } = await call('kms:Verify', { ...input, Signature })
  return `${KeyMetadata?.Implementation} ${SignatureValid}`
}

async function keys(driven: Browser): Promise<void> {
  const popup = await openExtensionPage(driven, 'popup.html')
  await popup.evaluate(keepCall)
  for (const [spec, algorithm, expected] of [
    ['ECC_NIST_P256', 'ECDSA_SHA_256', 'WebCrypto true'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 'WebCrypto true'],
    ['RSA_2048', 'RSASSA_PSS_SHA_256', 'WebCrypto true'],
    ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'JavaScript true'],
    // Firefox has no ML-DSA; once it has, this line says so.
    ['ML_DSA_65', 'ML_DSA_SHAKE_256', 'JavaScript true'],
  ] as const) {
    assert.equal(await popup.evaluate(signOnce, [spec, algorithm] as const), expected, spec)
  }
  console.log('Firefox: keys were made, signed and verified')

  const { KeyId, spki } = await popup.evaluate(makeRsa)
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  const transported = [...Array(32).keys()]
  const padding = constants.RSA_PKCS1_PADDING
  const encrypted = publicEncrypt({ key, padding }, Buffer.from(transported))
  assert.deepEqual(await popup.evaluate(openOldPadding, KeyId, [...encrypted]), transported)
  console.log('Firefox: an RSA key opened old padding')
}

async function makeRsa(): Promise<{ readonly KeyId: string; readonly spki: number[] }> {
  const { call } = window as never as { call: Call }
  const wanted = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }
  const { KeyMetadata } = await call('kms:CreateKey', wanted)
  const KeyId = KeyMetadata?.KeyId ?? ''
  return { KeyId, spki: [...((await call('kms:GetPublicKey', { KeyId })).PublicKey ?? [])] }
}

async function openOldPadding(KeyId: string, encrypted: readonly number[]): Promise<number[]> {
  const { call } = window as never as { call: Call }
  const Data = new Uint8Array(encrypted)
  const input = { KeyId, Mechanism: 'RSAES_PKCS1_V1_5', Data, NumberOfBytes: 32 }
  return [...((await call('keyhearth:HsmDecrypt', input)).Plaintext ?? [])]
}

/** In the manager: what is offered as a download from now on can be asked for. */
function keepDownloads(): void {
  const kept: Blob[] = []
  const makeAddress = URL.createObjectURL.bind(URL)
  URL.createObjectURL = (blob) => {
    if (blob instanceof Blob) kept.push(blob)
    return makeAddress(blob)
  }
  Object.assign(window, { kept })
}

async function lastDownload(): Promise<number[]> {
  const { kept } = window as never as { kept: Blob[] }
  return [...new Uint8Array((await kept.at(-1)?.arrayBuffer()) ?? new ArrayBuffer(0))]
}

async function choose(page: Page, ...paths: readonly string[]): Promise<void> {
  const input = await page.waitForSelector('input[type=file]')
  assert(input)
  await (input as ElementHandle<HTMLInputElement>).uploadFile(...paths)
}

/** A PDF and a file are signed in the manager, and what comes out is checked there. */
async function documents(driven: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhearth-firefox-'))
  const write = (name: string, content: Uint8Array | string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const save = async (name: string) =>
    write(name, Uint8Array.from(await manager.evaluate(lastDownload)))
  const manager = await openExtensionPage(driven, 'manager.html#documents')
  await manager.evaluate(keepDownloads)
  const letter = write('letter.txt', 'Dear Ada')
  await choose(manager, letter)
  await fill(manager, 'Your name', 'Ada')
  await press(manager, 'Sign')
  await see(manager, 'Saved as letter.txt.p7s')
  const signature = await save('letter.txt.p7s')
  await press(manager, 'Clear list')
  await choose(manager, write('lease.pdf', textReportPdf(['Ten pounds a month.'])))
  await see(manager, 'Page 1 of 1')
  await press(manager, 'Sign')
  await see(manager, 'Saved as lease (signed).pdf')
  const pdf = await save('signed.pdf')
  await manager.evaluate(() => {
    location.hash = '#documents/verify'
  })
  await see(manager, 'Nothing is checked yet')
  await choose(manager, letter, signature, pdf)
  const trusted = /(Intact, and signed by someone you trust.*){2}/s
  await see(manager, trusted)
  await choose(
    manager,
    write('other.txt', 'Dear Eve'),
    write('other.txt.p7s', readFileSync(signature)),
  )
  await see(manager, 'Altered since it was signed')
  console.log('Firefox: a file and a PDF were signed, and their signatures checked')
  rmSync(folder, { recursive: true })
}

/** In the manager. */
function chooseRecipient(name: string): boolean {
  const choices = [...document.querySelectorAll<HTMLLabelElement>('label.choice')]
  const choice = choices.find((one) => one.textContent?.startsWith(name))
  choice?.click()
  return choice !== undefined
}

/** A certificate for encryption is made in the manager, a file encrypted to it, and decrypted. */
async function encryption(driven: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhearth-firefox-'))
  const letter = join(folder, 'letter.txt')
  writeFileSync(letter, 'Dear Ada, meet me at noon.')
  const address = 'manager.html#documents/certificates/new?for=encryption'
  const manager = await openExtensionPage(driven, address)
  await manager.evaluate(keepDownloads)
  await fill(manager, 'Name', 'Ada of the letters')
  await press(manager, 'Make the certificate')
  await see(manager, /Vouched for byAuthority of Ada of the letters/)
  const goTo = (side: string) =>
    manager.evaluate((name) => {
      location.hash = `#documents/${name}`
    }, side)
  await goTo('encrypt')
  await see(manager, 'Who can open it')
  await choose(manager, letter)
  await until('Ada', () => manager.evaluate(chooseRecipient, 'Ada of the letters'))
  await press(manager, 'Encrypt')
  await see(manager, 'Saved as letter.txt.p7m')
  const message = join(folder, 'letter.txt.p7m')
  writeFileSync(message, Uint8Array.from(await manager.evaluate(lastDownload)))
  assert.equal(readFileSync(message, 'latin1').includes('Dear Ada'), false)
  await goTo('decrypt')
  await see(manager, 'Nothing to open yet')
  await choose(manager, message)
  await see(manager, 'Opened with the key of your certificate “Ada of the letters”')
  await see(manager, 'Dear Ada, meet me at noon.')
  console.log('Firefox: a file was encrypted to a certificate, and decrypted')
  rmSync(folder, { recursive: true })
}

const found = findFirefox()
if ('missing' in found) {
  console.log(`skipped: ${found.missing}`)
  process.exit(0)
}
const site = await serve(resolve('assets/sample'))
const driven = await puppeteer.launch({
  browser: 'firefox',
  executablePath: found.path,
  headless: true,
  args: ['--remote-allow-system-access'],
  extraPrefsFirefox: {
    'extensions.webextensions.uuids': JSON.stringify({ [addonId]: addonUuid }),
  },
})
try {
  await driven.installExtension(build)
  await walk(driven, site.origin)
  await awsClients(driven, site.origin)
  await filling(driven, site.origin)
  await reading(driven, site.origin)
  await keys(driven)
  await documents(driven)
  await encryption(driven)
  await update(driven, site.origin)
} catch (error) {
  console.error('Firefox:', error instanceof Error ? error.message : error)
  for (const page of await driven.pages()) {
    console.error(page.url(), (await textOf(page).catch(() => '')).slice(0, 400))
  }
  process.exitCode = 1
} finally {
  await driven.close()
  site.close()
}
