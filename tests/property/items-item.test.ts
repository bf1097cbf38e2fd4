// Any item, written as a SecretString and read again; what anybody else wrote is a value, word for word.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffItems } from '../../src/items/diff.ts'
import {
  blankItem,
  type Item,
  itemFields,
  itemKinds,
  readSecretString,
  writeSecretString,
} from '../../src/items/item.ts'

const numRuns = process.env['KEYHEARTH_LONG'] === '1' ? 20_000 : 300

const names = fc.constantFrom('__proto__', 'constructor', 'toJSON', 'keyhearth', 'password', '')
const deep = fc
  .tuple(fc.integer({ min: 1, max: 3000 }), fc.constantFrom('[', '{"a":', '{"__proto__":'))
  .map(([depth, open]) => open.repeat(depth))
const ofOurs = fc.constantFrom(
  '{"keyhearth":"login","password":"x"}',
  '{"keyhearth":"value","value":"x"}',
  '{"keyhearth":"value"}',
  '{"__proto__":{"keyhearth":"login"}}',
  '{"keyhearth":"login","fields":[{"__proto__":1}],"uris":{"length":1e9}}',
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('\ud800', '\u0000', '\u2028', '"\\', '{}', '{"a":1}'),
  names,
  ofOurs,
  deep,
  fc.json(),
)
const filled = text.filter((value) => value !== '')

/** Some of the fields of a kind; those that are empty are left out. */
const someOf = (fields: readonly string[]): fc.Arbitrary<Readonly<Record<string, string>>> =>
  fc
    .subarray([...fields])
    .chain((some) => fc.record(Object.fromEntries(some.map((name) => [name, filled]))))

const anItem: fc.Arbitrary<Item> = fc.constantFrom(...itemKinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    title: text,
    fields: someOf(itemFields[kind].map(({ name }) => name)),
    uris: fc.array(filled, { maxLength: 3 }),
    notes: fc.oneof(fc.constant(''), text),
    own: fc.array(fc.record({ name: fc.oneof(names, text), value: text, hidden: fc.boolean() }), {
      maxLength: 3,
    }),
    tags: fc.array(text, { maxLength: 3 }),
    favourite: fc.boolean(),
  }),
)

test('an item is read back as it was', () => {
  const property = fc.property(anItem, (item) => {
    const { title, tags, favourite } = item
    const read = readSecretString(writeSecretString(item), { title, tags, favourite })
    expect(read).toEqual(item)
    expect(diffItems(item, read)).toEqual([])
  })
  fc.assert(property, { numRuns })
})

test.each(itemKinds)('an empty %s, too', (kind) => {
  const item = blankItem(kind)
  expect(readSecretString(writeSecretString(item), item)).toEqual(item)
})

test('any text is read without throwing, and a value that is not of Keyhearth stays as it is', () => {
  const facts = { title: '', tags: [], favourite: false }
  const property = fc.property(text, (written) => {
    const item = readSecretString(written, facts)
    expect(itemKinds).toContain(item.kind)
    if (item.kind === 'value' && !written.startsWith('{"keyhearth"')) {
      expect(writeSecretString(item)).toBe(written)
    }
    expect(({} as Record<string, unknown>)['keyhearth']).toBeUndefined()
  })
  fc.assert(property, { numRuns })
})
