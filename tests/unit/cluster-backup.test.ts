// docs/backup-format.md: a backup holds everything, opens with what was kept, is found out where it was changed, and
// comes back whole or not at all.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { browser } from 'wxt/browser'
import { readShare } from '../../src/hsm/recoveryShares.ts'
import { commit } from '../../src/store/commit.ts'
import { Background, page, passphrase } from './background.ts'
import { backUp, type File, merge, refusalOf, send } from './backups.ts'

/** A matter of the real browser's, which the settings are told to. */
beforeEach(() => {
  vi.spyOn(browser.idle, 'setDetectionInterval').mockImplementation(() => {})
})

const proof = { Passphrase: passphrase } as const
const bytes = new TextEncoder().encode('under a key of the vault')

/** A vault with one of each, and the words that recover it. */
async function full() {
  const vault = await Background.withVaultOfItsOwn()
  const { RecoveryKey } = await vault.call('keyhearth:ReplaceRecoveryKey', proof)
  await vault.call('keyhearth:PostponeRecoveryKey', {})
  const { KeyMetadata } = await vault.call('kms:CreateKey', { Description: 'Archive' })
  const { KeyId } = KeyMetadata
  await vault.call('kms:CreateAlias', { AliasName: 'alias/archive', TargetKeyId: KeyId })
  const { CiphertextBlob } = await vault.call('kms:Encrypt', { KeyId, Plaintext: bytes })
  await vault.call('kms:RotateKeyOnDemand', { KeyId })
  await vault.call('secretsmanager:CreateSecret', { Name: 'bank', SecretString: 'first' })
  await vault.call('secretsmanager:PutSecretValue', { SecretId: 'bank', SecretString: 'second' })
  await vault.call('keyhearth:PutSettings', {
    AutoLockMinutes: 7,
    LockOnScreenLock: false,
    ClipboardSeconds: 20,
  })
  return { vault, words: RecoveryKey.join(' '), KeyId, CiphertextBlob }
}

/** What a person would miss. */
async function contents(
  vault: Background,
  { KeyId, CiphertextBlob }: Awaited<ReturnType<typeof full>>,
) {
  const secret = (stage: string) =>
    vault.call('secretsmanager:GetSecretValue', { SecretId: 'bank', VersionStage: stage })
  const { Plaintext } = await vault.call('kms:Decrypt', { CiphertextBlob })
  const { KeyMetadata } = await vault.call('kms:DescribeKey', { KeyId: 'alias/archive' })
  const { Rotations } = await vault.call('kms:ListKeyRotations', { KeyId })
  return {
    current: (await secret('AWSCURRENT')).SecretString,
    previous: (await secret('AWSPREVIOUS')).SecretString,
    plaintext: Plaintext,
    key: KeyMetadata.KeyId,
    rotations: Rotations.length,
    settings: await vault.call('keyhearth:GetSettings', {}),
    trail: (await vault.call('keyhearth:VerifyTrail', {})).Intact,
  }
}

const restore = async (vault: Background, file: File, kept: Parameters<typeof send>[3]) => {
  const { RestoreId } = await send(vault, file, 'replace', kept)
  await vault.call('keyhearth:RestoreBackup', { RestoreId, Passphrase: 'on a new computer' })
}

describe('a backup', () => {
  test('comes back whole in a browser that has nothing, by the words', async () => {
    const made = await full()
    const before = await contents(made.vault, made)
    const file = await backUp(made.vault)
    const fresh = await Background.start()
    await restore(fresh, file, { RecoveryKey: made.words })
    expect(fresh.hsm.state).toBe('unlocked')
    expect(await contents(fresh, made)).toEqual(before)
    await fresh.endBrowser()
    expect(await fresh.refusal('keyhearth:Unlock', proof)).toBe('wrong-passphrase')
    await fresh.call('keyhearth:Unlock', { Passphrase: 'on a new computer' })
    expect(await contents(fresh, made)).toEqual(before)
    const { Events } = await fresh.call('keyhearth:ListEvents', {})
    expect(Events.map(({ eventName }) => eventName)).toContain('RestoreBackup')
    expect(Events.map(({ eventName }) => eventName)).toContain('CreateVault')
  }, 60_000)

  test('opens by three of five shares, and by a passphrase for backups', async () => {
    const made = await full()
    const Slot = { Kind: 'shares', Threshold: 3, Shares: 5 } as const
    const added = await made.vault.call('keyhearth:AddKeySlot', { Proof: proof, Name: '', Slot })
    const sheets = (added.Shares ?? []).map((words) => words.join(' '))
    expect(sheets.map((sheet) => readShare(sheet).number)).toEqual([1, 2, 3, 4, 5])
    await made.vault.call('keyhearth:AddKeySlot', {
      Proof: proof,
      Name: '',
      Slot: { Kind: 'backup', Passphrase: 'only for backups' },
    })
    const file = await backUp(made.vault)
    const before = await contents(made.vault, made)
    for (const kept of [{ Shares: sheets.slice(2) }, { BackupPassphrase: 'only for backups' }]) {
      const fresh = await Background.start()
      await restore(fresh, file, kept)
      expect(await contents(fresh, made)).toEqual(before)
    }
    const fresh = await Background.start()
    const refusal = (kept: Parameters<typeof send>[3]) =>
      refusalOf(send(fresh, file, 'verify', kept))
    expect(await refusal({ Shares: sheets.slice(3) })).toBe('shares-too-few')
    expect(await refusal({ BackupPassphrase: 'another one' })).toBe('wrong-backup-passphrase')
    // It opens backups alone.
    await made.vault.endBrowser()
    expect(await made.vault.refusal('keyhearth:Unlock', { Passphrase: 'only for backups' })).toBe(
      'wrong-passphrase',
    )
  }, 60_000)

  test('is proven without restoring it, by the vault itself and by the words', async () => {
    const made = await full()
    const file = await backUp(made.vault)
    for (const kept of [undefined, { RecoveryKey: made.words }]) {
      const { review } = await send(made.vault, file, 'verify', kept)
      expect(review).toMatchObject({ Secrets: 1, Damaged: 0, TrailIntact: true })
      expect(review.Keys).toBe(2)
      expect(review.Events).toBeGreaterThan(5)
    }
    expect(await made.vault.db.count('restoring')).toBe(0)
  }, 60_000)

  test('is the vault of one moment, though it is used meanwhile', async () => {
    const made = await full()
    await made.vault.call('secretsmanager:CreateSecret', { Name: 'going', SecretString: 'x' })
    // More than is read ahead, so that something can happen between.
    for (let i = 0; i < 200; i++) {
      const SecretString = String(i).repeat(60_000 / String(i).length)
      await made.vault.call('secretsmanager:CreateSecret', { Name: `large-${i}`, SecretString })
    }
    const file = await backUp(made.vault, async () => {
      await made.vault.call('secretsmanager:PutSecretValue', {
        SecretId: 'bank',
        SecretString: 'third',
      })
      await made.vault.call('secretsmanager:DeleteSecret', {
        SecretId: 'going',
        ForceDeleteWithoutRecovery: true,
      })
      await made.vault.call('kms:CreateKey', { Description: 'made meanwhile' })
    })
    const fresh = await Background.start()
    const { review } = await send(fresh, file, 'verify', { RecoveryKey: made.words })
    expect(review).toMatchObject({ Damaged: 0, TrailIntact: true, Keys: 3, Secrets: 201 })
    await restore(fresh, file, { RecoveryKey: made.words })
    const { SecretString } = await fresh.call('secretsmanager:GetSecretValue', { SecretId: 'bank' })
    expect(SecretString).toBe('third')
  }, 60_000)

  /** More than is read ahead, so that something can happen between. */
  async function large() {
    const made = await full()
    for (let i = 0; i < 100; i++) {
      const SecretString = String(i).repeat(60_000 / String(i).length)
      await made.vault.call('secretsmanager:CreateSecret', { Name: `large-${i}`, SecretString })
    }
    return made
  }

  test('is whole though another is merged meanwhile', async () => {
    const { vault } = await large()
    const { KeyMetadata } = await vault.call('kms:CreateKey', { Description: 'comes back' })
    const { KeyId } = KeyMetadata
    await vault.call('secretsmanager:CreateSecret', { Name: 'aaa', SecretString: 'comes back' })
    const earlier = await backUp(vault)
    await vault.call('secretsmanager:DeleteSecret', {
      SecretId: 'aaa',
      ForceDeleteWithoutRecovery: true,
    })
    await vault.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    const inAWeek = Date.now() + 8 * 86_400_000
    const now = vi.spyOn(Date, 'now').mockReturnValue(inAWeek)
    await vault.call('keyhearth:DeleteKey', { KeyId }, { kind: 'service' })
    now.mockRestore()
    const file = await backUp(vault, async () => void (await merge(vault, earlier)))
    const { review } = await send(vault, file, 'verify')
    expect(review).toMatchObject({ Damaged: 0, TrailIntact: true, Secrets: 102, Keys: 3 })
  }, 60_000)

  test('fails where old events go meanwhile, or all of the vault', async () => {
    const made = await large()
    const earlier = await backUp(made.vault)
    const { vault } = made
    const { RestoreId } = await send(vault, earlier, 'replace', { RecoveryKey: made.words })
    const meanwhile = async () => {
      await vault.call('keyhearth:RestoreBackup', { RestoreId, Passphrase: 'a new passphrase' })
    }
    expect(await refusalOf(backUp(vault, meanwhile))).toBe('backup-disturbed')
    const removing = () => commit(vault.hsm.db, [{ store: 'trail', removeUpTo: 1 }], null)
    expect(await refusalOf(backUp(vault, removing))).toBe('backup-disturbed')
    expect(await refusalOf(backUp(vault))).toBe('none')
  }, 60_000)

  test('of a page’s account comes back with its rights', async () => {
    const made = await full()
    const origin = 'https://example.com'
    const file = await backUp(made.vault)
    expect(await made.vault.refusal('kms:ListKeys', {}, page(origin))).toBe('disconnected')
    expect(file.byteLength).toBeGreaterThan(1000)
  }, 60_000)
})

describe('a backup that is not one', () => {
  test('is refused by name wherever it was changed, and nothing is changed by it', async () => {
    const made = await full()
    const file = await backUp(made.vault)
    const before = await contents(made.vault, made)
    const spots = Array.from({ length: 60 }, (_, i) => Math.floor((i * file.byteLength) / 60))
    for (const at of spots) {
      const altered = file.slice()
      altered[at] = (altered[at] ?? 0) ^ 0x40
      const refusal = await refusalOf(merge(made.vault, altered))
      expect([
        'backup-malformed',
        'backup-of-other-vault',
        'backup-cut-off',
        'wrong-recovery-key',
      ]).toContain(refusal)
    }
    expect(await contents(made.vault, made)).toEqual(before)
  }, 120_000)

  test('is refused wherever it is cut off', async () => {
    const made = await full()
    const file = await backUp(made.vault)
    for (const length of [0, 10, 500, 5000, file.byteLength - 200, file.byteLength - 1]) {
      const refusal = await refusalOf(merge(made.vault, file.slice(0, length)))
      expect(['backup-malformed', 'backup-cut-off']).toContain(refusal)
    }
  }, 60_000)

  test('of another vault is not merged, and of a wrong key not opened', async () => {
    const [made, other] = [await full(), await full()]
    const file = await backUp(other.vault)
    expect(await refusalOf(merge(made.vault, file))).toBe('backup-of-other-vault')
    const words = { RecoveryKey: other.words }
    expect(await refusalOf(send(made.vault, file, 'merge', words))).toBe('backup-of-other-vault')
    expect(await made.vault.refusal('kms:ListKeys', {})).toBe('none')
    const fresh = await Background.start()
    expect(await refusalOf(send(fresh, file, 'verify', { RecoveryKey: made.words }))).toBe(
      'wrong-recovery-key',
    )
    expect(fresh.hsm.state).toBe('missing')
  }, 60_000)
})

describe('one backup after another', () => {
  test('of one that was given up halfway nothing comes along', async () => {
    const made = await full()
    for (let i = 0; i < 60; i++) {
      const SecretString = String(i).repeat(60_000 / String(i).length)
      await made.vault.call('secretsmanager:CreateSecret', { Name: `large-${i}`, SecretString })
    }
    const large = await backUp(made.vault)
    const other = await full()
    const small = await backUp(other.vault)
    const fresh = await Background.start()
    const Kept = { RecoveryKey: made.words }
    const first = await fresh.call('keyhearth:StartRestore', { Purpose: 'replace', Kept })
    const sending = []
    for (let Part = 0; Part < 3; Part++) {
      const Bytes = large.slice(Part << 20, (Part + 1) << 20)
      sending.push(fresh.call('keyhearth:SendBackup', { ...first, Part, Bytes }).catch(() => {}))
    }
    await sending[0]
    const { RestoreId } = await send(fresh, small, 'replace', { RecoveryKey: other.words })
    await Promise.all(sending)
    expect(await fresh.refusal('keyhearth:ReviewBackup', first)).toBe('backup-gone')
    await fresh.call('keyhearth:RestoreBackup', { RestoreId, Passphrase: 'on a new computer' })
    for (const store of ['secretVersions', 'secretBlocks', 'keys'] as const) {
      const ids = async ({ db }: Background) => (await db.getAll(store)).map(({ id }) => id)
      expect(await ids(fresh)).toEqual(await ids(other.vault))
    }
    expect(await fresh.db.count('restoring')).toBe(0)
  }, 60_000)

  test('rows that another reading left waiting stay out', async () => {
    const made = await full()
    const file = await backUp(made.vault)
    const fresh = await Background.start()
    const { RestoreId } = await send(fresh, file, 'replace', { RecoveryKey: made.words })
    const [row] = await fresh.db.getAll('restoring')
    const id = `another/people/stranger`
    const people = { id: 'stranger', revision: 1, sealed: new Uint8Array(40) }
    await fresh.db.put('restoring', { ...row, id, store: 'people', row: people })
    await fresh.call('keyhearth:RestoreBackup', { RestoreId, Passphrase: 'on a new computer' })
    expect(await fresh.db.count('people')).toBe(await made.vault.db.count('people'))
  }, 60_000)
})

describe('merging', () => {
  test('brings back what was deleted, keeps what is later, and removes nothing', async () => {
    const made = await full()
    const { vault, KeyId } = made
    await vault.call('secretsmanager:CreateSecret', { Name: 'lost', SecretString: 'found again' })
    const file = await backUp(vault)
    await vault.call('secretsmanager:DeleteSecret', {
      SecretId: 'lost',
      ForceDeleteWithoutRecovery: true,
    })
    await vault.call('secretsmanager:PutSecretValue', { SecretId: 'bank', SecretString: 'third' })
    await vault.call('secretsmanager:CreateSecret', { Name: 'newer', SecretString: 'stays' })
    await vault.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    const review = await merge(vault, file)
    expect(review.Difference).toMatchObject({ New: 1, OnlyHere: 1, InTheWay: [] })
    const secrets = review.Difference?.Kinds.find(({ Kind }) => Kind === 'secrets')
    expect(secrets).toEqual({
      Kind: 'secrets',
      New: { Count: 1, Names: ['lost'] },
      Changed: { Count: 0, Names: [] },
      OnlyHere: { Count: 1, Names: ['newer'] },
    })
    const value = async (SecretId: string) =>
      (await vault.call('secretsmanager:GetSecretValue', { SecretId })).SecretString
    expect(await value('lost')).toBe('found again')
    expect(await value('bank')).toBe('third')
    expect(await value('newer')).toBe('stays')
    await vault.restart()
    expect(await value('lost')).toBe('found again')
    expect((await vault.call('keyhearth:VerifyTrail', {})).Intact).toBe(true)
  }, 60_000)

  /** Until its day has come, and it is swept. */
  async function deleteForGood(vault: Background, KeyId: string): Promise<void> {
    await vault.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * day)
    await sweep(vault)
    expect(await vault.refusal('kms:DescribeKey', { KeyId })).toBe('key-not-found')
  }
  const day = 86_400_000
  const sweep = async (vault: Background) => {
    const service = { kind: 'service' } as const
    const { Keys } = await vault.call('keyhearth:ListDueKeys', {}, service)
    for (const { Operation, KeyId } of Keys) await vault.call(Operation, { KeyId }, service)
  }
  /** Stays though Keyhearth sweeps, disabled, and decrypts once it is switched on. */
  async function expectBack(vault: Background, { KeyId, CiphertextBlob }: Made): Promise<void> {
    await sweep(vault)
    const { KeyMetadata } = await vault.call('kms:DescribeKey', { KeyId })
    expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false })
    await vault.call('kms:EnableKey', { KeyId })
    expect((await vault.call('kms:Decrypt', { CiphertextBlob })).Plaintext).toEqual(bytes)
    expect((await vault.call('keyhearth:CheckRecords', {})).Damaged).toBe(0)
  }
  type Made = Awaited<ReturnType<typeof full>>
  afterEach(() => vi.restoreAllMocks())

  test('brings back a key that was deleted for good', async () => {
    const made = await full()
    const file = await backUp(made.vault)
    await deleteForGood(made.vault, made.KeyId)
    const review = await merge(made.vault, file)
    const names = review.Difference?.Kinds.map(({ Kind, New }) => [Kind, New.Names])
    expect(names).toContainEqual(['keys', ['Archive']])
    expect(names).toContainEqual(['aliases', ['alias/archive']])
    const { Plaintext } = await made.vault.call('kms:Decrypt', {
      CiphertextBlob: made.CiphertextBlob,
    })
    expect(Plaintext).toEqual(bytes)
    await sweep(made.vault)
    await made.vault.call('kms:DescribeKey', { KeyId: 'alias/archive' })
  }, 60_000)

  test('and from a backup that was made while it waited: disabled, and not to be deleted', async () => {
    const made = await full()
    const { vault, KeyId } = made
    await vault.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    const file = await backUp(vault)
    await vault.call('kms:CancelKeyDeletion', { KeyId })
    const unswept = await vault.copy()
    await unswept.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    await deleteForGood(vault, KeyId)
    await merge(vault, file)
    await expectBack(vault, made)
    expect(await unswept.refusal('kms:DescribeKey', { KeyId })).toBe('key-not-found')
    await merge(unswept, file)
    await expectBack(unswept, made)
    const fresh = await Background.start()
    await restore(fresh, file, { RecoveryKey: made.words })
    await expectBack(fresh, made)
  }, 60_000)

  test('leaves a key alone that is not to be deleted any more', async () => {
    const made = await full()
    const { vault, KeyId } = made
    await vault.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    const file = await backUp(vault)
    await vault.call('kms:CancelKeyDeletion', { KeyId })
    await vault.call('kms:EnableKey', { KeyId })
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * day)
    await merge(vault, file)
    const { Keys } = await vault.call('keyhearth:ListDueKeys', {}, { kind: 'service' })
    expect(Keys).toEqual([])
    const { CiphertextBlob } = made
    expect((await vault.call('kms:Decrypt', { CiphertextBlob })).Plaintext).toEqual(bytes)
  }, 60_000)

  test('does not revive what was revoked or retired, and names what comes', async () => {
    const { vault, KeyId } = await full()
    const site = 'https://example.com'
    const grant = async (Operations: readonly ['Decrypt' | 'Encrypt']) =>
      vault.call('kms:CreateGrant', {
        ...{ KeyId, GranteePrincipal: site, RetiringPrincipal: site },
        Operations: [...Operations],
      })
    const [revoked, retired] = [await grant(['Decrypt']), await grant(['Encrypt'])]
    const file = await backUp(vault)
    const earlier = await vault.copy()
    await vault.call('kms:RevokeGrant', { KeyId, GrantId: revoked.GrantId })
    await vault.call('kms:RetireGrant', { GrantToken: retired.GrantToken })
    const grants = async (of: Background) => (await of.call('kms:ListGrants', { KeyId })).Grants
    const { Difference } = await merge(vault, file)
    expect(Difference).toMatchObject({ New: 0, Changed: 0 })
    expect(await grants(vault)).toEqual([])
    expect(await vault.refusal('kms:RetireGrant', { GrantToken: retired.GrantToken })).toBe(
      'invalid-grant-token',
    )
    // Where they stand, a later backup takes them away; a key that is gone brings its own along.
    const kept = await grant(['Decrypt'])
    const { Difference: theirs } = await merge(earlier, await backUp(vault))
    const changed = theirs?.Kinds.find(({ Kind }) => Kind === 'grants')
    expect(changed).toMatchObject({ New: { Names: [`${site}: Decrypt`] }, Changed: { Count: 2 } })
    expect((await grants(earlier)).map(({ GrantId }) => GrantId)).toEqual([kept.GrantId])
    const whole = await backUp(vault)
    await deleteForGood(vault, KeyId)
    await merge(vault, whole)
    expect((await grants(vault)).map(({ GrantId }) => GrantId)).toEqual([kept.GrantId])
  }, 60_000)

  test('of a backup before values were removed, repairs none of them', async () => {
    const { vault } = await full()
    await vault.call('secretsmanager:CreateSecret', { Name: 'often', SecretString: 'v0' })
    const file = await backUp(vault)
    for (let i = 1; i < 130; i++) {
      const SecretString = `v${i}`
      await vault.call('secretsmanager:PutSecretValue', { SecretId: 'often', SecretString })
    }
    const before = await vault.db.count('secretVersions')
    const { RestoreId } = await send(vault, file, 'merge')
    const merged = await vault.call('keyhearth:MergeBackup', { RestoreId })
    expect(merged).toMatchObject({ New: 0, Changed: 0, Repaired: 0 })
    expect(await vault.db.count('secretVersions')).toBe(before)
  }, 120_000)

  test('repairs records that were damaged or taken away', async () => {
    const made = await full()
    const { vault } = made
    const before = await contents(vault, made)
    const file = await backUp(vault)
    for (const store of ['keys', 'materials', 'secretBlocks', 'aliases'] as const) {
      for (const row of await vault.db.getAll(store)) {
        const sealed = row.sealed.slice()
        sealed[20] = (sealed[20] ?? 0) ^ 1
        await vault.db.put(store, { ...row, sealed })
      }
    }
    for (const { id } of await vault.db.getAll('secretVersions')) {
      await vault.db.delete('secretVersions', id)
    }
    await vault.restart()
    await expect(contents(vault, made)).rejects.toThrow()
    await merge(vault, file)
    expect(await contents(vault, made)).toEqual(before)
  }, 60_000)

  test('a secret whose name a later one has by now is named, and left', async () => {
    const { vault } = await full()
    await vault.call('secretsmanager:CreateSecret', { Name: 'twice', SecretString: 'old' })
    const file = await backUp(vault)
    const force = { SecretId: 'twice', ForceDeleteWithoutRecovery: true }
    await vault.call('secretsmanager:DeleteSecret', force)
    await vault.call('secretsmanager:CreateSecret', { Name: 'twice', SecretString: 'new' })
    const review = await merge(vault, file)
    expect(review.Difference?.InTheWay).toEqual(['twice'])
    const { SecretString } = await vault.call('secretsmanager:GetSecretValue', {
      SecretId: 'twice',
    })
    expect(SecretString).toBe('new')
  }, 60_000)

  test('of two that bear one name the later stays, whichever backup comes first', async () => {
    const { vault } = await full()
    const files: File[] = []
    const SecretId = 'twice'
    for (const SecretString of ['one', 'two']) {
      await vault.call('secretsmanager:CreateSecret', { Name: SecretId, SecretString })
      files.push(await backUp(vault))
      const force = { SecretId, ForceDeleteWithoutRecovery: true }
      await vault.call('secretsmanager:DeleteSecret', force)
    }
    for (const order of [files, [...files].reverse()]) {
      const copy = await vault.copy()
      const reviews = []
      for (const file of order) reviews.push((await merge(copy, file)).Difference)
      const { SecretString } = await copy.call('secretsmanager:GetSecretValue', { SecretId })
      expect(SecretString).toBe('two')
      const [, second] = reviews
      const told = order === files ? second?.Replaced : second?.InTheWay
      expect(told).toEqual(['twice'])
      expect((await copy.call('keyhearth:CheckRecords', {})).Damaged).toBe(0)
      expect(await copy.db.count('secretVersions')).toBe(3)
    }
  }, 60_000)
})
