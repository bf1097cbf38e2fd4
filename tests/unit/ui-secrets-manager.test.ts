// What the manager's section "Secrets" decides without a screen: what is read while one scrolls, how an import is cut
// into parts and kept within bounds, what counts as the same secret, and what an address says.

import fc from 'fast-check'
import { beforeEach, expect, test, vi } from 'vitest'
import { fakeBrowser } from 'wxt/testing/fake-browser'
import { blankItem, type Item } from '../../src/items/item.ts'
import { attachmentMaxBytes } from '../../src/protocol/limits.ts'
import { type Duplicates, duplicatesAmong, type Found } from '../../src/ui/importDuplicates.ts'
import { fitItem } from '../../src/ui/importFit.ts'
import { comingIn, countsOf, planOf, sendable } from '../../src/ui/importPlan.ts'
import { isReplacing, partsOf, type ToSend } from '../../src/ui/importSending.ts'
import { spanInSight, topToShow } from '../../src/ui/scrolling.ts'
import { piecesOf } from '../../src/ui/secretRows.ts'
import { readSight, wantedBy } from '../../src/ui/secretSight.ts'

// The browser's own words are not there; a word's name stands for it.
beforeEach(() => {
  vi.spyOn(fakeBrowser.i18n, 'getMessage').mockImplementation((name) => String(name))
})

const item = (part: Partial<Item> = {}): Item => ({ ...blankItem('login'), title: 'A', ...part })
const none: Duplicates = { same: new Set(), changed: new Map(), unreadable: [] }
const sent = (title: string) => ({
  Item: { ...blankItem('note'), title, fields: {}, uris: [], own: [], tags: [], notes: '' },
})

test('rows in sight lie in the pieces asked for, and in no others', () => {
  fc.assert(
    fc.property(fc.nat(5_000_000), fc.integer({ min: 1, max: 3000 }), (top, height) => {
      const { first, last } = spanInSight(top, height, 52, 100_000)
      const pieces = piecesOf({ first, last })
      for (const at of [first, last]) expect(pieces).toContain(Math.floor(Math.max(0, at) / 100))
      expect(pieces.length).toBeLessThanOrEqual(Math.ceil((last - first + 1) / 100) + 1)
    }),
  )
})

test('a row is scrolled to only where it is out of sight, and no further than needed', () => {
  const place = { top: 1000, height: 500, rowHeight: 50, headHeight: 40 }
  expect(topToShow(22, place)).toBe(1000)
  expect(topToShow(10, place)).toBe(500)
  expect(topToShow(40, place)).toBe(40 * 50 + 50 + 40 - 500)
})

test('parts hold all items in order, within both bounds', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 50 }), { maxLength: 60 }), (titles) => {
      const items = titles.map((title) => ({ item: sent(title), files: [] }))
      const parts = [...partsOf(items, { items: 7, bytes: 900 })]
      expect(parts.flat()).toEqual(items)
      for (const part of parts) {
        const bytes = part.reduce(
          (sum, one) => sum + Buffer.byteLength(JSON.stringify(one.item)),
          0,
        )
        expect(part.length).toBeLessThanOrEqual(7)
        if (part.length > 1) expect(bytes).toBeLessThanOrEqual(900)
      }
    }),
  )
})

test('what does not fit is named, and never cut off in silence', () => {
  const long = 'x'.repeat(300)
  const { item: kept } = fitItem(item({ title: long }))
  expect(kept?.title).toHaveLength(256)
  expect(kept?.notes).toBe(long)
  expect(fitItem(item({ title: ' ', uris: ['https://a.example/x'] })).item?.title).toBe('a.example')
  const many = fitItem(item({ tags: ['ok', 'aws:x', 'y'.repeat(129)] }))
  expect(many.item?.tags).toEqual(['ok'])
  expect(many.lost).toHaveLength(1)
  expect(fitItem(item({ notes: 'ä'.repeat(33_000) })).item).toBeNull()
})

test('what the vault has already becomes no other’s, and twice in a file is once', () => {
  const login = (password: string, more: Partial<Item> = {}) => ({
    item: sendable({
      item: item({ title: 'Bank', fields: { username: 'ada', password }, ...more }),
    }).sent?.item as ToSend['item'],
    files: [],
  })
  const secret = { Alike: ['secret'] }
  const file = [login('p'), login('q'), login('r', { title: 'Other' })]
  const found = new Map<number, Found>([
    [0, { ...secret, Same: 'secret' }],
    [1, secret],
    [2, { Alike: [] }],
  ])
  // The second would replace what the first is already.
  expect(duplicatesAmong(file, found)).toEqual({ same: new Set([0]), changed: new Map() })
  const two = { Alike: ['secret', 'second'] }
  const both = new Map<number, Found>([0, 1].map((at) => [at, two]))
  expect(duplicatesAmong(file, both).changed).toEqual(
    new Map([
      [0, 'secret'],
      [1, 'second'],
    ]),
  )
  const scan = { name: 'scan', bytes: Uint8Array.of(1) }
  const again = [
    login('p', { notes: 'n' }),
    login('p'),
    login('p', { notes: 'other' }),
    { ...login('p'), files: [scan] },
    { ...login('p'), files: [scan] },
    { ...login('p'), files: [{ ...scan, bytes: Uint8Array.of(2) }] },
    { ...login('p', { notes: 'n' }), item: { ...login('p').item, AskAgain: true } },
    null,
  ]
  expect(duplicatesAmong(again, new Map()).same).toEqual(new Set([1, 4]))
})

test('a plan counts what comes in, and tells of all that does not', () => {
  const older = [{ item: item() }]
  // One more than an item may have.
  const attachments = Array.from({ length: 51 }, (_, at) => ({
    name: `${at}.pdf`,
    bytes: new Uint8Array(1),
  }))
  const items = [
    { item: item(), createdAt: 1_600_000_000_000, changedAt: -5 },
    { item: item({ kind: 'note', title: 'N', notes: 'x' }), older, attachments },
  ]
  const plan = planOf(
    'f.csv',
    { format: 'CSV', items, unmapped: [] },
    { same: new Set([0]), changed: new Map([[1, 'secret']]), unreadable: [] },
  )
  expect(plan.unmapped.map(({ entry }) => entry)).toEqual(['N'])
  expect(plan.items[1]?.sent.item.Older).toHaveLength(1)
  expect(plan.items[1]?.sent.files).toHaveLength(50)
  const all = comingIn(plan, { duplicates: 'both', changed: 'both' })
  expect(countsOf(all)).toEqual([
    ['login', 1],
    ['note', 1],
  ])
  expect(all.some(isReplacing)).toBe(false)
  const replacing = comingIn(plan, { duplicates: 'leave-out', changed: 'replace' })
  expect(countsOf(replacing)).toEqual([['note', 1]])
  expect(replacing[0]?.item.Replaces).toBe('secret')
  expect(plan.items[0]?.sent.item).toMatchObject({ CreatedAt: 1_600_000_000 })
  expect(plan.items[0]?.sent.item).not.toHaveProperty('ChangedAt')
})

test('a file of 64 MiB comes along, one of a byte more is named as left out', () => {
  const of = (size: number) =>
    sendable({ item: item(), attachments: [{ name: 'a.bin', bytes: new Uint8Array(size) }] })
  expect(of(attachmentMaxBytes).sent?.files).toHaveLength(1)
  expect(of(attachmentMaxBytes).left).toEqual([])
  expect(of(attachmentMaxBytes + 1).sent?.files).toEqual([])
  expect(of(attachmentMaxBytes + 1).left).toHaveLength(1)
})

test('earlier values come along as such: those that differ, newest first, twenty at most', () => {
  const login = (password: string) => item({ fields: { password } })
  const older = ['now', 'b', 'b', 'a', 'now'].map((password, i) => ({
    item: login(password),
    ...(i === 1 ? { at: 1_600_000_000_000 } : {}),
  }))
  const imported = { format: 'KeePass', items: [{ item: login('now'), older }], unmapped: [] }
  const plan = planOf('a.kdbx', imported, none)
  const kept = plan.items[0]?.sent.item.Older ?? []
  expect(kept.map(({ Item, At }) => [Item.fields['password'], At])).toEqual([
    ['b', 1_600_000_000],
    ['a', undefined],
    ['now', undefined],
  ])
  expect(plan.unmapped).toHaveLength(0)
  const many = Array.from({ length: 23 }, (_, at) => ({ item: login(`p${at}`) }))
  const tooMany = { format: 'KeePass', items: [{ item: login('now'), older: many }], unmapped: [] }
  const cut = planOf('a.kdbx', tooMany, none)
  expect(cut.items[0]?.sent.item.Older).toHaveLength(20)
  expect(cut.unmapped).toHaveLength(1)
})

test('an address says how secrets are looked at; what cannot be read counts for nothing', () => {
  const sight = readSight(new URLSearchParams('show=trash&kind=card&sort=-changed'), 'a', 'b')
  expect(wantedBy(sight)).toEqual({
    Sort: 'changed',
    Descending: true,
    Query: 'a',
    Tag: 'b',
    Kind: 'card',
    Deleted: true,
  })
  const bad = readSight(new URLSearchParams('show=x&kind=__proto__&sort=-y'), ' ', '')
  expect(wantedBy(bad)).toEqual({ Sort: 'title', Descending: true })
})
