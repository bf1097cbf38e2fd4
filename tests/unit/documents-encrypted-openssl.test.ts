// CMS messages encrypted to certificates: openssl decrypts ours, and we decrypt what it makes.

import { beforeAll, describe, expect, test } from 'vitest'
import { type Bytes, concatBytes, equalBytes } from '../../src/codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../../src/codec/text.ts'
import { cmsIn } from '../../src/documents/cmsBytes.ts'
import { decryptCms, isRecipient } from '../../src/documents/decryptCms.ts'
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

  test.each(recipientKinds)('what is for %s by AES-256-CBC, for old programs', async (kind) => {
    const recipients = [recipient(kind).certificate]
    const message = await encryptCms({ content, recipients, cipher: 'AES-256-CBC' })
    expect(decrypt(kind, message)).toEqual(content)
    const opened = await decryptCms(message, [recipient(kind).decryptor])
    expect(opened).toMatchObject({ content, cipher: 'AES-256-CBC', authenticated: false })
  })

  test('what is for RSA with the old padding, whatever zeros come up in it', async () => {
    const { certificate, decryptor } = recipient('RSA')
    const how = {
      recipients: [certificate],
      cipher: 'AES-256-CBC',
      oldPadding: [certificate],
    } as const
    for (let round = 0; round < 20; round++) {
      const message = await encryptCms({ content, ...how })
      expect((await decryptCms(message, [decryptor])).content).toEqual(content)
      if (round === 0) expect(decrypt('RSA', message)).toEqual(content)
    }
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

/** Of the person of that kind, for programs that keep keys. */
function pkcs12(kind: RecipientKind): string {
  const { certificateFile, keyFile } = recipient(kind)
  const old = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']
  const pair = ['-inkey', keyFile, '-in', certificateFile, '-name', kind, '-passout', 'pass:x']
  run('openssl', ['pkcs12', '-export', ...pair, ...old, '-out', folder.path('keys.p12')])
  return folder.path('keys.p12')
}

const forOldPrograms = async () => {
  const recipients = [recipient('RSA').certificate]
  const cipher = 'AES-256-CBC'
  const message = await encryptCms({ content, recipients, cipher, oldPadding: recipients })
  return folder.write('old.p7m', message)
}

test.runIf(hasOpenssl && hasTool('gpgsm'))('gpgsm decrypts what is for old programs', async () => {
  folder.write('gpg-agent.conf', 'allow-loopback-pinentry\n')
  const home = ['--homedir', folder.path('.'), '--batch', '--disable-dirmngr']
  const asking = [...home, '--pinentry-mode', 'loopback', '--passphrase-fd', '0']
  expect(run('gpgsm', [...asking, '--import', pkcs12('RSA')], 'x\n').status).toBe(0)
  const files = ['-o', folder.path('gpgsm-opened'), '--decrypt', await forOldPrograms()]
  const { text } = run('gpgsm', [...asking, '--yes', ...files], 'x\n')
  run('gpgconf', ['--homedir', folder.path('.'), '--kill', 'gpg-agent'])
  expect(text).not.toMatch(/failed/)
  expect(folder.bytes('gpgsm-opened')).toEqual(content)
})

test.runIf(hasOpenssl && hasTool('cmsutil'))('NSS decrypts what is for old programs', async () => {
  const database = ['-d', `sql:${folder.path('.')}`]
  run('certutil', ['-N', ...database, '--empty-password'])
  run('pk12util', ['-i', pkcs12('RSA'), ...database, '-W', 'x', '-K', ''])
  const files = ['-i', await forOldPrograms(), '-o', folder.path('nss-opened')]
  expect(run('cmsutil', ['-D', ...database, ...files]).text).toBe('')
  expect(folder.bytes('nss-opened')).toEqual(content)
})

const quoted = (mail: Bytes): Bytes => encodeUtf8(decodeUtf8(mail).replaceAll(/^/gm, '> '))

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

  test.each(['DER', 'PEM', 'SMIME'])('as %s, the message is found in it', (form) => {
    const out = folder.path('carried')
    const to = ['-recip', recipient('P-256').certificateFile, '-outform', form, '-out', out]
    run('openssl', ['cms', '-encrypt', '-aes256', '-in', folder.write('plain', content), ...to])
    const carried = folder.bytes('carried')
    for (const bytes of form === 'SMIME' ? [carried, quoted(carried)] : [carried]) {
      const message = cmsIn(bytes)
      if (typeof message === 'string') throw new Error(message)
      expect(isRecipient(message, recipient('P-256').certificate)).toBe(true)
      expect(isRecipient(message, recipient('P-384').certificate)).toBe(false)
    }
    expect(cmsIn(content)).toBe('malformed')
    if (form === 'PEM') expect(cmsIn(concatBytes(carried, carried))).toBe('too-many')
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
