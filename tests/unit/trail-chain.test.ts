// Design section 3: one event per operation, committed with the change it tells of, hash-chained.

import { describe, expect, test } from 'vitest'
import { Background, page, passphrase } from './background.ts'

const names = async (vault: Background) =>
  (await vault.call('keyhearth:ListEvents', {})).Events.map(
    ({ eventName, errorCode }) => eventName + (errorCode ? `: ${errorCode}` : ''),
  )

describe('the trail', () => {
  test('tells of every operation once, and of refusals', async () => {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'value of a' })
    await vault.refusal('secretsmanager:GetSecretValue', { SecretId: 'b' })
    await vault.call('keyhearth:Lock', {})
    await vault.refusal('keyhearth:Unlock', { Passphrase: 'wrong wrong' })
    await vault.refusal('kms:ListKeys', {}, page('https://evil.example'))
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    expect(await names(vault)).toEqual([
      'Unlock',
      'ListKeys: AccessDeniedException',
      'Unlock: AccessDeniedException',
      'Lock',
      'GetSecretValue: ResourceNotFoundException',
      'CreateSecret',
      'CreateVault',
    ])
  })

  test('holds names and keys, never values or passphrases', async () => {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'named', SecretString: 'valued' })
    await vault.call('kms:Encrypt', { KeyId: 'alias/personal', Plaintext: new Uint8Array([1]) })
    const { Events } = await vault.call('keyhearth:ListEvents', {})
    const text = JSON.stringify(Events)
    expect(text).toContain('named')
    expect(text).toContain(':key/')
    expect(text).not.toContain('valued')
    expect(text).not.toContain(passphrase)
  })

  test('an edited, dropped, reordered or cut row is named', async () => {
    const vault = await Background.withVault()
    for (let i = 0; i < 4; i++) await vault.call('kms:ListKeys', {})
    const rows = await vault.db.getAll('trail')
    const check = () => vault.call('keyhearth:VerifyTrail', {})
    expect(await check()).toMatchObject({ Intact: true, FirstBroken: null })
    const third = rows[2]
    const fourth = rows[3]
    if (!third || !fourth) throw new Error('too few rows')
    await vault.db.put('trail', { ...third, sealed: third.sealed.slice(1) })
    expect(await check()).toMatchObject({ Intact: false, FirstBroken: 3 })
    await vault.db.put('trail', { ...fourth, sequence: 3 })
    expect(await check()).toMatchObject({ Intact: false, FirstBroken: 3 })
    await vault.db.delete('trail', 3)
    expect(await check()).toMatchObject({ Intact: false, FirstBroken: 3 })
    await vault.db.put('trail', third)
    const last = (await vault.db.getAllKeys('trail')).at(-1) ?? 0
    await vault.db.delete('trail', last)
    expect(await check()).toMatchObject({ Intact: false, FirstBroken: last })
  })

  test('a change that cannot be written leaves neither itself nor an event', async () => {
    const vault = await Background.withVault()
    const before = await vault.db.count('trail')
    const put = IDBObjectStore.prototype.put
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    try {
      expect(
        await vault.refusal('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'x' }),
      ).toBe('storage-full')
      // The person may still read what is theirs.
      expect(await vault.refusal('kms:ListKeys', {})).toBe('none')
    } finally {
      IDBObjectStore.prototype.put = put
    }
    expect(await vault.db.count('trail')).toBe(before)
    expect((await vault.call('secretsmanager:ListSecrets', {})).SecretList).toEqual([])
    await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'x' })
    expect((await vault.call('keyhearth:VerifyTrail', {})).Intact).toBe(true)
  })
})
