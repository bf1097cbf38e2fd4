// Design section 4: nothing crosses to a page but the members of its operation's answer, as plain values.

import { expect, test } from 'vitest'
import { crossing } from '../../src/relay/crossing.ts'

test('the members of the operation cross, and no other', () => {
  const Message = Uint8Array.of(1, 2)
  const output = crossing('keyhearth:EncryptMessage', { Message, KeyId: 'a', Extra: 'x' })
  expect(output).toEqual({ Message, KeyId: 'a' })
  expect((output as { Message: Uint8Array }).Message).not.toBe(Message)
})

test('lists and objects cross as deep as answers go', () => {
  const Grants = [{ Constraints: { EncryptionContextSubset: { to: 'Ada' } }, Operations: ['Sign'] }]
  const output = { Grants, Truncated: false, NextMarker: 'x' }
  expect(crossing('kms:ListGrants', output)).toEqual(output)
})

const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt'])
const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)])

test.each([
  ['a CryptoKey', key],
  ['a CryptoKey in a list', [key]],
  ['a CryptoKey in an object', { inside: key }],
  ['a buffer', new ArrayBuffer(1)],
  ['numbers of another kind', new Uint16Array(1)],
  ['a Map', new Map()],
  ['a Date', new Date()],
  ['a function', () => {}],
  ['null', null],
  ['what is deeper than any answer', nested(6)],
])('does not cross: %s', (_what, value) => {
  expect(() => crossing('kms:Decrypt', { Plaintext: value })).toThrow(
    expect.objectContaining({ reason: 'internal' }),
  )
})

test.each([null, undefined, 'x', 7])('no answer at all: %s', (value) => {
  expect(() => crossing('kms:ListKeys', value)).toThrow()
})
