// Looking for events: pages, filters, times, and counts for a chart.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Input } from '../../src/protocol/schemas.ts'
import { Background, page, passphrase } from './background.ts'

const start = Date.UTC(2026, 0, 1)
const hour = 3600

let vault: Background

/** One event an hour: reads, and every third one a refusal of a page. */
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  vault = await Background.withVault()
  for (let i = 1; i < 30; i++) {
    vi.setSystemTime(start + i * hour * 1000)
    if (i % 3 === 0) await vault.refusal('kms:ListKeys', {}, page('https://a.example'))
    else await vault.call('secretsmanager:ListSecrets', {})
  }
})
afterEach(() => {
  vi.useRealTimers()
})

const list = async (input: Input<'keyhearth:ListEvents'>) => {
  const { Events, NextBefore } = await vault.call('keyhearth:ListEvents', input)
  return { sequences: Events.map(({ sequence }) => sequence), NextBefore }
}

describe('events are listed', () => {
  test('newest first, page by page, each once', async () => {
    const all: number[] = []
    let Before: number | undefined
    do {
      const next = await list({ Limit: 7, ...(Before === undefined ? {} : { Before }) })
      expect(next.sequences.length).toBeLessThanOrEqual(7)
      all.push(...next.sequences)
      Before = next.NextBefore
    } while (Before !== undefined)
    expect(all).toEqual(Array.from({ length: 30 }, (_, i) => 30 - i))
  })

  test('after one that is known already', async () => {
    expect((await list({ After: 28 })).sequences).toEqual([30, 29])
    expect((await list({ After: 30 })).sequences).toEqual([])
  })

  test('between two times', async () => {
    const at = (i: number) => start / 1000 + i * hour
    expect((await list({ StartTime: at(5), EndTime: at(8) })).sequences).toEqual([9, 8, 7, 6])
    expect((await list({ StartTime: at(28) })).sequences).toEqual([30, 29])
    expect((await list({ EndTime: at(1) })).sequences).toEqual([2, 1])
    expect((await list({ EndTime: at(-1) })).sequences).toEqual([])
    expect((await list({ StartTime: at(5) + 1, EndTime: at(6) - 1 })).sequences).toEqual([])
  })

  test('by origin, name, source and result', async () => {
    const refused = [28, 25, 22, 19, 16, 13, 10, 7, 4]
    expect((await list({ Origin: 'https://a.example' })).sequences).toEqual(refused)
    expect((await list({ Result: 'refused' })).sequences).toEqual(refused)
    expect((await list({ EventName: 'ListKeys' })).sequences).toEqual(refused)
    expect((await list({ EventSource: 'keyhearth' })).sequences).toEqual([1])
    expect((await list({ Result: 'failed' })).sequences).toEqual([])
    expect((await list({ Result: 'ok', Limit: 3 })).sequences).toEqual([30, 29, 27])
    expect((await list({ Origin: 'https://b.example' })).sequences).toEqual([])
  })

  test('by the key they touched', async () => {
    const { KeyId = '' } = await vault.call('kms:Encrypt', {
      KeyId: 'alias/personal',
      Plaintext: new Uint8Array([1]),
    })
    const { sequences } = await list({ ResourceArn: KeyId })
    expect(sequences[0]).toBe(31)
    expect(sequences).not.toContain(30)
  })

  test('and one that was altered hides no other', async () => {
    const row = await vault.db.get('trail', 20)
    if (!row) throw new Error('no row')
    await vault.db.put('trail', { ...row, sealed: row.sealed.slice(1) })
    const { Events, Unreadable } = await vault.call('keyhearth:ListEvents', {})
    expect(Events).toHaveLength(29)
    expect(Unreadable).toBe(1)
    expect(
      (await list({ StartTime: start / 1000 + 18 * hour, Limit: 100 })).sequences,
    ).toHaveLength(11)
  })
})

describe('events are counted', () => {
  test('by stretches of time and result', async () => {
    const summary = await vault.call('keyhearth:SummariseEvents', {
      StartTime: start / 1000,
      EndTime: start / 1000 + 29 * hour,
      BucketSeconds: 12 * hour,
    })
    const at = start / 1000
    expect(summary).toEqual({
      Buckets: [
        { StartTime: at, Ok: 9, Refused: 3, Failed: 0 },
        { StartTime: at + 12 * hour, Ok: 8, Refused: 4, Failed: 0 },
        { StartTime: at + 24 * hour, Ok: 4, Refused: 2, Failed: 0 },
      ],
    })
  })

  test('for one site alone', async () => {
    const { Buckets } = await vault.call('keyhearth:SummariseEvents', {
      StartTime: 0,
      EndTime: start / 1000 + 100 * hour,
      BucketSeconds: 100_000_000,
      Origin: 'https://a.example',
    })
    expect(Buckets.map(({ Ok, Refused }) => [Ok, Refused])).toEqual([[0, 9]])
  })

  test('never into more stretches than can be drawn', async () => {
    const input = { StartTime: 0, EndTime: start / 1000, BucketSeconds: 1 }
    expect(await vault.refusal('keyhearth:SummariseEvents', input)).toBe('invalid-input')
  })
})

test('events while locked are listed with the rest', async () => {
  await vault.call('keyhearth:Lock', {})
  await vault.refusal('keyhearth:Unlock', { Passphrase: 'not that one' })
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
  expect((await list({ Limit: 3 })).sequences).toEqual([33, 32, 31])
})
