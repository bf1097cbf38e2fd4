// Nothing is lost: the worker and the browser are killed while the vault is being written to, at moments
// nobody chose. What was answered is there; what is there is whole.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { expectAccessible } from './accessible.ts'
import { recoveryWords } from './backups.ts'
import { expect, passphrase, test } from './keyhearth.ts'

/** The extension's own API, inside its pages. */
declare const chrome: typeof Browser

/** Saves secrets one after the other, from a page of the extension, and says which were answered. */
async function saveUntilStopped(page: Page): Promise<void> {
  await page.evaluate(() => {
    const answered: string[] = []
    Object.assign(window, { answered })
    const save = async (i: number): Promise<void> => {
      const Name = `secret-${i}`
      const call = {
        keyhearth: 1,
        type: 'call',
        id: crypto.randomUUID(),
        operation: 'secretsmanager:CreateSecret',
        input: { Name, SecretString: `value of ${Name}` },
      }
      const reply = await chrome.runtime.sendMessage(call).catch(() => null)
      if (reply?.ok) answered.push(Name)
      return save(i + 1)
    }
    void save(0)
  })
}

const answered = (page: Page) =>
  page.evaluate(() => [...(window as never as { answered: string[] }).answered])

type Reply = { ok: boolean; output?: Record<string, unknown>; error?: { reason: string } }

const ask = (page: Page, operation: string, input: object): Promise<Reply> =>
  page.evaluate(
    ([name, value]) =>
      chrome.runtime.sendMessage({
        keyhearth: 1,
        type: 'call',
        id: crypto.randomUUID(),
        operation: name,
        input: value,
      }),
    [operation, input] as const,
  )

/** Every secret that was answered opens with its value, and the trail is one whole chain. */
async function expectWhole(page: Page, names: readonly string[]): Promise<void> {
  for (const SecretId of names) {
    const { output } = await ask(page, 'secretsmanager:GetSecretValue', { SecretId })
    expect(output?.['SecretString']).toBe(`value of ${SecretId}`)
  }
  const { output } = await ask(page, 'keyhearth:VerifyTrail', {})
  expect(output?.['Intact']).toBe(true)
}

test('a worker killed again and again while saving loses nothing it answered', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.open('manager.html')
  await saveUntilStopped(page)
  for (const milliseconds of [70, 130, 210, 340]) {
    await page.waitForTimeout(milliseconds)
    await keyhearth.killWorker()
  }
  await expect.poll(async () => (await answered(page)).length).toBeGreaterThan(5)
  const names = await answered(page)
  await expectWhole(page, names)
})

test('a browser killed in the middle of writing loses nothing it answered', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.open('manager.html')
  await saveUntilStopped(page)
  await expect.poll(async () => (await answered(page)).length).toBeGreaterThan(5)
  const names = await answered(page)
  await keyhearth.restart('kill')
  const popup = await keyhearth.popup()
  await keyhearth.unlock(popup)
  await expectWhole(popup, names)
})

test('a browser killed while recovery keys are replaced leaves words that somebody has', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const page = await keyhearth.open('manager.html')
  const proof = { Passphrase: passphrase }
  const noLock = { Proof: proof, Name: '', Slot: { Kind: 'device' } }
  expect((await ask(page, 'keyhearth:AddKeySlot', noLock)).ok).toBe(true)
  /** What a person would have on paper: the last words that were confirmed, and those that were shown since. */
  let confirmed = await recoveryWords(page)
  let fresh: string | null = null
  let rounds = 0
  await page.exposeFunction('wrote', (words: string) => {
    fresh = words
  })
  await page.exposeFunction('proved', () => {
    confirmed = fresh ?? confirmed
    fresh = null
    rounds++
  })
  await page.evaluate(() => {
    const tell = window as never as Record<'wrote' | 'proved', (words?: string) => Promise<void>>
    const call = (operation: string, input: object) =>
      chrome.runtime.sendMessage({
        keyhearth: 1,
        type: 'call',
        id: crypto.randomUUID(),
        operation,
        input,
      })
    const replace = async (): Promise<void> => {
      const { output } = await call('keyhearth:ReplaceRecoveryKey', { Device: true })
      const words: string[] = output.RecoveryKey
      await tell.wrote(words.join(' '))
      const Words = [1, 2, 3].map((Position) => ({ Position, Word: words[Position - 1] }))
      await call('keyhearth:ConfirmRecoveryKey', { Words })
      await tell.proved()
      return replace()
    }
    void replace()
  })
  await expect.poll(() => rounds).toBeGreaterThan(5)
  await keyhearth.restart('kill')
  const popup = await keyhearth.popup()
  const rehearse = async (words: string) =>
    (await ask(popup, 'keyhearth:RehearseRecovery', { Proof: { RecoveryKey: words } })).ok
  // No lock: it opens with the browser.
  await expect(popup.getByRole('tab', { name: 'Secrets' })).toBeVisible()
  const isOldGood = await rehearse(confirmed)
  const isNewGood = fresh !== null && (await rehearse(fresh))
  expect(isOldGood || isNewGood).toBe(true)
  expect((await ask(popup, 'keyhearth:Lock', {})).ok).toBe(true)
  expect((await ask(popup, 'keyhearth:Unlock', proof)).ok).toBe(true)
  await expectWhole(popup, [])
  const { output } = await ask(popup, 'keyhearth:CheckRecords', {})
  expect(output).toMatchObject({ Damaged: 0 })
})

test.describe('a database of a later version', () => {
  // It stays one, whatever is put into it.
  test.use({ ownBrowser: true })

  test('a vault that a newer Keyhearth wrote is to be updated for, never to be removed', async ({
    keyhearth,
  }, info) => {
    await keyhearth.createVault()
    const page = await keyhearth.open('manager.html')
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('keyhearth', 1_000)
          opening.onsuccess = () => {
            opening.result.close()
            resolve()
          }
          opening.onerror = () => reject(opening.error)
        }),
    )
    await keyhearth.killWorker()
    for (const address of ['popup.html', 'manager.html']) {
      const shown = await keyhearth.open(address)
      await expect(
        shown.getByRole('heading', { name: 'Update Keyhearth to open your vault' }),
      ).toBeVisible()
      await expect(shown.getByText('install it again')).toHaveCount(0)
      await expectAccessible(shown)
      await shown.screenshot({ path: info.outputPath(`${address}.png`) })
    }
  })
})
