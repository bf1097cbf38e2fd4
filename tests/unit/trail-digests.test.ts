// When the trail is signed, and what a worker that dies between an event and its digest leaves.

import { afterEach, describe, expect, test, vi } from 'vitest'
import { keepTrail } from '../../src/gate/trailKeeping.ts'
import { makeDigests, readStatement } from '../../src/trail/digests.ts'
import { Background, MemoryArea, passphrase } from './background.ts'

afterEach(() => vi.restoreAllMocks())

const keep = (vault: Background) => keepTrail(vault.gate, vault.hsm)
const verify = (vault: Background) => vault.call('keyhearth:VerifyTrail', {})
const statements = async (vault: Background) =>
  (await vault.db.getAll('digests')).map(({ statement }) => readStatement(statement))

describe('a digest', () => {
  test('is made hourly where something happened, and names what it covers', async () => {
    const vault = await Background.withVault()
    await keep(vault)
    await keep(vault)
    await vault.call('kms:ListKeys', {})
    await vault.call('kms:ListKeys', {})
    await keep(vault)
    const [first, second, ...others] = await statements(vault)
    expect(others).toEqual([])
    expect(first).toMatchObject({ number: 1, first: 1, last: 1, previous: null })
    expect(second).toMatchObject({ number: 2, first: 2, last: 3, key: first?.key })
    expect(second?.previous).toMatch(/^[0-9a-f]{64}$/)
    const verdict = await verify(vault)
    expect(verdict).toMatchObject({ Intact: true, Digests: 2, KeyFingerprint: first?.key })
    expect(verdict.LastDigestAt).toBe(Date.parse(second?.time ?? '') / 1000)
  })

  test('is made on locking, so that the vault has vouched for all that it wrote', async () => {
    const vault = await Background.withVault()
    await vault.call('keyhearth:Lock', {})
    expect(await statements(vault)).toMatchObject([{ first: 1, last: 2 }])
    expect(await vault.refusal('keyhearth:Lock', {})).toBe('none')
  })

  test('covers what happened while locked, made by the device', async () => {
    const vault = await Background.withVault()
    await vault.call('keyhearth:Lock', {})
    await vault.refusal('keyhearth:Unlock', { Passphrase: 'not that one' })
    await keep(vault)
    expect(await statements(vault)).toMatchObject([{ last: 2 }, { first: 3, last: 3 }])
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    expect(await verify(vault)).toMatchObject({ Intact: true, Digests: 2, Unproven: 0 })
  })

  test('is made behind the thousandth event, and never covers more than a thousand', async () => {
    const vault = await Background.withVault()
    await Promise.all(Array.from({ length: 1200 }, () => vault.call('kms:ListKeys', {})))
    await vi.waitFor(async () => expect((await statements(vault)).length).toBeGreaterThan(0))
    await vi.waitFor(async () => {
      await keep(vault)
      expect((await statements(vault)).at(-1)?.last).toBe(1201)
    })
    expect((await statements(vault)).map((statement) => statement?.last)).toEqual([1000, 1201])
    expect(await verify(vault)).toMatchObject({ Intact: true, Events: 1201 })
  })

  test('is signed by one key of the device, which cannot be exported', async () => {
    const vault = await Background.withVault()
    await keep(vault)
    await vault.restart()
    await vault.call('kms:ListKeys', {})
    await keep(vault)
    const keys = new Set((await statements(vault)).map((statement) => statement?.key))
    expect(keys.size).toBe(1)
    const row = await vault.db.get('device', 'trail-signer')
    if (!row || !('privateKey' in row)) throw new Error('no signing key')
    await expect(crypto.subtle.exportKey('pkcs8', row.privateKey)).rejects.toThrow()
  })
})

describe('a worker that dies', () => {
  test('between an event and its digest leaves a digest that is not yet made', async () => {
    const vault = await Background.withVault()
    await keep(vault)
    await vault.call('kms:ListKeys', {})
    vi.spyOn(crypto.subtle, 'sign').mockReturnValue(new Promise<never>(() => {}))
    void makeDigests(vault.hsm, vault.hsm.opened.vault, Date.now())
    await new Promise((resolve) => setTimeout(resolve, 50))
    vi.restoreAllMocks()
    await vault.restart()
    expect(await statements(vault)).toHaveLength(1)
    expect(await verify(vault)).toMatchObject({ Intact: true, Digests: 1 })
    await keep(vault)
    expect(await verify(vault)).toMatchObject({ Intact: true, Digests: 2 })
  })

  test('between locking and its digest leaves it for the next opening', async () => {
    const vault = await Background.withVault()
    vi.spyOn(crypto.subtle, 'generateKey').mockReturnValue(new Promise<never>(() => {}))
    void vault.call('keyhearth:Lock', {})
    await vi.waitFor(() => expect(vault.db.count('trail')).resolves.toBe(2))
    vi.restoreAllMocks()
    await vault.restart()
    await keep(vault)
    expect(await statements(vault)).toEqual([])
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    await keep(vault)
    expect(await statements(vault)).toMatchObject([{ first: 1, last: 3 }])
    expect(await verify(vault)).toMatchObject({ Intact: true, Unproven: 0 })
  })

  test('between a digest and its mirror leaves a mirror that is one behind, then no more', async () => {
    const vault = await Background.withVault()
    await keep(vault)
    await vault.call('kms:ListKeys', {})
    vi.spyOn(MemoryArea.prototype, 'set').mockReturnValue(new Promise<never>(() => {}))
    void makeDigests(vault.hsm, vault.hsm.opened.vault, Date.now())
    await vi.waitFor(() => expect(vault.db.count('digests')).resolves.toBe(2))
    vi.restoreAllMocks()
    await vault.restart()
    expect(vault.local.items.get('trail-mirror')).toMatchObject({ number: 1 })
    expect(await verify(vault)).toMatchObject({ Intact: true, Digests: 2 })
    await keep(vault)
    expect(vault.local.items.get('trail-mirror')).toMatchObject({ number: 3 })
    expect(await verify(vault)).toMatchObject({ Intact: true, Digests: 3 })
  })
})

test('recovery into an emptied database begins a trail anew that is whole', async () => {
  const vault = await Background.start()
  const { RecoveryKey } = await vault.call('keyhearth:CreateVault', { Passphrase: passphrase })
  await vault.call('keyhearth:Lock', {})
  expect(vault.local.items.has('trail-mirror')).toBe(true)
  for (const store of vault.db.objectStoreNames) await vault.db.clear(store)
  await vault.endBrowser()
  await vault.call('keyhearth:RecoverVault', {
    RecoveryKey: RecoveryKey.join(' '),
    Passphrase: passphrase,
  })
  expect(await verify(vault)).toMatchObject({ Intact: true, Events: 1 })
})
