// What a device seals by itself (settings, blocked sites, where messages are marked) opens when it is an earlier one as
// well. The open vault knows which was the last; what was set back holds at its safest until the person accepts it.

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { browser } from 'wxt/browser'
import { Background, passphrase } from './background.ts'

beforeEach(() => {
  vi.spyOn(browser.idle, 'setDetectionInterval').mockReturnValue()
  vi.spyOn(browser.tabs, 'query').mockImplementation(async () => [])
  vi.spyOn(browser.scripting, 'getRegisteredContentScripts').mockImplementation(async () => [])
  vi.spyOn(browser.scripting, 'registerContentScripts').mockImplementation(async () => {})
})

type Row = 'settings' | 'blocked' | 'reading' | 'site-mirror'

const status = async (vault: Background) => vault.call('keyhearth:GetStatus', {})
const lockSettings = async (vault: Background) => {
  const { AutoLockMinutes, LockOnScreenLock } = await vault.call('keyhearth:GetSettings', {})
  return { AutoLockMinutes, LockOnScreenLock }
}
const put = async (vault: Background, AutoLockMinutes: number, LockOnScreenLock: boolean) => {
  const settings = await vault.call('keyhearth:GetSettings', {})
  await vault.call('keyhearth:PutSettings', { ...settings, AutoLockMinutes, LockOnScreenLock })
}
const unlock = async (vault: Background) => {
  await vault.endBrowser()
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
}

/** Lays aside what lies there, to be put back later by somebody with the disk. */
async function keep({ db }: Background, row: Row): Promise<(vault: Background) => Promise<void>> {
  const kept = await db.get('device', row)
  return async (vault) => {
    if (kept) await vault.db.put('device', kept)
    else await vault.db.delete('device', row)
  }
}

const block = (vault: Background, Origin: string) => vault.call('keyhearth:BlockSite', { Origin })
const one = 'https://one.example'
const two = 'https://two.example'

describe('settings', () => {
  test('an earlier row is found at unlocking, named, and the lock is at its shortest until then', async () => {
    const vault = await Background.withVault()
    await put(vault, 1440, false)
    const setBack = await keep(vault, 'settings')
    await put(vault, 5, true)
    await setBack(vault)
    await unlock(vault)
    expect(await status(vault)).toMatchObject({ SetBack: false, SetBackHere: ['settings'] })
    expect(await lockSettings(vault)).toEqual({ AutoLockMinutes: 1, LockOnScreenLock: true })
    await vault.restart()
    expect(await lockSettings(vault)).toEqual({ AutoLockMinutes: 1, LockOnScreenLock: true })
    await vault.call('keyhearth:AcceptSetBack', {})
    expect(await status(vault)).toMatchObject({ SetBack: false, SetBackHere: [] })
    expect(await lockSettings(vault)).toEqual({ AutoLockMinutes: 1440, LockOnScreenLock: false })
    await unlock(vault)
    expect((await status(vault)).SetBack).toBe(false)
  })

  test('one that is taken away, or damaged, is no return to what a new vault has', async () => {
    for (const harm of ['away', 'flipped']) {
      const vault = await Background.withVault()
      await put(vault, 2, true)
      const row = await vault.db.get('device', 'settings')
      if (!row || !('sealed' in row)) throw new Error('no settings')
      const sealed = row.sealed.slice()
      sealed[20] = (sealed[20] ?? 0) ^ 1
      if (harm === 'away') await vault.db.delete('device', 'settings')
      else await vault.db.put('device', { id: 'settings', sealed })
      await unlock(vault)
      expect((await status(vault)).SetBackHere).toEqual(['settings'])
      expect((await lockSettings(vault)).AutoLockMinutes).toBe(1)
      await put(vault, 3, true)
      expect((await status(vault)).SetBackHere).toEqual([])
      expect((await lockSettings(vault)).AutoLockMinutes).toBe(3)
    }
  })
})

describe('blocked sites', () => {
  test('what was blocked while the vault was locked is no return', async () => {
    const vault = await Background.withVault()
    await block(vault, one)
    await vault.endBrowser()
    await block(vault, two)
    await block(vault, 'https://three.example')
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    expect((await status(vault)).SetBackHere).toEqual([])
    await vault.endBrowser()
    await block(vault, 'https://four.example')
    await unlock(vault)
    expect((await status(vault)).SetBackHere).toEqual([])
    expect((await vault.call('keyhearth:ListSites', {})).Blocked).toHaveLength(4)
  })

  test('an earlier list is named until it is accepted, whatever is blocked meanwhile', async () => {
    const vault = await Background.withVault()
    await vault.endBrowser()
    await block(vault, one)
    const setBack = await keep(vault, 'blocked')
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    await block(vault, two)
    await setBack(vault)
    await unlock(vault)
    expect((await status(vault)).SetBackHere).toEqual(['blocked'])
    await block(vault, 'https://three.example')
    await unlock(vault)
    expect((await status(vault)).SetBackHere).toEqual(['blocked'])
    await vault.call('keyhearth:AcceptSetBack', {})
    await unlock(vault)
    expect((await status(vault)).SetBackHere).toEqual([])
  })
})

test('an earlier choice of where messages are marked marks none', async () => {
  const vault = await Background.withVault()
  const reading = async () => (await vault.call('keyhearth:GetReading', { Origin: one })).Reading
  await vault.call('keyhearth:PutReading', { Origin: one, Reading: 'on' })
  const setBack = await keep(vault, 'reading')
  await vault.call('keyhearth:PutReading', { Origin: one, Reading: 'off' })
  await setBack(vault)
  await unlock(vault)
  expect(await reading()).toBe('ask')
  expect((await status(vault)).SetBackHere).toEqual(['reading'])
})

test('an earlier list of connected sites is made again from the records', async () => {
  const vault = await Background.withVault()
  const setBack = await keep(vault, 'site-mirror')
  const row = await vault.db.get('device', 'settings')
  expect(row).toBeUndefined()
  await vault.db.put('device', { id: 'site-mirror', sealed: new Uint8Array(40) })
  await unlock(vault)
  expect(await vault.db.get('device', 'site-mirror')).not.toMatchObject({
    sealed: new Uint8Array(40),
  })
  expect((await status(vault)).SetBack).toBe(false)
  await setBack(vault)
})

test('a vault that listed none lists them with the first unlocking', async () => {
  const vault = await Background.withVault()
  await put(vault, 7, true)
  const { records, vault: opened } = vault.hsm.opened
  expect((await records.deviceRows())?.has('settings')).toBe(true)
  const top = await vault.db.get('vault', 'manifest')
  if (!top || !('sealed' in top) || !('revision' in top)) throw new Error('no list')
  const place = ['manifest', top.id, String(top.revision)]
  const entries = JSON.parse(new TextDecoder().decode(await opened.open(place, top.sealed))) as [
    string,
    number,
  ][]
  const earlier = entries.filter(([name]) => !name.startsWith('device '))
  expect(earlier.length).toBeLessThan(entries.length)
  const sealed = await opened.seal(place, new TextEncoder().encode(JSON.stringify(earlier)))
  await vault.db.put('vault', { ...top, sealed })
  await unlock(vault)
  expect(await status(vault)).toMatchObject({ SetBack: false })
  expect(await lockSettings(vault)).toEqual({ AutoLockMinutes: 7, LockOnScreenLock: true })
  const listed = await vault.hsm.opened.records.deviceRows()
  expect([...(listed?.keys() ?? [])]).toEqual(['settings'])
})

test('a recovery on a new device is no return', async () => {
  const vault = await Background.withVaultOfItsOwn()
  const { RecoveryKey } = await vault.call('keyhearth:GetPendingRecoveryKey', {})
  await put(vault, 7, true)
  await vault.db.clear('device')
  await vault.endBrowser()
  await vault.call('keyhearth:RecoverVault', {
    RecoveryKey: (RecoveryKey ?? []).join(' '),
    Passphrase: passphrase,
  })
  expect((await status(vault)).SetBack).toBe(false)
  await unlock(vault)
  expect(await status(vault)).toMatchObject({ SetBack: false, SetBackHere: [] })
})
