// CMS messages encrypted to certificates: openssl decrypts ours, and we decrypt what it makes.

import { beforeAll, describe, expect, test } from 'vitest'
import { equalBytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { decryptCms } from '../../src/documents/decryptCms.ts'
import { encryptCms } from '../../src/documents/encryptCms.ts'
import {
  makeRecipient,
  type RecipientKind,
  recipientKinds,
  type TestRecipient,
} from './documentsRecipients.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const folder = testFolder('encrypted')
const hasOpenssl = hasTool('openssl')
const content = encodeUtf8('Dear reader,\r\nthis is for you alone.\r\n')
const people = new Map<RecipientKind, TestRecipient>()

beforeAll(async () => {
  if (!hasOpenssl) return
  for (const kind of recipientKinds) people.set(kind, await makeRecipient(folder, kind, kind))
}, 60_000)

function recipient(kind: RecipientKind): TestRecipient {
  const found = people.get(kind)
  if (!found) throw new Error('no openssl')
  return found
}

describe.runIf(hasOpenssl)('openssl decrypts', () => {
  const decrypt = (kind: RecipientKind, message: Uint8Array) => {
    const { certificateFile, keyFile } = recipient(kind)
    const input = ['-inform', 'DER', '-in', folder.write('ours.p7m', message), '-binary']
    const out = folder.path('opened')
    const keys = ['-recip', certificateFile, '-inkey', keyFile]
    const { status } = run('openssl', ['cms', '-decrypt', ...input, ...keys, '-out', out])
    return status === 0 ? folder.bytes('opened') : null
  }

  test.each(recipientKinds)('what is for %s alone', async (kind) => {
    const message = await encryptCms({ content, recipients: [recipient(kind).certificate] })
    expect(decrypt(kind, message)).toEqual(content)
    message[message.length - 1] = (message.at(-1) ?? 0) ^ 1
    expect(decrypt(kind, message)).toBeNull()
  })

  test('what is for several at once, each with their own key', async () => {
    const recipients = recipientKinds.map((kind) => recipient(kind).certificate)
    const message = await encryptCms({ content, recipients })
    for (const kind of recipientKinds) expect(decrypt(kind, message), kind).toEqual(content)
  })

  test('nothing, and a MiB', async () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(1024 * 1024).fill(7)]) {
      const recipients = [recipient('P-256').certificate]
      const message = await encryptCms({ content: bytes, recipients })
      expect(equalBytes(decrypt('P-256', message) ?? content, bytes)).toBe(true)
    }
  })
})

const oaep = ['-keyopt', 'rsa_padding_mode:oaep']
const oaep256 = [...oaep, '-keyopt', 'rsa_oaep_md:sha256']
const cases = [
  ['RSA', '-aes256', []],
  ['RSA', '-aes192', []],
  ['RSA', '-aes128', ['-keyid']],
  ['RSA', '-des3', []],
  ['RSA', '-des3', oaep],
  ['RSA', '-aes-256-cbc', oaep256],
  ['RSA', '-aes-256-gcm', []],
  ['RSA', '-aes-192-gcm', oaep],
  ['RSA', '-aes-128-gcm', oaep256],
  ['P-256', '-aes256', []],
  ['P-256', '-aes128', ['-keyopt', 'ecdh_kdf_md:sha256']],
  ['P-256', '-des3', []],
  ['P-256', '-aes-256-gcm', ['-keyid']],
  ['P-384', '-aes192', ['-keyopt', 'ecdh_kdf_md:sha384']],
  ['P-384', '-aes-192-gcm', []],
  ['P-521', '-aes-128-gcm', ['-keyopt', 'ecdh_kdf_md:sha512']],
  ['P-521', '-aes256', ['-keyopt', 'ecdh_cofactor_mode:1']],
] as const

describe.runIf(hasOpenssl)('of openssl’s', () => {
  function encrypt(
    kind: RecipientKind,
    cipher: string,
    options: readonly string[],
    bytes = content,
    form: readonly string[] = [],
  ) {
    const out = folder.path('theirs.p7m')
    const input = ['-in', folder.write('plain', bytes), '-outform', 'DER', '-out', out, ...form]
    const keys = ['-recip', recipient(kind).certificateFile, ...options]
    const { status, text } = run('openssl', [
      'cms',
      '-encrypt',
      '-binary',
      cipher,
      ...input,
      ...keys,
    ])
    if (status !== 0) throw new Error(text)
    return folder.bytes('theirs.p7m')
  }

  test.each(cases)('to %s with %s %j is decrypted', async (kind, cipher, options) => {
    const message = encrypt(kind, cipher, options)
    const opened = await decryptCms(message, [recipient(kind).decryptor])
    expect(opened).toMatchObject({ content, authenticated: cipher.endsWith('gcm') })
  })

  test.each([
    ['RSA', '-aes256', oaep],
    ['P-256', '-des3', []],
    ['P-256', '-aes-256-gcm', []],
  ] as const)('to %s with %s %j, in pieces, is decrypted', async (kind, cipher, options) => {
    const large = new Uint8Array(100_000).map((_, at) => at % 251)
    for (const form of [['-stream'], ['-indef']]) {
      const message = encrypt(kind, cipher, options, large, form)
      expect(message[1]).toBe(0x80)
      const opened = await decryptCms(message, [recipient(kind).decryptor])
      expect(equalBytes(opened.content, large)).toBe(true)
    }
  })

  test('to several is decrypted by each, whatever other keys there are', async () => {
    const others = recipientKinds.slice(1).map((kind) => recipient(kind).certificateFile)
    const message = encrypt('RSA', '-aes256', others)
    const all = recipientKinds.map((kind) => recipient(kind).decryptor)
    for (const kind of recipientKinds) {
      expect((await decryptCms(message, [recipient(kind).decryptor])).content).toEqual(content)
    }
    expect((await decryptCms(message, all.toReversed())).content).toEqual(content)
  })
})
