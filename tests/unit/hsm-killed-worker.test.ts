// A worker killed between any two steps leaves what was before or what is after, never between. Each
// step an operation takes outside itself (cryptography, database, session memory) is made the last one
// in turn; then a new worker starts on what is left.

import { afterEach, describe, expect, test, vi } from 'vitest'
import { argon2Now } from '../../src/hsm/passphrase.ts'
import type { OperationName } from '../../src/protocol/operations.ts'
import type { Input } from '../../src/protocol/schemas.ts'
import { Background, MemoryArea, passphrase } from './background.ts'
import { backUp, send } from './backups.ts'
import { SoftAuthenticator, standInExtension } from './softAuthenticator.ts'

const never = new Promise<never>(() => {})

/** A transaction of a dead worker: nothing asked of it is ever answered. */
const deadTransaction: unknown = new Proxy(
  {},
  {
    get: (_target, name) => {
      if (name === 'done') return never
      if (name === 'store') return deadStore
      return () => (name === 'objectStore' ? deadStore : never)
    },
  },
)
const deadStore: unknown = new Proxy(
  {},
  { get: (_target, name) => () => (name === 'index' ? deadStore : never) },
)

/** Lets this many steps happen; the next one, and all after it, never end. */
function dieAfter(steps: number): { readonly died: Promise<'died'> } {
  let left = steps
  let tell: (word: 'died') => void = () => {}
  const died = new Promise<'died'>((resolve) => {
    tell = resolve
  })
  const guard = (target: object, name: string, dead: unknown) => {
    const methods = target as Record<string, (...args: unknown[]) => unknown>
    const original = methods[name]
    vi.spyOn(methods, name).mockImplementation(function step(this: unknown, ...args: unknown[]) {
      if (left-- > 0) return original?.apply(this, args)
      tell('died')
      return dead
    })
  }
  for (const name of ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey', 'deriveKey', 'generateKey']) {
    guard(crypto.subtle, name, never)
  }
  for (const name of ['set', 'remove']) guard(MemoryArea.prototype, name, never)
  guard(IDBDatabase.prototype, 'transaction', deadTransaction)
  return { died }
}

afterEach(() => vi.restoreAllMocks())

/** Runs the operation once for each of its steps, and checks what is left each time. */
async function killAtEveryStep<Name extends OperationName>(
  prepare: () => Promise<Background>,
  operation: Name,
  input: Input<Name>,
  check: (vault: Background) => Promise<'before' | 'after'>,
): Promise<('before' | 'after')[]> {
  const seen: ('before' | 'after')[] = []
  for (let steps = 0; ; steps++) {
    const vault = await prepare()
    const { died } = dieAfter(steps)
    const ended = await Promise.race([
      vault.call(operation, input).then(
        () => 'done' as const,
        () => 'died' as const,
      ),
      died,
    ])
    vault.kill()
    vi.restoreAllMocks()
    await vault.restart()
    seen.push(await check(vault))
    if (ended === 'done') return seen
  }
}

/**
 * Once after, never before again: the change happens at one step. A step that is under way beside it (writing to
 * the session's memory) may come first in one round and second in the next, so the moment may differ by that one.
 */
function expectOneMoment(seen: readonly ('before' | 'after')[], least = 6): void {
  expect(seen.at(0)).toBe('before')
  expect(seen.at(-1)).toBe('after')
  expect(seen.lastIndexOf('before')).toBeLessThanOrEqual(seen.indexOf('after') + 1)
  expect(seen.length).toBeGreaterThanOrEqual(least)
}

const bytes = new TextEncoder().encode('kept')
/** The key that the vault of this round has. */
let keyId = ''

/** Whether the trail, which must be whole, tells of the operation. */
async function isTold(vault: Background, eventName: string): Promise<boolean> {
  expect((await vault.call('keyhearth:VerifyTrail', {})).Intact).toBe(true)
  const { Events } = await vault.call('keyhearth:ListEvents', { EventName: eventName })
  return Events.length > 0
}

describe('killed at every step', () => {
  test('CreateVault leaves no vault, or a whole one', async () => {
    const seen = await killAtEveryStep(
      () => Background.start(),
      'keyhearth:CreateVault',
      { Passphrase: passphrase },
      async (vault) => {
        if (vault.hsm.state === 'missing') return 'before'
        await vault.endBrowser()
        await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
        await vault.call('kms:DescribeKey', { KeyId: 'alias/personal' })
        return 'after'
      },
    )
    expectOneMoment(seen)
  }, 180_000)

  test('UpdateSecret leaves the old value, or the new one, and a whole trail', async () => {
    const seen = await killAtEveryStep(
      async () => {
        const vault = await Background.withVault()
        await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'old' })
        return vault
      },
      'secretsmanager:UpdateSecret',
      { SecretId: 'a', SecretString: 'new' },
      async (vault) => {
        expect((await vault.call('keyhearth:VerifyTrail', {})).Intact).toBe(true)
        const { Events } = await vault.call('keyhearth:ListEvents', {})
        const told = Events.some(({ eventName }) => eventName === 'UpdateSecret')
        const { SecretString } = await vault.call('secretsmanager:GetSecretValue', {
          SecretId: 'a',
        })
        expect(SecretString).toBe(told ? 'new' : 'old')
        return told ? 'after' : 'before'
      },
    )
    expectOneMoment(seen)
  }, 180_000)

  test('ChangePassphrase leaves the one that opens, never none', async () => {
    const seen = await killAtEveryStep(
      () => Background.withVault(),
      'keyhearth:ChangePassphrase',
      { CurrentPassphrase: passphrase, NewPassphrase: 'quite another one' },
      async (vault) => {
        await vault.endBrowser()
        const old = await vault.refusal('keyhearth:Unlock', { Passphrase: passphrase })
        if (old === 'none') return 'before'
        await vault.call('keyhearth:Unlock', { Passphrase: 'quite another one' })
        return 'after'
      },
    )
    expectOneMoment(seen)
  }, 180_000)

  test('Unlock leaves the vault locked, or unlocked, and always openable', async () => {
    const seen = await killAtEveryStep(
      async () => {
        const vault = await Background.withVault()
        await vault.endBrowser()
        return vault
      },
      'keyhearth:Unlock',
      { Passphrase: passphrase },
      async (vault) => {
        const state = vault.hsm.state
        await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
        expect(vault.hsm.state).toBe('unlocked')
        return state === 'unlocked' ? 'after' : 'before'
      },
    )
    expectOneMoment(seen)
  }, 180_000)

  test('CreateKey leaves no key, or one that encrypts', async () => {
    const seen = await killAtEveryStep(
      () => Background.withVault(),
      'kms:CreateKey',
      { Description: 'the one', KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
      async (vault) => {
        const told = await isTold(vault, 'CreateKey')
        const { Keys } = await vault.call('kms:ListKeys', {})
        const found = await Promise.all(
          Keys.map(({ KeyId }) => vault.call('kms:DescribeKey', { KeyId })),
        )
        const made = found.find(({ KeyMetadata }) => KeyMetadata.Description === 'the one')
        expect(made !== undefined).toBe(told)
        if (!made) return 'before'
        const { KeyId } = made.KeyMetadata
        await vault.call('kms:Sign', { KeyId, Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' })
        return 'after'
      },
    )
    expectOneMoment(seen)
  }, 180_000)

  test('RotateKeyOnDemand leaves the old material current, or the new, and opens what was under the old', async () => {
    let CiphertextBlob = bytes
    const seen = await killAtEveryStep(
      async () => {
        const vault = await Background.withVault()
        const made = await vault.call('kms:Encrypt', { KeyId: 'alias/personal', Plaintext: bytes })
        CiphertextBlob = made.CiphertextBlob
        keyId = made.KeyId
        return vault
      },
      'kms:RotateKeyOnDemand',
      {
        get KeyId() {
          return keyId
        },
      },
      async (vault) => {
        const told = await isTold(vault, 'RotateKeyOnDemand')
        const { Rotations } = await vault.call('kms:ListKeyRotations', { KeyId: keyId })
        expect(Rotations).toHaveLength(told ? 1 : 0)
        expect((await vault.call('kms:Decrypt', { CiphertextBlob })).Plaintext).toEqual(bytes)
        await vault.call('kms:Encrypt', { KeyId: keyId, Plaintext: bytes })
        return told ? 'after' : 'before'
      },
    )
    expectOneMoment(seen)
  }, 180_000)

  test('ScheduleKeyDeletion leaves the key as it was, or on its day', async () => {
    const seen = await killAtEveryStep(
      async () => {
        const vault = await Background.withVault()
        keyId = (await vault.call('kms:CreateKey', {})).KeyMetadata.KeyId
        return vault
      },
      'kms:ScheduleKeyDeletion',
      {
        get KeyId() {
          return keyId
        },
      },
      async (vault) => {
        const told = await isTold(vault, 'ScheduleKeyDeletion')
        const { KeyMetadata } = await vault.call('kms:DescribeKey', { KeyId: keyId })
        expect(KeyMetadata.KeyState).toBe(told ? 'PendingDeletion' : 'Enabled')
        if (told) await vault.call('kms:CancelKeyDeletion', { KeyId: keyId })
        return told ? 'after' : 'before'
      },
    )
    expectOneMoment(seen)
  }, 180_000)

  test('AddKeySlot leaves no new way, or one that opens', async () => {
    const seen = await killAtEveryStep(
      () => Background.withVault(),
      'keyhearth:AddKeySlot',
      {
        Proof: { Passphrase: passphrase },
        Name: 'second',
        Slot: { Kind: 'passphrase', Passphrase: 'a second passphrase' },
      },
      async (vault) => {
        const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
        await vault.endBrowser()
        const opens = await vault.refusal('keyhearth:Unlock', { Passphrase: 'a second passphrase' })
        expect(opens === 'none').toBe(Slots.length === 3)
        if (opens === 'none') return 'after'
        await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
        return 'before'
      },
    )
    expectOneMoment(seen)
  }, 180_000)

  test('RemoveKeySlot leaves the way as it was, or none of it', async () => {
    const second = { Passphrase: 'a second passphrase' }
    const withTwo = await Background.withVault()
    const { SlotId } = await withTwo.call('keyhearth:AddKeySlot', {
      Proof: { Passphrase: passphrase },
      Name: '',
      Slot: { Kind: 'passphrase', ...second },
    })
    const seen = await killAtEveryStep(
      () => withTwo.copy(),
      'keyhearth:RemoveKeySlot',
      { SlotId, Proof: { Passphrase: passphrase } },
      async (vault) => {
        await vault.endBrowser()
        if ((await vault.refusal('keyhearth:Unlock', second)) === 'none') return 'before'
        await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
        return 'after'
      },
    )
    expectOneMoment(seen)
  }, 240_000)

  /** Whether words open a slot that recovers. */
  const recovers = async (vault: Background, words: readonly string[]): Promise<boolean> =>
    (await vault.refusal('keyhearth:RehearseRecovery', {
      Proof: { RecoveryKey: words.join(' ') },
    })) === 'none'

  test('ReplaceRecoveryKey leaves the old words good, and shows the new ones once they are', async () => {
    const made = await Background.withVaultOfItsOwn()
    const { RecoveryKey: old } = await made.call('keyhearth:GetPendingRecoveryKey', {})
    const seen = await killAtEveryStep(
      () => made.copy(),
      'keyhearth:ReplaceRecoveryKey',
      { Passphrase: passphrase },
      async (vault) => {
        const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
        const { RecoveryKey: shown } = await vault.call('keyhearth:GetPendingRecoveryKey', {})
        const isThere = Slots.filter(({ Kind }) => Kind === 'recovery').length === 2
        // What is on paper is good, though the new words were never seen; and so is what is shown.
        expect(await recovers(vault, old ?? [])).toBe(true)
        expect(await recovers(vault, shown ?? [])).toBe(true)
        expect(shown?.join(' ') !== old?.join(' ')).toBe(isThere)
        return isThere ? 'after' : 'before'
      },
    )
    expectOneMoment(seen)
  }, 240_000)

  test('a replaced recovery key goes with the proof of the new one, at one step', async () => {
    const made = await Background.withVaultOfItsOwn()
    const { RecoveryKey: old } = await made.call('keyhearth:GetPendingRecoveryKey', {})
    const fresh = await made.call('keyhearth:ReplaceRecoveryKey', { Passphrase: passphrase })
    const Words = [1, 2, 3].map((Position) => ({
      Position,
      Word: fresh.RecoveryKey[Position - 1] ?? '',
    }))
    const proofs = [
      ['keyhearth:ConfirmRecoveryKey', { Words }],
      ['keyhearth:RehearseRecovery', { Proof: { RecoveryKey: fresh.RecoveryKey.join(' ') } }],
    ] as const
    for (const [operation, input] of proofs) {
      const seen = await killAtEveryStep(
        () => made.copy(),
        operation,
        input as never,
        async (vault) => {
          const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
          const proven = Slots.filter(({ ProvenAt }) => ProvenAt !== null).length
          const isOldGood = await recovers(vault, old ?? [])
          expect(isOldGood).toBe(proven === 0)
          expect(await recovers(vault, fresh.RecoveryKey)).toBe(true)
          return isOldGood ? 'before' : 'after'
        },
      )
      expectOneMoment(seen)
    }
  }, 240_000)

  test('RecoverVault leaves the old passphrase, or the new one, and what recovers in both', async () => {
    const made = await Background.withVaultOfItsOwn()
    const { RecoveryKey } = await made.call('keyhearth:GetPendingRecoveryKey', {})
    const words = RecoveryKey ?? []
    const seen = await killAtEveryStep(
      async () => {
        const vault = await made.copy()
        await vault.endBrowser()
        return vault
      },
      'keyhearth:RecoverVault',
      { RecoveryKey: words.join(' '), Passphrase: 'a new passphrase' },
      async (vault) => {
        await vault.endBrowser()
        const old = await vault.refusal('keyhearth:Unlock', { Passphrase: passphrase })
        expect(['none', 'wrong-passphrase']).toContain(old)
        if (old !== 'none') await vault.call('keyhearth:Unlock', { Passphrase: 'a new passphrase' })
        expect(await recovers(vault, words)).toBe(true)
        return old === 'none' ? 'before' : 'after'
      },
    )
    expectOneMoment(seen)
  }, 240_000)

  test('RenameKeySlot leaves the old name, or the new one', async () => {
    const made = await Background.withVault()
    const { Slots } = await made.call('keyhearth:ListKeySlots', {})
    const SlotId = Slots.find(({ Kind }) => Kind === 'passphrase')?.SlotId ?? ''
    await made.call('keyhearth:RenameKeySlot', { SlotId, Name: 'old' })
    const seen = await killAtEveryStep(
      () => made.copy(),
      'keyhearth:RenameKeySlot',
      { SlotId, Name: 'new' },
      async (vault) => {
        const { Slots: now } = await vault.call('keyhearth:ListKeySlots', {})
        const { Name } = now.find((one) => one.SlotId === SlotId) ?? {}
        expect(['old', 'new']).toContain(Name)
        await vault.endBrowser()
        await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
        return Name === 'old' ? 'before' : 'after'
      },
    )
    expectOneMoment(seen, 4)
  }, 180_000)

  test('a passphrase that is stretched anew opens, whichever way it is stretched by then', async () => {
    const present = { ...argon2Now }
    Object.assign(argon2Now, { iterations: 1 })
    const weak = await Background.withVaultOfItsOwn()
    Object.assign(argon2Now, present)
    const seen = await killAtEveryStep(
      async () => {
        const vault = await weak.copy()
        await vault.endBrowser()
        return vault
      },
      'keyhearth:Unlock',
      { Passphrase: passphrase },
      async (vault) => {
        const slot = (await vault.hsm.slots()).find(({ kind }) => kind === 'passphrase')
        const iterations = slot?.kind === 'passphrase' ? slot.argon2.iterations : 0
        await vault.endBrowser()
        await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
        return iterations === 1 ? 'before' : 'after'
      },
    )
    expectOneMoment(seen)
  }, 240_000)

  test('AddKeySlot of shares leaves none, or a set that nobody proved, which replaces nothing', async () => {
    const made = await Background.withVaultOfItsOwn()
    const { RecoveryKey } = await made.call('keyhearth:GetPendingRecoveryKey', {})
    const seen = await killAtEveryStep(
      () => made.copy(),
      'keyhearth:AddKeySlot',
      {
        Proof: { Passphrase: passphrase },
        Name: 'Family',
        Slot: { Kind: 'shares', Threshold: 2, Shares: 3 },
      },
      async (vault) => {
        const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
        const set = Slots.find(({ Kind }) => Kind === 'shares')
        expect(set?.ProvenAt ?? null).toBeNull()
        expect(await recovers(vault, RecoveryKey ?? [])).toBe(true)
        if (!set) return 'before'
        const { SlotId } = set
        await vault.call('keyhearth:RemoveKeySlot', { SlotId, Proof: { Passphrase: passphrase } })
        return 'after'
      },
    )
    expectOneMoment(seen)
  }, 240_000)

  test('a passkey is added and removed at one step', async () => {
    standInExtension()
    const made = await Background.withVault()
    const authenticator = await SoftAuthenticator.make()
    const unlocks = async (vault: Background): Promise<boolean> => {
      await vault.endBrowser()
      const asked = await vault.call('keyhearth:BeginPasskey', { For: 'get' })
      const Passkey = await authenticator.get(asked)
      return (await vault.refusal('keyhearth:Unlock', { Passkey })) === 'none'
    }
    const check = (opened: 'before' | 'after') => async (vault: Background) => {
      const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
      const isListed = Slots.some(({ Kind }) => Kind === 'passkey')
      expect(await unlocks(vault)).toBe(isListed)
      if (!isListed) await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
      return isListed ? opened : opened === 'after' ? 'before' : 'after'
    }
    const Proof = { Passphrase: passphrase }
    let Slot: Input<'keyhearth:AddKeySlot'>['Slot'] = { Kind: 'device' }
    const added = await killAtEveryStep(
      async () => {
        const vault = await made.copy()
        const asked = await vault.call('keyhearth:BeginPasskey', { For: 'create' })
        Slot = await authenticator.create(asked)
        return vault
      },
      'keyhearth:AddKeySlot',
      {
        Proof,
        Name: '',
        get Slot() {
          return Slot
        },
      },
      check('after'),
    )
    expectOneMoment(added)
    const asked = await made.call('keyhearth:BeginPasskey', { For: 'create' })
    const { SlotId } = await made.call('keyhearth:AddKeySlot', {
      Proof,
      Name: '',
      Slot: await authenticator.create(asked),
    })
    const removed = await killAtEveryStep(
      () => made.copy(),
      'keyhearth:RemoveKeySlot',
      { SlotId, Proof },
      check('before'),
    )
    expectOneMoment(removed)
  }, 240_000)

  test('CreateQuorum leaves no set, or one that the recovery key ends though no sheet was seen', async () => {
    const made = await Background.withVaultOfItsOwn()
    const { RecoveryKey } = await made.call('keyhearth:GetPendingRecoveryKey', {})
    const seen = await killAtEveryStep(
      () => made.copy(),
      'keyhearth:CreateQuorum',
      {
        Holders: ['A', 'B'],
        Threshold: 2,
        Groups: ['delete-key'],
        ExpiryMinutes: 15,
        Proof: { Passphrase: passphrase },
      },
      async (vault) => {
        const { Quorum } = await vault.call('keyhearth:GetQuorum', {})
        if (!Quorum) return 'before'
        await vault.call('keyhearth:RemoveQuorum', {
          RecoveryProof: { RecoveryKey: (RecoveryKey ?? []).join(' ') },
        })
        expect((await vault.call('keyhearth:GetQuorum', {})).Quorum).toBeNull()
        return 'after'
      },
    )
    expectOneMoment(seen)
  }, 240_000)

  test('RestoreBackup leaves nothing, or all of it', async () => {
    const made = await Background.withVaultOfItsOwn()
    const { RecoveryKey } = await made.call('keyhearth:ReplaceRecoveryKey', {
      Passphrase: passphrase,
    })
    await made.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'kept' })
    const file = await backUp(made)
    let RestoreId = ''
    const seen = await killAtEveryStep(
      async () => {
        const fresh = await Background.start()
        const kept = { RecoveryKey: RecoveryKey.join(' ') }
        RestoreId = (await send(fresh, file, 'replace', kept)).RestoreId
        return fresh
      },
      'keyhearth:RestoreBackup',
      {
        get RestoreId() {
          return RestoreId
        },
        Passphrase: 'a new passphrase',
      },
      async (fresh) => {
        if (fresh.hsm.state === 'missing') return 'before'
        await fresh.endBrowser()
        await fresh.call('keyhearth:Unlock', { Passphrase: 'a new passphrase' })
        const value = await fresh.call('secretsmanager:GetSecretValue', { SecretId: 'a' })
        expect(value.SecretString).toBe('kept')
        expect((await fresh.call('keyhearth:VerifyTrail', {})).Intact).toBe(true)
        return 'after'
      },
    )
    expectOneMoment(seen)
  }, 240_000)
})
