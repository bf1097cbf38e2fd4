// What is written is read back: every kind, through Bitwarden's JSON and through CSV; and what a format cannot hold is
// said, never lost in silence.

import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { decodeUtf8 } from '../../src/codec/text.ts'
import type { ImportedItem } from '../../src/interchange/format.ts'
import { readExport } from '../../src/interchange/readExport.ts'
import { type ExportFormat, writeExport } from '../../src/interchange/writeExport.ts'
import { blankItem, type Item, itemFields, itemKinds } from '../../src/items/item.ts'

const full = (kind: Item['kind']): Item => ({
  kind,
  title: `A ${kind}`,
  fields: Object.fromEntries(itemFields[kind].map(({ name }) => [name, `its ${name}`])),
  uris: ['https://a.example/?q=1,2', 'https://b.example'],
  notes: 'line 1\nline 2',
  own: [
    { name: 'shown', value: '1: 2', hidden: false },
    { name: 'hidden', value: 'x', hidden: true },
  ],
  tags: ['Work/Mail', 'second, tag'],
  favourite: true,
})
const everyKind: readonly ImportedItem[] = itemKinds.flatMap((kind) => [
  { item: full(kind) },
  { item: { ...blankItem(kind), title: 'Blank' } },
])

const through = async (items: readonly ImportedItem[], format: ExportFormat) => {
  const written = await writeExport(items, format)
  return { ...written, read: await readExport({ name: 'x', bytes: written.bytes }) }
}

describe.each(['bitwarden-json', 'csv'] as const)('%s', (format) => {
  test('every kind, full and blank, comes back as it was', async () => {
    const { read, lost } = await through(everyKind, format)
    expect(read.unmapped).toEqual([])
    expect(read.items).toEqual(everyKind)
    expect(lost).toEqual([])
  })

  test('files that stay behind are named', async () => {
    const file = { id: crypto.randomUUID(), name: 'scan.pdf', type: 'application/pdf', size: 7 }
    const items = [{ item: { ...full('login'), files: [file] } }]
    const { read, lost } = await through(items, format)
    expect(read.items.map(({ item }) => item.files)).toEqual([undefined])
    expect(lost.filter(({ what }) => what.includes('scan.pdf'))).toHaveLength(1)
  })

  test.each([
    ['names with spaces in odd places', { name: ' Ada  King ', street: 'a\n\nb' }],
    ['names of one word', { name: 'Ada', street: 'a' }],
    ['names of many', { name: 'Ada B. C. King', street: 'a\nb\nc\nd' }],
  ])('%s', async (_, fields) => {
    const items = [{ item: { ...blankItem('identity'), title: 'Me', fields } }]
    const { read, lost } = await through(items, format)
    if (lost.length === 0) expect(read.items).toEqual(items)
    else expect(format).toBe('csv')
  })

  test('what is asked for again is asked for again', async () => {
    const items: readonly ImportedItem[] = [
      { item: full('login'), askAgain: true },
      { item: full('note') },
    ]
    const { read, lost } = await through(items, format)
    expect(lost).toEqual([])
    expect(read.items).toEqual(items)
  })

  test('a field called like the mark does no harm', async () => {
    const own = [{ name: 'Keyhearth', value: 'card number', hidden: false }]
    const items = [{ item: { ...blankItem('note'), title: 'N', own } }]
    const { read, lost } = await through(items, format)
    expect(lost).toEqual([])
    expect(read.items).toEqual(items)
  })

  test('attached files and older values are named where they cannot go along', async () => {
    const item = full('login')
    const { lost } = await through(
      [
        {
          item,
          older: [{ item: { ...item, title: 'before' }, at: 1 }],
          attachments: [{ name: 'scan.pdf', bytes: Uint8Array.of(1) }],
        },
      ],
      format,
    )
    expect(lost.map(({ what }) => what)).toEqual([
      expect.stringContaining('scan.pdf'),
      expect.stringContaining('Older values'),
    ])
  })
})

test('older values come back whole where all are wanted, whatever changed in them', async () => {
  const now: Item = {
    ...blankItem('login'),
    title: 'Mail',
    fields: { username: 'ada', password: 'third' },
    notes: 'now',
    tags: ['Work', 'other'],
  }
  const older = [
    { item: { ...now, fields: { username: 'ada', password: 'second' } }, at: Date.UTC(2024, 1) },
    {
      item: { ...now, kind: 'value', fields: { value: 'bare' }, notes: '' },
      at: Date.UTC(2023, 1),
    },
    { item: { ...now, own: [{ name: 'PIN', value: '1', hidden: true }] }, at: Date.UTC(2022, 1) },
  ] as const
  const { bytes, lost } = await writeExport([{ item: now, older }], 'bitwarden-json', 'whole')
  expect(lost).toEqual([])
  const { items } = await readExport({ name: 'a.json', bytes })
  expect(items[0]?.older).toEqual(older)
  const plain = await writeExport([{ item: now, older }], 'bitwarden-json')
  expect(plain.lost).toHaveLength(1)
  expect(decodeUtf8(plain.bytes)).not.toContain('bare')
})

test('a history of passwords has each once, not again for other changes', async () => {
  const of = (password: string, notes: string) => ({
    item: { ...blankItem('login'), title: 'Mail', fields: { password }, notes },
    at: 1000,
  })
  const older = [of('b', 'x'), of('a', 'y'), of('a', 'z')]
  const { bytes } = await writeExport([{ item: of('b', 'w').item, older }], 'bitwarden-json')
  const [entry] = JSON.parse(decodeUtf8(bytes)).items
  expect(entry.passwordHistory.map((one: { password: string }) => one.password)).toEqual(['a'])
})

test('times and older passwords go along in JSON', async () => {
  const item = full('login')
  const older = [
    { item: { ...item, fields: { ...item.fields, password: 'old' } }, at: Date.UTC(2023, 1) },
    { item: { ...item, fields: { ...item.fields, password: 'oldest' } }, at: Date.UTC(2022, 1) },
  ]
  const items = [{ item, older, createdAt: Date.UTC(2020, 1), changedAt: Date.UTC(2024, 1) }]
  const { read, lost } = await through(items, 'bitwarden-json')
  expect(lost).toEqual([])
  expect(read.items).toEqual(items)
})

test('a login without anything special is written as Bitwarden writes it', async () => {
  const item = { ...full('login'), tags: ['Work'] }
  const { bytes } = await writeExport([{ item }], 'bitwarden-json')
  const file = JSON.parse(new TextDecoder().decode(bytes))
  expect(file).toMatchObject({ encrypted: false, folders: [{ name: 'Work' }] })
  expect(file.items[0].folderId).toBe(file.folders[0].id)
  expect(file.items[0].fields).toEqual([
    { name: 'shown', value: '1: 2', type: 0 },
    { name: 'hidden', value: 'x', type: 1 },
  ])
})

describe('formulas', () => {
  const dangerous = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    "'=1",
    "''=1",
    '=HYPERLINK("x","y")',
  ]

  test.each(dangerous)('%j is text to a spreadsheet, and comes back', async (value) => {
    const item = {
      ...blankItem('login'),
      title: value,
      fields: { username: value, password: value },
      notes: value,
      tags: [value],
    }
    const { bytes, read, lost } = await through([{ item }], 'csv')
    expect(lost).toEqual([])
    expect(read.items).toEqual([{ item }])
    const cells = Papa.parse<string[]>(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
    ).data.flat()
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  })

  test("an apostrophe before anything else is the person's own", async () => {
    const item = { ...blankItem('note'), title: "'quoted'", notes: "''" }
    const { bytes, read } = await through([{ item }], 'csv')
    expect(read.items).toEqual([{ item }])
    expect(new TextDecoder().decode(bytes)).toContain(",'quoted',")
  })
})

test('what CSV cannot hold is said', async () => {
  const item = {
    ...blankItem('note'),
    title: 'N',
    own: [{ name: 'a: b', value: 'c', hidden: true }],
  }
  const { lost } = await writeExport([{ item }], 'csv')
  expect(lost).toEqual([{ entry: 'N', what: expect.stringContaining('own fields') }])
})
