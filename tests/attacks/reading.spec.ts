// The attack list, on what stands in pages: marks, and the overlay that shows what a message says.

import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import type { Site } from '../../scripts/serve.ts'
import { compose, expect, Keyhearth, operate, test } from '../e2e/keyhearth.ts'
import { clickMark, expectMarks, marksOf } from '../e2e/marks.ts'
import { hostilePage } from './hostilePages.ts'

const secret = 'at the old bridge'

/** A page with a message in it, on a site where messages are marked. */
async function markedPage(keyhearth: Keyhearth, site: Site, around = ''): Promise<Page> {
  await keyhearth.createVault()
  const message = await keyhearth.encryptText(secret)
  const manager = await keyhearth.open('manager.html')
  await operate(manager, 'keyhearth:PutReading', { Origin: site.origin, Reading: 'on' })
  await manager.close()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(`<title>Mail</title>${around}<pre>${message}</pre>`))
  await expectMarks(page, 1)
  return page
}

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
    await expect(operate(overlay, operation, input)).rejects.toThrow('AccessDeniedException')
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
  const events = async () => {
    const listed = await operate<{ Events: { eventName: string }[] }>(
      manager,
      'keyhearth:ListEvents',
      {},
    )
    return listed.Events.map(({ eventName }) => eventName)
  }
  expect(await events()).not.toContain('DecryptMessage')
  await page.bringToFront()
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toHaveText(secret)
  expect((await events()).filter((name) => name === 'DecryptMessage')).toHaveLength(1)
})

test('attack-27-typed-plaintext: what is written in Keyhearth’s window reaches no page', async ({
  keyhearth,
  site,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page(hostilePage('listening-field')))
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
