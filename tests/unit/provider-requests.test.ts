// docs/pages.md: the options of encrypt and decrypt. A value of another kind is refused, never converted.

import { expect, test } from 'vitest'
import { readDecryptOptions, readEncryptOptions } from '../../src/provider/requests.ts'

test('what is given is what is asked for', () => {
  expect(
    readEncryptOptions({
      keyId: 'alias/a',
      encryptionContext: { to: 'Ada' },
      algorithmSuite: 0x0478,
      frameLength: 4096,
    }),
  ).toEqual({
    KeyId: 'alias/a',
    EncryptionContext: { to: 'Ada' },
    AlgorithmSuite: '0478',
    FrameLength: 4096,
  })
  expect(readEncryptOptions(undefined)).toEqual({})
})

test.each([
  ['options that are a text', 'x'],
  ['options that are a list', []],
  ['options that are a Map', new Map([['keyId', 'alias/a']])],
  ['a misspelled option', { encryptoinContext: {} }],
  ['a key id that is no text', { keyId: 7 }],
  ['a frame length that is no number', { frameLength: '4096' }],
  ['an unknown suite', { algorithmSuite: '0014' }],
  ['a context that is a Map', { encryptionContext: new Map([['to', 'Ada']]) }],
  ['a context that is a list', { encryptionContext: ['to'] }],
  ['a context with a number', { encryptionContext: { to: 7 } }],
])('refused: %s', (_what, options) => {
  expect(() => readEncryptOptions(options)).toThrow(
    expect.objectContaining({ name: 'ValidationException' }),
  )
})

test('decrypt knows the context alone', () => {
  expect(readDecryptOptions({ encryptionContext: { to: 'Ada' } })).toEqual({
    EncryptionContext: { to: 'Ada' },
  })
  expect(() => readDecryptOptions({ keyId: 'alias/a' })).toThrow(/keyId/)
})

test('a context is read once', () => {
  let reads = 0
  const options = {
    get encryptionContext() {
      reads++
      return { to: 'Ada' }
    },
  }
  readEncryptOptions(options)
  expect(reads).toBe(1)
})
