// What a message is bound to, as typed: rows become an encryption context or a reason why not.

import { expect, test } from 'vitest'
import { readContext } from '../../src/ui/contextInput.ts'

test('rows become a context; empty rows count for nothing', () => {
  expect(
    readContext([
      ['project', 'heron'],
      ['', ''],
      ['empty', ''],
    ]),
  ).toEqual({ context: { project: 'heron', empty: '' } })
})

test.each([
  ['key-missing', [['', 'value']], ''],
  [
    'key-twice',
    [
      ['a', '1'],
      ['a', '2'],
    ],
    'a',
  ],
  ['key-reserved', [['keyhearth:origin', 'https://bank.example']], 'keyhearth:origin'],
  ['key-reserved', [['aws-crypto-public-key', 'x']], 'aws-crypto-public-key'],
  ['key-reserved', [['__proto__', 'x']], '__proto__'],
] as const)('%s is told of', (problem, rows, key) => {
  expect(readContext(rows)).toEqual({ problem, key })
})
