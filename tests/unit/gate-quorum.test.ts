// Approval by several people: what needs it waits, for the very call, once, for a time, until enough of them gave
// their shares; and what does not approve.

import { sha256 } from '@noble/hashes/sha2.js'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { browser } from 'wxt/browser'
import type { QuorumGroup, QuorumRequest } from '../../src/protocol/outputs.ts'
import { Background, page, passphrase } from './background.ts'
import { backUp, type File, merge, refusalOf, send } from './backups.ts'
import { externalKey, importExternal } from './importExternal.ts'

const proof = { Passphrase: passphrase } as const
const everything = ['delete-key', 'export-key', 'lower-lock', 'export-secrets'] as const
const holders = ['Ana', 'Bo', 'Chen'] as const

interface Made {
  readonly vault: Background
  readonly setId: string
  readonly shares: readonly string[]
}

async function withQuorum(
  Groups: readonly QuorumGroup[] = everything,
  Threshold = 2,
  Holders: readonly string[] = holders,
): Promise<Made> {
  const vault = await Background.withVault()
  const made = await vault.call('keyhearth:CreateQuorum', {
    Proof: proof,
    Holders: [...Holders],
    Threshold,
    Groups: [...Groups],
    ExpiryMinutes: 15,
  })
  return { vault, setId: made.SetId, shares: made.Shares.map((words) => words.join(' ')) }
}

const exportKeys = (vault: Background) => vault.refusal('keyhearth:ExportKeys', proof)

async function waiting(vault: Background): Promise<QuorumRequest> {
  const { Requests } = await vault.call('keyhearth:ListQuorumRequests', {})
  expect(Requests).toHaveLength(1)
  return Requests[0] as QuorumRequest
}

const give = (vault: Background, RequestId: string, Share: string | undefined) =>
  vault.refusal('keyhearth:ApproveByShare', { RequestId, Share: Share ?? '' })

async function approve({ vault, shares }: Made): Promise<void> {
  const { RequestId } = await waiting(vault)
  expect(await give(vault, RequestId, shares[0])).toBe('none')
  expect(await give(vault, RequestId, shares[2])).toBe('none')
}

async function newKey(vault: Background): Promise<string> {
  const { KeyMetadata } = await vault.call('kms:CreateKey', { Description: 'Taxes' })
  return KeyMetadata.KeyId
}

/** A share as somebody would make it who knows the form and not the secret: one bit is another, the sum is right. */
function forged(words: string): string {
  const bits = words.split(' ').reduce((all, word) => {
    return all + wordlist.indexOf(word).toString(2).padStart(11, '0')
  }, '')
  const bytes = Uint8Array.from({ length: 45 }, (_, i) => parseInt(bits.slice(i * 8, i * 8 + 8), 2))
  bytes[20] = (bytes[20] ?? 0) ^ 1
  bytes.set(sha256(bytes.slice(0, 41)).slice(0, 4), 41)
  const written = [...bytes]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .padEnd(363, '0')
  return Array.from({ length: 33 }, (_, i) => {
    return wordlist[parseInt(written.slice(i * 11, i * 11 + 11), 2)] ?? ''
  }).join(' ')
}

const trail = async (vault: Background) =>
  (await vault.call('keyhearth:ListEvents', { Limit: 100 })).Events

beforeEach(() => {
  vi.spyOn(browser.idle, 'setDetectionInterval').mockReturnValue()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('what needs several people', () => {
  test('waits, tells what it is and who is missing, and goes through once they approved, once', async () => {
    const made = await withQuorum()
    const { vault, shares } = made
    expect(await exportKeys(vault)).toBe('quorum-needed')
    const asked = await waiting(vault)
    expect(asked).toMatchObject({
      Operation: 'keyhearth:ExportKeys',
      Threshold: 2,
      Given: [],
      Missing: holders,
      Approved: false,
    })
    expect(await exportKeys(vault)).toBe('quorum-needed')
    expect((await waiting(vault)).RequestId).toBe(asked.RequestId)
    expect(await give(vault, asked.RequestId, shares[1])).toBe('none')
    expect(await waiting(vault)).toMatchObject({ Given: ['Bo'], Missing: ['Ana', 'Chen'] })
    expect(await exportKeys(vault)).toBe('quorum-needed')
    expect(await give(vault, asked.RequestId, shares[0])).toBe('none')
    expect(await waiting(vault)).toMatchObject({ Given: ['Ana', 'Bo'], Approved: true })
    expect(await give(vault, asked.RequestId, shares[2])).toBe('quorum-approved-already')
    expect(await exportKeys(vault)).toBe('none')
    expect(await exportKeys(vault)).toBe('quorum-needed')
  })

  test('is the very call alone: another key, another wait, another setting ask anew', async () => {
    const made = await withQuorum()
    const { vault } = made
    const [one, other] = [await newKey(vault), await newKey(vault)]
    const remove = (KeyId: string, PendingWindowInDays: number) =>
      vault.refusal('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays })
    expect(await remove(one, 30)).toBe('quorum-needed')
    expect((await waiting(vault)).About).toEqual({ KeyId: one, KeyName: 'Taxes', Days: '30' })
    await approve(made)
    expect(await remove(one, 7)).toBe('quorum-needed')
    expect(await remove(other, 30)).toBe('quorum-needed')
    expect(await remove(one, 30)).toBe('none')
  })

  test('may be tried again where it failed after the approval', async () => {
    const made = await withQuorum()
    const { vault } = made
    await exportKeys(vault)
    await approve(made)
    const wrong = { Passphrase: 'not this one' }
    expect(await vault.refusal('keyhearth:ExportKeys', wrong)).toBe('wrong-passphrase')
    expect(await exportKeys(vault)).toBe('none')
  })

  test('runs once where it is asked for twice at the same time', async () => {
    const made = await withQuorum()
    const { vault } = made
    await vault.refusal('keyhearth:ExportItems', { Proof: proof })
    await approve(made)
    const two = await Promise.all([
      vault.refusal('keyhearth:ExportItems', { Proof: proof }),
      vault.refusal('keyhearth:ExportItems', { Proof: proof }),
    ])
    expect(two.sort()).toEqual(['none', 'quorum-needed'])
  })

  test('is only what was chosen, and only what lowers the lock', async () => {
    const { vault } = await withQuorum(['lower-lock'])
    expect(await exportKeys(vault)).toBe('none')
    const settings = await vault.call('keyhearth:GetSettings', {})
    const put = (AutoLockMinutes: number, LockOnScreenLock = true) =>
      vault.refusal('keyhearth:PutSettings', { ...settings, AutoLockMinutes, LockOnScreenLock })
    expect(await put(settings.AutoLockMinutes - 1)).toBe('none')
    expect(await put(settings.AutoLockMinutes)).toBe('quorum-needed')
    expect(await put(settings.AutoLockMinutes - 1, false)).toBe('quorum-needed')
    const { Slots } = await vault.call('keyhearth:ListKeySlots', {})
    const SlotId = Slots[0]?.SlotId ?? ''
    expect(await vault.refusal('keyhearth:RemoveKeySlot', { SlotId, Proof: proof })).toBe(
      'quorum-needed',
    )
  })

  test('is whatever would undo the quorum, whatever was chosen', async () => {
    const { vault } = await withQuorum(['delete-key'])
    const add = (Slot: { Kind: 'recovery' } | { Kind: 'device' }) =>
      vault.refusal('keyhearth:AddKeySlot', { Proof: proof, Name: '', Slot })
    expect(await add({ Kind: 'recovery' })).toBe('quorum-needed')
    expect(await vault.refusal('keyhearth:ReplaceRecoveryKey', proof)).toBe('quorum-needed')
    expect(await vault.refusal('keyhearth:RemoveQuorum', {})).toBe('quorum-needed')
    expect(await add({ Kind: 'device' })).toBe('none')
  })

  test('is refused to pages, and makes no request', async () => {
    const { vault } = await withQuorum()
    const site = page('https://example.com')
    await vault.sites.allowOnce(site, ['keys'])
    const { KeyMetadata } = await vault.call('kms:CreateKey', {}, site)
    const input = { KeyId: KeyMetadata.KeyId }
    expect(await vault.refusal('kms:ScheduleKeyDeletion', input, site)).toBe('quorum-not-by-page')
    expect((await vault.call('keyhearth:ListQuorumRequests', {})).Requests).toEqual([])
  })

  test('a key whose day has come goes by itself', async () => {
    const made = await withQuorum()
    const { vault } = made
    const KeyId = await newKey(vault)
    await vault.refusal('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    await approve(made)
    await vault.call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    vi.useFakeTimers({ now: Date.now() + 8 * 86_400_000, toFake: ['Date'] })
    await vault.call('keyhearth:DeleteKey', { KeyId }, { kind: 'service' })
    expect(await vault.refusal('kms:DescribeKey', { KeyId })).toBe('key-not-found')
  })

  test('a key that never had its material is deleted without them; one that had it is not', async () => {
    const { vault } = await withQuorum()
    const KeyId = await externalKey(vault, 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
    expect(await vault.refusal('kms:ScheduleKeyDeletion', { KeyId })).toBe('none')
    const secret = crypto.getRandomValues(new Uint8Array(32))
    const imported = await importExternal(vault, 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', secret)
    const input = { KeyId: imported }
    expect(await vault.refusal('kms:ScheduleKeyDeletion', input)).toBe('quorum-needed')
  })

  test('the token of looking through passwords goes on with no export', async () => {
    const { vault } = await withQuorum()
    const NextToken = `examine-${crypto.randomUUID()}`
    expect(await vault.refusal('keyhearth:ExportItems', { NextToken })).toBe('secret-next-token')
  })
})

describe('what needs them may be changed', () => {
  const change = (vault: Background, Groups: readonly QuorumGroup[], ExpiryMinutes = 15) =>
    vault.refusal('keyhearth:UpdateQuorum', { Proof: proof, Groups: [...Groups], ExpiryMinutes })

  test('to more by the person alone, whose passphrase is asked for', async () => {
    const { vault } = await withQuorum(['delete-key'])
    const wrong = { Proof: { Passphrase: 'not this one' }, Groups: everything, ExpiryMinutes: 15 }
    expect(await vault.refusal('keyhearth:UpdateQuorum', wrong)).toBe('wrong-passphrase')
    expect(await exportKeys(vault)).toBe('none')
    expect(await change(vault, ['export-key', 'delete-key'], 5)).toBe('none')
    expect(await exportKeys(vault)).toBe('quorum-needed')
    const { Quorum } = await vault.call('keyhearth:GetQuorum', {})
    expect(Quorum).toMatchObject({ Groups: ['export-key', 'delete-key'], ExpiryMinutes: 5 })
  })

  test('to less, or to a longer wait, by the people themselves', async () => {
    const made = await withQuorum(['delete-key', 'export-key'])
    const { vault } = made
    expect(await change(vault, ['delete-key', 'export-key'], 60)).toBe('quorum-needed')
    await vault.call('keyhearth:DeclineQuorumRequest', {
      RequestId: (await waiting(vault)).RequestId,
    })
    expect(await change(vault, ['delete-key', 'export-secrets'])).toBe('quorum-needed')
    expect(await waiting(vault)).toMatchObject({
      Operation: 'keyhearth:UpdateQuorum',
      About: { Groups: 'delete-key export-secrets', Minutes: '15' },
    })
    expect(await exportKeys(vault)).toBe('quorum-needed')
    const [request] = (await vault.call('keyhearth:ListQuorumRequests', {})).Requests
    await give(vault, request?.RequestId ?? '', made.shares[0])
    await give(vault, request?.RequestId ?? '', made.shares[1])
    expect(await change(vault, ['delete-key'])).toBe('quorum-needed')
    expect(await change(vault, ['export-secrets', 'delete-key'])).toBe('none')
    expect(await exportKeys(vault)).toBe('none')
    const events = (await trail(vault)).filter(
      ({ eventName, errorCode }) => eventName === 'UpdateQuorum' && !errorCode,
    )
    expect(events.map(({ requestParameters }) => requestParameters)).toEqual([
      { Groups: ['export-secrets', 'delete-key'], ExpiryMinutes: 15 },
    ])
  })

  test('where there is a set at all', async () => {
    const vault = await Background.withVault()
    expect(await change(vault, ['delete-key'])).toBe('quorum-not-found')
  })
})

describe('what approves nothing', () => {
  test('a share twice, with a word wrong, of recovery, of another vault, of a set that was removed', async () => {
    const { vault, shares, setId } = await withQuorum()
    const other = await withQuorum()
    await exportKeys(vault)
    const { RequestId } = await waiting(vault)
    expect(await give(vault, RequestId, shares[0])).toBe('none')
    expect(await give(vault, RequestId, `  ${shares[0]?.toUpperCase()}`)).toBe('shares-repeated')
    const [first = '', ...rest] = (shares[1] ?? '').split(' ')
    const changed = wordlist[(wordlist.indexOf(first) + 1) % wordlist.length]
    expect(await give(vault, RequestId, [changed, ...rest].join(' '))).toBe('share-malformed')
    expect(await give(vault, RequestId, other.shares[1])).toBe('quorum-other-set')
    const recovery = await (await Background.withVault()).call('keyhearth:AddKeySlot', {
      Proof: proof,
      Name: '',
      Slot: { Kind: 'shares', Threshold: 2, Shares: 3 },
    })
    expect(await give(vault, RequestId, recovery.Shares?.[0]?.join(' '))).toBe(
      'share-of-other-kind',
    )
    expect(setId).not.toBe(other.setId)
    expect(await waiting(vault)).toMatchObject({ Given: ['Ana'], Approved: false })
  })

  test('a forged share: all that were given are dropped, and right ones approve after', async () => {
    const made = await withQuorum()
    const { vault, shares } = made
    await exportKeys(vault)
    const { RequestId } = await waiting(vault)
    expect(await give(vault, RequestId, shares[0])).toBe('none')
    expect(await give(vault, RequestId, forged(shares[1] ?? ''))).toBe('quorum-wrong-shares')
    expect(await waiting(vault)).toMatchObject({ Given: [], Approved: false })
    expect(await exportKeys(vault)).toBe('quorum-needed')
    await approve(made)
    expect(await exportKeys(vault)).toBe('none')
  })

  test('shares for approval recover no vault', async () => {
    const { vault, shares } = await withQuorum()
    const Shares = shares.slice(0, 2)
    expect(await vault.refusal('keyhearth:RehearseRecovery', { Proof: { Shares } })).toBe(
      'share-of-other-kind',
    )
  })

  test('a request that is declined, and one that nobody knows', async () => {
    const { vault, shares } = await withQuorum()
    await exportKeys(vault)
    const { RequestId } = await waiting(vault)
    await vault.call('keyhearth:DeclineQuorumRequest', { RequestId })
    expect(await give(vault, RequestId, shares[0])).toBe('quorum-request-gone')
    expect(await give(vault, 'none', shares[0])).toBe('quorum-request-gone')
  })

  test('after its time: a request that waits, and one that was approved', async () => {
    const made = await withQuorum()
    const { vault, shares } = made
    await exportKeys(vault)
    await approve(made)
    const KeyId = await newKey(vault)
    await vault.refusal('kms:ScheduleKeyDeletion', { KeyId })
    const before = (await vault.call('keyhearth:ListQuorumRequests', {})).Requests
    vi.useFakeTimers({ now: Date.now() + 15 * 60_000, toFake: ['Date'] })
    expect(await give(vault, before[1]?.RequestId ?? '', shares[0])).toBe('quorum-request-gone')
    expect(await exportKeys(vault)).toBe('quorum-needed')
    const expired = (await trail(vault)).filter(
      ({ eventName }) => eventName === 'ExpireQuorumRequest',
    )
    expect(expired.map(({ requestParameters }) => requestParameters?.['RequestId']).sort()).toEqual(
      before.map((one) => one.RequestId).sort(),
    )
  })
})

describe('what lasts', () => {
  test('a worker that is killed keeps what was given; the end of the browser does not', async () => {
    const { vault, shares } = await withQuorum()
    await exportKeys(vault)
    const { RequestId } = await waiting(vault)
    await give(vault, RequestId, shares[0])
    await vault.restart()
    expect(await waiting(vault)).toMatchObject({ Given: ['Ana'] })
    expect(await give(vault, RequestId, shares[1])).toBe('none')
    await vault.restart()
    expect(await exportKeys(vault)).toBe('none')
    await exportKeys(vault)
    await vault.endBrowser()
    await vault.call('keyhearth:Unlock', proof)
    expect((await vault.call('keyhearth:ListQuorumRequests', {})).Requests).toEqual([])
  })

  test('locking takes away what waits and what was approved, and every word of it', async () => {
    const made = await withQuorum()
    const { vault, shares } = made
    await exportKeys(vault)
    await approve(made)
    await vault.refusal('keyhearth:ExportItems', { Proof: proof })
    const second = vault.quorum.waiting.find(({ approved }) => !approved)
    await give(vault, second?.id ?? '', shares[0])
    expect(JSON.stringify([...vault.session.items.values()])).toContain(shares[0])
    await vault.call('keyhearth:Lock', {})
    expect(JSON.stringify([...vault.session.items.values()])).not.toContain(shares[0])
    await vault.call('keyhearth:Unlock', proof)
    expect(await exportKeys(vault)).toBe('quorum-needed')
  })

  test('the set survives locking; a row that was taken away keeps shut what it guards', async () => {
    const { vault } = await withQuorum()
    await vault.endBrowser()
    const [row] = await vault.db.getAll('quorums')
    await vault.db.delete('quorums', row?.id ?? '')
    await vault.call('keyhearth:Unlock', proof)
    expect(await exportKeys(vault)).toBe('record-damaged')
  })
})

describe('the set', () => {
  test('is one, made by the person, and of no more needed than there are', async () => {
    const { vault } = await withQuorum()
    const input = {
      Proof: proof,
      Holders: ['Ana', 'Bo'],
      Threshold: 2,
      Groups: ['delete-key' as const],
      ExpiryMinutes: 5,
    }
    expect(await vault.refusal('keyhearth:CreateQuorum', input)).toBe('quorum-exists')
    const fresh = await Background.withVault()
    const wrong = { ...input, Proof: { Passphrase: 'not this one' } }
    expect(await fresh.refusal('keyhearth:CreateQuorum', wrong)).toBe('wrong-passphrase')
    const many = { ...input, Threshold: 3 }
    expect(await fresh.refusal('keyhearth:CreateQuorum', many)).toBe('invalid-input')
    expect((await fresh.call('keyhearth:GetQuorum', {})).Quorum).toBeNull()
  })

  test('goes by its own people, and with it what waits', async () => {
    const made = await withQuorum()
    const { vault } = made
    expect(await vault.refusal('keyhearth:RemoveQuorum', {})).toBe('quorum-needed')
    await approve(made)
    await vault.refusal('keyhearth:ExportItems', { Proof: proof })
    expect(await vault.call('keyhearth:RemoveQuorum', {})).toEqual({ By: 'approval' })
    expect((await vault.call('keyhearth:ListQuorumRequests', {})).Requests).toEqual([])
    expect(await exportKeys(vault)).toBe('none')
  })

  test('goes by the recovery key, where they are lost, and the trail says so', async () => {
    const vault = await Background.withVaultOfItsOwn()
    const words = (await vault.call('keyhearth:GetPendingRecoveryKey', {})).RecoveryKey
    await vault.call('keyhearth:CreateQuorum', {
      Proof: proof,
      Holders: ['Ana', 'Bo'],
      Threshold: 2,
      Groups: ['export-key'],
      ExpiryMinutes: 5,
    })
    const by = (RecoveryKey: string) =>
      vault.refusal('keyhearth:RemoveQuorum', { RecoveryProof: { RecoveryKey } })
    expect(await by([...(words ?? [])].reverse().join(' '))).not.toBe('none')
    expect(await exportKeys(vault)).toBe('quorum-needed')
    expect(await by(words?.join(' ') ?? '')).toBe('none')
    expect(await exportKeys(vault)).toBe('none')
    const event = (await trail(vault)).find(
      ({ eventName, errorCode }) => eventName === 'RemoveQuorum' && !errorCode,
    )
    expect(event?.responseElements).toEqual({ By: 'recovery' })
  })
})

describe('merging a backup', () => {
  const words = async (vault: Background) => {
    const made = await vault.call('keyhearth:ReplaceRecoveryKey', proof)
    await vault.call('keyhearth:PostponeRecoveryKey', {})
    return { RecoveryKey: made.RecoveryKey.join(' ') }
  }
  const choose = (vault: Background, Groups: readonly QuorumGroup[]) =>
    vault.call('keyhearth:CreateQuorum', {
      Proof: proof,
      Holders: ['Ana', 'Bo'],
      Threshold: 2,
      Groups: [...Groups],
      ExpiryMinutes: 5,
    })

  test('from before the end of a set does not bring it back', async () => {
    const vault = await Background.withVault()
    const RecoveryProof = await words(vault)
    await choose(vault, ['export-key'])
    const file = await backUp(vault)
    await vault.call('keyhearth:RemoveQuorum', { RecoveryProof })
    const review = await merge(vault, file)
    expect(review.Difference).toMatchObject({ New: 0, Changed: 0, Quorum: false })
    expect((await vault.call('keyhearth:GetQuorum', {})).Quorum).toBeNull()
    expect(await exportKeys(vault)).toBe('none')
    await choose(vault, ['export-key'])
    await merge(vault, file)
    expect((await vault.call('keyhearth:GetQuorum', {})).Quorum?.Holders).toEqual(['Ana', 'Bo'])
  }, 60_000)

  test('that is later brings the set it has, and says so first', async () => {
    const vault = await Background.withVault()
    const earlier = await vault.copy()
    await choose(vault, ['export-key'])
    const review = await merge(earlier, await backUp(vault))
    expect(review.Difference?.Quorum).toBe(true)
    expect(await exportKeys(earlier)).toBe('quorum-needed')
  }, 60_000)

  test('that has other rules waits for the people of the set that is here', async () => {
    const vault = await Background.withVault()
    const RecoveryProof = await words(vault)
    const { Shares } = await choose(vault, ['export-key'])
    const fork = await vault.copy()
    await fork.call('keyhearth:RemoveQuorum', { RecoveryProof })
    const { RestoreId, review } = await send(vault, await backUp(fork), 'merge')
    expect(review.Difference?.Quorum).toBe(true)
    const again = () => vault.refusal('keyhearth:MergeBackup', { RestoreId })
    expect(await again()).toBe('quorum-needed')
    const { RequestId, Operation } = await waiting(vault)
    expect(Operation).toBe('keyhearth:MergeBackup')
    expect((await vault.call('keyhearth:GetQuorum', {})).Quorum).not.toBeNull()
    for (const share of Shares) await give(vault, RequestId, share.join(' '))
    expect(await again()).toBe('none')
    expect(await exportKeys(vault)).toBe('none')
  }, 60_000)

  test('in which a key lost its material waits for those who approve deletions', async () => {
    const vault = await Background.withVault()
    const secret = crypto.getRandomValues(new Uint8Array(32))
    const KeyId = await importExternal(vault, 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', secret)
    const fork = await vault.copy()
    await choose(vault, ['delete-key'])
    await fork.call('kms:DeleteImportedKeyMaterial', { KeyId })
    for (let i = 0; i < 3; i++) await newKey(fork)
    await fork.call('kms:UpdateKeyDescription', { KeyId, Description: 'without' })
    const { RestoreId } = await send(vault, await backUp(fork), 'merge')
    expect(await vault.refusal('keyhearth:MergeBackup', { RestoreId })).toBe('quorum-needed')
    await vault.call('kms:Encrypt', { KeyId, Plaintext: new Uint8Array(8) })
  }, 60_000)

  test('puts no earlier end in the place of a set that is damaged; the recovery key ends that', async () => {
    const vault = await Background.withVault()
    const RecoveryProof = await words(vault)
    await choose(vault, ['export-key'])
    await vault.call('keyhearth:RemoveQuorum', { RecoveryProof })
    const file = await backUp(vault)
    await choose(vault, ['export-key'])
    const [row] = await vault.db.getAll('quorums')
    await vault.db.delete('quorums', row?.id ?? '')
    await vault.restart()
    await merge(vault, file)
    expect(await exportKeys(vault)).toBe('record-damaged')
    expect(await vault.refusal('keyhearth:RemoveQuorum', {})).toBe('record-damaged')
    expect(await vault.refusal('keyhearth:RemoveQuorum', { RecoveryProof })).toBe('none')
    expect(await exportKeys(vault)).toBe('none')
  }, 60_000)
})

describe('a backup in the place of the vault', () => {
  const forBackups = { BackupPassphrase: 'only for backups' } as const

  /** A backup from before the set, and what opens it: the words, and a passphrase for backups. */
  async function guarded() {
    const vault = await Background.withVault()
    const { RecoveryKey } = await vault.call('keyhearth:ReplaceRecoveryKey', proof)
    await vault.call('keyhearth:PostponeRecoveryKey', {})
    await vault.call('keyhearth:AddKeySlot', {
      Proof: proof,
      Name: '',
      Slot: { Kind: 'backup', Passphrase: forBackups.BackupPassphrase },
    })
    const file = await backUp(vault)
    const made = await vault.call('keyhearth:CreateQuorum', {
      Proof: proof,
      Holders: [...holders],
      Threshold: 2,
      Groups: ['delete-key'],
      ExpiryMinutes: 15,
    })
    await newKey(vault)
    const shares = made.Shares.map((words) => words.join(' '))
    return {
      ...{ vault, file, shares, setId: made.SetId },
      words: { RecoveryKey: RecoveryKey.join(' ') },
    }
  }
  const Passphrase = 'another passphrase'
  const restore = async (vault: Background, file: File, kept: Parameters<typeof send>[3]) => {
    const { RestoreId } = await send(vault, file, 'replace', kept)
    return vault.refusal('keyhearth:RestoreBackup', { RestoreId, Passphrase })
  }
  const hasSet = async (vault: Background) =>
    (await vault.call('keyhearth:GetQuorum', {})).Quorum !== null

  test('is never another’s: locked or not, with a set or without', async () => {
    const { vault } = await guarded()
    const other = await Background.withVaultOfItsOwn()
    const made = await other.call('keyhearth:ReplaceRecoveryKey', proof)
    const theirs = await backUp(other)
    const kept = { RecoveryKey: made.RecoveryKey.join(' ') }
    const { vaultId } = vault.hsm.vaultRow ?? {}
    for (const one of [vault, await Background.withVault()]) {
      expect(await refusalOf(send(one, theirs, 'replace', kept))).toBe('backup-of-other-vault')
      await one.call('keyhearth:Lock', {})
      expect(await refusalOf(send(one, theirs, 'replace', kept))).toBe('backup-of-other-vault')
      expect(one.hsm.vaultRow?.vaultId).toBe(vaultId)
      expect(await one.refusal('keyhearth:Unlock', proof)).toBe('none')
    }
  }, 60_000)

  test('is not one that was begun before there was a vault', async () => {
    const { file, words } = await guarded()
    const fresh = await Background.start()
    const { RestoreId } = await send(fresh, file, 'replace', words)
    await fresh.call('keyhearth:CreateVault', { Passphrase: passphrase })
    expect(await fresh.refusal('keyhearth:RestoreBackup', { RestoreId, Passphrase })).toBe(
      'backup-of-other-vault',
    )
  }, 60_000)

  test('by a passphrase for backups waits for the people, and is done once they approve', async () => {
    const made = await guarded()
    const { vault, file } = made
    expect(await restore(vault, file, forBackups)).toBe('quorum-needed')
    expect(await waiting(vault)).toMatchObject({ Operation: 'keyhearth:RestoreBackup' })
    await approve(made)
    // Read once more, as where the worker ended meanwhile.
    expect(await restore(vault, file, forBackups)).toBe('none')
    expect(await hasSet(vault)).toBe(false)
  }, 60_000)

  test('and over a locked vault is refused, for they cannot be asked', async () => {
    const { vault, file } = await guarded()
    await vault.call('keyhearth:Lock', {})
    expect(await restore(vault, file, forBackups)).toBe('restore-needs-recovery')
    await vault.call('keyhearth:Unlock', proof)
    expect(await hasSet(vault)).toBe(true)
  }, 60_000)

  test('by the recovery key needs nobody else, by one that was replaced it does', async () => {
    const { vault, file, words } = await guarded()
    const later = await vault.copy()
    await vault.call('keyhearth:Lock', {})
    expect(await restore(vault, file, words)).toBe('none')
    expect(await hasSet(vault)).toBe(false)
    const slots = (await later.db.getAll('slots')).filter(({ kind }) => kind === 'recovery')
    for (const { id } of slots) await later.db.delete('slots', id)
    later.local.items.clear()
    await later.restart()
    expect(await restore(later, file, words)).toBe('quorum-needed')
    await later.call('keyhearth:Lock', {})
    expect(await restore(later, file, words)).toBe('restore-needs-recovery')
  }, 60_000)

  test('keeps shut where the record of the set is damaged, but for the recovery key', async () => {
    const { vault, file, words } = await guarded()
    const [row] = await vault.db.getAll('quorums')
    await vault.db.delete('quorums', row?.id ?? '')
    await vault.restart()
    expect(await restore(vault, file, forBackups)).toBe('restore-needs-recovery')
    expect(await restore(vault, file, words)).toBe('none')
  }, 60_000)

  test('comes back where this device’s key is lost, by whatever opens it', async () => {
    const { vault, file, words } = await guarded()
    const slots = (await vault.db.getAll('slots')).filter(({ kind }) => kind === 'passphrase')
    for (const { id } of slots) await vault.db.delete('slots', id)
    await vault.endBrowser()
    expect(vault.hsm.state).toBe('damaged')
    expect(await restore(vault, file, forBackups)).toBe('restore-needs-recovery')
    expect(await restore(vault, file, words)).toBe('none')
  }, 60_000)
})

test('the trail tells of asking, each share and the approval, by one name, and of no word of a share', async () => {
  const made = await withQuorum()
  const { vault, shares } = made
  await exportKeys(vault)
  const { RequestId } = await waiting(vault)
  await approve(made)
  await exportKeys(vault)
  const events = await trail(vault)
  const asked = events.find(({ requestID }) => requestID === RequestId)
  expect(asked).toMatchObject({ eventName: 'ExportKeys', errorCode: 'AccessDeniedException' })
  const given = events.filter(({ eventName }) => eventName === 'ApproveByShare')
  expect(given.map((one) => one.requestParameters)).toEqual([{ RequestId }, { RequestId }])
  expect(given.map((one) => one.responseElements)).toEqual([
    { Holder: 3, Approved: true },
    { Holder: 1, Approved: false },
  ])
  const [first = ''] = shares
  expect(JSON.stringify(events)).not.toContain(first.split(' ').slice(0, 3).join(' '))
})
