// The reader of binary fields: every read stays inside its bytes.

import { expect, test } from 'vitest'
import { unshared } from '../../src/codec/bytes.ts'
import { EndOfBytes, Reader } from '../../src/codec/reader.ts'

const bytes = Uint8Array.of(1, 0, 2, 0, 0, 0, 3, 0, 2, 0xaa, 0xbb, 0xff)

test('fields come in order, big end first', () => {
  const reader = new Reader(bytes)
  expect([reader.uint8(), reader.uint16(), reader.uint32()]).toEqual([1, 2, 3])
  expect([...reader.bytes16()]).toEqual([0xaa, 0xbb])
  expect([reader.offset, reader.remaining]).toEqual([11, 1])
  expect([...reader.since(7)]).toEqual([0, 2, 0xaa, 0xbb])
})

test('a part of a buffer is read as that part', () => {
  const reader = new Reader(bytes.subarray(1, 3))
  expect(reader.uint16()).toBe(2)
  expect(() => reader.uint8()).toThrow(EndOfBytes)
})

test.each([
  ['uint8', (reader: Reader) => reader.uint8()],
  ['uint16', (reader: Reader) => reader.uint16()],
  ['uint32', (reader: Reader) => reader.uint32()],
  ['bytes', (reader: Reader) => reader.bytes(1)],
  ['view', (reader: Reader) => reader.view(2 ** 40)],
  ['bytes16', (reader: Reader) => reader.bytes16()],
])('%s does not read past the end, nor move', (_name, read) => {
  const reader = new Reader(bytes)
  reader.view(bytes.byteLength)
  expect(() => read(reader)).toThrow(EndOfBytes)
  expect(reader.offset).toBe(bytes.byteLength)
})

test('bytes are a copy, a view is not', () => {
  const own = Uint8Array.from(bytes)
  const [copy, view] = [new Reader(own).bytes(2), new Reader(own).view(2)]
  own[0] = 9
  expect([copy[0], view[0]]).toEqual([1, 9])
})

test('shared memory is copied, other memory is not', () => {
  expect(unshared(bytes)).toBe(bytes)
  const shared = new Uint8Array(new SharedArrayBuffer(2))
  const own = unshared(shared)
  shared[0] = 1
  expect([...own]).toEqual([0, 0])
})
