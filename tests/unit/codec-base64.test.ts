// RFC 4648: base64 and hex as browsers have it built in, and by hand as Node before 25 needs it. Both take and refuse
// the same, so every case goes through both.

import { base64, base64nopad, base64urlnopad, hex } from '@scure/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Cases,
  type Outcome,
  outcomesBuiltIn,
  outcomesByHand,
  refusedOr,
} from './base64Outcomes.ts'

/** Section 10, and each way of being wrong. */
const texts = [
  ...['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy', 'Zg', 'Zm8', 'Zm9vYg'],
  ...['+/+/', '-_-_', '+_+_', 'AA+=', 'A', 'AA=', 'A===', '====', '=', 'AAA=AAAA', 'Zg==Zg=='],
  ...['Zh==', 'Zh', 'Zm9=', 'Zm9', 'Zm9v\n', ' Zm9v', 'Zm\t9v', 'Zm9v\u00a0', 'Zmö=', 'Zm9*'],
  ...['00', '0fF0', 'abc', 'g0', '0x10', '+1', '1 '],
]
const bytes = [0, 1, 2, 3, 4, 8191, 8192, 8193, 20_000].map((length) =>
  Array.from({ length }, (_, at) => (at * 7 + 250) % 256),
)

const library = {
  decodeBase64: base64,
  decodeBase64Unpadded: base64nopad,
  decodeBase64Url: base64urlnopad,
  decodeHex: hex,
}

const outcomesOfLibrary = ({ texts, bytes }: Cases): Outcome[] => [
  ...Object.entries(library).flatMap(([name, { decode }]) =>
    texts.map((one): Outcome => [name, refusedOr(() => [...decode(one)].join())]),
  ),
  ...bytes.map((one): Outcome => ['encodeBase64', base64.encode(Uint8Array.from(one))]),
  ...bytes.map((one): Outcome => ['encodeBase64Url', base64urlnopad.encode(Uint8Array.from(one))]),
  ...bytes.map((one): Outcome => ['encodeHex', hex.encode(Uint8Array.from(one))]),
]

test.each([
  ['by hand', outcomesByHand],
  ['built in', outcomesBuiltIn],
])('%s, it is taken, refused and written as by another library', (_how, outcomes) => {
  expect(outcomes({ texts, bytes })).toEqual(outcomesOfLibrary({ texts, bytes }))
})

test('whatever the text, both ways and the library take the same', () => {
  const almost = fc.string({ unit: fc.constantFrom(...'AQgwZ-_+/=\n'), maxLength: 12 })
  const cases = { texts: fc.sample(almost, 1000), bytes: [] }
  const expected = outcomesOfLibrary(cases)
  expect(outcomesByHand(cases)).toEqual(expected)
  expect(outcomesBuiltIn(cases)).toEqual(expected)
})
