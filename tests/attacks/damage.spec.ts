// The profile's files on a real disk, a byte flipped or a file gone, at places of chance, one at a time: nothing wrong is
// shown as right, never a new vault in the old one's place, and a backup brings everything back.
// KEYHEARTH_DAMAGE names how many places (six unless told otherwise; `npm run damage`: 200), KEYHEARTH_SEED where they are.

import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { backupSection, finishRestoring, give, makeBackup, recoveryWords } from '../e2e/backups.ts'
import { expect, type Keyhearth, test } from '../e2e/keyhearth.ts'

test.use({ ownBrowser: true })

const places = Number(process.env['KEYHEARTH_DAMAGE'] ?? 6)
const seed = Number(process.env['KEYHEARTH_SEED'] ?? 41)

/** A linear congruential generator (Numerical Recipes): the same places from the same seed. */
function randomFrom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

/** Where the browser keeps what the extension keeps. */
const foldersOf = ({ profile, id }: Keyhearth): string[] =>
  [
    join(profile, 'Default', 'IndexedDB', `chrome-extension_${id}_0.indexeddb.leveldb`),
    join(profile, 'Default', 'Local Extension Settings', id),
  ].filter((folder) => existsSync(folder))

const filesOf = (keyhearth: Keyhearth): string[] =>
  foldersOf(keyhearth).flatMap((folder) =>
    readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).size > 0 && !path.endsWith('LOCK')),
  )

function harm(keyhearth: Keyhearth, random: () => number): string {
  const files = filesOf(keyhearth)
  const path = files[Math.floor(random() * files.length)] ?? ''
  const name = path.slice(keyhearth.profile.length)
  if (random() < 0.2) {
    rmSync(path)
    return `${name} is gone`
  }
  const bytes = readFileSync(path)
  const at = Math.floor(random() * bytes.length)
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at)
  writeFileSync(path, bytes)
  return `${name}, byte ${at} of ${bytes.length}`
}

/** What the person meets, once something is there to be met. */
async function meets(popup: Page): Promise<'unlock' | 'recover' | 'create' | 'broken' | 'alert'> {
  const screens = {
    unlock: popup.getByRole('button', { name: 'Unlock' }),
    recover: popup.getByRole('heading', { name: 'Recover your vault' }),
    create: popup.getByRole('heading', { name: 'Create your vault' }),
    broken: popup.getByRole('heading', { name: 'Your vault cannot be opened now' }),
    alert: popup.getByRole('alert'),
  } as const
  const [first, ...others] = Object.values(screens)
  if (!first) throw new Error('no screen')
  await expect(others.reduce((all, one) => all.or(one), first).first()).toBeVisible()
  for (const [name, screen] of Object.entries(screens)) {
    if (await screen.first().isVisible()) return name as keyof typeof screens
  }
  throw new Error('no screen')
}

/** Whether the secret is there with its value. What is damaged must be spoken of, and never another value shown. */
async function isWhole(keyhearth: Keyhearth, popup: Page): Promise<boolean> {
  await keyhearth.unlock(popup)
  const item = popup.getByRole('button', { name: 'Bank of somewhere', exact: true })
  const trouble = popup.getByRole('alert')
  await expect(item.or(trouble).or(popup.getByText('No secrets yet')).first()).toBeVisible()
  if (!(await item.isVisible())) {
    await expect(trouble.first()).toBeVisible()
    return false
  }
  await item.click()
  await popup.getByRole('button', { name: 'Reveal' }).click()
  const value = popup.getByText('the one value')
  await expect(value.or(trouble).first()).toBeVisible()
  return value.isVisible()
}

test(`${places} places of the profile’s files`, async ({ keyhearth }) => {
  test.setTimeout(120_000 + places * 60_000)
  const popup = await keyhearth.createVault()
  await keyhearth.addSecret(popup, 'Bank of somewhere', 'the one value')
  const manager = await backupSection(keyhearth)
  const words = await recoveryWords(manager)
  const path = join(keyhearth.profile, 'kept.keyhearth')
  cpSync(await makeBackup(manager), path)
  await keyhearth.end('close')
  const kept = foldersOf(keyhearth).map((folder) => ({ folder, copy: `${folder}.kept` }))
  for (const { folder, copy } of kept) cpSync(folder, copy, { recursive: true })
  const random = randomFrom(seed)
  for (let i = 0; i < places; i++) {
    for (const { folder, copy } of kept) {
      rmSync(folder, { recursive: true, force: true })
      cpSync(copy, folder, { recursive: true })
    }
    const where = harm(keyhearth, random)
    await test.step(`${i}: ${where}`, async () => {
      await keyhearth.launch()
      await outcome(keyhearth, path, words)
      await keyhearth.end('close')
    })
  }
  await keyhearth.launch()
})

/** Installed again, an extension begins with nothing. */
async function installAgain(keyhearth: Keyhearth): Promise<void> {
  await keyhearth.end('close')
  for (const folder of foldersOf(keyhearth)) rmSync(folder, { recursive: true })
  await keyhearth.launch()
}

async function outcome(keyhearth: Keyhearth, path: string, words: string): Promise<void> {
  const popup = await keyhearth.popup()
  const screen = await meets(popup)
  expect(screen).not.toBe('create')
  if (screen === 'unlock' && (await isWhole(keyhearth, popup))) return
  if (screen === 'unlock') {
    const merging = await backupSection(keyhearth)
    await give(merging, path)
    await merging.getByRole('button', { name: 'Merge into my vault' }).click()
    await expect(merging.getByText(/^Merged\./)).toBeVisible()
    const again = await keyhearth.popup()
    await expect(
      again.getByRole('button', { name: 'Bank of somewhere', exact: true }),
    ).toBeVisible()
    return
  }
  // Where the browser cannot open it at all, the screen says what to do.
  if (screen === 'broken') await installAgain(keyhearth)
  else expect(screen).toBe('recover')
  const restoring = await backupSection(keyhearth)
  await give(restoring, path)
  await restoring.getByLabel('Recovery key', { exact: true }).fill(words)
  await restoring.getByRole('button', { name: 'Open the backup' }).click()
  await finishRestoring(restoring)
}
