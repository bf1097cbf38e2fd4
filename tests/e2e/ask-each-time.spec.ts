// A website uses a key of the person's by a grant that asks each time: it waits, the person sees what it is
// about in Keyhearth's own window, and the site gets that one answer or AccessDeniedException.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import type { Site } from '../../scripts/serve.ts'
import { expectAccessible } from './accessible.ts'
import { connect, expect, type Keyhearth, operate, test } from './keyhearth.ts'
import { clickMark, expectMarks } from './marks.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

/** A key of the person's, with a grant to the site that asks each time. Gives the key's ARN. */
async function shareKey(
  popup: Page,
  GranteePrincipal: string,
  grant: object = { Operations: ['Encrypt'] },
  spec: object = {},
): Promise<string> {
  type Made = { KeyMetadata: { Arn: string } }
  const { KeyMetadata } = await operate<Made>(popup, 'kms:CreateKey', {
    Description: 'Invoices',
    ...spec,
  })
  const { Arn: KeyId } = KeyMetadata
  await operate(popup, 'kms:CreateGrant', { KeyId, GranteePrincipal, AskEachTime: true, ...grant })
  return KeyId
}

/** Begins an Encrypt in the page, as AWS's client would send it; its answer is waited for apart. */
function begin(KeyId: string): void {
  const holder = window as never as {
    keyhearth: {
      requestHandler: {
        handle(request: object): Promise<{ response: { statusCode: number; body: Uint8Array } }>
      }
    }
    outcome: Promise<string>
  }
  const input = {
    KeyId,
    Plaintext: btoa('pay 100 to Ann'),
    EncryptionContext: { Key: 'a harmless one' },
  }
  const request = {
    headers: { 'x-amz-target': 'TrentService.Encrypt' },
    body: new TextEncoder().encode(JSON.stringify(input)),
  }
  holder.outcome = holder.keyhearth.requestHandler
    .handle(request)
    .then(({ response }) => `${response.statusCode} ${new TextDecoder().decode(response.body)}`)
}
const outcome = (page: Page) =>
  page.evaluate(() => (window as never as { outcome: Promise<string> }).outcome)

async function prepare(keyhearth: Keyhearth, site: Site): Promise<{ page: Page; KeyId: string }> {
  const popup = await keyhearth.createVault()
  const KeyId = await shareKey(popup, site.origin)
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['keys'])
  return { page, KeyId }
}

/** Behind a real click, as a prompt needs one. */
async function ask(keyhearth: Keyhearth, page: Page, KeyId: string): Promise<Page> {
  await page.bringToFront()
  await page.locator('body').click({ position: { x: 5, y: 5 } })
  return keyhearth.consent(() => page.evaluate(begin, KeyId))
}

test('the person sees what it is about, and allows it once', async ({ keyhearth, site }) => {
  const { page, KeyId } = await prepare(keyhearth, site)
  const consent = await ask(keyhearth, page, KeyId)
  await expect(
    consent.getByRole('heading', { name: 'A website wants to use a key of yours' }),
  ).toBeVisible()
  await expect(consent.getByText(new URL(site.origin).host)).toBeVisible()
  await expect(consent.getByText('Invoices')).toBeVisible()
  // What the site says stands apart: its context cannot pass for the name of the key.
  const said = consent.getByRole('heading', { name: 'The website says of it' }).locator('..')
  await expect(said.getByText('a harmless one')).toBeVisible()
  await expect(consent.getByRole('definition').first()).toHaveText('Invoices')
  await expect(consent.getByLabel('What it is about')).toHaveValue('pay 100 to Ann')
  await expect(consent.getByRole('button', { name: 'Allow on this site' })).toHaveCount(0)
  await expect(consent.getByRole('button', { name: 'Deny' })).toBeFocused()
  await expectAccessible(consent)
  await consent.getByRole('button', { name: 'Allow once' }).click()
  expect(await outcome(page)).toMatch(/^200 .*CiphertextBlob/)
  // The next one is asked about again.
  const again = await ask(keyhearth, page, KeyId)
  await again.getByRole('button', { name: 'Deny' }).click()
  expect(await outcome(page)).toMatch(/^400 .*AccessDeniedException/)
})

test('a second call waits while the first is asked about, and comes up after it', async ({
  keyhearth,
  site,
}) => {
  const { page, KeyId } = await prepare(keyhearth, site)
  const first = await ask(keyhearth, page, KeyId)
  await page.evaluate(begin, KeyId)
  const worker = await keyhearth.worker()
  await expect.poll(() => worker.evaluate(() => chrome.action.getBadgeText({}))).toBe('1')
  const second = await keyhearth.consent(() =>
    first.getByRole('button', { name: 'Allow once' }).click(),
  )
  await second.getByRole('button', { name: 'Deny' }).click()
  expect(await outcome(page)).toMatch(/^400 .*AccessDeniedException/)
})

test('closing the window refuses', async ({ keyhearth, site }) => {
  const { page, KeyId } = await prepare(keyhearth, site)
  const consent = await ask(keyhearth, page, KeyId)
  await consent.close()
  expect(await outcome(page)).toMatch(/^400 .*AccessDeniedException/)
})

test('a site that is revoked meanwhile is refused, and its window goes', async ({
  keyhearth,
  site,
}) => {
  const { page, KeyId } = await prepare(keyhearth, site)
  const consent = await ask(keyhearth, page, KeyId)
  const closed = consent.waitForEvent('close')
  const manager = await keyhearth.open('manager.html#sites')
  await manager.getByRole('button', { name: 'Revoke', exact: true }).first().click()
  await closed
  expect(await outcome(page)).toMatch(/^400 .*AccessDeniedException/)
  expect(await (await keyhearth.worker()).evaluate(() => chrome.action.getBadgeText({}))).toBe('')
})

test('the worker may be killed while the person thinks', async ({ keyhearth, site }) => {
  const { page, KeyId } = await prepare(keyhearth, site)
  const consent = await ask(keyhearth, page, KeyId)
  await expect(consent.getByText('Invoices')).toBeVisible()
  await keyhearth.killWorker()
  await consent.getByRole('button', { name: 'Allow once' }).click()
  expect(await outcome(page)).toMatch(/^200 /)
})

test('granted without the plaintext, a site encrypts what the person alone reads, also in its page', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const Operations = ['Encrypt', 'Decrypt', 'GenerateDataKey', 'DescribeKey']
  const KeyId = await shareKey(popup, site.origin, {
    Operations,
    AskEachTime: false,
    MaySeePlaintext: false,
  })
  await operate(popup, 'keyhearth:PutReading', { Origin: site.origin, Reading: 'on' })
  const page = await connect(keyhearth, site.page('<pre></pre>'), 'Allow on this site')
  for (const length of [5, 100_000]) {
    const refused = await page.evaluate(
      async ([keyId, size]) => {
        const message = await window.keyhearth.encrypt('x'.repeat(size), { keyId })
        return window.keyhearth
          .decrypt(message)
          .catch((error: Error) => [error.name, error.message])
      },
      [KeyId, length] as const,
    )
    expect(refused).toEqual([
      'AccessDeniedException',
      expect.stringContaining('without the plaintext'),
    ])
  }
  await page.evaluate(async (keyId) => {
    const message = await window.keyhearth.encrypt('for the person', { keyId })
    const place = document.querySelector('pre')
    if (place) place.textContent = message
  }, KeyId)
  await expectMarks(page, 1)
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText('for the person')
})

/** A site that may sign with a key of the person's, asking each time. */
async function prepareToSign(keyhearth: Keyhearth, site: Site) {
  const popup = await keyhearth.createVault()
  const KeyId = await shareKey(
    popup,
    site.origin,
    { Operations: ['Sign'] },
    { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
  )
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['keys'])
  return { page, KeyId }
}

/** Behind a click, the page asks for a signature over these bytes. */
async function askToSign(
  keyhearth: Keyhearth,
  { page, KeyId }: { readonly page: Page; readonly KeyId: string },
  bytes: Uint8Array,
  MessageType: 'RAW' | 'DIGEST' = 'RAW',
): Promise<Page> {
  await page.bringToFront()
  await page.locator('body').click({ position: { x: 5, y: 5 } })
  const Message = Buffer.from(bytes).toString('base64')
  return keyhearth.consent(() =>
    page.evaluate(
      (given) => {
        const input = { ...given, SigningAlgorithm: 'ECDSA_SHA_256' }
        const body = new TextEncoder().encode(JSON.stringify(input))
        const headers = { 'x-amz-target': 'TrentService.Sign' }
        void window.keyhearth.requestHandler.handle({ headers, body })
      },
      { KeyId, Message, MessageType },
    ),
  )
}

async function deny(consent: Page): Promise<void> {
  const closed = consent.waitForEvent('close')
  await consent.getByRole('button', { name: 'Deny' }).click()
  await closed
}

test('attack-19-blind-signing: the prompt says where nobody can see what is signed', async ({
  keyhearth,
  site,
}, info) => {
  const prepared = await prepareToSign(keyhearth, site)
  const words = new Uint8Array(32).fill(65)
  const digest = await askToSign(keyhearth, prepared, words, 'DIGEST')
  await expect(digest.getByRole('alert')).toContainText('hands over only a digest')
  await expect(digest.getByLabel('in hexadecimal')).toHaveValue('41'.repeat(32))
  await deny(digest)
  const raw = await askToSign(keyhearth, prepared, words)
  await expect(raw.getByLabel('What it is about')).toHaveValue('A'.repeat(32))
  await expect(raw.getByRole('alert')).toHaveCount(0)
  await deny(raw)
  // The signed attributes of a CMS signature over a document that nobody is shown (RFC 5652 section 5.4).
  const attributes = Buffer.from(
    `3149301806092a864886f70d010903310b06092a864886f70d010701302d06092a864886f70d01090431200420${'5a'.repeat(32)}`,
    'hex',
  )
  const binary = await askToSign(keyhearth, prepared, attributes)
  await expect(binary.getByRole('alert')).toContainText('is no text')
  await expect(binary.getByLabel('in hexadecimal')).toHaveValue(attributes.toString('hex'))
  await expect(binary.getByText(/^[0-9a-f]{64}$/)).toBeVisible()
  await expectAccessible(binary)
  await binary.screenshot({ path: info.outputPath('binary.png') })
})

test('attack-18-prompt-text: nothing in what is signed hides or turns the rest, and all of it is there', async ({
  keyhearth,
  site,
}) => {
  const prepared = await prepareToSign(keyhearth, site)
  const text = `pay \u202e001\u202c to Ann\u200b\n${'x'.repeat(4000)}\nand Eve`
  const consent = await askToSign(keyhearth, prepared, new TextEncoder().encode(text))
  const shown = await consent.getByLabel('What it is about').inputValue()
  expect(shown).not.toMatch(/[\u202e\u202c\u200b]/)
  expect(shown.split('\n')[0]).toBe('pay \u{fffd}001\u{fffd} to Ann\u{fffd}')
  expect(shown.endsWith('\nand Eve')).toBe(true)
  await expect(consent.getByRole('note')).toHaveCount(0)
})
