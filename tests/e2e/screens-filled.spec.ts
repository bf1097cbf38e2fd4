// The screens between a website and the person with all in them that they can show, in light and dark: every rule of
// axe, no scrolling sideways, and a picture of each.

import type { Frame, Page, TestInfo } from '@playwright/test'
import { expectAccessible, expectFits } from './accessible.ts'
import { cardNamed } from './cards.ts'
import { compose, connect, expect, type Keyhearth, operate, test } from './keyhearth.ts'
import { clickMark, expectMarks } from './marks.ts'

const longWords = 'Where we meet, and when, and what to bring if it rains as it did the last time. '

const wide = { width: 1100, height: 800 } as const

async function picture(info: TestInfo, name: string, page: Page, inside?: Frame): Promise<void> {
  await expectAccessible(page, inside)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const path = info.outputPath(`${name}-${colorScheme}.png`)
    await page.screenshot({ path, fullPage: inside === undefined })
  }
  if (!inside) await expectFits(page)
}

/** Its own card, somebody verified, and somebody whose words nobody compared. */
async function addPeople(keyhearth: Keyhearth): Promise<Page> {
  const people = await keyhearth.open('manager.html#people')
  await people.setViewportSize(wide)
  await people.getByLabel('Your name, as others see it').fill('Grace Hopper')
  await people.getByRole('button', { name: 'Make my card' }).click()
  await expect(people.getByLabel('Your identity card')).toBeVisible()
  for (const [name, button] of [
    ['Ada Lovelace', 'They match: add as verified'],
    ['Charles Babbage of the Analytical Engine and Other Engines', 'Add without comparing'],
  ] as const) {
    await people.getByLabel('Their card').fill(cardNamed(name))
    await people.getByRole('button', { name: 'Look at the card' }).click()
    await people.getByRole('button', { name: button }).click()
    await expect(people.getByRole('article', { name })).toBeVisible()
  }
  return people
}

test('people, and writing to them', async ({ keyhearth, site }, info) => {
  await keyhearth.createVault()
  await picture(info, 'people', await addPeople(keyhearth))
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<title>Mail</title><textarea autofocus></textarea>'))
  await page.locator('textarea').focus()
  const composing = await compose(keyhearth, page)
  await composing.getByLabel('Message').fill(longWords.repeat(4))
  await composing.getByRole('checkbox', { name: 'Ada Lovelace' }).check()
  await picture(info, 'compose', composing)
})

test('a message read in a page', async ({ keyhearth, site }, info) => {
  const popup = await keyhearth.createVault()
  const message = await keyhearth.encryptText(longWords.repeat(6))
  await operate(popup, 'keyhearth:PutReading', { Origin: site.origin, Reading: 'on' })
  const page = await keyhearth.context.newPage()
  await page.goto(
    site.page(`<title>Mail</title><style>:root { color-scheme: light dark }</style>
      <h1>Mail</h1><p>${longWords}</p><pre>${message}</pre>`),
  )
  await expectMarks(page, 1)
  const overlay = await clickMark(page)
  await expect(overlay.getByLabel('Decrypted text')).toContainText('Where we meet')
  await picture(info, 'overlay', page, overlay)
})

/** A key of the person's that a site may use, each time the person is asked. */
async function grant(popup: Page, GranteePrincipal: string): Promise<string> {
  type Made = { KeyMetadata: { Arn: string } }
  const input = { Description: 'Invoices', KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }
  const { KeyMetadata } = await operate<Made>(popup, 'kms:CreateKey', input)
  const { Arn: KeyId } = KeyMetadata
  await operate(popup, 'kms:CreateGrant', {
    KeyId,
    GranteePrincipal,
    AskEachTime: true,
    Operations: ['Sign', 'GetPublicKey'],
  })
  return KeyId
}

test('sites with rights and grants and one that is blocked, and what they ask', async ({
  keyhearth,
  site,
  otherSite,
}, info) => {
  test.setTimeout(120_000)
  const popup = await keyhearth.createVault()
  const page = await keyhearth.context.newPage()
  await page.goto(site.origin)
  const rights = ['messages', 'keys', 'secrets', 'sign']
  const connecting = await keyhearth.consent(() =>
    page.evaluate((asked) => {
      dispatchEvent(new CustomEvent('keyhearth:request', { detail: { rights: asked } }))
    }, rights),
  )
  await picture(info, 'consent', connecting)
  await connecting.bringToFront()
  await connecting.getByRole('button', { name: 'Allow on this site' }).click()
  await expect.poll(() => page.evaluate(() => 'keyhearth' in window)).toBe(true)

  const KeyId = await grant(popup, site.origin)
  await operate(popup, 'keyhearth:PutReading', { Origin: site.origin, Reading: 'on' })
  await (await connect(keyhearth, otherSite.origin)).close()
  await operate(popup, 'keyhearth:BlockSite', { Origin: 'https://blocked.example' })
  await operate(popup, 'keyhearth:BlockSite', { Origin: 'https://xn--bnk-6cd.example:8443' })
  const sites = await keyhearth.open('manager.html#sites')
  await sites.setViewportSize(wide)
  await expect(sites.getByText('https://blocked.example')).toBeVisible()
  await expect(sites.getByRole('link', { name: KeyId.slice(-36) })).toBeVisible()
  await picture(info, 'sites', sites)

  const said = JSON.stringify({ aud: 'https://bank.example', nonce: 'n-0S6', name: longWords })
  await page.bringToFront()
  await page.locator('body').click({ position: { x: 5, y: 5 } })
  const using = await keyhearth.consent(() =>
    page.evaluate(
      ([key, text]) => {
        const body = { KeyId: key, Message: btoa(text), SigningAlgorithm: 'ECDSA_SHA_256' }
        const request = {
          headers: { 'x-amz-target': 'TrentService.Sign' },
          body: new TextEncoder().encode(JSON.stringify(body)),
        }
        Object.assign(window, { using: window.keyhearth.requestHandler.handle(request) })
      },
      [KeyId, said] as const,
    ),
  )
  await expect(using.getByRole('alert')).toContainText('https://bank.example')
  await picture(info, 'consent-key', using)
  await using.close()
  // One question at a time.
  await page.evaluate(() => Reflect.get(window, 'using'))
  await page.bringToFront()
  await page.locator('body').click({ position: { x: 5, y: 5 } })
  const signing = await keyhearth.consent(() =>
    page.evaluate((text) => {
      window.keyhearth.sign(text, { format: 'jws' }).catch(() => {})
    }, said),
  )
  await expect(signing.getByRole('alert')).toContainText('https://bank.example')
  await picture(info, 'consent-sign', signing)
})
