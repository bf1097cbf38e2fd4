// The tab "Text": messages bound to a context, several messages in one text, results as input.

import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './keyhearth.ts'

async function openText(popup: Page) {
  await popup.getByRole('tab', { name: 'Text' }).click()
  return popup.getByLabel('Text', { exact: true })
}

async function encrypt(popup: Page, text: string): Promise<string> {
  await (await openText(popup)).fill(text)
  await popup.getByRole('button', { name: 'Encrypt' }).click()
  return (await popup.getByLabel('Result').textContent()) ?? ''
}

async function bindTo(popup: Page, key: string, value: string): Promise<void> {
  if (!(await popup.getByLabel('Entry key').isVisible())) {
    await popup.getByText('Bound to (optional)').click()
    await popup.getByRole('button', { name: 'Add entry' }).click()
  }
  await popup.getByLabel('Entry key').fill(key)
  await popup.getByLabel('Entry value').fill(value)
}

test('a message opens with the context it is bound to, and with no other', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const field = await openText(popup)
  await bindTo(popup, 'project', 'heron')
  const message = await encrypt(popup, 'bound words')
  await popup.getByText('Details').click()
  await expect(popup.getByText('project: heron')).toBeVisible()

  await field.fill(message)
  const decrypt = popup.getByRole('button', { name: 'Decrypt' })
  await decrypt.click()
  await expect(popup.getByLabel('Result')).toHaveText('bound words')
  await bindTo(popup, 'project', 'weir')
  await decrypt.click()
  await expect(popup.getByRole('alert')).toContainText('bound to something else (project)')
  await expect(popup.getByLabel('Result')).toHaveCount(0)
  await bindTo(popup, 'keyhearth:origin', 'https://bank.example')
  await popup.getByRole('button', { name: 'Encrypt' }).click()
  await expect(popup.getByRole('alert')).toContainText('“keyhearth:origin” for itself')
})

test('several messages open one under the other, and a damaged one is named', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  const first = await encrypt(popup, 'first words')
  await popup.getByRole('button', { name: 'Clear' }).click()
  const second = await encrypt(popup, 'second words')
  const field = await openText(popup)
  const decrypt = popup.getByRole('button', { name: 'Decrypt' })
  await field.fill(`She wrote:\n${first}\nand then:\n${second}\nBye`)
  await decrypt.click()
  await expect(popup.getByLabel('Result')).toHaveText('first words\nsecond words')
  await field.fill(`${first}\n${second.slice(0, 200)}`)
  await decrypt.click()
  await expect(popup.getByLabel('Result')).toHaveText('first words')
  await expect(popup.getByRole('alert')).toContainText('Message 2 of 2')
})

test('a result becomes the input; text and context survive closing', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  await openText(popup)
  await bindTo(popup, 'project', 'heron')
  const message = await encrypt(popup, 'there and back')
  await popup.getByRole('button', { name: 'Use as input' }).click()
  await expect(popup.getByLabel('Text', { exact: true })).toHaveValue(message)
  await popup.close()
  const again = await keyhearth.popup()
  await expect(await openText(again)).toHaveValue(message)
  await expect(again.getByLabel('Entry key')).toHaveValue('project')
  await expect(again.getByLabel('Entry value')).toHaveValue('heron')
  await again.getByRole('button', { name: 'Decrypt' }).click()
  await expect(again.getByLabel('Result')).toHaveText('there and back')
})

test('a window opened to decrypt does so once', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  const message = await encrypt(popup, 'shown once')
  await (await openText(popup)).fill(message)
  await popup.close()
  const opened = await keyhearth.open('popup.html?view=text&run=decrypt')
  await expect(opened.getByLabel('Result')).toHaveText('shown once')
  await opened.getByRole('tab', { name: 'Sign' }).click()
  await expect(await openText(opened)).toHaveValue(message)
  // Longer than decrypting takes: nothing is to come.
  await opened.waitForTimeout(1000)
  await expect(opened.getByLabel('Result')).toHaveCount(0)
  await expect(opened).toHaveURL(/\?view=text$/)
})

test('context, result and details pass axe and fit 320 pixels and 200% zoom', async ({
  keyhearth,
}) => {
  const popup = await keyhearth.createVault()
  await openText(popup)
  await bindTo(popup, 'project', 'a-word-that-is-rather-long-and-has-no-place-to-break-in-it')
  const message = await encrypt(popup, 'words')
  await popup.getByLabel('Text', { exact: true }).fill(message + message.slice(0, 200))
  await popup.getByRole('button', { name: 'Decrypt' }).click()
  await popup.getByText('Details').click()
  for (const width of [380, 320, 190]) {
    await popup.setViewportSize({ width, height: 600 })
    await expectAccessible(popup)
    const { scrollWidth, clientWidth } = await popup.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return { scrollWidth, clientWidth }
    })
    expect(scrollWidth, `at ${width} px`).toBeLessThanOrEqual(clientWidth)
  }
})
