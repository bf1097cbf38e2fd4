// The attack list of extensions of this kind, as far as web pages can carry it out. Numbers in the names
// are the list's own.

import type { Frame, Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { type Site, serve } from '../../scripts/serve.ts'
import {
  connect,
  expect,
  type Keyhearth,
  operate,
  passphrase,
  requestProvider,
  test,
} from '../e2e/keyhearth.ts'
import { callByHand } from './calls.ts'
import { hostilePage } from './hostilePages.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

const consentWindows = (keyhearth: Keyhearth) =>
  keyhearth.context.pages().filter((page) => page.url().includes('consent.html'))

/** Everything an uninvited page could notice, recorded by its own first script. */
const watcher = hostilePage('watcher')

const seen = (page: Page) => page.evaluate(() => (window as never as { seen: string[] }).seen)

test('attack-40-fingerprinting: an uninvited page sees no global, no event, no element and no file', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  await page.waitForTimeout(500)
  expect(await seen(page)).toEqual([])
  expect(
    await page.evaluate(() =>
      Object.getOwnPropertyNames(window).filter((name) => /keyhearth/i.test(name)),
    ),
  ).toEqual([])
  const files = [
    'provider.js',
    'popup.html',
    'consent.html',
    'relay.js',
    'filler.js',
    'icon/16.png',
  ]
  const loaded = await page.evaluate(
    (urls) =>
      Promise.all(
        urls.map((url) =>
          fetch(url).then(
            () => url,
            () => null,
          ),
        ),
      ),
    files.map((name) => keyhearth.url(name)),
  )
  expect(loaded.filter(Boolean)).toEqual([])
})

test('attack-40-fingerprinting: a request without a click leaves no trace the page could see', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher + hostilePage('unasked-request')))
  await page.waitForTimeout(1000)
  expect(await seen(page)).toEqual(['message', 'message', 'message', 'message']) // its own
  expect(await page.evaluate('[getters, notCancelled, "keyhearth" in window]')).toEqual([
    0,
    true,
    false,
  ])
  expect(consentWindows(keyhearth)).toEqual([])
})

test('attack-33-replaced-provider: a page that forges the provider’s greeting gets no answer through its port', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const answers = await page.evaluate(async () => {
    const { port1, port2 } = new MessageChannel()
    const heard: unknown[] = []
    port1.onmessage = ({ data }) => heard.push(data)
    addEventListener('keyhearth:formats', () => heard.push('formats'))
    postMessage('keyhearth:port 1', location.origin, [port2])
    for (const operation of ['keyhearth:EncryptMessage', 'keyhearth:GetStatus']) {
      port1.postMessage({ type: 'call', id: 1, operation, input: { Plaintext: new Uint8Array(1) } })
    }
    port1.postMessage({ type: 'formats', id: 2 })
    const old = new MessageChannel()
    old.port1.onmessage = ({ data }) => heard.push(data)
    postMessage('keyhearth:port 99', location.origin, [old.port2])
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return heard
  })
  expect(answers).toEqual([])
})

test('attack-10-open-proxy, attack-31-rpc-smuggling: a connected page reaches only the page operations, with exact inputs', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const answers = await page.evaluate(async () => {
    const { port1, port2 } = new MessageChannel()
    const heard: { id?: number; error?: { code: string } }[] = []
    port1.onmessage = ({ data }) => heard.push(data)
    postMessage('keyhearth:port 1', location.origin, [port2])
    const operations = [
      'keyhearth:GetStatus',
      'keyhearth:Lock',
      'secretsmanager:ListSecrets',
      'kms:Decrypt',
      '__proto__',
    ]
    operations.forEach((operation, id) => {
      port1.postMessage({ type: 'call', id, operation, input: {} })
    })
    const inputs: unknown[] = [
      { Plaintext: 'text' },
      { Plaintext: new Uint8Array(1), Extra: 1 },
      JSON.parse('{"__proto__": {"Plaintext": []}}'),
      { Plaintext: new Uint8Array(1), EncryptionContext: ['a'] },
      { Plaintext: new Uint8Array(1), EncryptionContext: { a: 1 } },
      { Plaintext: new Uint8Array(1), FrameLength: -1 },
      { Plaintext: new Uint8Array(1), KeyId: 'x'.repeat(4000) },
    ]
    inputs.forEach((input, i) => {
      port1.postMessage({ type: 'call', id: 100 + i, operation: 'keyhearth:EncryptMessage', input })
    })
    await new Promise((resolve) => setTimeout(resolve, 1500))
    return heard.filter(({ id }) => id !== undefined).map(({ id, error }) => [id, error?.code])
  })
  // What pages may ask for, but this one was not given; and what for a page there is not.
  expect(answers.sort()).toEqual([
    [0, 'UnknownOperationException'],
    [1, 'UnknownOperationException'],
    ...Array.from({ length: 7 }, (_, i) => [100 + i, 'ValidationException']),
    [2, 'AccessDeniedException'],
    [3, 'AccessDeniedException'],
    [4, 'UnknownOperationException'],
  ])
})

test('a page that takes the bulk lane by hand gets bytes, and the keys of its own messages alone', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  await popup.getByRole('tab', { name: 'Text' }).click()
  await popup.getByLabel('Text', { exact: true }).fill('the person’s own')
  await popup.getByRole('button', { name: 'Encrypt' }).click()
  const armoured = await popup.getByLabel('Result').textContent()
  const page = await connect(keyhearth, site.origin)
  const seen = await page.evaluate(async (text) => {
    const { port1, port2 } = new MessageChannel()
    const open = new Map<number, (reply: unknown) => void>()
    port1.onmessage = ({ data }) => open.get(data.id)?.(data)
    postMessage('keyhearth:port 1', location.origin, [port2])
    let id = 0
    const call = (operation: string, input: object) =>
      // biome-ignore lint/suspicious/noExplicitAny: whatever comes back is looked at.
      new Promise<any>((resolve) => {
        open.set(++id, resolve)
        port1.postMessage({ type: 'call', id, operation, input })
      })
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
      'deriveBits',
    ])
    const Recipient = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
    const started = await call('keyhearth:StartMessage', { Recipient, PlaintextLength: 1 })
    const Header = started.output.Header
    const opened = await call('keyhearth:OpenMessage', { Recipient, Header })
    const own = (text ?? '').replace(/-----[^-]+-----/g, '').replace(/\s/g, '')
    const message = Uint8Array.from(atob(own), (one) => one.charCodeAt(0))
    const foreign = await call('keyhearth:OpenMessage', { Recipient, Header: message })
    const replies = [
      started,
      opened,
      await call('kms:GenerateDataKey', { KeyId: 'alias/site', KeySpec: 'AES_256' }),
      await call('keyhearth:StartMessage', { Recipient: pair.publicKey, PlaintextLength: 1 }),
      await call('keyhearth:StartMessage', { Recipient: new Uint8Array(65), PlaintextLength: 1 }),
      await call('keyhearth:OpenMessage', { Recipient, Header: Header.slice(0, 40) }),
    ]
    const kinds = new Set<string>()
    const look = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      kinds.add(value.constructor.name)
      if (!(value instanceof Uint8Array)) Object.values(value).forEach(look)
    }
    replies.forEach(look)
    return {
      kinds: [...kinds].sort(),
      members: [Object.keys(started.output).sort(), Object.keys(opened.output).sort()],
      refused: replies.slice(2).map(({ error }) => error?.code),
      foreign: foreign.error?.code,
    }
  }, armoured)
  expect(seen).toEqual({
    kinds: ['Object', 'Uint8Array'],
    members: [
      ['Header', 'KeyId', 'MessageKey'],
      ['EncryptionContext', 'KeyId', 'MessageKey'],
    ],
    refused: [
      'AccessDeniedException',
      'ValidationException',
      'ValidationException',
      'InvalidCiphertextException',
    ],
    foreign: 'AccessDeniedException',
  })
})

/** Opens a page, and gives its frame at this address. */
async function openWithFrame(keyhearth: Keyhearth, outer: string, inner: string) {
  const page = await keyhearth.context.newPage()
  await page.goto(outer)
  const find = () => page.frames().find((frame) => frame.url() === inner)
  await expect.poll(() => find() !== undefined).toBe(true)
  const frame = find()
  if (!frame) throw new Error('the frame is gone')
  await frame.waitForLoadState()
  return { page, frame }
}

const inFrame = (address: string, sandbox = '') => `<iframe ${sandbox} src="${address}"></iframe>`
const hasProvider = (frame: Frame) => frame.evaluate(() => 'keyhearth' in window)

/** The frame's site is allowed at the top, and the page's own as well: neither is a right of the pair's. */
async function allowBothAlone(keyhearth: Keyhearth, site: Site, otherSite: Site): Promise<void> {
  await keyhearth.createVault()
  for (const { origin } of [site, otherSite]) await (await connect(keyhearth, origin)).close()
}

test('attack-07-iframe-confusion: a frame of another origin has nothing of its own site, nothing of the page, and no sign of Keyhearth', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await allowBothAlone(keyhearth, site, otherSite)
  // It asks by itself: without a click nothing opens, and nothing waits behind the badge.
  const inner = otherSite.page(`${watcher}<script>request()</script>`)
  const { page, frame } = await openWithFrame(keyhearth, site.page(inFrame(inner)), inner)
  await page.waitForTimeout(1500)
  expect(await hasProvider(frame)).toBe(false)
  expect(await frame.evaluate('seen')).toEqual([])
  expect(await callByHand(frame, [{ operation: 'kms:ListKeys', input: {} }])).toEqual([null])
  expect(consentWindows(keyhearth)).toEqual([])
  const badge = (await keyhearth.worker()).evaluate(() => chrome.action.getBadgeText({}))
  expect(await badge).toBe('')
})

test('attack-07-iframe-confusion: what a frame is allowed in one page it has in no other, nor at the top, nor below a stranger', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const inner = otherSite.page(watcher)
  const outer = site.page(inFrame(inner))
  const { page, frame } = await openWithFrame(keyhearth, outer, inner)
  const consent = await keyhearth.consent(() => frame.evaluate(requestProvider))
  await consent.getByRole('button', { name: 'Allow in this frame' }).click()
  await expect.poll(() => hasProvider(frame)).toBe(true)
  const message = await frame.evaluate(() => window.keyhearth.encrypt('of the pair'))
  await page.close()

  // It is there again in the same page, by itself.
  const again = await openWithFrame(keyhearth, outer, inner)
  await expect.poll(() => hasProvider(again.frame)).toBe(true)
  const opened = await again.frame.evaluate((text) => window.keyhearth.decrypt(text), message)
  expect(opened).toMatchObject({
    plaintext: 'of the pair',
    encryptionContext: {
      'keyhearth:origin': otherSite.origin,
      'keyhearth:top-origin': site.origin,
    },
  })
  // The page around it has none, though it is what the address bar shows.
  expect(await again.page.evaluate(() => 'keyhearth' in window)).toBe(false)

  const third = await serve('assets/sample')
  const between = third.page(inFrame(inner))
  const sandboxed = site.page(inFrame(inner, 'sandbox="allow-scripts"'))
  for (const [where, address] of [
    ['in another page', third.page(inFrame(inner))],
    ['below a stranger', site.page(inFrame(between))],
    ['of an opaque origin', sandboxed],
    ['below its own page', otherSite.page(inFrame(between))],
  ] as const) {
    const elsewhere = await openWithFrame(keyhearth, address, inner)
    await elsewhere.page.waitForTimeout(1000)
    expect(await hasProvider(elsewhere.frame), where).toBe(false)
    expect(await elsewhere.frame.evaluate('seen'), where).toEqual([])
    await elsewhere.page.close()
  }
  third.close()
  // At the top it is another site, which the person allows by itself, and which reads no message of the pair's.
  const top = await connect(keyhearth, inner)
  const refused = await top.evaluate(
    (text) => window.keyhearth.decrypt(text).catch((error: Error) => error.name),
    message,
  )
  expect(refused).toBe('AccessDeniedException')
})

test('attack-07-iframe-confusion: a frame without an address has nothing, even where its page is connected', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const inside =
    '<script>window.seen = []; addEventListener("message", () => seen.push("message"))</script>'
  const framed = (attributes: string) => `<iframe ${attributes} srcdoc='${inside}'></iframe>`
  const data = `<iframe src='data:text/html,${encodeURIComponent(inside)}'></iframe>`
  const both = framed('') + framed('sandbox="allow-scripts"') + data
  const page = await connect(keyhearth, site.page(both))
  await expect.poll(() => page.frames().length).toBe(4)
  for (const frame of page.frames().slice(1)) {
    await frame.evaluate(requestProvider)
    await page.waitForTimeout(500)
    expect(await hasProvider(frame)).toBe(false)
    expect(await frame.evaluate('seen')).toEqual([])
    const answered = await frame.evaluate(async () => {
      const { port1: own, port2: given } = new MessageChannel()
      const heard: unknown[] = []
      own.onmessage = ({ data: said }) => heard.push(said)
      postMessage('keyhearth:port', '*', [given])
      await new Promise((resolve) => setTimeout(resolve, 700))
      return heard
    })
    expect(answered).toEqual([])
  }
  expect(consentWindows(keyhearth)).toEqual([])
})

test('attack-08-tab-and-frame: the prompt names the frame and the page around it, and ends with either', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await allowBothAlone(keyhearth, site, otherSite)
  const inner = otherSite.page(watcher)
  const outer = site.page(`${inFrame(inner)}<button>a button</button>`)
  const { page, frame } = await openWithFrame(keyhearth, outer, inner)
  const consent = await keyhearth.consent(() => frame.evaluate(requestProvider))
  const named = consent.locator('.origin')
  await expect(named).toHaveText(`${otherSite.origin}in a frame inside ${site.origin}`)
  await expect(consent.getByRole('button', { name: 'Deny' })).toBeFocused()
  await page.evaluate(() => document.querySelector('iframe')?.remove())
  await expect.poll(() => consentWindows(keyhearth).length).toBe(0)

  await page.reload()
  const fresh = page.frames().find((one) => one.url() === inner)
  await keyhearth.consent(() => fresh?.evaluate(requestProvider) ?? Promise.reject())
  await page.goto(otherSite.origin)
  await expect.poll(() => consentWindows(keyhearth).length).toBe(0)
})

test('attack-08-tab-and-frame: a click in the page is none in the frame, and a block of either holds for both', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const inner = otherSite.page(
    `${watcher}<script>setInterval(() => dispatchEvent(new CustomEvent('keyhearth:request')), 100)</script>`,
  )
  const outer = site.page(`<button>a button</button>${inFrame(inner)}`)
  const { page, frame } = await openWithFrame(keyhearth, outer, inner)
  await page.getByRole('button', { name: 'a button' }).click()
  await page.waitForTimeout(1000)
  expect(consentWindows(keyhearth)).toEqual([])
  const consent = await keyhearth.consent(() => frame.getByRole('button').click())
  await consent.getByRole('button', { name: 'Block this frame here' }).click()
  await expect.poll(() => consentWindows(keyhearth).length).toBe(0)
  await frame.getByRole('button').click()
  await page.waitForTimeout(800)
  expect(consentWindows(keyhearth)).toEqual([])
  const manager = await keyhearth.open('manager.html#sites')
  const words = `${otherSite.origin} inside ${site.origin}`
  // Neither may it speak where the page around it is blocked.
  await operate(manager, 'keyhearth:BlockSite', { Origin: site.origin })
  await manager.getByRole('button', { name: `Unblock ${words}` }).click()
  await page.bringToFront()
  await frame.getByRole('button').click()
  await page.waitForTimeout(800)
  expect(consentWindows(keyhearth)).toEqual([])
})

test('attack-01-framing: the extension’s own pages cannot be framed', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<iframe src="${keyhearth.url('consent.html?id=x')}"></iframe>`))
  await page.waitForTimeout(500)
  const urls = page.frames().map((frame) => frame.url())
  expect(urls.filter((url) => url.startsWith('chrome-extension://'))).toEqual([])
})

test('attack-15-prompt-flooding: one prompt a page, however often it asks', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  await keyhearth.consent(() =>
    page.evaluate(() => {
      for (let i = 0; i < 20; i++) dispatchEvent(new CustomEvent('keyhearth:request'))
    }),
  )
  await page.waitForTimeout(800)
  expect(consentWindows(keyhearth)).toHaveLength(1)
})

const manyFrames = (address: string) => inFrame(address).repeat(20)
/** What a script of the page's can do within one click: have all its frames ask. */
const askInAllFrames = () => {
  for (const frame of document.querySelectorAll('iframe')) {
    const { contentWindow } = frame
    contentWindow?.dispatchEvent(new CustomEvent('keyhearth:request'))
  }
}

async function openWithFrames(keyhearth: Keyhearth, site: Site): Promise<Page> {
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<button>ask</button>${manyFrames(site.page('a frame'))}`))
  await expect.poll(() => page.frames().length).toBe(21)
  return page
}

test('attack-15-prompt-flooding: twenty frames of a page open one window; a no is for all of them', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await openWithFrames(keyhearth, site)
  await page.getByRole('button').click()
  const consent = await keyhearth.consent(() => page.evaluate(askInAllFrames))
  await page.waitForTimeout(1000)
  expect(consentWindows(keyhearth)).toHaveLength(1)
  await consent.getByRole('button', { name: 'Deny' }).click()
  await page.waitForTimeout(1000)
  expect(consentWindows(keyhearth)).toEqual([])
  expect(await (await keyhearth.worker()).evaluate(() => chrome.action.getBadgeText({}))).toBe('')
})

test('attack-15-prompt-flooding: what the frames of a page asked for they have once the site is allowed it', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await openWithFrames(keyhearth, site)
  await page.getByRole('button').click()
  const consent = await keyhearth.consent(() => page.evaluate(askInAllFrames))
  await consent.getByRole('button', { name: 'Allow on this site' }).click()
  for (const frame of page.frames().slice(1)) await expect.poll(() => hasProvider(frame)).toBe(true)
  await expect.poll(() => consentWindows(keyhearth)).toEqual([])
})

test('attack-15-prompt-flooding: locked, the frames of a connected page open one window to unlock', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  await (await connect(keyhearth, site.origin)).close()
  const page = await openWithFrames(keyhearth, site)
  for (const frame of page.frames()) await expect.poll(() => hasProvider(frame)).toBe(true)
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await page.bringToFront()
  await page.getByRole('button').click()
  await keyhearth.consent(() =>
    page.evaluate(() => {
      for (const frame of document.querySelectorAll('iframe')) {
        const inner = frame.contentWindow as (Window & typeof globalThis) | null
        inner?.keyhearth.encrypt('x').catch(() => {})
      }
    }),
  )
  await page.waitForTimeout(1000)
  expect(consentWindows(keyhearth)).toHaveLength(1)
})

test('attack-15-prompt-flooding: three refusals silence a site', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  for (let i = 0; i < 3; i++) {
    const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
    await consent.getByRole('button', { name: 'Deny' }).click()
    await expect.poll(() => consentWindows(keyhearth).length).toBe(0)
  }
  await page.evaluate(requestProvider)
  await page.waitForTimeout(800)
  expect(consentWindows(keyhearth)).toEqual([])
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

test('attack-16-enter-key-timing: the allowing buttons sleep at first, Deny has the focus, Enter refuses', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
  const deny = consent.getByRole('button', { name: 'Deny' })
  await expect(deny).toBeFocused()
  const allow = consent.getByRole('button', { name: 'Allow once' })
  await consent.evaluate(() => dispatchEvent(new Event('blur')))
  await expect(allow).toBeDisabled()
  const asleep = await consent.evaluate(async () => {
    dispatchEvent(new Event('focus'))
    const button = [...document.querySelectorAll('button')].find(
      (one) => one.textContent === 'Allow once',
    )
    const started = performance.now()
    while (button?.disabled) await new Promise((resolve) => setTimeout(resolve, 10))
    return performance.now() - started
  })
  expect(asleep).toBeGreaterThanOrEqual(550)
  // The window closes under the key, before it comes up again.
  await consent.keyboard.press('Enter').catch(() => {})
  await expect.poll(() => consentWindows(keyhearth).length).toBe(0)
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

test('attack-04-synthetic-events: a script’s click in the consent window allows nothing', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
  await expect(consent.getByRole('button', { name: 'Allow once' })).toBeEnabled()
  await consent.evaluate(() => {
    for (const button of document.querySelectorAll('button')) button.click()
  })
  await page.waitForTimeout(500)
  expect(consentWindows(keyhearth)).toHaveLength(1)
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

test('attack-13-navigation-before-approval: leaving the page ends its request', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  await keyhearth.consent(() => page.evaluate(requestProvider))
  await page.goto(otherSite.origin)
  await expect.poll(() => consentWindows(keyhearth).length).toBe(0)
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

/** Holds each consent window that is made, before the background knows of it; gives what lets it go on. */
async function holdWindows(keyhearth: Keyhearth): Promise<() => Promise<void>> {
  const worker = await keyhearth.worker()
  await worker.evaluate(() => {
    const { create } = chrome.windows
    const { promise, resolve } = Promise.withResolvers<void>()
    Object.assign(globalThis, { goOn: resolve })
    Object.assign(chrome.windows, {
      create: async (options: object) => {
        const made = await create(options)
        await promise
        return made
      },
    })
  })
  return () => worker.evaluate(() => (globalThis as never as { goOn(): void }).goOn())
}

test('attack-13-navigation-before-approval: a page that is left while its window is made gets nothing by it', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const goOn = await holdWindows(keyhearth)
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  await keyhearth.consent(() => page.evaluate(requestProvider))
  await page.goto(otherSite.origin)
  await page.waitForTimeout(500)
  await goOn()
  await expect.poll(() => consentWindows(keyhearth)).toEqual([])
  const manager = await keyhearth.open('manager.html')
  type Found = { Waiting: object | null }
  const { Waiting } = await operate<Found>(manager, 'keyhearth:GetSite', { Origin: site.origin })
  expect(Waiting).toBe(null)
})

test('attack-17-racing-windows: a window closed before the background knows of it is a no, and the site can ask again', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const goOn = await holdWindows(keyhearth)
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
  await consent.close()
  await goOn()
  const other = await keyhearth.context.newPage()
  await other.goto(site.page(watcher))
  await expect(async () => {
    await other.evaluate(requestProvider)
    await expect.poll(() => consentWindows(keyhearth).length, { timeout: 1500 }).toBe(1)
  }).toPass()
})

test('attack-17-racing-windows: closing the consent window is a no', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
  await consent.close()
  // Once the window is gone for the background as well: what is asked before that belongs to the no.
  await expect(async () => {
    await page.evaluate(requestProvider)
    await expect.poll(() => consentWindows(keyhearth).length, { timeout: 1500 }).toBe(1)
  }).toPass()
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

/** What a page has after a moment, once nothing is left to be decided. */
async function isAllowed(page: Page): Promise<boolean> {
  await page.waitForTimeout(300)
  return page.evaluate(() => 'keyhearth' in window)
}

test('attack-17-racing-windows: of two windows that decide the same request at the same moment one does', async ({
  keyhearth,
  site,
}) => {
  test.setTimeout(90_000)
  const popup = await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  const winners = new Set<string>()
  for (let round = 0; round < 6; round++) {
    await page.goto(site.page(watcher))
    const first = await keyhearth.consent(() => page.evaluate(requestProvider))
    const RequestId = new URL(first.url()).searchParams.get('id') ?? ''
    const second = await keyhearth.open(`consent.html?id=${RequestId}`)
    await expect(second.getByRole('button', { name: 'Deny' })).toBeVisible()
    const allow = () =>
      operate(first, 'keyhearth:DecideRequest', { RequestId, Decision: 'once' }).then(
        () => 'allowed',
        (error: Error) => error.message,
      )
    const refuse = () =>
      operate(second, 'keyhearth:RefuseRequest', { RequestId }).then(
        () => 'refused',
        (error: Error) => error.message,
      )
    const both = round % 2 === 0 ? [allow(), refuse()] : [refuse(), allow()]
    const outcomes = await Promise.all(both)
    // Whose request is refused, that window is closed, and may hear nothing any more.
    const lost = /NotFound|has been closed/
    const [winner = '', ...more] = outcomes.filter((one) => !lost.test(one))
    expect(outcomes.toString()).toMatch(/allowed|refused/)
    expect(more).toEqual([])
    expect(await isAllowed(page)).toBe(winner === 'allowed')
    winners.add(winner)
    await second.close()
    if (!first.isClosed()) await first.close()
    if (winner === 'refused') {
      // So that no silence after three of them decides in a window's place.
      await operate(popup, 'keyhearth:BlockSite', { Origin: site.origin })
      await operate(popup, 'keyhearth:UnblockSite', { Origin: site.origin })
    }
  }
  expect([...winners].sort()).toEqual(['allowed', 'refused'])
})

test('attack-17-racing-windows: a window whose request another one decided says so and allows nothing', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(watcher))
  const first = await keyhearth.consent(() => page.evaluate(requestProvider))
  const second = await keyhearth.open(
    new URL(first.url()).pathname.slice(1) + new URL(first.url()).search,
  )
  const closed = second.waitForEvent('close')
  await second.getByRole('button', { name: 'Deny' }).click()
  await closed
  if (!first.isClosed()) {
    await first.bringToFront()
    await first.getByRole('button', { name: 'Allow once' }).click()
    await expect(first.getByRole('alert')).toBeVisible()
  }
  expect(await isAllowed(page)).toBe(false)
})

test('attack-17-racing-windows: the windows of two sites decide for their own alone', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const [page, other] = [await keyhearth.context.newPage(), await keyhearth.context.newPage()]
  await page.goto(site.page(watcher))
  await other.goto(otherSite.page(watcher))
  const ofPage = await keyhearth.consent(() => page.evaluate(requestProvider))
  await other.bringToFront()
  const ofOther = await keyhearth.consent(() => other.evaluate(requestProvider))
  const [RequestId, otherId] = [ofPage, ofOther].map((one) =>
    new URL(one.url()).searchParams.get('id'),
  )
  const closed = ofOther.waitForEvent('close')
  await Promise.all([
    // Its window closes by that, perhaps before it hears of it.
    operate(ofOther, 'keyhearth:RefuseRequest', { RequestId: otherId }).catch(() => {}),
    operate(ofPage, 'keyhearth:DecideRequest', { RequestId, Decision: 'once' }),
    closed,
  ])
  await expect.poll(() => page.evaluate(() => 'keyhearth' in window)).toBe(true)
  expect(await isAllowed(other)).toBe(false)
})

test('attack-14-changed-after-the-call: what the window shows is what is signed, whatever the page does to its bytes', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['sign'])
  const consent = await keyhearth.consent(() =>
    page.evaluate(() => {
      const bytes = new TextEncoder().encode('The rent is 900 a month.')
      const options = { format: 'cms' as 'cms' | 'raw' }
      const signing = window.keyhearth.sign(bytes, options)
      const change = () => {
        bytes.set(new TextEncoder().encode('The rent is 100 a month.'))
        options.format = 'raw'
      }
      change()
      // Again while the person reads, and until the end.
      const timer = setInterval(change, 5)
      Object.assign(window, { signing: signing.finally(() => clearInterval(timer)) })
    }),
  )
  await expect(consent.getByText('The rent is 900 a month.')).toBeVisible()
  await expect(consent.getByText('The rent is 100 a month.')).toHaveCount(0)
  await consent.getByLabel('Your name').fill('Ada Lovelace')
  await consent.getByRole('button', { name: 'Allow once' }).click()
  const verified = await page.evaluate(async () => {
    type Signed = Awaited<ReturnType<typeof window.keyhearth.sign>>
    const { signature, certificates } = await (Reflect.get(window, 'signing') as Promise<Signed>)
    const [certificate = ''] = certificates
    const check = async (text: string) =>
      (await window.keyhearth.verify(text, signature, { format: 'cms', certificate })).valid
    return {
      shown: await check('The rent is 900 a month.'),
      changed: await check('The rent is 100 a month.'),
    }
  })
  expect(verified).toEqual({ shown: true, changed: false })
})

test('attack-20-sign-in-replay: a text to be signed that names another website is said to', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['sign'])
  const ask = (text: string) =>
    keyhearth.consent(() =>
      page.evaluate((given) => {
        window.keyhearth.sign(given, { format: 'jws' }).catch(() => {})
      }, text),
    )
  const harmless = await ask(JSON.stringify({ aud: site.origin, order: 7 }))
  await expect(harmless.getByText('order')).toBeVisible()
  await expect(harmless.getByRole('alert')).toHaveCount(0)
  await harmless.getByRole('button', { name: 'Deny' }).click()
  await page.bringToFront()
  const replayed = await ask(JSON.stringify({ aud: 'https://bank.example/login', nonce: 'n-0S6' }))
  await expect(replayed.getByRole('alert')).toContainText('another website: https://bank.example.')
})

test('attack-14-changed-after-the-call: bytes changed after the call do not change what was encrypted', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const result = await page.evaluate(async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const context: Record<string, string> = { to: 'Ada' }
    const sealed = window.keyhearth.encrypt(bytes, { encryptionContext: context })
    bytes.fill(9)
    context['to'] = 'Eve'
    const { plaintext, encryptionContext } = await window.keyhearth.decrypt(await sealed)
    return [[...plaintext], encryptionContext.to]
  })
  expect(result).toEqual([[1, 2, 3], 'Ada'])
})

/** Any address, without a network: the browser takes it for what it says. */
async function openAt(keyhearth: Keyhearth, origin: string): Promise<Page> {
  const page = await keyhearth.context.newPage()
  const { host } = new URL(origin)
  await page.route(
    (url) => url.host === host,
    (route) => route.fulfill({ contentType: 'text/html', body: watcher }),
  )
  await page.goto(`${origin}/`)
  return page
}

test('attack-09-look-alike-origins: a page on plain http elsewhere than this machine is not heard, nor one whose host ends in a dot', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  for (const origin of [
    'http://plain.example',
    'http://127.0.0.1.plain.example',
    'http://localhost.plain.example',
    'https://bank.example.',
  ]) {
    const page = await openAt(keyhearth, origin)
    await page.evaluate(requestProvider)
    await page.waitForTimeout(800)
    expect(consentWindows(keyhearth), origin).toEqual([])
    await page.close()
  }
})

test('attack-09-look-alike-origins: what one origin is allowed none has that differs by port, dot, letter or label', async ({
  keyhearth,
}) => {
  test.setTimeout(90_000)
  await keyhearth.createVault()
  const bank = await openAt(keyhearth, 'https://bank.example')
  const consent = await keyhearth.consent(() => bank.evaluate(requestProvider))
  await expect(consent.locator('.origin')).toHaveText('https://bank.example')
  await consent.getByRole('button', { name: 'Allow on this site' }).click()
  await expect.poll(() => bank.evaluate(() => 'keyhearth' in window)).toBe(true)
  const message = await bank.evaluate(() => window.keyhearth.encrypt('of the bank'))
  expect(message).toContain('KEYHEARTH')
  // The browser's patterns take this one for the same.
  const dotted = await openAt(keyhearth, 'https://bank.example.')
  await dotted.waitForTimeout(500)
  expect(await dotted.evaluate(() => 'keyhearth' in window)).toBe(false)
  expect(await seen(dotted)).toEqual([])
  await dotted.close()
  const [, ...lines] = message.split('\n')
  const Message = Buffer.from(lines.slice(0, -2).join(''), 'base64')

  for (const [address, shown = address] of [
    ['https://bank.example:8443'],
    ['https://login.bank.example'],
    ['https://bank.example.evil.example'],
    ['https://bank-example.evil.example'],
    // Cyrillic а, and a letter with a dot below.
    ['https://b\u0430nk.example', 'https://xn--bnk-6cd.example'],
    ['https://ban\u1e33.example', 'https://xn--ban-92y.example'],
  ] as const) {
    const page = await openAt(keyhearth, address)
    expect(await page.evaluate(() => location.origin)).toBe(shown)
    await page.waitForTimeout(500)
    expect(await page.evaluate(() => 'keyhearth' in window), address).toBe(false)
    expect(await seen(page)).toEqual([])
    const decrypt = { operation: 'keyhearth:DecryptMessage', input: { Message: [...Message] } }
    expect(await callByHand(page, [decrypt]), address).toEqual([null])
    // The person reads it as it is written, no letter passing for another.
    const asking = await keyhearth.consent(() => page.evaluate(requestProvider))
    await expect(asking.locator('.origin')).toHaveText(shown)
    await asking.getByRole('button', { name: 'Deny' }).click()
    await expect.poll(() => consentWindows(keyhearth).length).toBe(0)
    await page.close()
  }
})

test('attack-30-session-storage: a content script cannot read the session’s memory', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const read = await (await keyhearth.worker()).evaluate(async () => {
    const [tab] = await chrome.tabs.query({ url: 'http://127.0.0.1/*' })
    const [{ result } = { result: 'not run' }] = await chrome.scripting.executeScript({
      target: { tabId: tab?.id ?? -1 },
      func: () =>
        chrome.storage.session.get(null).then(Object.keys, (error: Error) => error.message),
    })
    return result
  })
  expect(String(read)).toContain('not allowed')
})

test('attack-34-queued-replay: what waits for unlocking belongs to its document alone', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await page.bringToFront()
  await page.evaluate(() => {
    void window.keyhearth.encrypt('from the page before').then((text: string) => {
      document.title = text
    })
  })
  await expect.poll(() => consentWindows(keyhearth).length).toBe(1)
  await page.reload()
  await expect.poll(() => consentWindows(keyhearth).length).toBe(0)
  await popup.bringToFront()
  await popup.getByLabel('Passphrase').fill(passphrase)
  await popup.getByRole('button', { name: 'Unlock' }).click()
  await expect(popup.getByRole('tab', { name: 'Secrets' })).toBeVisible()
  expect(await page.title()).not.toContain('KEYHEARTH')
})

/** A message made in a page of this site, which stands marked in the page that comes back. */
async function markedMessage(keyhearth: Keyhearth, site: Site) {
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<textarea autofocus>of the first site</textarea>'))
  const field = page.locator('textarea')
  await field.selectText()
  await keyhearth.chooseMenu(page, 'encrypt-selection')
  await expect(field).toHaveValue(/END KEYHEARTH MESSAGE/)
  await field.selectText()
  return { page, message: await field.inputValue() }
}

/** A page that holds this message, marked, as soon as it is there. */
const withMarked = (message: string) =>
  `<textarea>${message}</textarea><script>document.querySelector('textarea').select()</script>`

for (const where of ['another site', 'another page of the site']) {
  test(`attack-34-queued-replay: what was chosen in the menu while locked is not done in ${where}`, async ({
    keyhearth,
    site,
    otherSite,
  }) => {
    const popup = await keyhearth.createVault()
    const { page, message } = await markedMessage(keyhearth, site)
    await popup.getByRole('button', { name: 'Lock' }).click()
    const window = await keyhearth.opened('popup.html', () =>
      keyhearth.chooseMenu(page, 'decrypt-selection'),
    )
    const next = where === 'another site' ? otherSite : site
    await page.goto(next.page(withMarked(message)))
    await keyhearth.unlock(window)
    await page.waitForTimeout(800)
    await expect(page.locator('textarea')).toHaveValue(message)
    expect(keyhearth.context.pages().filter((one) => one.url().includes('view=text'))).toEqual([])
  })
}

test('attack-34-queued-replay: in the same page, what was marked as the person chose is what is meant', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const { page, message } = await markedMessage(keyhearth, site)
  await popup.getByRole('button', { name: 'Lock' }).click()
  const window = await keyhearth.opened('popup.html', () =>
    keyhearth.chooseMenu(page, 'decrypt-selection'),
  )
  await page.evaluate((text) => {
    const other = document.createElement('input')
    other.value = text.replaceAll('\n', ' ')
    document.body.append(other)
    other.select()
  }, message)
  await keyhearth.unlock(window)
  await expect(page.locator('textarea')).toHaveValue('of the first site')
  await expect(page.locator('input')).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
})

test('attack-34-queued-replay: a choice waits for unlocking for two minutes and no longer', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const { page, message } = await markedMessage(keyhearth, site)
  await popup.getByRole('button', { name: 'Lock' }).click()
  const window = await keyhearth.opened('popup.html', () =>
    keyhearth.chooseMenu(page, 'decrypt-selection'),
  )
  await (await keyhearth.worker()).evaluate(async () => {
    const { gate } = await chrome.storage.session.get<{ gate: Record<string, { at: number }> }>()
    const pending = gate?.['pending-menu']
    if (!pending) throw new Error('nothing waits')
    await chrome.storage.session.set({
      gate: { ...gate, 'pending-menu': { ...pending, at: pending.at - 121_000 } },
    })
  })
  await keyhearth.killWorker()
  await keyhearth.unlock(window)
  await page.waitForTimeout(800)
  await expect(page.locator('textarea')).toHaveValue(message)
})

test('attack-34-queued-replay: text for another selection than the one that was read is put nowhere', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const { page, message } = await markedMessage(keyhearth, site)
  const worker = await keyhearth.worker()
  const answers = await worker.evaluate(async () => {
    const [tab] = await chrome.tabs.query({ url: 'http://127.0.0.1/*' })
    const say = (notice: object) =>
      chrome.tabs.sendMessage(tab?.id ?? -1, { keyhearth: 1, ...notice }).catch(() => 'silence')
    const { token } = await say({ type: 'read-selection' })
    await say({ type: 'read-selection' })
    return [
      await say({ type: 'replace-selection', token, text: 'too late' }),
      await say({ type: 'replace-selection', token: '', text: 'for none' }),
    ]
  })
  for (const answer of answers) expect(answer).not.toEqual({ replaced: true })
  await expect(page.locator('textarea')).toHaveValue(message)
})

test('attack-34-queued-replay: a message of no site is decrypted into no page', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText('for nobody’s page')
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(withMarked(message)))
  const window = await keyhearth.opened('view=text', () =>
    keyhearth.chooseMenu(page, 'decrypt-selection'),
  )
  await expect(window.getByLabel('Result')).toHaveText('for nobody’s page')
  await expect(page.locator('textarea')).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
})
