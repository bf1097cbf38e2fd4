// Approval by several people, as a person and the others do it in the manager: chosen, asked for, shares typed, done
// once; declined; and ended by the people themselves.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { expectAccessible, expectFits } from './accessible.ts'
import { recoveryWords } from './backups.ts'
import { expect, type Keyhearth, operate, passphrase, test } from './keyhearth.ts'

/** Inside extension pages. */
declare const chrome: typeof Browser

interface Described {
  readonly KeyMetadata: { readonly KeyId: string; readonly KeyState: string }
}

const holders = ['Ana', 'Bo', 'Chen'] as const
const expiryMs = 15 * 60_000

async function security(keyhearth: Keyhearth): Promise<Page> {
  const manager = await keyhearth.open('manager.html#security')
  await manager.setViewportSize({ width: 1200, height: 900 })
  await expect(manager.getByRole('heading', { name: 'Approval by several people' })).toBeVisible()
  return manager
}

/** Chooses three people of whom two approve; the words of their sheets. @param look while these can be printed */
async function choosePeople(
  manager: Page,
  look: () => Promise<void> = async () => {},
): Promise<string[]> {
  await manager.getByRole('button', { name: 'Choose people' }).click()
  for (const [i, name] of holders.entries()) {
    await manager.getByLabel(`Person ${i + 1}`).fill(name)
  }
  await manager.getByLabel('Your present passphrase, to choose them').fill(passphrase)
  await manager.getByRole('button', { name: 'Make the sheets' }).click()
  const sheets: string[] = []
  const words = manager.getByRole('list', { name: 'Recovery words' }).locator('visible=true')
  for (const [i] of holders.entries()) {
    const title = manager.getByRole('heading', { name: `Share ${i + 1} of 3`, level: 3 })
    await expect(title).toBeVisible()
    await expect(words.getByRole('listitem')).toHaveCount(33)
    sheets.push((await words.getByRole('listitem').allTextContents()).join(' '))
    const isLast = i === holders.length - 1
    if (isLast) await look()
    await manager
      .getByRole('button', { name: isLast ? 'I have them on paper' : 'Next sheet' })
      .click()
  }
  await expect(manager.getByText('2 of these 3 must approve: Ana, Bo, Chen.')).toBeVisible()
  return sheets
}

async function give(manager: Page, share: string): Promise<void> {
  await manager.getByLabel('Words of a share').fill(share)
  await manager.getByRole('button', { name: 'Approve with this share' }).click()
}

const waiting = (manager: Page) => manager.getByRole('region', { name: 'Waits for approval' })

async function exportKeys(manager: Page): Promise<void> {
  await manager.getByLabel('Passphrase, to save the copy').fill(passphrase)
  await manager.getByRole('button', { name: 'Save the copy' }).click()
}

async function picture(manager: Page, take: (name: string) => string, name: string) {
  for (const [width, colorScheme] of [
    [1200, 'light'],
    [420, 'dark'],
  ] as const) {
    await manager.emulateMedia({ colorScheme })
    await manager.setViewportSize({ width, height: 900 })
    await manager.screenshot({ path: take(`${name}-${width}-${colorScheme}.png`), fullPage: true })
  }
  await manager.setViewportSize({ width: 1200, height: 900 })
}

test('people are chosen in a form that says what is missing', async ({ keyhearth }, info) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  await manager.getByRole('button', { name: 'Choose people' }).click()
  await expectAccessible(manager)
  await picture(manager, (name) => info.outputPath(name), 'form')
  await manager.getByRole('button', { name: 'Make the sheets' }).click()
  await expect(manager.getByRole('alert')).toHaveText('Name at least two people.')
})

test('keys are exported once two of three gave their shares, once', async ({ keyhearth }, info) => {
  const take = (name: string) => info.outputPath(name)
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  const sheets = await choosePeople(manager)
  await exportKeys(manager)
  await expect(manager.getByRole('heading', { name: 'Waits for approval' })).toBeFocused()
  const asked = waiting(manager)
  await expect(asked.getByRole('heading', { name: 'Export all keys' })).toBeVisible()
  await expect(asked.getByText('0 of 2 shares given. Still missing: Ana, Bo, Chen.')).toBeVisible()
  await expectAccessible(manager)
  await expectFits(manager)
  await picture(manager, take, 'waiting')
  await give(manager, sheets[2] ?? '')
  await expect(asked.getByText('1 of 2 shares given. Still missing: Ana, Bo.')).toBeVisible()
  await give(manager, sheets[2] ?? '')
  await expect(asked.getByRole('alert')).toHaveText('One share was given twice. Each counts once.')
  await give(manager, sheets[0] ?? '')
  await expect(asked.getByText('Approved. Now do it once more')).toBeVisible()
  await picture(manager, take, 'approved')
  const download = manager.waitForEvent('download')
  await exportKeys(manager)
  expect((await download).suggestedFilename()).toMatch(/^keyhearth-keys-/)
  await expect(asked).toHaveCount(0)
  await exportKeys(manager)
  await expect(asked.getByText('0 of 2 shares given.')).toBeVisible()
})

test('a key is not deleted where the others decline, whichever section it was asked in', async ({
  keyhearth,
}, info) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  await choosePeople(manager)
  const { KeyMetadata: made } = await operate<Described>(manager, 'kms:CreateKey', {
    Description: 'Taxes',
  })
  const { KeyId } = made
  await manager.goto(keyhearth.url(`manager.html#keys/${KeyId}`))
  await manager.getByRole('button', { name: 'Delete…' }).click()
  await manager.getByRole('button', { name: 'Schedule deletion', exact: true }).click()
  const asked = waiting(manager)
  await expect(asked.getByRole('heading', { name: `“Taxes” (${KeyId})` })).toBeVisible()
  await expectAccessible(manager)
  await picture(manager, (name) => info.outputPath(name), 'key')
  await asked.getByRole('button', { name: 'Decline' }).click()
  await expect(asked).toHaveCount(0)
  const { KeyMetadata } = await operate<Described>(manager, 'kms:DescribeKey', { KeyId })
  expect(KeyMetadata.KeyState).toBe('Enabled')
})

test('the people end it themselves, and locking takes away what waits', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  const sheets = await choosePeople(manager)
  await manager.getByRole('button', { name: 'End this' }).click()
  await manager.getByRole('button', { name: 'End the approval' }).click()
  await give(manager, sheets[0] ?? '')
  await expect(waiting(manager).getByText('1 of 2 shares given')).toBeVisible()
  await operate(manager, 'keyhearth:Lock', {})
  await manager.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await manager.getByRole('button', { name: 'Unlock' }).click()
  await expect(manager.getByRole('button', { name: 'End this' })).toBeVisible()
  await expect(waiting(manager)).toHaveCount(0)
  await manager.getByRole('button', { name: 'End this' }).click()
  await manager.getByRole('button', { name: 'End the approval' }).click()
  await give(manager, sheets[0] ?? '')
  await expect(waiting(manager).getByText('1 of 2 shares given')).toBeVisible()
  await give(manager, sheets[1] ?? '')
  await expect(waiting(manager).getByText('Approved')).toBeVisible()
  await manager.getByRole('button', { name: 'End the approval' }).click()
  await expect(manager.getByRole('button', { name: 'Choose people' })).toBeVisible()
})

test('the recovery key ends it, where the sheets are lost', async ({ keyhearth }, info) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  const words = await recoveryWords(manager)
  await choosePeople(manager)
  await manager.getByRole('button', { name: 'End this' }).click()
  await manager.getByRole('button', { name: 'Too many sheets are lost' }).click()
  await manager.getByRole('button', { name: 'End the approval' }).click()
  await expect(manager.getByRole('alert')).toHaveText('Type the 24 words of your recovery key.')
  await manager.getByLabel('Recovery key', { exact: true }).fill(words.replace(/^\w+/, 'zoo'))
  await manager.getByRole('button', { name: 'End the approval' }).click()
  await expect(manager.getByRole('alert')).toBeVisible()
  await expectAccessible(manager)
  await picture(manager, (name) => info.outputPath(name), 'lost')
  await manager.getByLabel('Recovery key', { exact: true }).fill(words)
  await manager.getByRole('button', { name: 'End the approval' }).click()
  await expect(manager.getByRole('button', { name: 'Choose people' })).toBeVisible()
  await expect(waiting(manager)).toHaveCount(0)
})

test('a share is given as a picture of its sheet’s code', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  let code: Buffer = Buffer.alloc(0)
  const sheets = await choosePeople(manager, async () => {
    await manager.emulateMedia({ media: 'print' })
    code = await manager.locator('.sheet svg').nth(1).screenshot()
    await manager.emulateMedia({ media: 'screen' })
  })
  await exportKeys(manager)
  const asked = waiting(manager)
  const show = (name: string, buffer: Buffer) =>
    asked.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer })
  await show('empty.png', await manager.getByRole('heading', { level: 1 }).screenshot())
  await expect(asked.getByRole('alert')).toContainText('no QR code')
  await show('sheet.png', code)
  await expect(manager.getByLabel('Words of a share')).toHaveValue(sheets[1] ?? '')
  await manager.getByRole('button', { name: 'Approve with this share' }).click()
  await expect(asked.getByText('1 of 2 shares given. Still missing: Ana, Chen.')).toBeVisible()
})

test('what needs them is changed: more at once, less with their shares', async ({
  keyhearth,
}, info) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  const sheets = await choosePeople(manager)
  const change = async (turn: (name: string) => Promise<void>, name: string) => {
    await manager.getByRole('button', { name: 'Change what needs them' }).click()
    await turn(name)
    await manager.getByLabel('Your present passphrase, to change it').fill(passphrase)
    await manager.getByRole('button', { name: 'Change it' }).click()
  }
  const off = (name: string) => manager.getByRole('checkbox', { name }).uncheck()
  await change(off, 'Exporting keys')
  const asked = waiting(manager)
  await expect(
    asked.getByRole('heading', { name: /only this need approval: Deleting a key; Weakening/ }),
  ).toBeVisible()
  await expectAccessible(manager)
  await picture(manager, (name) => info.outputPath(name), 'change')
  await give(manager, sheets[0] ?? '')
  await expect(asked.getByText('1 of 2 shares given')).toBeVisible()
  await give(manager, sheets[1] ?? '')
  await expect(asked.getByText('Approved')).toBeVisible()
  await manager.getByRole('button', { name: 'Change it' }).click()
  await expect(asked).toHaveCount(0)
  const chosen = manager.getByRole('list', { name: 'What needs their approval' })
  await expect(chosen.getByRole('listitem')).toHaveCount(3)
  await change((name) => manager.getByRole('checkbox', { name }).check(), 'Exporting keys')
  await expect(chosen.getByText('Exporting keys')).toBeVisible()
})

test('a share typed while the one before it is checked stays', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  const sheets = await choosePeople(manager)
  await exportKeys(manager)
  const asked = waiting(manager)
  await expect(asked.getByText('0 of 2 shares given.')).toBeVisible()
  // The answer to the first share comes when the second was typed.
  await manager.evaluate(() => {
    const { sendMessage } = chrome.runtime
    const late = async (message: { readonly operation?: string }): Promise<unknown> => {
      const answer = await sendMessage(message)
      if (message.operation === 'keyhearth:ApproveByShare') {
        await new Promise((resolve) => addEventListener('input', resolve, { once: true }))
      }
      return answer
    }
    Object.assign(chrome.runtime, { sendMessage: late })
  })
  await give(manager, sheets[0] ?? '')
  await expect(asked.getByText('1 of 2 shares given')).toBeVisible()
  await manager.getByLabel('Words of a share').fill(sheets[1] ?? '')
  const button = manager.getByRole('button', { name: 'Approve with this share' })
  await expect(button).toBeEnabled()
  await expect(manager.getByLabel('Words of a share')).toHaveValue(sheets[1] ?? '')
  await button.click()
  await expect(asked.getByText('Approved')).toBeVisible()
})

test('a request that nobody approved in time goes from the screen', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await security(keyhearth)
  await choosePeople(manager)
  await manager.clock.install()
  await exportKeys(manager)
  await expect(waiting(manager).getByText(/^Expires in 1[45]:/)).toBeVisible()
  const worker = await keyhearth.worker()
  await worker.evaluate((ms) => {
    const now = Date.now.bind(Date)
    Date.now = () => now() + ms
  }, expiryMs)
  try {
    await manager.clock.fastForward(expiryMs)
    await expect(waiting(manager)).toHaveCount(0)
  } finally {
    // The next test has a worker that tells the time.
    await keyhearth.killWorker()
  }
})
