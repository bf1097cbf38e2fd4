// Design section 4: AWS's own clients, unmodified, in a page, with `keyhearth.requestHandler`.

import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { bundle, openWithClient } from './awsPage.ts'
import { connect, expect, type Keyhearth, passphrase, requestRights, test } from './keyhearth.ts'

/** The extension's own API, inside its pages. */
declare const chrome: typeof Browser

async function lock(popup: Page): Promise<void> {
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await expect(popup.getByRole('button', { name: 'Unlock' })).toBeVisible()
}

const consents = (keyhearth: Keyhearth) =>
  keyhearth.context.pages().filter((page) => page.url().includes('consent.html'))

test('a key is made, described, listed, and encrypts and decrypts', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await openWithClient(keyhearth, site.origin)
  const seen = await page.evaluate(async () => {
    const client = window.newClient()
    const { KeyMetadata } = await client.createKey({ Description: 'of the page' })
    const KeyId = KeyMetadata?.KeyId ?? ''
    const EncryptionContext = { to: 'Ada', Plaintext: 'AAEC', ü: '🔥' }
    const same: boolean[] = []
    for (const length of [1, 16, 4096]) {
      const Plaintext = crypto.getRandomValues(new Uint8Array(length))
      const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext, EncryptionContext })
      const opened = await client.decrypt({ CiphertextBlob, EncryptionContext })
      same.push(String(opened.Plaintext) === String(Plaintext))
    }
    const dataKey = await client.generateDataKey({ KeyId, KeySpec: 'AES_256' })
    const { CiphertextBlob } = dataKey
    const opened = await client.decrypt({ CiphertextBlob })
    const { Keys } = await client.listKeys({})
    return {
      arn: KeyMetadata?.Arn ?? '',
      date: KeyMetadata?.CreationDate instanceof Date && KeyMetadata.CreationDate.getTime(),
      description: (await client.describeKey({ KeyId })).KeyMetadata?.Description,
      listed: Keys?.some((one) => one.KeyId === KeyId),
      same,
      dataKey: [dataKey.Plaintext?.length, String(opened.Plaintext) === String(dataKey.Plaintext)],
      requestId: dataKey.$metadata.requestId,
    }
  })
  expect(seen.arn).toMatch(/^arn:aws:kms:browser-1:\d{12}:key\/[\da-f-]{36}$/)
  expect(Math.abs(Number(seen.date) - Date.now())).toBeLessThan(60_000)
  expect(seen).toMatchObject({
    description: 'of the page',
    listed: true,
    same: [true, true, true],
    dataKey: [32, true],
  })
  expect(seen.requestId).toMatch(/^[\da-f-]{36}$/)
})

/** What became of a call: its error's name, or `none`. Runs in the page. */
const failures = `
  window.nameOf = (promise) => promise.then(() => 'none', (error) => error.name)
`

declare global {
  interface Window {
    nameOf(promise: Promise<unknown>): Promise<string>
    calls: Promise<string>[]
    keyCount(): Promise<number>
  }
}

/** A connected page with the client, and its vault's popup. */
async function open(keyhearth: Keyhearth, url: string) {
  const popup = await keyhearth.createVault()
  const page = await openWithClient(keyhearth, url)
  await page.addScriptTag({ content: failures })
  await page.evaluate(() => {
    window.keyCount = async () => (await window.newClient().listKeys({})).Keys?.length ?? -1
  })
  return { popup, page }
}

test('what is wrong arrives as the client’s own exceptions', async ({ keyhearth, site }) => {
  const { page } = await open(keyhearth, site.origin)
  const seen = await page.evaluate(async () => {
    const { kms } = window
    const client = window.newClient()
    const KeyId = (await client.createKey({})).KeyMetadata?.KeyId ?? ''
    const Plaintext = new Uint8Array(1)
    const { CiphertextBlob = Plaintext } = await client.encrypt({ KeyId, Plaintext })
    const flipped = CiphertextBlob.slice()
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1
    const caught = (promise: Promise<unknown>) =>
      promise.then(
        () => null,
        (error) => error,
      )
    const missing = await caught(client.describeKey({ KeyId: crypto.randomUUID() }))
    const altered = await caught(client.decrypt({ CiphertextBlob: flipped }))
    await client.disableKey({ KeyId })
    const disabled = await caught(client.encrypt({ KeyId, Plaintext }))
    const tooLong = await caught(client.encrypt({ KeyId, Plaintext: new Uint8Array(4097) }))
    return {
      kinds: [
        missing instanceof kms.NotFoundException,
        altered instanceof kms.InvalidCiphertextException,
        disabled instanceof kms.DisabledException,
        tooLong instanceof kms.KMSServiceException,
      ],
      names: [missing.name, altered.name, disabled.name, tooLong.name],
      message: missing.message,
      metadata: missing.$metadata,
    }
  })
  expect(seen.kinds).toEqual([true, true, true, true])
  expect(seen.names).toEqual([
    'NotFoundException',
    'InvalidCiphertextException',
    'DisabledException',
    'ValidationException',
  ])
  expect(seen.message).toMatch(/^Key '.+' does not exist$/)
  expect(seen.metadata).toMatchObject({ httpStatusCode: 400, attempts: 1 })
})

test('the person finds the request’s id in the trail', async ({ keyhearth, site }) => {
  const { popup, page } = await open(keyhearth, site.origin)
  const requestId = await page.evaluate(
    async () => (await window.newClient().createKey({})).$metadata.requestId,
  )
  const events = await popup.evaluate(async () => {
    const call = { keyhearth: 1, type: 'call', id: crypto.randomUUID() }
    const asked = { ...call, operation: 'keyhearth:ListEvents', input: { EventName: 'CreateKey' } }
    return (await chrome.runtime.sendMessage(asked)).output.Events
  })
  const found = events.find((event: { requestID: string }) => event.requestID === requestId)
  expect(found).toMatchObject({ eventName: 'CreateKey', userIdentity: { origin: site.origin } })
})

test('locked, calls wait for the person and then go on', async ({ keyhearth, site }) => {
  const { popup, page } = await open(keyhearth, site.origin)
  await lock(popup)
  await page.bringToFront()
  const consent = await keyhearth.consent(() =>
    page.evaluate(() => {
      const [one, other] = [window.newClient(), window.newClient()]
      window.calls = [
        one.createKey({}),
        other.listKeys({}),
        one.generateRandom({ NumberOfBytes: 8 }),
      ].map(window.nameOf)
    }),
  )
  await consent.getByLabel('Passphrase').fill(passphrase)
  await consent.getByRole('button', { name: 'Unlock' }).click()
  expect(await page.evaluate(() => Promise.all(window.calls))).toEqual(['none', 'none', 'none'])
})

test('the person’s no is AccessDeniedException, and is not asked again', async ({
  keyhearth,
  site,
}) => {
  const { popup, page } = await open(keyhearth, site.origin)
  await lock(popup)
  await page.bringToFront()
  const consent = await keyhearth.consent(() =>
    page.evaluate(() => {
      window.calls = [
        window
          .newClient()
          .listKeys({})
          .then(
            () => 'none',
            (error) => `${error.name} after ${error.$metadata.attempts}`,
          ),
      ]
    }),
  )
  await consent.getByRole('button', { name: 'Deny' }).click()
  expect(await page.evaluate(() => window.calls[0])).toBe('AccessDeniedException after 1')
  await page.waitForTimeout(500)
  expect(consents(keyhearth)).toEqual([])
})

test('aborted while it waits for unlocking, a call rejects at once and is never carried out', async ({
  keyhearth,
  site,
}) => {
  const { popup, page } = await open(keyhearth, site.origin)
  const before = await page.evaluate(() => window.keyCount())
  await lock(popup)
  await page.bringToFront()
  await keyhearth.consent(() =>
    page.evaluate(() => {
      const controller = new AbortController()
      Object.assign(window, { controller })
      const { signal: abortSignal } = controller
      const client = window.newClient()
      const late = { requestTimeout: 300 }
      window.calls = [
        window.nameOf(client.createKey({}, { abortSignal })),
        window.nameOf(window.newClient({ maxAttempts: 1 }).createKey({}, late)),
        window.nameOf(client.createKey({}, { abortSignal: AbortSignal.abort() })),
      ]
    }),
  )
  const names = await page.evaluate(() => {
    const { controller } = window as never as { controller: AbortController }
    controller.abort(new Error('the page’s own reason'))
    return Promise.all(window.calls)
  })
  expect(names).toEqual(['AbortError', 'TimeoutError', 'AbortError'])
  await popup.bringToFront()
  await keyhearth.unlock(popup)
  expect(await page.evaluate(() => window.keyCount())).toBe(before)
})

test('a signal that is none is the caller’s mistake, and nothing is sent', async ({
  keyhearth,
  site,
}) => {
  const { page } = await open(keyhearth, site.origin)
  const before = await page.evaluate(() => window.keyCount())
  const name = await page.evaluate(() => {
    const request = { headers: { 'x-amz-target': 'TrentService.CreateKey' }, body: '{}' }
    const { handle } = window.keyhearth.requestHandler
    return window.nameOf(handle(request, { abortSignal: { aborted: false } }))
  })
  expect(name).toBe('TypeError')
  expect(await page.evaluate(() => window.keyCount())).toBe(before)
})

test('aborted under way, a call rejects at once and the next ones work', async ({
  keyhearth,
  site,
}) => {
  const { page } = await open(keyhearth, site.origin)
  const seen = await page.evaluate(async () => {
    const client = window.newClient()
    const controller = new AbortController()
    const { signal: abortSignal } = controller
    const made = window.nameOf(
      client.createKey({ KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' }, { abortSignal }),
    )
    setTimeout(() => controller.abort(), 5)
    const name = await made
    return [name, await window.nameOf(client.listKeys({}))]
  })
  expect(seen).toEqual(['AbortError', 'none'])
})

test('two clients at once, and a worker killed in between', async ({ keyhearth, site }) => {
  const { page } = await open(keyhearth, site.origin)
  const work = page.evaluate(async () => {
    const [one, other] = [window.newClient(), window.newClient()]
    const KeyId = (await one.createKey({})).KeyMetadata?.KeyId ?? ''
    const roundTrip = async (client: typeof one, i: number) => {
      const Plaintext = Uint8Array.of(i)
      const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext })
      const opened = await client.decrypt({ CiphertextBlob })
      return opened.Plaintext?.[0] === i
    }
    const results: boolean[] = []
    for (let i = 0; i < 60; i++) {
      results.push(...(await Promise.all([roundTrip(one, i), roundTrip(other, 255 - i)])))
      document.title = `${i}`
    }
    return results
  })
  for (const round of ['5', '25', '45']) {
    await expect.poll(async () => Number(await page.title())).toBeGreaterThan(Number(round))
    await keyhearth.killWorker()
  }
  const results = await work
  expect(results).toHaveLength(120)
  expect(results).not.toContain(false)
})

test('whenever the worker is killed, each key is made once and each answer arrives', async ({
  keyhearth,
  site,
}) => {
  const { page } = await open(keyhearth, site.origin)
  const before = await page.evaluate(() => window.keyCount())
  const work = page.evaluate(async () => {
    const client = window.newClient({ maxAttempts: 1 })
    const made = new Set<string | undefined>()
    for (let i = 0; i < 15; i++) {
      const two = [
        client.createKey({}),
        client.createKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
      ]
      for (const { KeyMetadata } of await Promise.all(two)) made.add(KeyMetadata?.KeyId)
      document.title = `${i}`
    }
    return made.size
  })
  for (const round of ['1', '4', '7', '10']) {
    await expect.poll(async () => Number(await page.title())).toBeGreaterThan(Number(round))
    await keyhearth.killWorker()
  }
  expect(await work).toBe(30)
  expect(await page.evaluate(() => window.keyCount())).toBe(before + 30)
})

test('the whole page in docs/pages.md works as it stands', async ({ keyhearth, site }) => {
  const html = /```html\n([\s\S]*?)```/.exec(readFileSync('docs/pages.md', 'utf8'))?.[1] ?? ''
  const [, before, script] = /^([\s\S]*)<script type="module">([\s\S]*)<\/script>/.exec(html) ?? []
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(before ?? ''))
  await page.addScriptTag({ content: await bundle(script ?? '') })
  const consent = await keyhearth.consent(() => page.getByRole('button').click())
  await consent.getByRole('button', { name: 'Allow on this site' }).click()
  await expect(page.getByRole('status')).toHaveText('at the bridge')
})

test('the person is told that a page asks for keys of its own', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin)
  const consent = await keyhearth.consent(() => page.evaluate(requestRights, ['keys']))
  await expect(consent.getByText(site.origin)).toBeVisible()
  await expect(consent.getByText('Make and use its own keys')).toBeVisible()
  await consent.getByRole('button', { name: 'Allow once' }).click()
  await expect.poll(() => consents(keyhearth)).toEqual([])
  const target = (operation: string) =>
    page.evaluate(async (name) => {
      const headers = { 'x-amz-target': `TrentService.${name}` }
      const { handle } = window.keyhearth.requestHandler
      return (await handle({ headers, body: '{}' })).response.statusCode
    }, operation)
  await expect.poll(() => target('ListKeys')).toBe(200)
  await page.reload()
  expect(await target('ListKeys')).toBe(400)
})

test('revoked, the clients a page kept are refused', async ({ keyhearth, site }) => {
  const { page } = await open(keyhearth, site.origin)
  const name = await page.evaluate(async () => {
    const client = window.newClient()
    await client.listKeys({})
    window.keyhearth.disconnect()
    return window.nameOf(client.listKeys({}))
  })
  expect(name).toBe('AccessDeniedException')
})

test('a site with the right to messages alone gets no keys', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await openWithClient(keyhearth, site.origin, ['messages'])
  await page.addScriptTag({ content: failures })
  expect(await page.evaluate(() => window.nameOf(window.newClient().listKeys({})))).toBe(
    'AccessDeniedException',
  )
})

test('a site’s keys are its own: another site neither lists nor uses them', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  const { page } = await open(keyhearth, site.origin)
  const sealed = await page.evaluate(async () => {
    const client = window.newClient()
    const Arn = (await client.createKey({})).KeyMetadata?.Arn ?? ''
    const { CiphertextBlob } = await client.encrypt({ KeyId: Arn, Plaintext: new Uint8Array(1) })
    return { Arn, blob: [...(CiphertextBlob ?? [])] }
  })
  const other = await openWithClient(keyhearth, otherSite.origin)
  await other.addScriptTag({ content: failures })
  const seen = await other.evaluate(async ({ Arn, blob }) => {
    const client = window.newClient()
    const CiphertextBlob = new Uint8Array(blob)
    return [
      (await client.listKeys({})).Keys?.some(({ KeyArn }) => KeyArn === Arn),
      await window.nameOf(client.describeKey({ KeyId: Arn })),
      await window.nameOf(client.decrypt({ CiphertextBlob })),
      await window.nameOf(client.scheduleKeyDeletion({ KeyId: Arn })),
    ]
  }, sealed)
  expect(seen).toEqual([
    false,
    'AccessDeniedException',
    'AccessDeniedException',
    'AccessDeniedException',
  ])
})

test('garbage given to handle() is answered, and reaches nothing', async ({ keyhearth, site }) => {
  const { page } = await open(keyhearth, site.origin)
  const seen = await page.evaluate(async () => {
    const { handle } = window.keyhearth.requestHandler
    const send = async (target: unknown, body: unknown, headers?: object) => {
      const { response } = await handle({ headers: headers ?? { 'x-amz-target': target }, body })
      const { __type } = JSON.parse(new TextDecoder().decode(response.body))
      return `${response.statusCode} ${__type ?? 'ok'}`
    }
    const text = new TextEncoder()
    return {
      fine: await send('TrentService.ListKeys', '{}'),
      unknown: await send('TrentService.Nothing', '{}'),
      inner: await send('keyhearth.GetStatus', '{}'),
      personOnly: await send('TrentService.DeleteKey', '{}'),
      noJson: await send('TrentService.ListKeys', text.encode('{')),
      noBody: await send('TrentService.ListKeys', null),
      noBase64: await send('TrentService.Decrypt', '{"CiphertextBlob":"%%"}'),
      large: await send('TrentService.ListKeys', ' '.repeat(1024 * 1024 + 1)),
      extra: await send('TrentService.ListKeys', '{"Extra":1}'),
      proto: await send('TrentService.ListKeys', '{"__proto__":{"Limit":0}}'),
      protoContext: await send(
        'TrentService.Encrypt',
        '{"KeyId":"a","Plaintext":"AA==","EncryptionContext":{"__proto__":"b"}}',
      ),
      wrongType: await send('TrentService.ListKeys', '{"Limit":"1"}'),
      noHeaders: await send('', '{}', {}),
      nothing: (await handle()).response.statusCode,
      number: (await handle(7)).response.statusCode,
    }
  })
  expect(seen).toEqual({
    fine: '200 ok',
    unknown: '400 UnknownOperationException',
    inner: '400 UnknownOperationException',
    personOnly: '400 UnknownOperationException',
    noJson: '400 SerializationException',
    noBody: '400 SerializationException',
    noBase64: '400 SerializationException',
    large: '413 ValidationException',
    extra: '400 ValidationException',
    proto: '400 ValidationException',
    protoContext: '400 ValidationException',
    wrongType: '400 ValidationException',
    noHeaders: '400 UnknownOperationException',
    nothing: 400,
    number: 400,
  })
})

test('what a page does to its objects after the call changes nothing', async ({
  keyhearth,
  site,
}) => {
  const { page } = await open(keyhearth, site.origin)
  const seen = await page.evaluate(async () => {
    const { handle } = window.keyhearth.requestHandler
    const body = new TextEncoder().encode('{"NumberOfBytes":8}')
    const request = { headers: { 'x-amz-target': 'TrentService.GenerateRandom' }, body }
    const answer = handle(request)
    body.fill(0)
    request.headers['x-amz-target'] = 'TrentService.ListKeys'
    const { response } = await answer
    return JSON.parse(new TextDecoder().decode(response.body))
  })
  expect(Object.keys(seen)).toEqual(['Plaintext'])
  expect(seen.Plaintext).toHaveLength(12)
})
