// Bytes themselves: what is joined is read again part by part, and memory that is given back is gone.

import { expect, test } from 'vitest'
import { joinUnambiguously, release } from '../../src/codec/bytes.ts'
import { joined } from './joined.ts'

test.each([
  [['keyhearth/1', 'record', 'id', '0']],
  [['']],
  [[]],
  [['Schlüssel', 'ключ', '🔑', 'a']],
  [['lone \ud800 surrogate']],
  [[new Uint8Array([0, 255, 128]), 'text', new Uint8Array(0)]],
])('parts %j are joined behind their lengths', (parts) => {
  expect(Buffer.from(joinUnambiguously(...parts))).toEqual(joined(...parts))
})

test('memory that is given back is gone, a part of a larger buffer stays', () => {
  const whole = new Uint8Array(1000)
  release(whole)
  expect(whole.byteLength).toBe(0)
  const larger = new Uint8Array(1000)
  release(larger.subarray(0, 10))
  expect(larger.byteLength).toBe(1000)
})
