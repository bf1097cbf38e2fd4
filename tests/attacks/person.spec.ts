// The attack list, on what the person sees: texts of others, files of others, and where secrets might be left.

import type { ConsoleMessage } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { cardNamed } from '../e2e/cards.ts'
import { connect, expect, operate, passphrase, test } from '../e2e/keyhearth.ts'
import { callByHand } from './calls.ts'
import { hostilePage } from './hostilePages.ts'

declare const chrome: typeof Browser

const hostile = '<img src=x onerror="document.title=\'ran\'"><script>document.title="ran"</script>'

test('attack-25-xss: what was decrypted is text, also in names of people and files', async ({
  keyhearth,
}, info) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText(hostile)
  const popup = await keyhearth.open('popup.html?view=text')
  await popup.getByRole('textbox', { name: 'Text' }).fill(message)
  await popup.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await expect(popup.getByLabel('Result', { exact: true })).toHaveText(hostile)
  expect(await popup.locator('output img, output script').count()).toBe(0)
  expect(await popup.title()).not.toBe('ran')
  const manager = await keyhearth.open('manager.html#files')
  const file = {
    name: '<img src=x onerror=alert(1)>.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('x'),
  }
  await manager.locator('input[type=file]').first().setInputFiles([file])
  await expect(manager.getByText('<img src=x onerror=alert(1)>.txt')).toBeVisible()
  expect(await manager.locator('main img').count()).toBe(0)
  await manager.screenshot({ path: info.outputPath('files.png') })
})

test('attack-26-exfiltration: pages of the extension reach no network', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  for (const name of ['popup.html', 'manager.html', 'consent.html', 'compose.html']) {
    const page = await keyhearth.open(name)
    const tried = await page.evaluate(async (origin) => {
      const outcome = (work: Promise<unknown>) =>
        work.then(
          () => 'reached',
          () => 'refused',
        )
      const image = new Image()
      const loaded = new Promise((resolve, reject) => {
        image.onload = resolve
        image.onerror = reject
      })
      image.src = `${origin}/icon.png?secret`
      return [
        await outcome(fetch(`${origin}/?secret`)),
        await outcome(loaded),
        await outcome(fetch(`${origin}/beacon`, { mode: 'no-cors' })),
        await outcome(import(/* @vite-ignore */ `${origin}/notes.js`)),
      ]
    }, site.origin)
    expect(tried).toEqual(['refused', 'refused', 'refused', 'refused'])
    await page.close()
  }
})

test('attack-29-secrets-left-behind: none is in an address, a title, the console or the history', async ({
  keyhearth,
  site,
}) => {
  const lines: string[] = []
  const note = (message: ConsoleMessage) => lines.push(message.text())
  keyhearth.context.on('console', note)
  keyhearth.context.on('page', (page) =>
    page.on('framenavigated', (frame) => lines.push(frame.url())),
  )
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('the plaintext secret')
  const page = await connect(keyhearth, site.origin)
  await page.evaluate(() => window.keyhearth.encrypt('the page secret'))
  const popup = await keyhearth.open('popup.html?view=text')
  await popup.getByRole('textbox', { name: 'Text' }).fill(message)
  await popup.getByRole('button', { name: 'Decrypt', exact: true }).click()
  await expect(popup.getByLabel('Result', { exact: true })).toHaveText('the plaintext secret')
  for (const one of keyhearth.context.pages()) lines.push(one.url(), await one.title())
  const all = lines.join('\n')
  expect(all).toContain('popup.html')
  for (const secret of [passphrase, 'plaintext secret', 'page secret', 'BEGIN KEYHEARTH']) {
    expect(all).not.toContain(secret)
  }
})

test('attack-18-prompt-text: a site’s own words stand in no prompt', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(hostilePage('prompt-text')))
  const consent = await keyhearth.consent(() => page.getByRole('button').click())
  await expect(consent.getByText(new URL(site.origin).host)).toBeVisible()
  const text = (await consent.locator('body').textContent()) ?? ''
  expect(text).not.toMatch(/help|bank|\u202e/)
})

test('attack-06-spoofed-origin: what a page says of itself counts for nothing', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const bank = 'https://bank.example'
  const input = { Plaintext: new Uint8Array([1]) }
  const [claimed, context] = await callByHand(page, [
    {
      operation: 'keyhearth:EncryptMessage',
      input,
      origin: bank,
      sender: { origin: bank },
      principal: { kind: 'person' },
    },
    {
      operation: 'keyhearth:EncryptMessage',
      input: { ...input, EncryptionContext: { 'keyhearth:origin': bank } },
    },
  ])
  const made = String.fromCharCode(...Object.values(claimed?.output?.['Message'] as Uint8Array))
  expect(made).toContain(site.origin)
  expect(made).not.toContain('bank')
  expect(context?.error?.code).toBe('ValidationException')
})

test('attack-22-existence-oracle: a key that is another’s and one that is not are refused alike', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html')
  type Made = { KeyMetadata: { Arn: string } }
  const arn = (await operate<Made>(manager, 'kms:CreateKey', {})).KeyMetadata.Arn
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['messages', 'keys'])
  const missing = arn.replace(/[0-9a-f]{12}$/, '000000000000')
  const answers = await callByHand(
    page,
    [arn, missing].flatMap((KeyId) => [
      { operation: 'kms:DescribeKey', input: { KeyId } },
      { operation: 'kms:Encrypt', input: { KeyId, Plaintext: new Uint8Array(1) } },
      { operation: 'keyhearth:EncryptMessage', input: { KeyId, Plaintext: new Uint8Array(1) } },
    ]),
  )
  const said = answers.map((answer) => [answer?.error?.code, answer?.error?.message])
  expect(said.slice(0, 3)).toEqual(said.slice(3))
  expect(said[0]?.[0]).toBe('AccessDeniedException')
})

test('attack-11-compromised-renderer: a content script gets no further than its page', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const replies = await (await keyhearth.worker()).evaluate(async () => {
    const [tab] = await chrome.tabs.query({ url: 'http://127.0.0.1/*' })
    const [{ result } = { result: null }] = await chrome.scripting.executeScript({
      target: { tabId: tab?.id ?? -1 },
      func: async () => {
        const call = (operation: string, input: object, keyhearth = 1) =>
          chrome.runtime.sendMessage({
            keyhearth,
            type: 'call',
            id: crypto.randomUUID(),
            operation,
            input,
          })
        const all = []
        for (const [operation, input] of [
          ['keyhearth:Unlock', { Passphrase: 'x' }],
          ['keyhearth:ListSites', {}],
          ['keyhearth:EncryptMessage', { Plaintext: new Uint8Array(1) }],
          ['keyhearth:TakeView', { Token: 'x' }],
        ] as const) {
          const reply = await call(operation, input)
          all.push(reply?.ok ? 'done' : (reply?.error?.code ?? 'nothing'))
        }
        return all
      },
    })
    return result
  })
  expect(replies).toEqual(Array(4).fill('AccessDeniedException'))
})

test('attack-35-version-skew: relay and provider of another version of the protocol are told to reload the page', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const worker = await keyhearth.worker()
  const reply = await worker.evaluate(async () => {
    const [tab] = await chrome.tabs.query({ url: 'http://127.0.0.1/*' })
    const [{ result } = { result: null }] = await chrome.scripting.executeScript({
      target: { tabId: tab?.id ?? -1 },
      func: async () => {
        const id = crypto.randomUUID()
        const operation = 'keyhearth:GetStatus'
        return (
          (await chrome.runtime.sendMessage({
            keyhearth: 2,
            type: 'call',
            id,
            operation,
            input: {},
          })) ?? null
        )
      },
    })
    return result
  })
  expect(reply).toMatchObject({ ok: false, error: { reason: 'reload-page' } })
  // A provider of another version, likewise.
  const told = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => resolve(data)
        postMessage('keyhearth:port 99', location.origin, [port2])
      }),
  )
  expect(told).toEqual({ type: 'ended', reason: 'reload-page' })
  await page.bringToFront()
  expect(
    (await page.evaluate(() => window.keyhearth.encrypt('still works'))).length,
  ).toBeGreaterThan(100)
})

test('attack-24-private-as-public: what is given to others holds public keys alone', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const people = await keyhearth.open('manager.html#people')
  await people.getByLabel('Your name, as others see it').fill('Alice')
  await people.getByRole('button', { name: 'Make my card' }).click()
  const card = (await people.getByLabel('Your identity card').textContent()) ?? ''
  const json = JSON.parse(Buffer.from(card.replace(/-----.*-----/g, ''), 'base64').toString())
  expect(Object.keys(json).sort()).toEqual(
    ['agreementKey', 'createdAt', 'format', 'name', 'signature', 'signingKey'].sort(),
  )
  for (const name of ['agreementKey', 'signingKey']) {
    const spki = Buffer.from(json[name], 'base64')
    // 91 bytes: SubjectPublicKeyInfo of a point of P-256, with no room for a private key.
    expect(spki.byteLength).toBe(91)
    expect(spki.subarray(0, 2).toString('hex')).toBe('3059')
  }
})

test('attack-23-malicious-import: a card shows first whose it says it is, as text', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const people = await keyhearth.open('manager.html#people')
  await people.getByLabel('Your name, as others see it').fill('<b>You</b>')
  await people.getByRole('button', { name: 'Make my card' }).click()
  const card = (await people.getByLabel('Your identity card').textContent()) ?? ''
  await people.getByLabel('Their card').fill(card)
  await people.getByRole('button', { name: 'Look at the card' }).click()
  await expect(people.getByText('This is your own card.')).toBeVisible()
  await people.getByLabel('Their card').fill(card.replace(/[A-Z](?=[a-z])/, '!'))
  await people.getByRole('button', { name: 'Look at the card' }).click()
  await expect(people.getByRole('alert')).toContainText('no whole identity card')
  expect(await people.locator('article').count()).toBe(0)
})

test('attack-23-malicious-import: a name in letters that look like those of somebody known is said to be so', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const people = await keyhearth.open('manager.html#people')
  const review = async (name: string) => {
    await people.getByLabel('Their card').fill(cardNamed(name))
    await people.getByRole('button', { name: 'Look at the card' }).click()
    return people.getByRole('region', { name: 'The card' })
  }
  const first = await review('Anna Berg')
  await expect(first.getByRole('alert')).toHaveCount(0)
  await first.getByRole('button', { name: 'They match: add as verified' }).click()
  await expect(people.getByText('Anna Berg was added.')).toBeVisible()
  // Cyrillic А and а, and the same name.
  const second = await review('Аnnа Berg')
  await expect(second.getByRole('alert')).toContainText('this name looks like Anna Berg')
  // The words of the one that is known stand beside the new ones.
  await expect(second.getByRole('list', { name: 'The words of the person you know' })).toBeVisible()
  // Of nobody known, but hardly a name.
  const third = await review('Вoris')
  await expect(third.getByRole('alert')).toContainText('mixes letters of several scripts')
})

test('attack-12-stale-popup: "This site" is about the page that is there now', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const before = await keyhearth.open('popup.html?view=site')
  await expect(before.getByRole('button', { name: 'Revoke' })).toBeVisible()
  await before.close()
  await page.bringToFront()
  await page.goto(otherSite.origin)
  const after = await keyhearth.open('popup.html?view=site')
  await expect(after.getByText(new URL(otherSite.origin).host)).toBeVisible()
  await expect(after.getByRole('button', { name: 'Revoke' })).toBeHidden()
})

test('attack-32-response-theft: an answer goes to the document that asked, and to no frame or opener', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await page.evaluate(() => {
    const heard: string[] = []
    Object.assign(window, { heard })
    addEventListener('message', ({ data }) => heard.push(JSON.stringify(data)))
    const frame = document.createElement('iframe')
    frame.srcdoc =
      '<script>onmessage = ({ data }) => parent.postMessage({ got: data }, "*")</script>'
    document.body.append(frame)
  })
  await page.evaluate(() => window.keyhearth.encrypt('for one'))
  await page.waitForTimeout(300)
  expect(await page.evaluate(() => Reflect.get(window, 'heard'))).toEqual([])
})
