// Design section 2: key slots of every kind come, open, are renamed and go, and no item is rewritten.

import { beforeAll, describe, expect, test } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../src/codec/text.ts'
import { unlockWithoutLock } from '../../src/gate/settings.ts'
import { argon2Now } from '../../src/hsm/passphrase.ts'
import type { Output } from '../../src/protocol/outputs.ts'
import type { Input } from '../../src/protocol/schemas.ts'
import { Background, passphrase } from './background.ts'
import { type Lies, SoftAuthenticator, standInExtension } from './softAuthenticator.ts'

beforeAll(standInExtension)

const proof = { Passphrase: passphrase } as const
type Slot = Input<'keyhearth:AddKeySlot'>['Slot']

const add = (vault: Background, Slot: Slot, Name = '') =>
  vault.call('keyhearth:AddKeySlot', { Proof: proof, Name, Slot })

async function withPasskey(lies: Lies = {}) {
  const vault = await Background.withVault()
  const authenticator = await SoftAuthenticator.make()
  const asked = await vault.call('keyhearth:BeginPasskey', { For: 'create' })
  const { SlotId } = await add(vault, await authenticator.create(asked, lies), 'Blue key')
  return { vault, authenticator, SlotId }
}

const unlockBy = async (vault: Background, authenticator: SoftAuthenticator, lies: Lies = {}) => {
  const asked = await vault.call('keyhearth:BeginPasskey', { For: 'get' })
  const Passkey = await authenticator.get(asked, lies)
  return vault.refusal('keyhearth:Unlock', { Passkey })
}

/** All that lies under the vault key, as it lies there. */
const items = async ({ db }: Background) =>
  Promise.all([db.getAll('keys'), db.getAll('materials'), db.getAll('secretBlocks')])

describe('passkeys', () => {
  test('one that was added opens the vault, and says when it last did', async () => {
    const { vault, authenticator, SlotId } = await withPasskey()
    await vault.endBrowser()
    expect(await unlockBy(vault, authenticator)).toBe('none')
    expect(vault.hsm.state).toBe('unlocked')
    const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
    const slot = Slots.find((one) => one.SlotId === SlotId)
    expect(slot).toMatchObject({ Kind: 'passkey', Name: 'Blue key', ProvenAt: null })
    expect(slot?.LastUsedAt).toBeGreaterThan(0)
  })

  const lies: readonly [string, Lies][] = [
    ['of a page', { origin: 'https://example.com' }],
    ['of another extension', { party: 'chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba' }],
    ['that did not verify the person', { verified: false }],
    ['to an earlier question', { challenge: new Uint8Array(32) }],
    ['of another kind', { type: 'payment.get' }],
  ]
  test.each(lies)('an answer %s is refused', async (_name, lie) => {
    const { vault, authenticator } = await withPasskey()
    await vault.endBrowser()
    expect(await unlockBy(vault, authenticator, lie)).toBe('wrong-passkey')
    expect(vault.hsm.state).toBe('locked')
  })

  test.each(lies)('one that was made with an answer %s is not added', async (_name, lie) => {
    await expect(withPasskey(lie)).rejects.toMatchObject({ reason: 'passkey-unsuitable' })
  })

  test.each([
    ['as it should be', {}, 'none'] as const,
    ...lies.map(([name, lie]) => [name, lie, 'passkey-unsuitable'] as const),
  ])('an assertion that comes with a new one, %s: %s', async (_name, lie, expected) => {
    const vault = await Background.withVault()
    const authenticator = await SoftAuthenticator.make()
    const asked = await vault.call('keyhearth:BeginPasskey', { For: 'create' })
    const Slot = await authenticator.createAndAssert(asked, lie)
    const added = await vault.refusal('keyhearth:AddKeySlot', { Proof: proof, Name: '', Slot })
    expect(added).toBe(expected)
    await vault.endBrowser()
    expect(await unlockBy(vault, authenticator)).toBe(
      expected === 'none' ? 'none' : 'wrong-passkey',
    )
  })

  test('an answer is good once', async () => {
    const { vault, authenticator } = await withPasskey()
    await vault.endBrowser()
    const asked = await vault.call('keyhearth:BeginPasskey', { For: 'get' })
    const Passkey = await authenticator.get(asked)
    expect(await vault.refusal('keyhearth:Unlock', { Passkey })).toBe('none')
    await vault.call('keyhearth:Lock', {})
    expect(await vault.refusal('keyhearth:Unlock', { Passkey })).toBe('passkey-not-asked')
  })

  test('another one of the same person, and a right signature over a wrong output, open nothing', async () => {
    const { vault, authenticator } = await withPasskey()
    await vault.endBrowser()
    expect(await unlockBy(vault, await SoftAuthenticator.make())).toBe('wrong-passkey')
    const asked = await vault.call('keyhearth:BeginPasskey', { For: 'get' })
    const Passkey = { ...(await authenticator.get(asked)), Output: new Uint8Array(32) }
    expect(await vault.refusal('keyhearth:Unlock', { Passkey })).toBe('wrong-passkey')
  })
})

describe('shares', () => {
  const made = async (Threshold: number, Shares: number) => {
    const vault = await Background.withVault()
    const added = await add(vault, { Kind: 'shares', Threshold, Shares }, 'Family')
    return { vault, added, sheets: (added.Shares ?? []).map((words) => words.join(' ')) }
  }
  const recover = (vault: Background, Shares: readonly string[]) =>
    vault.refusal('keyhearth:RecoverVault', { Shares, Passphrase: 'a new passphrase' })

  test('three of five recover where the device is gone, two do not', async () => {
    const { vault, sheets } = await made(3, 5)
    expect(sheets).toHaveLength(5)
    await vault.db.clear('device')
    await vault.endBrowser()
    expect(vault.hsm.state).toBe('damaged')
    expect(await recover(vault, sheets.slice(0, 2))).toBe('shares-too-few')
    expect(await recover(vault, [sheets[4] ?? '', sheets[0] ?? '', sheets[2] ?? ''])).toBe('none')
    await vault.endBrowser()
    await vault.call('keyhearth:Unlock', { Passphrase: 'a new passphrase' })
  })

  test('wrong, repeated, mixed and misread shares are each called what they are', async () => {
    const { vault, sheets } = await made(2, 3)
    const [first = '', second = ''] = sheets
    const other = (await add(vault, { Kind: 'shares', Threshold: 2, Shares: 3 })).Shares ?? []
    const elsewhere = (await made(2, 3)).sheets
    await vault.endBrowser()
    expect(await recover(vault, [first, first])).toBe('shares-repeated')
    expect(await recover(vault, [first, (other[1] ?? []).join(' ')])).toBe('shares-mixed')
    expect(await recover(vault, [first.replace(/^\S+/, 'zoo'), second])).toBe('share-malformed')
    expect(await recover(vault, [first, second.split(' ').slice(1).join(' ')])).toBe(
      'share-malformed',
    )
    expect(await recover(vault, elsewhere.slice(0, 2))).toBe('wrong-shares')
    expect(vault.hsm.state).toBe('locked')
    expect(await recover(vault, [second.toUpperCase(), `1. ${first}`])).toBe('none')
  })

  test('more than there are shares are not asked for', async () => {
    const vault = await Background.withVault()
    const refusal = await vault.refusal('keyhearth:AddKeySlot', {
      Proof: proof,
      Name: '',
      Slot: { Kind: 'shares', Threshold: 4, Shares: 3 },
    })
    expect(refusal).toBe('invalid-input')
  })
})

describe('no lock', () => {
  test('the vault opens with the browser, but stays locked once the person locked it', async () => {
    const vault = await Background.withVault()
    await add(vault, { Kind: 'device' })
    await vault.endBrowser()
    await unlockWithoutLock(vault.gate, vault.hsm)
    expect(vault.hsm.state).toBe('unlocked')
    await vault.call('keyhearth:Lock', {})
    await vault.restart()
    await unlockWithoutLock(vault.gate, vault.hsm)
    expect(vault.hsm.state).toBe('locked')
    await vault.call('keyhearth:Unlock', { Device: true })
    expect(vault.hsm.state).toBe('unlocked')
  })

  test('without such a slot nothing opens by itself', async () => {
    const vault = await Background.withVault()
    await vault.endBrowser()
    await unlockWithoutLock(vault.gate, vault.hsm)
    expect(vault.hsm.state).toBe('locked')
    expect(await vault.refusal('keyhearth:Unlock', { Device: true })).toBe('slot-not-found')
  })
})

describe('slots come and go', () => {
  test('no item is rewritten by any of it', async () => {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'kept' })
    const before = await items(vault)
    const { SlotId } = await add(vault, { Kind: 'passphrase', Passphrase: 'a second passphrase' })
    await add(vault, { Kind: 'recovery' }, 'Safe at the bank')
    await vault.call('keyhearth:RenameKeySlot', { SlotId, Name: 'Second' })
    await vault.call('keyhearth:RemoveKeySlot', { SlotId, Proof: proof })
    await vault.call('keyhearth:ChangePassphrase', {
      CurrentPassphrase: passphrase,
      NewPassphrase: 'another passphrase',
    })
    expect(await items(vault)).toEqual(before)
  })

  test('a second passphrase opens as well, until it is removed', async () => {
    const vault = await Background.withVault()
    const second = { Passphrase: 'a second passphrase' }
    const { SlotId } = await add(vault, { Kind: 'passphrase', ...second })
    await vault.endBrowser()
    expect(await vault.refusal('keyhearth:Unlock', second)).toBe('none')
    await vault.call('keyhearth:RemoveKeySlot', { SlotId, Proof: proof })
    await vault.endBrowser()
    expect(await vault.refusal('keyhearth:Unlock', second)).toBe('wrong-passphrase')
    expect(await vault.refusal('keyhearth:Unlock', proof)).toBe('none')
  })

  test('the last of each side stays: that here, and that without this device', async () => {
    const vault = await Background.withVault()
    const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
    expect(Slots.map(({ Kind }) => Kind).sort()).toEqual(['passphrase', 'recovery'])
    const last = { passphrase: 'slot-last-passphrase', recovery: 'slot-last-to-recover' }
    for (const { SlotId, Kind } of Slots) {
      const refusal = await vault.refusal('keyhearth:RemoveKeySlot', { SlotId, Proof: proof })
      expect(refusal).toBe(last[Kind as keyof typeof last])
    }
    // A device-bound one in its place is none.
    await add(vault, { Kind: 'passphrase', Passphrase: 'a second passphrase' })
    const recovery = Slots.find(({ Kind }) => Kind === 'recovery')
    const SlotId = recovery?.SlotId ?? ''
    expect(await vault.refusal('keyhearth:RemoveKeySlot', { SlotId, Proof: proof })).toBe(
      'slot-last-to-recover',
    )
    // Nor is one that nobody has shown to have: its sheets may never have come onto paper.
    const { Shares = [] } = await add(vault, { Kind: 'shares', Threshold: 2, Shares: 2 })
    expect(await vault.refusal('keyhearth:RemoveKeySlot', { SlotId, Proof: proof })).toBe(
      'slot-none-proven',
    )
    await vault.call('keyhearth:RehearseRecovery', {
      Proof: { Shares: Shares.map((words) => words.join(' ')) },
    })
    expect(await vault.refusal('keyhearth:RemoveKeySlot', { SlotId, Proof: proof })).toBe('none')
  })

  test('nothing is added or removed by a wrong passphrase', async () => {
    const vault = await Background.withVault()
    const wrong = { Passphrase: 'wrong wrong wrong' }
    const slots = await vault.hsm.slots()
    const Slot = { Kind: 'device' } as const
    const asked = { Proof: wrong, Name: '', Slot }
    expect(await vault.refusal('keyhearth:AddKeySlot', asked)).toBe('wrong-passphrase')
    expect(await vault.hsm.slots()).toEqual(slots)
  })

  test('a removed slot that somebody puts back opens nothing, and is cleared away', async () => {
    const vault = await Background.withVault()
    const second = { Passphrase: 'a second passphrase' }
    const { SlotId } = await add(vault, { Kind: 'passphrase', ...second })
    const row = await vault.db.get('slots', SlotId)
    await vault.call('keyhearth:RemoveKeySlot', { SlotId, Proof: proof })
    if (row) await vault.db.put('slots', row)
    await vault.endBrowser()
    expect(await vault.refusal('keyhearth:Unlock', second)).toBe('slot-put-back')
    expect(vault.hsm.state).toBe('locked')
    expect(await vault.refusal('keyhearth:Unlock', proof)).toBe('none')
    expect(await vault.db.get('slots', SlotId)).toBeUndefined()
  })

  test('a vault of an earlier version, which listed no slots, lists them with the first unlocking', async () => {
    const vault = await Background.withVault()
    await forgetListing(vault)
    await vault.endBrowser()
    await vault.call('keyhearth:Unlock', proof)
    await vault.restart()
    expect((await vault.hsm.openedIfAny?.records.slotIds())?.size).toBe(2)
  })

  test('a passphrase that was stretched less is stretched anew with the next unlocking', async () => {
    const slotOf = async (vault: Background) => {
      const slot = (await vault.hsm.slots()).find(({ kind }) => kind === 'passphrase')
      return slot?.kind === 'passphrase' ? slot : null
    }
    const present = { ...argon2Now }
    Object.assign(argon2Now, { iterations: 1 })
    const vault = await Background.withVaultOfItsOwn()
    Object.assign(argon2Now, present)
    const weak = await slotOf(vault)
    expect(weak?.argon2.iterations).toBe(1)
    await vault.endBrowser()
    await vault.call('keyhearth:Unlock', proof)
    const strong = await slotOf(vault)
    expect(strong).toMatchObject({ id: weak?.id, argon2: present })
    await vault.endBrowser()
    expect(await vault.refusal('keyhearth:Unlock', proof)).toBe('none')
  })
})

/** The top of the manifest as it was before slots stood in it. */
async function forgetListing({ db, hsm }: Background): Promise<void> {
  const row = await db.get('vault', 'manifest')
  const opened = hsm.openedIfAny
  if (!opened || !row || !('sealed' in row)) throw new Error('no manifest')
  const place = ['manifest', row.id, String(row.revision)]
  const entries = JSON.parse(decodeUtf8(await opened.vault.open(place, row.sealed))) as [
    string,
    number,
  ][]
  const earlier = entries.filter(([name]) => !name.startsWith('slot '))
  expect(earlier.length).toBeLessThan(entries.length)
  const sealed = await opened.vault.seal(place, encodeUtf8(JSON.stringify(earlier)))
  await db.put('vault', { ...row, sealed })
}

describe('recovery', () => {
  const words = async (vault: Background): Promise<string> =>
    ((await vault.call('keyhearth:ReplaceRecoveryKey', proof)).RecoveryKey ?? []).join(' ')
  const status = async (vault: Background): Promise<Output<'keyhearth:GetStatus'>['Recovery']> =>
    (await vault.call('keyhearth:GetStatus', {})).Recovery

  test('rehearsed with the words or with shares, it is proven, and only with the right ones', async () => {
    const vault = await Background.withVault()
    const typed = await words(vault)
    await vault.call('keyhearth:PostponeRecoveryKey', {})
    expect(await status(vault)).toBe('unconfirmed')
    const other = (await words(await Background.withVaultOfItsOwn())).toString()
    const rehearse = (Proof: Input<'keyhearth:RehearseRecovery'>['Proof']) =>
      vault.refusal('keyhearth:RehearseRecovery', { Proof })
    expect(await rehearse({ RecoveryKey: other })).toBe('wrong-recovery-key')
    expect(await rehearse(proof)).toBe('not-allowed')
    expect(await status(vault)).toBe('unconfirmed')
    expect(await rehearse({ RecoveryKey: typed })).toBe('none')
    expect(await status(vault)).toBe('confirmed')
    const added = await add(vault, { Kind: 'shares', Threshold: 2, Shares: 3 })
    const sheets = (added.Shares ?? []).map((one) => one.join(' '))
    expect(await rehearse({ Shares: sheets.slice(1) })).toBe('none')
    const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
    expect(Slots.find(({ SlotId }) => SlotId === added.SlotId)?.ProvenAt).toBeGreaterThan(0)
  })

  test('a new key takes the place of the old one once it is proven, and not before', async () => {
    const vault = await Background.withVault()
    const old = await words(vault)
    await vault.call('keyhearth:RehearseRecovery', { Proof: { RecoveryKey: old } })
    const fresh = await words(vault)
    expect(await status(vault)).toBe('shown')
    await vault.call('keyhearth:PostponeRecoveryKey', {})
    expect(await status(vault)).toBe('unconfirmed')
    const rehearse = (RecoveryKey: string) =>
      vault.refusal('keyhearth:RehearseRecovery', { Proof: { RecoveryKey } })
    expect(await rehearse(old)).toBe('none')
    expect(await status(vault)).toBe('unconfirmed')
    expect(await rehearse(fresh)).toBe('none')
    expect(await status(vault)).toBe('confirmed')
    expect(await rehearse(old)).toBe('wrong-recovery-key')
    const third = (await words(vault)).split(' ')
    const Words = [1, 9, 24].map((Position) => ({ Position, Word: third[Position - 1] ?? '' }))
    await vault.call('keyhearth:ConfirmRecoveryKey', { Words })
    expect(await rehearse(fresh)).toBe('wrong-recovery-key')
    expect(await rehearse(third.join(' '))).toBe('none')
  })

  test('after ninety days the proof is stale', async () => {
    const vault = await Background.withVault()
    const typed = await words(vault)
    await vault.call('keyhearth:PostponeRecoveryKey', {})
    await vault.call('keyhearth:RehearseRecovery', { Proof: { RecoveryKey: typed } })
    for (const slot of await vault.db.getAll('slots')) {
      if (slot.kind !== 'recovery') continue
      await vault.db.put('slots', { ...slot, confirmedAt: Date.now() - 91 * 86_400_000 })
    }
    // The worker remembers what it wrote itself.
    await vault.restart()
    expect(await status(vault)).toBe('stale')
  })
})
