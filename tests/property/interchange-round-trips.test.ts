// Whatever items there are: through Bitwarden's JSON they come back as they were, and through CSV, too, unless the writer
// says of an item that CSV does not hold it. And any table of texts is read without loss of a cell.

import fc from 'fast-check'
import Papa from 'papaparse'
import { expect, test } from 'vitest'
import { readExport } from '../../src/interchange/readExport.ts'
import { writeExport } from '../../src/interchange/writeExport.ts'
import { type Item, itemFields, itemKinds } from '../../src/items/item.ts'

const long = process.env['SLOW'] === '1'
const numRuns = long ? 5000 : 60

/** Texts of people and of programs: with what the formats themselves are made of. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      ' ',
      ',',
      ';',
      '"',
      "'",
      '\n',
      '\r',
      '\t',
      ':',
      '=',
      '+',
      '@',
      '-',
      '\\',
      '|',
    ),
  }),
  fc.constantFrom(
    'Keyhearth',
    'uri',
    'tag: x',
    'a: b',
    '{"a":1}',
    'null',
    '__proto__',
    'constructor',
    "'=1",
    '04/2030',
  ),
)
const filled = text.filter((one) => one !== '')

const item: fc.Arbitrary<Item> = fc.constantFrom(...itemKinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    title: text,
    fields: fc.record(Object.fromEntries(itemFields[kind].map(({ name }) => [name, filled])), {
      requiredKeys: [],
    }),
    uris: fc.uniqueArray(filled, { maxLength: 3 }),
    notes: text,
    own: fc.array(fc.record({ name: text, value: text, hidden: fc.boolean() }), { maxLength: 3 }),
    tags: fc.uniqueArray(filled, { maxLength: 3 }),
    favourite: fc.boolean(),
  }),
) as fc.Arbitrary<Item>

test('items through JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 5 }), async (items) => {
      const { bytes } = await writeExport(
        items.map((one) => ({ item: one })),
        'bitwarden-json',
      )
      const read = await readExport({ name: '', bytes })
      expect(read.unmapped).toEqual([])
      expect(read.items.map((one) => one.item)).toEqual(items)
    }),
    { numRuns },
  )
})

test('items through CSV', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 5 }), async (items) => {
      const { bytes, lost } = await writeExport(
        items.map((one) => ({ item: one })),
        'csv',
      )
      const read = await readExport({ name: '', bytes })
      expect(read.items).toHaveLength(items.length)
      const doubtful = new Set(lost.map(({ entry }) => entry))
      for (const [at, one] of items.entries()) {
        if (!doubtful.has(one.title) || one.kind === 'attachment') continue
        expect(read.items[at]?.item.title).toBe(one.title)
      }
      const certain = items.flatMap((one, at) =>
        doubtful.has(one.title) ? [] : [[one, read.items[at]?.item]],
      )
      for (const [one, back] of certain) expect(back).toEqual(one)
    }),
    { numRuns },
  )
})

test('tables of anything', async () => {
  const cells = fc.array(fc.tuple(filled, text, text, text, text), { minLength: 1, maxLength: 8 })
  const form = fc.record({
    delimiter: fc.constantFrom(',', ';', '\t'),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    quotes: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(cells, form, async (rows, options) => {
      const table = [['name', 'url', 'username', 'password', 'note'], ...rows]
      const bytes = new TextEncoder().encode(Papa.unparse(table, options))
      const { items } = await readExport({ name: '', bytes })
      expect(items.map(({ item: one }) => one.title)).toEqual(rows.map(([title]) => title))
      for (const [at, [, , username, password, notes]] of rows.entries()) {
        const one = items[at]?.item
        if (one?.kind === 'login') {
          expect([one.fields['username'] ?? '', one.fields['password'] ?? '']).toEqual([
            username,
            password,
          ])
        }
        expect(one?.notes).toBe(notes)
      }
    }),
    { numRuns },
  )
})
