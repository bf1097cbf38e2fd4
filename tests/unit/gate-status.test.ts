// GetStatus, which every window of the extension waits for: it asks the disk nothing that it knows already, and yet
// whatever changes is in the next answer, in this worker and in one after it.

import { afterEach, describe, expect, test, vi } from 'vitest'
import { browser } from 'wxt/browser'
import type { VaultStatus } from '../../src/protocol/outputs.ts'
import { Background, passphrase } from './background.ts'
import { backUp } from './backups.ts'

const proof = { Passphrase: passphrase } as const
const dayMs = 86_400_000

const status = (vault: Background): Promise<VaultStatus> => vault.call('keyhearth:GetStatus', {})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('the state of the vault', () => {
  test('is told from memory where nothing was written since', async () => {
    const vault = await Background.withVault()
    const first = await status(vault)
    const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
    expect(await status(vault)).toEqual(first)
    expect(await status(vault)).toEqual(first)
    expect(begun).not.toHaveBeenCalled()
    await vault.restart()
    expect(await status(vault)).toEqual(first)
    expect(begun).toHaveBeenCalled()
  })

  const changes: readonly {
    readonly what: string
    readonly change: (vault: Background) => Promise<unknown>
    readonly expected: (now: VaultStatus, before: VaultStatus) => void
  }[] = [
    {
      what: 'a way to open it that comes',
      change: (vault) =>
        vault.call('keyhearth:AddKeySlot', { Proof: proof, Name: '', Slot: { Kind: 'device' } }),
      expected: ({ OpensBy }, before) => {
        expect(before.OpensBy).toEqual(['passphrase'])
        expect([...OpensBy].sort()).toEqual(['device', 'passphrase'])
      },
    },
    {
      what: 'a backup',
      change: backUp,
      expected: ({ Backup }, before) => {
        expect(before.Backup.LastAt).toBeNull()
        expect(Backup.LastAt).toBeGreaterThan(0)
      },
    },
    {
      what: 'the days between backups',
      change: async (vault) => {
        vi.spyOn(browser.idle, 'setDetectionInterval').mockReturnValue()
        vi.useFakeTimers({ now: Date.now() + 2 * dayMs, toFake: ['Date'] })
        const settings = await vault.call('keyhearth:GetSettings', {})
        await vault.call('keyhearth:PutSettings', { ...settings, BackupReminderDays: 1 })
      },
      expected: ({ Backup }, before) => {
        expect(before.Backup.Due).toBe(false)
        expect(Backup.Due).toBe(true)
      },
    },
    {
      what: 'a recovery key that is shown',
      change: (vault) => vault.call('keyhearth:ReplaceRecoveryKey', proof),
      expected: ({ Recovery }) => expect(Recovery).toBe('shown'),
    },
    {
      what: 'passphrases that were wrong',
      change: async (vault) => {
        const input = { CurrentPassphrase: 'not this one', NewPassphrase: 'quite another' }
        for (let i = 0; i < 5; i++) {
          expect(await vault.refusal('keyhearth:ChangePassphrase', input)).toBe('wrong-passphrase')
        }
      },
      expected: ({ RetryAfterSeconds }, before) => {
        expect(before.RetryAfterSeconds).toBe(0)
        expect(RetryAfterSeconds).toBeGreaterThan(0)
      },
    },
    {
      what: 'locking',
      change: (vault) => vault.call('keyhearth:Lock', {}),
      expected: ({ Vault }, before) =>
        expect([before.Vault, Vault]).toEqual(['unlocked', 'locked']),
    },
  ]

  test.each(changes)(
    '$what is in the next answer, and in that of the next worker',
    async ({ change, expected }) => {
      const vault = await Background.withVault()
      await vault.call('keyhearth:PostponeRecoveryKey', {})
      const before = await status(vault)
      await change(vault)
      const now = await status(vault)
      expected(now, before)
      await vault.restart()
      const later = await status(vault)
      expect({ ...later, RetryAfterSeconds: 0 }).toEqual({ ...now, RetryAfterSeconds: 0 })
    },
  )

  test('asked for while it changes is right from the change’s end on', async () => {
    const vault = await Background.withVault()
    await status(vault)
    const adding = vault.call('keyhearth:AddKeySlot', {
      Proof: proof,
      Name: '',
      Slot: { Kind: 'device' },
    })
    let isDone = false
    void adding.then(() => {
      isDone = true
    })
    while (!isDone) {
      await status(vault)
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    expect((await status(vault)).OpensBy).toContain('device')
  })
})
