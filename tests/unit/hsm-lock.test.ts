// Design section 2: key slots, locking, unlocking across a worker's death, damage.

import { describe, expect, test } from 'vitest'
import { delayMs, remainingMs } from '../../src/hsm/attempts.ts'
import { allStores } from '../../src/store/schema.ts'
import { Background, passphrase } from './background.ts'

describe('a new vault', () => {
  test('is unlocked, with 24 words and a key of its own', async () => {
    const vault = await Background.start()
    expect(vault.hsm.state).toBe('missing')
    const { RecoveryKey } = await vault.call('keyhearth:CreateVault', { Passphrase: passphrase })
    expect(RecoveryKey).toHaveLength(24)
    expect(vault.hsm.state).toBe('unlocked')
    const { KeyMetadata } = await vault.call('kms:DescribeKey', { KeyId: 'alias/personal' })
    expect(KeyMetadata.KeySpec).toBe('SYMMETRIC_DEFAULT')
    expect(KeyMetadata.Arn).toBe(
      `arn:aws:kms:browser-1:${KeyMetadata.AWSAccountId}:key/${KeyMetadata.KeyId}`,
    )
  })

  test('is never made over an old one', async () => {
    const vault = await Background.withVault()
    expect(await vault.refusal('keyhearth:CreateVault', { Passphrase: passphrase })).toBe(
      'vault-exists',
    )
    await vault.db.delete('device', 'root')
    await vault.endBrowser()
    expect(vault.hsm.state).toBe('damaged')
    expect(await vault.refusal('keyhearth:CreateVault', { Passphrase: passphrase })).toBe(
      'vault-exists',
    )
  })

  test('wants eight characters, counted as people count', async () => {
    const vault = await Background.start()
    expect(await vault.refusal('keyhearth:CreateVault', { Passphrase: '' })).toBe(
      'passphrase-too-short',
    )
    expect(await vault.refusal('keyhearth:CreateVault', { Passphrase: '🔑🔑🔑🔑' })).toBe(
      'passphrase-too-short',
    )
    expect(vault.hsm.state).toBe('missing')
  })
})

describe('locking', () => {
  test('a killed worker stays unlocked, an ended browser is locked', async () => {
    const vault = await Background.withVault()
    await vault.restart()
    expect(vault.hsm.state).toBe('unlocked')
    await vault.endBrowser()
    expect(vault.hsm.state).toBe('locked')
    expect(await vault.refusal('kms:ListKeys', {})).toBe('vault-locked')
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    expect((await vault.call('kms:ListKeys', {})).Keys).toHaveLength(1)
  })

  test('lock holds across a killed worker and leaves no session slot', async () => {
    const vault = await Background.withVault()
    await vault.call('keyhearth:Lock', {})
    await vault.restart()
    expect(vault.hsm.state).toBe('locked')
    expect((await vault.hsm.slots()).filter(({ kind }) => kind === 'session')).toEqual([])
  })

  test('an old session secret opens nothing once locked', async () => {
    const vault = await Background.withVault()
    const stolen = new Map(vault.session.items)
    await vault.call('keyhearth:Lock', {})
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    vault.session.items = stolen
    await vault.restart()
    expect(vault.hsm.state).toBe('locked')
  })
})

describe('passphrases', () => {
  test('a wrong one is refused, the changed one opens, the old one no more', async () => {
    const vault = await Background.withVault()
    const next = 'another passphrase entirely'
    expect(
      await vault.refusal('keyhearth:ChangePassphrase', {
        CurrentPassphrase: 'wrong wrong',
        NewPassphrase: next,
      }),
    ).toBe('wrong-passphrase')
    await vault.call('keyhearth:ChangePassphrase', {
      CurrentPassphrase: passphrase,
      NewPassphrase: next,
    })
    await vault.endBrowser()
    expect(await vault.refusal('keyhearth:Unlock', { Passphrase: passphrase })).toBe(
      'wrong-passphrase',
    )
    await vault.call('keyhearth:Unlock', { Passphrase: next })
    expect(vault.hsm.state).toBe('unlocked')
  })

  test('compares what was typed, not how (NFKC)', async () => {
    const vault = await Background.start()
    await vault.call('keyhearth:CreateVault', { Passphrase: 'Mu\u0308llerstra\u00dfe 5' })
    await vault.endBrowser()
    await vault.call('keyhearth:Unlock', { Passphrase: 'M\u00fcllerstra\u00dfe 5' })
    expect(vault.hsm.state).toBe('unlocked')
  })

  test('five wrong ones slow the sixth, also after a killed worker', async () => {
    const vault = await Background.withVault()
    await vault.endBrowser()
    for (let i = 0; i < 5; i++) {
      expect(await vault.refusal('keyhearth:Unlock', { Passphrase: `wrong ${i} wrong` })).toBe(
        'wrong-passphrase',
      )
    }
    await vault.restart()
    expect(await vault.refusal('keyhearth:Unlock', { Passphrase: passphrase })).toBe(
      'too-many-attempts',
    )
    const { RetryAfterSeconds } = await vault.call('keyhearth:GetStatus', {})
    expect(RetryAfterSeconds).toBeGreaterThan(0)
    expect(RetryAfterSeconds).toBeLessThanOrEqual(5)
  }, 30_000)

  test('the wait doubles to a quarter of an hour, and a clock set back starts it anew', () => {
    expect([4, 5, 6, 7, 40].map(delayMs)).toEqual([0, 5_000, 10_000, 20_000, 900_000])
    expect(remainingMs({ id: 'attempts', failures: 5, lastFailureAt: 1_000 }, 4_000)).toBe(2_000)
    expect(remainingMs({ id: 'attempts', failures: 5, lastFailureAt: 9e12 }, 4_000)).toBe(5_000)
  })
})

describe('the recovery key', () => {
  const threeOf = (words: readonly string[]) =>
    [3, 11, 24].map((Position) => ({ Position, Word: words[Position - 1] ?? '' }))

  test('is shown until confirmed or put off, across a killed worker', async () => {
    const vault = await Background.start()
    const made = await vault.call('keyhearth:CreateVault', { Passphrase: passphrase })
    await vault.restart()
    const shown = await vault.call('keyhearth:GetPendingRecoveryKey', {})
    expect(shown.RecoveryKey).toEqual(made.RecoveryKey)
    const wrong = threeOf(made.RecoveryKey).map((word) => ({ ...word, Word: 'zoo' }))
    expect(await vault.refusal('keyhearth:ConfirmRecoveryKey', { Words: wrong })).toBe(
      'recovery-words-differ',
    )
    await vault.call('keyhearth:ConfirmRecoveryKey', { Words: threeOf(made.RecoveryKey) })
    expect((await vault.call('keyhearth:GetStatus', {})).Recovery).toBe('confirmed')
    expect((await vault.call('keyhearth:GetPendingRecoveryKey', {})).RecoveryKey).toBeNull()
  })

  test('one word three times is not three words', async () => {
    const vault = await Background.start()
    const { RecoveryKey } = await vault.call('keyhearth:CreateVault', { Passphrase: passphrase })
    const Words = [1, 1, 1].map((Position) => ({ Position, Word: RecoveryKey[0] ?? '' }))
    expect(await vault.refusal('keyhearth:ConfirmRecoveryKey', { Words })).toBe(
      'recovery-words-differ',
    )
  })

  test('put off, it is not shown again; a new one can be made with the passphrase', async () => {
    const vault = await Background.withVault()
    await vault.call('keyhearth:PostponeRecoveryKey', {})
    expect((await vault.call('keyhearth:GetStatus', {})).Recovery).toBe('unconfirmed')
    const fresh = await vault.call('keyhearth:ReplaceRecoveryKey', { Passphrase: passphrase })
    await vault.endBrowser()
    await vault.call('keyhearth:RecoverVault', {
      RecoveryKey: fresh.RecoveryKey.join(' '),
      Passphrase: 'a new passphrase',
    })
    expect(vault.hsm.state).toBe('unlocked')
  })

  test.each([
    ['root key', async (vault: Background) => vault.db.delete('device', 'root')],
    ['canary', async (vault: Background) => vault.db.delete('device', 'canary')],
    ['vault row', async (vault: Background) => vault.db.delete('vault', 'vault')],
    ['every slot', async (vault: Background) => vault.db.clear('slots')],
  ])('opens a vault that lost its %s, with everything in it', async (_what, damage) => {
    const vault = await Background.start()
    const made = await vault.call('keyhearth:CreateVault', { Passphrase: passphrase })
    await vault.call('secretsmanager:CreateSecret', { Name: 'kept', SecretString: 'still here' })
    await damage(vault)
    await vault.endBrowser()
    expect(vault.hsm.state).toBe('damaged')
    expect(await vault.refusal('keyhearth:Unlock', { Passphrase: passphrase })).toBe(
      'vault-damaged',
    )
    await vault.call('keyhearth:RecoverVault', {
      RecoveryKey: made.RecoveryKey.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join('\n'),
      Passphrase: 'a new passphrase',
    })
    const secret = await vault.call('secretsmanager:GetSecretValue', { SecretId: 'kept' })
    expect(secret.SecretString).toBe('still here')
    await vault.endBrowser()
    await vault.call('keyhearth:Unlock', { Passphrase: 'a new passphrase' })
    expect(vault.hsm.state).toBe('unlocked')
  })

  test('makes an emptied database a vault to work with, of the same id', async () => {
    const vault = await Background.start()
    const made = await vault.call('keyhearth:CreateVault', { Passphrase: passphrase })
    const before = vault.hsm.vaultRow?.vaultId
    for (const store of allStores) await vault.db.clear(store)
    await vault.endBrowser()
    expect(vault.hsm.state).toBe('damaged')
    await vault.call('keyhearth:RecoverVault', {
      RecoveryKey: made.RecoveryKey.join(' '),
      Passphrase: 'a new passphrase',
    })
    expect(vault.hsm.vaultRow?.vaultId).toBe(before)
    const Plaintext = new TextEncoder().encode('works again')
    const { Message } = await vault.call('keyhearth:EncryptMessage', { Plaintext })
    expect((await vault.call('keyhearth:DecryptMessage', { Message })).Plaintext).toEqual(Plaintext)
    await vault.endBrowser()
    await vault.call('keyhearth:Unlock', { Passphrase: 'a new passphrase' })
    expect(vault.hsm.state).toBe('unlocked')
  })

  test('mistyped words and those of another vault are told apart', async () => {
    const [vault, other] = [await Background.withVault(), await Background.start()]
    const { RecoveryKey } = await other.call('keyhearth:CreateVault', { Passphrase: passphrase })
    await vault.endBrowser()
    const Passphrase = 'a new passphrase'
    const recover = (words: string) =>
      vault.refusal('keyhearth:RecoverVault', { RecoveryKey: words, Passphrase })
    expect(await recover('abandon ability')).toBe('recovery-words-malformed')
    expect(await recover([...RecoveryKey].reverse().join(' '))).toMatch(
      /recovery-words-malformed|wrong-recovery-key/,
    )
    expect(await recover(RecoveryKey.join(' '))).toBe('wrong-recovery-key')
    expect(vault.hsm.state).toBe('locked')
  })
})
