// The filters of Activity in the address, the stretches the chart counts by, and events as sentences.

import * as v from 'valibot'
import { expect, test } from 'vitest'
import { inputs } from '../../src/protocol/schemas.ts'
import {
  type ActivityFilter,
  barsOf,
  eventFilter,
  ranges,
  readFilter,
  spanOf,
  sumOf,
  writeFilter,
} from '../../src/ui/activityFilter.ts'

const now = Date.parse('2027-03-10T15:23:45Z') / 1000
const usual = readFilter(new URLSearchParams(), '')

test('filters come back from the address; what is unknown counts for nothing', () => {
  const filter: ActivityFilter = {
    range: 'own',
    from: '2027-03-01',
    to: '2027-03-02',
    origin: 'https://mail.example.com',
    keyId: '12345678-0000-4000-8000-000000000000',
    operation: 'kms:Encrypt',
    result: 'refused',
  }
  const address = new URLSearchParams(writeFilter(filter))
  expect(readFilter(address, filter.origin)).toEqual(filter)
  // Browsers write addresses to their history, where anybody with the disk reads them.
  expect(String(address)).not.toContain('example')
  const odd = readFilter(new URLSearchParams('range=eternity&result=perhaps'), '')
  expect([odd.range, odd.result]).toEqual(['week', ''])
})

test.each(ranges)(
  'the range %s holds this moment, in whole stretches, few enough to draw',
  (range) => {
    const filter = { ...usual, range, from: '2027-03-01', to: '2027-03-10' }
    const { start, end, bucketSeconds } = spanOf(filter, now)
    expect(start).toBeLessThan(now)
    expect(end).toBeGreaterThan(now)
    const count = (end - start) / bucketSeconds
    expect(Number.isInteger(count)).toBe(true)
    expect(count).toBeGreaterThanOrEqual(20)
    expect(count).toBeLessThanOrEqual(60)
  },
)

test('dates that are missing or the wrong way round still make a span', () => {
  for (const [from, to] of [
    ['', ''],
    ['2027-03-05', ''],
    ['2027-03-05', '2027-03-01'],
    ['nonsense', 'nonsense'],
    ['1990-01-01', '2027-01-01'],
  ] as const) {
    const { start, end, bucketSeconds } = spanOf({ ...usual, range: 'own', from, to }, now)
    expect(end).toBeGreaterThan(start)
    expect((end - start) / bucketSeconds).toBeLessThanOrEqual(61)
  }
})

test('a filter is what ListEvents takes', () => {
  const filter = { ...usual, operation: 'kms:Encrypt', result: 'ok' as const }
  const request = eventFilter(filter, spanOf(filter, now), 'arn:x')
  expect(request).toMatchObject({
    EventName: 'Encrypt',
    EventSource: 'kms.amazonaws.com',
    ResourceArn: 'arn:x',
  })
  expect(v.safeParse(inputs['keyhearth:ListEvents'], request).success).toBe(true)
  const forged = eventFilter({ ...usual, operation: '__proto__:x' }, spanOf(usual, now), '')
  expect(forged).not.toHaveProperty('EventSource')
})

test('bars stand for every stretch; pages of a summary are added up, what is outside is left out', () => {
  const span = { start: 1000, end: 1400, bucketSeconds: 100 }
  const bars = barsOf(span, [
    { StartTime: 1100, Ok: 1, Refused: 2, Failed: 0 },
    { StartTime: 1100, Ok: 1, Refused: 0, Failed: 3 },
    { StartTime: 9000, Ok: 9, Refused: 9, Failed: 9 },
  ])
  expect(bars).toHaveLength(4)
  expect(bars[1]).toEqual({ StartTime: 1100, Ok: 2, Refused: 2, Failed: 3 })
  expect(sumOf(bars)).toEqual({ Ok: 2, Refused: 2, Failed: 3 })
})
