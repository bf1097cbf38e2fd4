// One walk in a real Firefox: create a vault, encrypt, decrypt, the page API. Run by scripts/test.ts with
// FIREFOX naming the browser; leaves with 1 where anything is not as it should be.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'
import { findFirefox } from '../../scripts/browser.ts'
import { serve } from '../../scripts/serve.ts'

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

/** Types into the field of that label. */
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
  }
}
/** Inside an extension page. */
declare const browser: { runtime: { sendMessage(message: unknown): Promise<Reply> } }

/** In the popup: makes a key, signs with it, verifies. Gives who computed. */
async function signOnce([KeySpec, SigningAlgorithm]: readonly [string, string]): Promise<string> {
  const call = async (operation: string, input: object) => {
    const id = crypto.randomUUID()
    const reply = await browser.runtime.sendMessage({
      keyhearth: 1,
      type: 'call',
      id,
      operation,
      input,
    })
    if (!reply.ok) throw new Error(`${operation}: ${reply.error?.reason}`)
    return reply.output ?? {}
  }
  const { KeyMetadata } = await call('kms:CreateKey', { KeySpec, KeyUsage: 'SIGN_VERIFY' })
  const Message = new TextEncoder().encode('to be signed')
  const input = { KeyId: KeyMetadata?.KeyId, Message, SigningAlgorithm }
  const { Signature } = await call('kms:Sign', input)
  const { SignatureValid } = await call('kms:Verify', { ...input, Signature })
  return `${KeyMetadata?.Implementation} ${SignatureValid}`
}

async function keys(driven: Browser): Promise<void> {
  const popup = await openExtensionPage(driven, 'popup.html')
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
  await reading(driven, site.origin)
  await keys(driven)
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
