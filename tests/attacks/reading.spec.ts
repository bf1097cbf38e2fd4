// The attack list, on what stands in pages: marks, and the overlay that shows what a message says.

import { resolve } from 'node:path'
import type { Frame, Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import type { Site } from '../../scripts/serve.ts'
import { compose, expect, Keyhearth, test } from '../e2e/keyhearth.ts'
import { clickMark, expectMarks, marksOf } from '../e2e/marks.ts'

declare const chrome: typeof Browser

const secret = 'at the old bridge'

async function encrypted(keyhearth: Keyhearth, text = secret): Promise<string> {
  const popup = await keyhearth.open('popup.html?view=text')
  await popup.getByRole('textbox', { name: 'Text' }).fill(text)
  await popup.getByRole('button', { name: 'Encrypt', exact: true }).click()
  const message = (await popup.getByLabel('Result', { exact: true }).textContent()) ?? ''
  await popup.close()
  return message
}

/** A page with a message in it, on a site where messages are marked. */
async function markedPage(keyhearth: Keyhearth, site: Site, around = ''): Promise<Page> {
  await keyhearth.createVault()
  const message = await encrypted(keyhearth)
  const manager = await keyhearth.open('manager.html')
  await manager.evaluate(async (Origin) => {
    const input = { Origin, Reading: 'on' }
    const id = crypto.randomUUID()
    await chrome.runtime.sendMessage({
      keyhearth: 1,
      type: 'call',
      id,
      operation: 'keyhearth:PutReading',
      input,
    })
  }, site.origin)
  await manager.close()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<title>Mail</title>${around}<pre>${message}</pre>`))
  await expectMarks(page, 1)
  return page
}

/** What a page of the extension gets for an operation. */
const ask = (frame: Frame, operation: string, input: object) =>
  frame.evaluate(
    async ([name, given]) => {
      const id = crypto.randomUUID()
      const message = { keyhearth: 1, type: 'call', id, operation: name, input: given }
      const reply = await chrome.runtime.sendMessage(message)
      return reply?.ok ? 'done' : (reply?.error?.code ?? 'nothing')
    },
    [operation, input] as const,
  )

test('attack-02-dom-clickjacking: nothing that stands in a page allows or gives away anything', async ({
  keyhearth,
  site,
}) => {
  const page = await markedPage(keyhearth, site)
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText(secret)
  const buttons = await overlay.getByRole('button').allTextContents()
  expect(buttons.map((text) => text.trim()).sort()).toEqual(['', 'Copy'])
  // Even if it were made to: from there these operations are refused.
  for (const [operation, input] of [
    ['keyhearth:DecideRequest', { RequestId: 'x', Decision: 'site' }],
    ['keyhearth:Unlock', { Passphrase: 'x' }],
    ['keyhearth:EncryptMessage', { Plaintext: new Uint8Array(1) }],
    ['secretsmanager:ListSecrets', {}],
    ['keyhearth:ListEvents', {}],
    ['kms:ListKeys', {}],
  ] as const) {
    expect(await ask(overlay, operation, input)).toBe('AccessDeniedException')
  }
})

test('attack-03-covered-mark: a mark that is covered opens nothing by the click on what covers it', async ({
  keyhearth,
  site,
}) => {
  const page = await markedPage(keyhearth, site)
  const [mark] = await marksOf(page)
  await page.evaluate(() => {
    const cover = document.createElement('div')
    cover.popover = 'manual'
    Object.assign(cover.style, { inset: '0', width: '100vw', height: '100vh', opacity: '0.01' })
    document.body.append(cover)
    cover.showPopover()
  })
  await page.mouse.click(mark?.x ?? 0, mark?.y ?? 0)
  await page.waitForTimeout(700)
  expect(page.frames()).toHaveLength(1)
})

test('attack-05-closed-shadow-roots: an extension that opens them finds a mark and a closed frame', async ({
  site,
}) => {
  const keyhearth = await Keyhearth.start([resolve('tests/attacks/pages/snoop')])
  try {
    const page = await markedPage(keyhearth, site)
    const overlay = await clickMark(page)
    await expect(overlay.getByLabel('Decrypted text')).toHaveText(secret)
    const snooped = () => page.evaluate(() => document.documentElement.dataset['snooped'] ?? '')
    // It looks for real: the mark is found, the frame's inside is not.
    await expect.poll(snooped).toContain('Read with Keyhearth')
    await expect.poll(snooped).toContain('frame: ')
    expect(await snooped()).not.toContain('bridge')
  } finally {
    await keyhearth.dispose()
  }
})

test('attack-21-decryption-oracle: no message is decrypted without the person, nor for a page it is not of', async ({
  keyhearth,
  site,
}) => {
  const page = await markedPage(keyhearth, site)
  await page.waitForTimeout(1000)
  const manager = await keyhearth.open('manager.html')
  const events = () =>
    manager.evaluate(async () => {
      const id = crypto.randomUUID()
      const operation = 'keyhearth:ListEvents'
      const reply = await chrome.runtime.sendMessage({
        keyhearth: 1,
        type: 'call',
        id,
        operation,
        input: {},
      })
      return reply.output.Events.map(({ eventName }: { eventName: string }) => eventName)
    })
  expect(await events()).not.toContain('DecryptMessage')
  await page.bringToFront()
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText(secret)
  expect((await events()).filter((name: string) => name === 'DecryptMessage')).toHaveLength(1)
})

test('attack-27-typed-plaintext: what is written in Keyhearth’s window reaches no page', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<title>Mail</title><textarea autofocus></textarea><script>
    window.heard = []
    for (const type of ['keydown', 'keyup', 'input', 'beforeinput', 'paste', 'compositionend', 'message']) {
      addEventListener(type, (event) => heard.push(event.data ?? event.key ?? event.clipboardData?.getData('text/plain')), true)
    }
  </script>`),
  )
  await page.locator('textarea').focus()
  const composing = await compose(keyhearth, page)
  await composing.getByLabel('Message').pressSequentially(secret)
  const closed = composing.waitForEvent('close')
  await composing.getByRole('button', { name: 'Encrypt and insert' }).click()
  await closed
  await expect(page.locator('textarea')).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
  const heard = await page.evaluate(() => JSON.stringify(Reflect.get(window, 'heard')))
  for (const word of ['bridge', '"b"', '"r"']) expect(heard).not.toContain(word)
})
