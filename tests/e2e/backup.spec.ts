// docs/backup-format.md, as a person comes to it: a backup is made, proven, merged, and brings the vault back in a browser
// that has nothing, by the recovery key and by shares.

import { readFileSync, writeFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expectAccessible, expectFits } from './accessible.ts'
import { backupSection, finishRestoring, give, makeBackup, recoveryWords } from './backups.ts'
import { expect, Keyhearth, operate, passphrase, test } from './keyhearth.ts'

const restoreIn = async (fresh: Keyhearth, path: string): Promise<Page> => {
  const popup = await fresh.popup()
  const [manager] = await Promise.all([
    fresh.context.waitForEvent('page'),
    popup.getByRole('link', { name: 'Restore a vault from a backup' }).click(),
  ])
  await manager.setViewportSize({ width: 1200, height: 900 })
  await give(manager, path)
  return manager
}

test('a vault comes back in a fresh browser, by words', async ({ keyhearth }, info) => {
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'Bank of somewhere', 'value')
  const manager = await backupSection(keyhearth)
  const words = await recoveryWords(manager)
  const path = await makeBackup(manager)
  await expectAccessible(manager)
  await expectFits(manager)
  await manager.screenshot({ path: info.outputPath('backup.png'), fullPage: true })
  const fresh = await Keyhearth.start()
  try {
    const restoring = await restoreIn(fresh, path)
    await restoring.getByLabel('Recovery key', { exact: true }).fill(words.replace(/^\w+/, 'zoo'))
    await restoring.getByRole('button', { name: 'Open the backup' }).click()
    await expect(restoring.getByRole('alert')).toBeVisible()
    await expectAccessible(restoring)
    await restoring.screenshot({ path: info.outputPath('opening.png'), fullPage: true })
    await restoring.getByLabel('Recovery key', { exact: true }).fill(words)
    await restoring.getByRole('button', { name: 'Open the backup' }).click()
    await expect(restoring.getByText('This backup is whole.')).toBeVisible()
    await expectAccessible(restoring)
    await restoring.emulateMedia({ colorScheme: 'dark' })
    await restoring.screenshot({ path: info.outputPath('review.png'), fullPage: true })
    await finishRestoring(restoring)
  } finally {
    await fresh.dispose()
  }
})

test('and by three of five shares', async ({ keyhearth }) => {
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'Bank of somewhere', 'value')
  const manager = await backupSection(keyhearth)
  const { Shares } = await operate<{ Shares: string[][] }>(manager, 'keyhearth:AddKeySlot', {
    Proof: { Passphrase: passphrase },
    Name: '',
    Slot: { Kind: 'shares', Threshold: 3, Shares: 5 },
  })
  const path = await makeBackup(manager)
  const fresh = await Keyhearth.start()
  try {
    const restoring = await restoreIn(fresh, path)
    await restoring.getByRole('button', { name: 'I have shares of a recovery key' }).click()
    await restoring.getByRole('button', { name: 'One more share' }).click()
    for (const [i, number] of [4, 1, 2].entries()) {
      await restoring.getByLabel(`Share ${i + 1}`).fill((Shares[number] ?? []).join(' '))
    }
    await restoring.getByRole('button', { name: 'Open the backup' }).click()
    await finishRestoring(restoring)
  } finally {
    await fresh.dispose()
  }
})

/** One byte of what lists the records of the vault, as a failing disk would have it. */
const damageList = (page: Page, id: 'manifest' | 'leaf-') =>
  page.evaluate(
    (prefix) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('keyhearth')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('vault', 'readwrite')
          const rows = transaction.objectStore('vault')
          rows.getAll().onsuccess = (event) => {
            const all = (event.target as IDBRequest<{ id: string; sealed: Uint8Array }[]>).result
            const row = all.find((one) => one.id.startsWith(prefix))
            if (!row) return
            const sealed = row.sealed.slice()
            sealed[20] = (sealed[20] ?? 0) ^ 1
            rows.put({ ...row, sealed })
          }
          transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
        }
      }),
    id,
  )

async function withBackup(keyhearth: Keyhearth) {
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'Bank of somewhere', 'value')
  const manager = await backupSection(keyhearth)
  const words = await recoveryWords(manager)
  return { manager, words, path: await makeBackup(manager) }
}

async function bringBack(manager: Page, path: string, words: string): Promise<void> {
  await expect(manager.getByRole('heading', { name: 'Restore a vault' })).toBeVisible()
  await give(manager, path)
  await manager.getByLabel('Recovery key', { exact: true }).fill(words)
  await manager.getByRole('button', { name: 'Open the backup' }).click()
  await finishRestoring(manager)
}

test('a vault that does not unlock, for its list of records is damaged, comes back', async ({
  keyhearth,
}, info) => {
  const { manager, words, path } = await withBackup(keyhearth)
  await damageList(manager, 'manifest')
  await operate(manager, 'keyhearth:Lock', {})
  await keyhearth.killWorker()
  await manager.close()
  const popup = await keyhearth.popup()
  await popup.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await popup.getByRole('button', { name: 'Unlock' }).click()
  const [restoring] = await Promise.all([
    keyhearth.context.waitForEvent('page'),
    popup.getByRole('link', { name: 'Bring it back from a backup' }).click(),
  ])
  await restoring.setViewportSize({ width: 1200, height: 900 })
  await expectAccessible(restoring)
  await restoring.screenshot({ path: info.outputPath('locked.png'), fullPage: true })
  await bringBack(restoring, path, words)
})

test('and one whose list is damaged while it is open', async ({ keyhearth }) => {
  const { manager, words, path } = await withBackup(keyhearth)
  await damageList(manager, 'leaf-')
  await keyhearth.killWorker()
  await manager.goto(keyhearth.url('manager.html#about'))
  await manager.reload()
  await manager.getByRole('link', { name: 'Bring it back from a backup' }).click()
  await bringBack(manager, path, words)
  await expect(manager.getByRole('link', { name: 'Bring it back from a backup' })).toHaveCount(0)
})

test('what was deleted comes back by merging; a changed file is refused', async ({
  keyhearth,
}, info) => {
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'Bank of somewhere', 'value')
  const manager = await backupSection(keyhearth)
  const path = await makeBackup(manager)
  await operate(manager, 'secretsmanager:DeleteSecret', {
    SecretId: 'Bank-of-somewhere',
    ForceDeleteWithoutRecovery: true,
  })
  await give(manager, path)
  await expect(manager.getByText('Merging brings 1 back')).toBeVisible()
  await expect(manager.getByText('Comes back: Bank of somewhere')).toBeVisible()
  await expectAccessible(manager)
  await manager.screenshot({ path: info.outputPath('merge.png'), fullPage: true })
  await manager.getByRole('button', { name: 'Merge into my vault' }).click()
  await expect(manager.getByText('Merged. Brought back: 1')).toBeVisible()
  const altered = readFileSync(path)
  altered.writeUInt8(altered.readUInt8(altered.length - 40) ^ 1, altered.length - 40)
  await manager.locator('input[type=file]').first().setInputFiles({
    name: 'my.keyhearth',
    mimeType: 'application/octet-stream',
    buffer: altered,
  })
  await expect(manager.getByRole('alert')).toHaveText(
    'This is no backup of Keyhearth, or it was changed.',
  )
})

/** As if the vault had been made so many days earlier, and never been backed up. */
const makeOlder = (page: Page, days: number): Promise<void> =>
  page.evaluate(
    (ms) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('keyhearth')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('vault', 'readwrite')
          const rows = transaction.objectStore('vault')
          const reading = rows.get('vault')
          reading.onsuccess = () =>
            rows.put({ ...reading.result, createdAt: reading.result.createdAt - ms })
          transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
        }
      }),
    days * 86_400_000,
  )

/** What lies in the folder that the picker gives in these tests: the browser's own, which asks nobody. */
const inFolder = (page: Page): Promise<{ name: string; bytes: number[] }[]> =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('Kept safe')
    const found: { name: string; bytes: number[] }[] = []
    for await (const handle of folder.values()) {
      if (!(handle instanceof FileSystemFileHandle)) continue
      const content = await (await handle.getFile()).arrayBuffer()
      found.push({ name: handle.name, bytes: [...new Uint8Array(content)] })
    }
    return found
  })

test('a backup that is due goes into the folder the person chose, by itself and once', async ({
  keyhearth,
}, info) => {
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'Bank of somewhere', 'value')
  const manager = await backupSection(keyhearth)
  await manager.evaluate(() => {
    const picker = async () => {
      const root = await navigator.storage.getDirectory()
      return root.getDirectoryHandle('Kept safe', { create: true })
    }
    Object.assign(window, { showDirectoryPicker: picker })
  })
  await manager.getByRole('button', { name: 'Choose a folder for backups' }).click()
  await expect(manager.getByText('Into the folder “Kept safe”')).toBeVisible()
  expect(await inFolder(manager)).toEqual([])
  await makeOlder(manager, 31)
  await keyhearth.killWorker()
  await manager.reload()
  await expect(manager.getByText(/^Backup made: /)).toBeVisible()
  const [file, ...others] = await inFolder(manager)
  expect(others).toEqual([])
  expect(file?.name).toMatch(/\.keyhearth$/)
  const path = info.outputPath('from-the-folder')
  writeFileSync(path, Buffer.from(file?.bytes ?? []))
  await give(manager, path)
  await expect(manager.getByText('This backup is whole.')).toBeVisible()
  await manager.reload()
  await expect(manager.getByText('Into the folder “Kept safe”')).toBeVisible()
  const { Backup } = await operate<{ Backup: { Due: boolean } }>(manager, 'keyhearth:GetStatus', {})
  expect(Backup.Due).toBe(false)
  expect(await inFolder(manager)).toHaveLength(1)
})
