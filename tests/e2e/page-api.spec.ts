// Design section 4: what a page sees, from the first click to revocation.

import type { Browser } from 'wxt/browser'
import {
  connect,
  expect,
  expectProvider,
  type Keyhearth,
  passphrase,
  requestProvider,
  test,
} from './keyhearth.ts'

/** The extension's own API, inside the worker. */
declare const chrome: typeof Browser

declare global {
  interface Window {
    // The page's own view of the provider (docs/pages.md); the tests run in the page.
    // biome-ignore lint/suspicious/noExplicitAny: pages are not typed, and must not need to be.
    keyhearth?: any
  }
}

const roundTrip = (text: string) =>
  (async () => (await window.keyhearth.decrypt(await window.keyhearth.encrypt(text))).plaintext)()

test('the sample page connects, encrypts and decrypts its note', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const consent = await keyhearth.consent(() =>
    page.getByRole('button', { name: 'Connect Keyhearth' }).click(),
  )
  await expect(consent.getByText(site.origin)).toBeVisible()
  await consent.getByRole('button', { name: 'Allow on this site' }).click()
  await expect(page.getByRole('status')).toContainText('Connected')
  const note = page.getByLabel('Note', { exact: true })
  const before = await note.inputValue()
  await page.getByRole('button', { name: 'Encrypt note' }).click()
  await expect(note).toHaveValue(/^-----BEGIN KEYHEARTH MESSAGE-----/)
  await page.getByRole('button', { name: 'Decrypt note' }).click()
  await expect(note).toHaveValue(before)
})

test('text, bytes and blobs come back as what they were', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const seen = await page.evaluate(async () => {
    const { keyhearth } = window
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    const sealed = await keyhearth.encrypt(bytes, { encryptionContext: { a: '1', Z: 'ü' } })
    const opened = await keyhearth.decrypt(sealed, { encryptionContext: { a: '1' } })
    const blob = await keyhearth.encrypt(new Blob(['in a blob']))
    const text = await keyhearth.encrypt('schön 🔥')
    return {
      kinds: [sealed.constructor.name, opened.plaintext.constructor.name, blob.constructor.name],
      same: String(opened.plaintext) === String(bytes),
      context: opened.encryptionContext,
      keyId: opened.keyId,
      blob: await (await keyhearth.decrypt(blob)).plaintext.text(),
      text: (await keyhearth.decrypt(text)).plaintext,
      quoted: (await keyhearth.decrypt(`On Monday you wrote:\n${text.replace(/^/gm, '> ')}`))
        .plaintext,
    }
  })
  expect(seen.kinds).toEqual(['Uint8Array', 'Uint8Array', 'Blob'])
  expect(seen.same).toBe(true)
  expect(seen.context).toMatchObject({ a: '1', Z: 'ü', 'keyhearth:origin': site.origin })
  expect(seen.keyId).toMatch(/^arn:aws:kms:browser-1:\d{12}:key\//)
  expect(seen.blob).toBe('in a blob')
  expect(seen.text).toBe('schön 🔥')
  expect(seen.quoted).toBe('schön 🔥')
})

test('large data is encrypted in the page, with the keys of one message', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const seen = await page.evaluate(async () => {
    const { keyhearth } = window
    const bytes = new Uint8Array(20 * 1024 * 1024)
    for (let at = 0; at < bytes.length; at += 65_536) {
      crypto.getRandomValues(bytes.subarray(at, at + 65_536))
    }
    const same = (left: Uint8Array, right: Uint8Array) =>
      left.length === right.length && left.every((byte, at) => byte === right[at])
    const results: Record<string, unknown> = {}
    for (const algorithmSuite of ['0478', '0578']) {
      const sealed = await keyhearth.encrypt(bytes, {
        algorithmSuite,
        encryptionContext: { a: '1' },
      })
      const opened = await keyhearth.decrypt(sealed, { encryptionContext: { a: '1' } })
      results[algorithmSuite] = [
        same(opened.plaintext, bytes),
        opened.encryptionContext['keyhearth:origin'],
        /^arn:aws:kms:/.test(opened.keyId),
      ]
      sealed[sealed.length - 1] ^= 1
      const changed = await keyhearth.decrypt(sealed).catch((error: Error) => error.name)
      const cut = await keyhearth
        .decrypt(sealed.subarray(0, sealed.length - 1000))
        .catch((error: Error) => error.name)
      results[`${algorithmSuite} damaged`] = [changed, cut]
    }
    const blob = await keyhearth.encrypt(new Blob([bytes]))
    const back = new Uint8Array(await (await keyhearth.decrypt(blob)).plaintext.arrayBuffer())
    const text = 'schön 🔥 '.repeat(20_000)
    const wrong = await keyhearth
      .decrypt(await keyhearth.encrypt(text), { encryptionContext: { b: '2' } })
      .catch((error: Error) => error.name)
    const unknown = new Uint8Array(100_000)
    unknown.set([2, 0x99, 0x99])
    const foreign = await keyhearth.decrypt(unknown).catch((error: Error) => error.message)
    return {
      ...results,
      foreign,
      blob: same(back, bytes),
      text: (await keyhearth.decrypt(await keyhearth.encrypt(text))).plaintext === text,
      wrong,
    }
  })
  const whole = [true, site.origin, true]
  const refused = ['InvalidCiphertextException', 'InvalidCiphertextException']
  expect(seen).toEqual({
    '0478': whole,
    '0478 damaged': refused,
    '0578': whole,
    '0578 damaged': refused,
    foreign: expect.stringContaining('which Keyhearth does not open'),
    blob: true,
    text: true,
    wrong: 'InvalidCiphertextException',
  })
})

test('the formats come when they are first needed, once, through a lock and a killed worker', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await page.evaluate(() => {
    Object.assign(window, { came: 0 })
    addEventListener('keyhearth:formats', () => {
      ;(window as never as { came: number }).came++
    })
  })
  const came = () => page.evaluate(() => (window as never as { came: number }).came)
  const message: string = await page.evaluate(() => window.keyhearth.encrypt('small'))
  expect(await came()).toBe(0)
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await keyhearth.killWorker()
  await page.bringToFront()
  const opened = page.evaluate(async (text) => {
    const { keyhearth } = window
    const changing = new Uint8Array(100_000).fill(7)
    const all = Promise.all([
      keyhearth.decrypt(text),
      keyhearth.decrypt(text),
      keyhearth.encrypt(changing),
      keyhearth.decrypt('no message').catch((error: Error) => error.name),
    ])
    changing.fill(0)
    const [first, second, large, none] = await all
    const back = await keyhearth.decrypt(large)
    const intact = back.plaintext.every((byte: number) => byte === 7)
    return [first.plaintext, second.plaintext, intact, none]
  }, message)
  await expect.poll(came).toBe(1)
  await keyhearth.unlock(popup)
  expect(await opened).toEqual(['small', 'small', true, 'InvalidCiphertextException'])
  expect(await came()).toBe(1)
})

test.describe('an update', () => {
  test.use({ ownBrowser: true })

  test('updated under a page that stays, it asks to reload the page', async ({
    keyhearth,
    site,
  }) => {
    await keyhearth.createVault()
    const page = await connect(keyhearth, site.origin)
    const message: string = await page.evaluate(() => window.keyhearth.encrypt('before'))
    const worker = await keyhearth.worker()
    // What an update does: every part of the old one that is not in a page ends.
    await worker.evaluate(() => chrome.runtime.reload()).catch(() => {})
    await expect.poll(() => keyhearth.context.serviceWorkers().includes(worker)).toBe(false)
    const said = await page.evaluate((text) => {
      const why = (promise: Promise<unknown>) =>
        promise.then(
          () => 'none',
          ({ name, message }: Error) => `${name}: ${message}`,
        )
      const { keyhearth } = window
      return Promise.all([
        why(keyhearth.encrypt('after')),
        why(keyhearth.encrypt(new Uint8Array(100_000))),
        why(keyhearth.decrypt(text)),
      ])
    }, message)
    expect(said).toEqual(Array(3).fill(expect.stringMatching(/^KMSInvalidState.*Reload this page/)))
  })
})

test('a page makes branch keys, and they outlive the worker', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['messages', 'keys'])
  const { branchKeyId, large, small } = await page.evaluate(async () => {
    const { keyhearth } = window
    const { branchKeyId } = await keyhearth.createBranchKey({ encryptionContext: { tenant: '7' } })
    const large = await keyhearth.encrypt('x'.repeat(100_000), { branchKeyId })
    const small = await keyhearth.encrypt('small', { branchKeyId })
    return { branchKeyId, large, small }
  })
  await keyhearth.killWorker()
  const seen = await page.evaluate(
    async ([id, ...messages]) => {
      const { keyhearth } = window
      const version = await keyhearth.versionBranchKey(id)
      const opened = await Promise.all(messages.map((one) => keyhearth.decrypt(one)))
      return {
        version,
        lengths: opened.map(({ plaintext }) => plaintext.length),
        listed: await keyhearth.listBranchKeys(),
        unknown: await keyhearth.encrypt('x', { branchKeyId: 'none' }).catch((e: Error) => e.name),
        twice: await keyhearth.createBranchKey({ branchKeyId: id }).catch((e: Error) => e.name),
      }
    },
    [branchKeyId, large, small],
  )
  expect(seen.lengths).toEqual([100_000, 5])
  expect(seen.listed).toEqual([seen.version])
  expect([seen.unknown, seen.twice]).toEqual(['NotFoundException', 'AlreadyExistsException'])
})

test('what is wrong arrives as an Error named as AWS names it', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const names = await page.evaluate(async () => {
    const { keyhearth } = window
    const name = (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        (error) => error.name,
      )
    const sealed: Uint8Array = await keyhearth.encrypt(new Uint8Array(10))
    const text: string = await keyhearth.encrypt('x', { encryptionContext: { a: '1' } })
    const flipped = sealed.slice()
    flipped[flipped.length - 80] = (flipped.at(-80) ?? 0) ^ 1
    return [
      await name(keyhearth.decrypt('no message here')),
      await name(keyhearth.decrypt('-----BEGIN PGP MESSAGE-----\nabc')),
      await name(keyhearth.decrypt(text.slice(0, 300))),
      await name(keyhearth.decrypt(flipped)),
      await name(keyhearth.decrypt(text, { encryptionContext: { a: '2' } })),
      await name(keyhearth.encrypt(42)),
      await name(keyhearth.encrypt('x', { encryptoinContext: {} })),
      await name(keyhearth.encrypt('x', { encryptionContext: { 'aws-crypto-public-key': 'x' } })),
      await name(keyhearth.encrypt('x', { keyId: 'alias/personal' })),
    ]
  })
  expect(names).toEqual([
    'InvalidCiphertextException',
    'InvalidCiphertextException',
    'InvalidCiphertextException',
    'InvalidCiphertextException',
    'InvalidCiphertextException',
    'ValidationException',
    'ValidationException',
    'ValidationException',
    'NotFoundException',
  ])
})

test('allowed on this site, the provider stands before the page’s first script', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  await (await connect(keyhearth, site.origin)).close()
  const probe = site.page('<script>document.title = typeof window.keyhearth?.encrypt</script>')
  const page = await keyhearth.context.newPage()
  await page.goto(probe)
  await expect(page).toHaveTitle('function')
  expect(await page.evaluate(roundTrip, 'still me')).toBe('still me')
})

test('a page with a global of that name keeps it, and hears of the provider', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<script>
      var keyhearth = 'its own'
      addEventListener('keyhearth:provider', ({ detail }) => { document.title = typeof detail.encrypt })
    </script>`),
  )
  const consent = await keyhearth.consent(() => page.evaluate(requestProvider))
  await consent.getByRole('button', { name: 'Allow once' }).click()
  await expect(page).toHaveTitle('function')
  expect(await page.evaluate(() => window.keyhearth)).toBe('its own')
})

test('allowed once, it is gone with the document', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin, 'Allow once')
  expect(await page.evaluate(roundTrip, 'once')).toBe('once')
  await page.reload()
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

test('a locked vault asks to be unlocked and then goes on', async ({ keyhearth, site }) => {
  const popup = await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await page.bringToFront()
  let result: Promise<string> = Promise.resolve('')
  const consent = await keyhearth.consent(async () => {
    result = page.evaluate(roundTrip, 'after unlocking')
  })
  await consent.getByLabel('Passphrase').fill(passphrase)
  await consent.getByRole('button', { name: 'Unlock' }).click()
  expect(await result).toBe('after unlocking')
})

test('none of many calls is lost while the person unlocks', async ({ keyhearth, site }) => {
  const popup = await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await page.evaluate(() => {
    const calls: Promise<string>[] = []
    const timer = setInterval(() => calls.push(window.keyhearth.encrypt('x')), 5)
    const finish = () => {
      clearInterval(timer)
      return Promise.all(calls)
    }
    Object.assign(window, { finish })
  })
  await popup.waitForTimeout(300)
  await keyhearth.unlock(popup)
  const sealed = await page.evaluate(() =>
    (window as never as { finish(): Promise<string[]> }).finish(),
  )
  expect(sealed.length).toBeGreaterThan(20)
})

test('closing the unlock window refuses', async ({ keyhearth, site }) => {
  const popup = await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  let name: Promise<string> = Promise.resolve('')
  const consent = await keyhearth.consent(async () => {
    name = page.evaluate(() =>
      window.keyhearth.encrypt('x').then(
        () => 'none',
        (error: Error) => error.name,
      ),
    )
  })
  await consent.close()
  expect(await name).toBe('AccessDeniedException')
})

test('a killed worker is not noticed by the page', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await keyhearth.killWorker()
  expect(await page.evaluate(roundTrip, 'undisturbed')).toBe('undisturbed')
})

async function revokeFromPopup(keyhearth: Keyhearth): Promise<void> {
  const popup = await keyhearth.popup()
  await popup.getByRole('tab', { name: 'This site' }).click()
  await popup.getByRole('button', { name: 'Revoke' }).click()
  await expect(popup.getByText('Not connected')).toBeVisible()
}

test('revoked in the popup, the page has nothing left', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  await page.evaluate(() => {
    Object.assign(window, { kept: window.keyhearth })
  })
  await revokeFromPopup(keyhearth)
  await expectProvider(page, false)
  const names = await page.evaluate(() => {
    // biome-ignore lint/suspicious/noExplicitAny: as the global of that name.
    const { kept } = window as never as { kept: any }
    const calls = [kept.encrypt('x'), kept.encrypt(new Uint8Array(100_000)), kept.decrypt('x')]
    const nameOf = (error: Error) => error.name
    return Promise.all(calls.map((call: Promise<unknown>) => call.then(() => 'none', nameOf)))
  })
  expect(names).toEqual(Array(3).fill('AccessDeniedException'))
  await page.reload()
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(false)
})

test('a message of one site opens neither on another nor, changed, anywhere', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const message: string = await page.evaluate(() => window.keyhearth.encrypt('for this site'))
  const other = await connect(keyhearth, otherSite.origin)
  const name = await other.evaluate(
    (text) =>
      window.keyhearth.decrypt(text).then(
        () => 'none',
        (error: Error) => error.name,
      ),
    message,
  )
  expect(name).toBe('AccessDeniedException')
  expect(await page.evaluate((text) => window.keyhearth.decrypt(text), message)).toMatchObject({
    plaintext: 'for this site',
  })
})

test('the person reads in the popup what a page encrypted', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const message: string = await page.evaluate(() => window.keyhearth.encrypt('seen by its owner'))
  const popup = await keyhearth.popup()
  await popup.getByRole('tab', { name: 'Text' }).click()
  await popup.getByLabel('Text', { exact: true }).fill(message)
  await popup.getByRole('button', { name: 'Decrypt' }).click()
  await expect(popup.getByLabel('Result')).toHaveText('seen by its owner')
  await popup.getByText('Details').click()
  await expect(popup.getByText(site.origin)).toBeVisible()
})

test('a request without a click waits behind the badge until the person answers it', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<script>(${requestProvider})()</script><h1>asks by itself</h1>`))
  await expect
    .poll(async () => (await keyhearth.worker()).evaluate(() => chrome.action.getBadgeText({})))
    .toBe('1')
  expect(keyhearth.context.pages().filter((one) => one.url().includes('consent'))).toEqual([])
  const popup = await keyhearth.popup()
  await popup.getByRole('tab', { name: 'This site' }).click()
  const consent = await keyhearth.consent(() =>
    popup.getByRole('button', { name: 'Answer request' }).click(),
  )
  await consent.getByRole('button', { name: 'Allow once' }).click()
  await expectProvider(page, true)
})

test('allowed once, the frames of that very document have it too, and of no other', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const inner = site.page('<title>Inner</title>')
  const foreign = otherSite.page('<title>Foreign</title>')
  const outer = site.page(`<iframe src="${inner}"></iframe><iframe src="${foreign}"></iframe>`)
  const page = await connect(keyhearth, outer, 'Allow once')
  const frameAt = (url: string) => page.frames().find((one) => one.url() === url)
  const has = (url: string) => frameAt(url)?.evaluate(() => 'keyhearth' in window)
  await expect.poll(() => has(inner)).toBe(true)
  expect(await frameAt(inner)?.evaluate(roundTrip, 'from a frame')).toBe('from a frame')
  expect(await has(foreign)).toBe(false)
  // One that comes later asks, and needs no prompt.
  await page.evaluate((url) => {
    document.querySelector('iframe')?.remove()
    const late = document.createElement('iframe')
    late.src = url
    document.body.append(late)
  }, inner)
  await expect.poll(() => frameAt(inner) !== undefined).toBe(true)
  await frameAt(inner)?.evaluate(requestProvider)
  await expect.poll(() => has(inner)).toBe(true)
  const windows = () => keyhearth.context.pages().filter((one) => one.url().includes('consent'))
  expect(windows()).toEqual([])
  // The next document of that tab is another one.
  await page.reload()
  await page.waitForTimeout(1000)
  expect(await has(inner)).toBe(false)
})

test('a frame of another site is allowed, shown and revoked as that frame in this page', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  const inner = otherSite.page('<title>Inner</title>')
  const outer = site.page(`<title>Outer</title><iframe src="${inner}"></iframe>`)
  const page = await connect(keyhearth, outer, 'Allow on this site')
  const frame = () => page.frames().find((one) => one.url() === inner)
  const has = () => frame()?.evaluate(() => 'keyhearth' in window)
  const consent = await keyhearth.consent(
    () => frame()?.evaluate(requestProvider) ?? Promise.reject(),
  )
  await consent.getByRole('button', { name: 'Allow in this frame' }).click()
  await expect.poll(has).toBe(true)
  // Two accounts: neither reads what the other made.
  const message: string =
    (await frame()?.evaluate(() => window.keyhearth.encrypt('in a frame'))) ?? ''
  const foreign = await page.evaluate(
    (text) => window.keyhearth.decrypt(text).catch((error: Error) => error.name),
    message,
  )
  expect(foreign).toBe('AccessDeniedException')
  // Large data goes the same way as at the top.
  const large = await frame()?.evaluate(async () => {
    const { keyhearth } = window
    return (await keyhearth.decrypt(await keyhearth.encrypt('x'.repeat(200_000)))).plaintext.length
  })
  expect(large).toBe(200_000)

  const words = `${otherSite.origin} inside ${site.origin}`
  const manager = await keyhearth.open('manager.html#sites')
  const card = manager.getByRole('region', { name: words, exact: true })
  await card.getByRole('button', { name: 'Revoke' }).click()
  await expect(card).toHaveCount(0)
  await expect.poll(has).toBe(false)
  // The page around it keeps its own rights.
  expect(await page.evaluate(() => 'keyhearth' in window)).toBe(true)
  expect(await page.evaluate(roundTrip, 'still here')).toBe('still here')
  await page.reload()
  await page.waitForTimeout(1000)
  expect(await has()).toBe(false)
})

test('a frame of the site itself has what the site was allowed; of another site it has nothing', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  await keyhearth.createVault()
  await (await connect(keyhearth, site.origin)).close()
  const inner = site.page('<title>Inner</title>')
  const foreign = otherSite.page('<title>Foreign</title>')
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<iframe src="${inner}"></iframe><iframe src="${foreign}"></iframe>`))
  const frameAt = (url: string) => page.frames().find((one) => one.url() === url)
  await expect
    .poll(() => frameAt(inner)?.evaluate(() => 'keyhearth' in window), { timeout: 5000 })
    .toBe(true)
  expect(await frameAt(inner)?.evaluate(() => window.keyhearth.encrypt('from a frame'))).toContain(
    'KEYHEARTH MESSAGE',
  )
  expect(await frameAt(foreign)?.evaluate(() => 'keyhearth' in window)).toBe(false)
  // The site's own frame inside another site is that other site's affair.
  await page.goto(otherSite.page(`<iframe src="${inner}"></iframe>`))
  await page.waitForTimeout(1500)
  expect(await frameAt(inner)?.evaluate(() => 'keyhearth' in window)).toBe(false)
  // What the person takes back is gone in frames as well.
  await page.goto(site.page(`<iframe src="${inner}"></iframe>`))
  await expect.poll(() => frameAt(inner)?.evaluate(() => 'keyhearth' in window)).toBe(true)
  const popup = await keyhearth.open('popup.html?view=site')
  await popup.getByRole('button', { name: 'Revoke' }).click()
  await expect.poll(() => frameAt(inner)?.evaluate(() => 'keyhearth' in window)).toBe(false)
})
