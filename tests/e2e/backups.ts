// Backups as a person makes them and gives them back, in the manager.

import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, type Keyhearth, operate, passphrase } from './keyhearth.ts'

export async function backupSection(keyhearth: Keyhearth): Promise<Page> {
  const manager = await keyhearth.open('manager.html#backup')
  await manager.setViewportSize({ width: 1200, height: 900 })
  return manager
}

/** The file that "Back up now" gives. */
export async function makeBackup(manager: Page): Promise<string> {
  const [file] = await Promise.all([
    manager.waitForEvent('download'),
    manager.getByRole('button', { name: 'Back up now' }).click(),
  ])
  await expect(manager.getByText(/^Backup made: /)).toBeVisible()
  return file.path()
}

export const give = (manager: Page, path: string) =>
  manager
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      name: 'my.keyhearth',
      mimeType: 'application/octet-stream',
      buffer: readFileSync(path),
    })

export async function recoveryWords(page: Page): Promise<string> {
  const { RecoveryKey } = await operate<{ RecoveryKey: string[] }>(
    page,
    'keyhearth:ReplaceRecoveryKey',
    { Passphrase: passphrase },
  )
  await operate(page, 'keyhearth:PostponeRecoveryKey', {})
  return RecoveryKey.join(' ')
}

export async function finishRestoring(manager: Page): Promise<void> {
  await expect(manager.getByText('This backup is whole.')).toBeVisible()
  await manager.getByLabel('New passphrase', { exact: true }).fill('on a new computer')
  await manager.getByLabel('Repeat new passphrase').fill('on a new computer')
  await manager.getByRole('button', { name: 'Restore this vault' }).click()
  await expect(manager.getByText('Your vault is back.')).toBeVisible()
  await expect(manager.getByText('Bank of somewhere')).toBeVisible()
}
