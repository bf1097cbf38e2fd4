// People: two browsers with a vault each exchange cards, then messages, both ways, by what is on the screen.

import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, Keyhearth, test } from './keyhearth.ts'

const section = (keyhearth: Keyhearth): Promise<Page> => keyhearth.open('manager.html#people')

async function makeCard(keyhearth: Keyhearth, name: string): Promise<string> {
  await keyhearth.createVault()
  const people = await section(keyhearth)
  await people.getByLabel('Your name, as others see it').fill(name)
  await people.getByRole('button', { name: 'Make my card' }).click()
  const card = (await people.getByLabel('Your identity card').textContent()) ?? ''
  await people.close()
  return card
}

async function addPerson(keyhearth: Keyhearth, card: string, button: string): Promise<Page> {
  const people = await section(keyhearth)
  await people.getByLabel('Their card').fill(`They wrote:\n> ${card.replaceAll('\n', '\n> ')}`)
  await people.getByRole('button', { name: 'Look at the card' }).click()
  await people.getByRole('button', { name: button }).click()
  return people
}

async function encryptFor(keyhearth: Keyhearth, name: string, text: string): Promise<string> {
  const popup = await keyhearth.open('popup.html?view=text')
  await popup.getByRole('textbox', { name: 'Text' }).fill(text)
  await popup.getByRole('checkbox', { name }).check()
  await popup.getByRole('button', { name: 'Encrypt', exact: true }).click()
  const message = (await popup.getByLabel('Result', { exact: true }).textContent()) ?? ''
  await popup.close()
  return message
}

async function read(keyhearth: Keyhearth, message: string): Promise<Page> {
  const popup = await keyhearth.open('popup.html?view=text')
  await popup.getByRole('textbox', { name: 'Text' }).fill(message)
  await popup.getByRole('button', { name: 'Decrypt', exact: true }).click()
  return popup
}

test('two people exchange cards and messages, and each sees from whom they are', async ({
  keyhearth,
}, info) => {
  test.setTimeout(120_000)
  const other = await Keyhearth.start()
  try {
    const [alice, bob] = [await makeCard(keyhearth, 'Alice'), await makeCard(other, 'Bob <b>B</b>')]
    const people = await addPerson(keyhearth, bob, 'They match: add as verified')
    await expect(people.getByRole('article', { name: 'Bob <b>B</b>' })).toContainText('Verified')
    for (const colorScheme of ['light', 'dark'] as const) {
      await people.emulateMedia({ colorScheme })
      await people.screenshot({
        path: info.outputPath(`people-${colorScheme}.png`),
        fullPage: true,
      })
      await expectAccessible(people)
    }
    await (await addPerson(other, alice, 'Add without comparing')).close()
    const toBob = await encryptFor(keyhearth, 'Bob <b>B</b>', 'at the old bridge')
    const atBobs = await read(other, toBob)
    await expect(atBobs.getByLabel('Result', { exact: true })).toHaveText('at the old bridge')
    await expect(atBobs.getByText(/From .Alice., whose words you have not compared/)).toBeVisible()
    const toAlice = await encryptFor(other, 'Alice', 'at noon')
    const atAlices = await read(keyhearth, toAlice)
    await expect(atAlices.getByLabel('Result', { exact: true })).toHaveText('at noon')
    await expect(atAlices.getByText(/From .Bob <b>B<\/b>., verified/)).toBeVisible()
  } finally {
    await other.dispose()
  }
})

test('a card that was changed, or rubbish, is refused; a person removed comes back by undo', async ({
  keyhearth,
}) => {
  test.setTimeout(120_000)
  const other = await Keyhearth.start()
  try {
    await keyhearth.createVault()
    const card = await makeCard(other, 'Bob')
    const people = await section(keyhearth)
    for (const rubbish of ['hello', card.replace(/A/, 'B'), card.slice(0, 300)]) {
      await people.getByLabel('Their card').fill(rubbish)
      await people.getByRole('button', { name: 'Look at the card' }).click()
      await expect(people.getByRole('alert')).toContainText('no whole identity card')
    }
    await people.close()
    const added = await addPerson(keyhearth, card, 'They match: add as verified')
    const bob = added.getByRole('article', { name: 'Bob' })
    await bob.getByRole('button', { name: 'Rename' }).click()
    await added.getByLabel('Name', { exact: true }).fill('Robert')
    await added.getByRole('button', { name: 'Save' }).click()
    const robert = added.getByRole('article', { name: 'Robert' })
    await robert.getByRole('button', { name: 'Remove' }).click()
    await expect(robert).toBeHidden()
    await added.getByRole('button', { name: 'Undo' }).click()
    await expect(robert).toContainText('Verified')
  } finally {
    await other.dispose()
  }
})

test('a card is read from a picture of its QR code, and looked at before it comes in', async ({
  keyhearth,
}) => {
  test.setTimeout(120_000)
  const other = await Keyhearth.start()
  try {
    await makeCard(other, 'Bob')
    const own = await section(other)
    // Signed anew whenever it is shown.
    const card = (await own.getByLabel('Your identity card').textContent()) ?? ''
    await own.getByRole('button', { name: 'QR code', exact: true }).click()
    const picture = await own.getByRole('img', { name: 'QR code of your card' }).screenshot()
    await keyhearth.createVault()
    const people = await section(keyhearth)
    const give = (buffer: Buffer) =>
      people
        .locator('input[accept="image/*"]')
        .setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })
    await give(await people.getByRole('heading', { name: 'Add a person' }).screenshot())
    await expect(people.getByRole('alert')).toContainText('no QR code')
    await give(picture)
    await expect(people.getByRole('region', { name: 'The card' })).toContainText('Bob')
    expect((await people.getByLabel('Their card').inputValue()).trim()).toBe(card.trim())
    await expect(people.getByRole('article', { name: 'Bob' })).toBeHidden()
    await people.getByRole('button', { name: 'They match: add as verified' }).click()
    await expect(people.getByRole('article', { name: 'Bob' })).toContainText('Verified')
  } finally {
    await other.dispose()
  }
})

test('other keys under a known name are a loud warning', async ({ keyhearth }, info) => {
  test.setTimeout(120_000)
  const [other, impostor] = [await Keyhearth.start(), await Keyhearth.start()]
  try {
    await keyhearth.createVault()
    const [bob, notBob] = [await makeCard(other, 'Bob'), await makeCard(impostor, 'Bob')]
    await (await addPerson(keyhearth, bob, 'They match: add as verified')).close()
    const people = await section(keyhearth)
    await people.getByLabel('Their card').fill(notBob)
    await people.getByRole('button', { name: 'Look at the card' }).click()
    await expect(people.getByRole('alert')).toContainText('Careful: you know Bob with other keys.')
    await people.setViewportSize({ width: 320, height: 900 })
    await people.screenshot({ path: info.outputPath('changed.png'), fullPage: true })
    const width = await people.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(320)
    await people.getByRole('button', { name: 'Add without comparing' }).click()
    await expect(people.getByRole('article', { name: 'Bob' })).toContainText('Not verified')
  } finally {
    await Promise.all([other.dispose(), impostor.dispose()])
  }
})
