// KeePass databases made by kdbxweb: both versions, every key derivation and cipher, key files of every form, and what
// entries hold.

import { describe, expect, test } from 'vitest'
import { readExport, type Secrets } from '../../src/interchange/readExport.ts'
import { argon2 } from './interchangeArgon2.ts'
import { hidden, kdbxweb, makeKdbx } from './interchangeKdbx.ts'

const read = (bytes: Uint8Array, secrets: Secrets) =>
  readExport({ name: 'a.kdbx', bytes }, { argon2, ...secrets })
const oneLogin: Parameters<typeof makeKdbx>[0]['fill'] = (database) => {
  const entry = database.createEntry(database.getDefaultGroup())
  entry.fields.set('Title', 'A')
  entry.fields.set('UserName', 'ada')
  entry.fields.set('Password', hidden('p\u{e4}\u{df}<&>"'))
}

describe.each([
  { version: 4, kdf: 'Argon2d' },
  { version: 4, kdf: 'Argon2id' },
  { version: 4, kdf: 'Aes' },
  { version: 3, kdf: 'Aes' },
] as const)('version $version, $kdf', (form) => {
  // kdbxweb gives ChaCha20 a nonce of the wrong length in 3.1.
  const ciphers = form.version === 4 ? (['Aes', 'ChaCha20'] as const) : (['Aes'] as const)

  test.each(ciphers)('opens with the password, under %s', async (cipher) => {
    const bytes = await makeKdbx({ ...form, cipher, password: 'secret', fill: oneLogin })
    const { format, items } = await read(bytes, { password: 'secret' })
    expect(format).toBe(`KeePass KDBX ${form.version === 4 ? '4' : '3.1'}`)
    expect(items).toMatchObject([
      {
        item: {
          kind: 'login',
          title: 'A',
          fields: { username: 'ada', password: 'p\u{e4}\u{df}<&>"' },
        },
      },
    ])
  })

  test('names what is missing or wrong', async () => {
    const keyFile = new Uint8Array(32).fill(3)
    const other = new Uint8Array(32).fill(4)
    const plain = await makeKdbx({ ...form, password: 'secret', fill: oneLogin })
    const withFile = await makeKdbx({ ...form, password: 'secret', keyFile, fill: oneLogin })
    await expect(read(plain, {})).rejects.toMatchObject({ code: 'needs-password' })
    const withoutFile = { code: 'wrong-password-or-needs-key-file' }
    await expect(read(plain, { password: 'other' })).rejects.toMatchObject(withoutFile)
    await expect(read(withFile, { password: 'secret' })).rejects.toMatchObject(withoutFile)
    const wrongFile = { code: 'wrong-password-or-key-file' }
    await expect(read(withFile, { password: 'secret', keyFile: other })).rejects.toMatchObject(
      wrongFile,
    )
    await expect(read(withFile, { password: 'other', keyFile })).rejects.toMatchObject(wrongFile)
    expect((await read(withFile, { password: 'secret', keyFile })).items).toHaveLength(1)
  })

  test('cut off at any place it is refused', async () => {
    const bytes = await makeKdbx({ ...form, password: 'secret', fill: oneLogin })
    for (const part of [0.05, 0.2, 0.5, 0.9]) {
      const cut = bytes.subarray(0, Math.floor(bytes.byteLength * part))
      await expect(read(cut, { password: 'secret' })).rejects.toMatchObject({
        name: 'RefusedExport',
      })
    }
  })
})

describe('key files', () => {
  const key = new Uint8Array(32).map((_, at) => at * 7)
  const hex = Buffer.from(key).toString('hex')

  test.each([
    ['32 bytes', () => key],
    ['64 digits', () => new TextEncoder().encode(hex)],
    ['64 capital digits', () => new TextEncoder().encode(hex.toUpperCase())],
    ['XML, version 1', () => kdbxweb.Credentials.createKeyFileWithHash(key.buffer, 1)],
    ['XML, version 2', () => kdbxweb.Credentials.createKeyFileWithHash(key.buffer, 2)],
    ['any file', () => new TextEncoder().encode('a photograph, say <')],
    ['any bytes', () => new Uint8Array(5000).fill(0xff)],
  ])('%s', async (_, make) => {
    const keyFile = new Uint8Array(await make())
    for (const password of [undefined, 'and a password']) {
      const secrets = password === undefined ? { keyFile } : { password, keyFile }
      const bytes = await makeKdbx({ ...secrets, fill: oneLogin })
      expect((await read(bytes, { password: '', ...secrets })).items).toHaveLength(1)
    }
  })

  test('one whose own check does not hold is named', async () => {
    const written = await kdbxweb.Credentials.createKeyFileWithHash(key.buffer, 2)
    const text = new TextDecoder().decode(written).replace('Hash="', 'Hash="0')
    const bytes = await makeKdbx({ password: 'secret', fill: oneLogin })
    const secrets = { password: 'secret', keyFile: new TextEncoder().encode(text) }
    await expect(read(bytes, secrets)).rejects.toMatchObject({ code: 'bad-key-file' })
  })
})

describe.each([3, 4] as const)('what entries hold, version %i', (version) => {
  const made = async (fill: Parameters<typeof makeKdbx>[0]['fill']) => {
    const bytes = await makeKdbx({ version, password: 'secret', ...(fill && { fill }) })
    return read(bytes, { password: 'secret' })
  }

  test('groups, tags, own fields, addresses, times, expiry, history, attachments', async () => {
    const { items, unmapped } = await made(async (database) => {
      const work = database.createGroup(database.getDefaultGroup(), 'Work')
      const mail = database.createGroup(work, 'Mail')
      const entry = database.createEntry(mail)
      entry.fields.set('Title', 'Old title')
      entry.fields.set('Password', hidden('old'))
      entry.times.lastModTime = new Date('2020-01-01T00:00:00Z')
      entry.pushHistory()
      entry.pushHistory()
      entry.fields.set('Title', 'Title')
      entry.fields.set('UserName', hidden('ada'))
      entry.fields.set('Password', hidden('new'))
      entry.fields.set('URL', 'https://a.example')
      entry.fields.set('KP2A_URL_1', 'https://b.example')
      entry.fields.set('Notes', 'line 1\nline 2 & more')
      entry.fields.set('shown', 's')
      entry.fields.set('secret', hidden('h'))
      entry.tags = ['one', 'two']
      entry.times.creationTime = new Date('2019-01-01T00:00:00Z')
      entry.times.lastModTime = new Date('2021-01-01T00:00:00Z')
      entry.times.expires = true
      entry.times.expiryTime = new Date('2030-05-06T00:00:00Z')
      const file = new Uint8Array([1, 2, 3]).buffer
      entry.binaries.set('scan.pdf', await database.createBinary(file))
      const secretFile = kdbxweb.ProtectedValue.fromBinary(new Uint8Array([9, 9]).buffer)
      entry.binaries.set('key.bin', await database.createBinary(secretFile))
    })
    expect(unmapped).toEqual([])
    expect(items).toHaveLength(1)
    const [one] = items
    expect(one?.item).toEqual({
      kind: 'login',
      title: 'Title',
      fields: { username: 'ada', password: 'new' },
      uris: ['https://a.example', 'https://b.example'],
      notes: 'line 1\nline 2 & more',
      own: [
        { name: 'shown', value: 's', hidden: false },
        { name: 'secret', value: 'h', hidden: true },
        { name: 'Expires', value: '2030-05-06', hidden: false },
      ],
      tags: ['Work/Mail', 'one', 'two'],
      favourite: false,
    })
    expect(one?.createdAt).toBe(Date.UTC(2019, 0))
    expect(one?.changedAt).toBe(Date.UTC(2021, 0))
    expect(one?.older?.map(({ item, at }) => [item.title, item.fields['password'], at])).toEqual([
      ['Old title', 'old', Date.UTC(2020, 0)],
    ])
    expect(one?.attachments).toEqual([
      { name: 'scan.pdf', bytes: Uint8Array.of(1, 2, 3) },
      { name: 'key.bin', bytes: Uint8Array.of(9, 9) },
    ])
  })

  test.each([
    [
      { otp: 'otpauth://totp/a:b?secret=JBSWY3DP&digits=8' },
      'otpauth://totp/a:b?secret=JBSWY3DP&digits=8',
    ],
    [{ otp: 'key=JBSWY3DP&step=60&size=8' }, 'otpauth://totp/?secret=JBSWY3DP&period=60&digits=8'],
    [
      { 'TOTP Seed': 'jbsw y3dp', 'TOTP Settings': '30;6' },
      'otpauth://totp/?secret=JBSWY3DP&period=30&digits=6',
    ],
    [
      { 'TOTP Seed': 'JBSWY3DP', 'TOTP Settings': '30;S' },
      'otpauth://totp/?secret=JBSWY3DP&period=30&encoder=steam',
    ],
    [
      {
        'TimeOtp-Secret-Base32': 'JBSWY3DP',
        'TimeOtp-Length': '8',
        'TimeOtp-Period': '60',
        'TimeOtp-Algorithm': 'HMAC-SHA-256',
      },
      'otpauth://totp/?secret=JBSWY3DP&period=60&digits=8&algorithm=SHA256',
    ],
    [{ 'TimeOtp-Secret-Hex': '48656C6C6F' }, 'otpauth://totp/?secret=JBSWY3DP'],
    [{ 'TimeOtp-Secret-Base64': 'SGVsbG8=' }, 'otpauth://totp/?secret=JBSWY3DP'],
    [{ 'TimeOtp-Secret': 'Hello' }, 'otpauth://totp/?secret=JBSWY3DP'],
  ])('one-time codes: %j', async (fields, totp) => {
    const { items } = await made((database) => {
      const entry = database.createEntry(database.getDefaultGroup())
      entry.fields.set('Title', 'A')
      for (const [name, value] of Object.entries(fields)) entry.fields.set(name, hidden(value))
    })
    expect(items[0]?.item).toMatchObject({ kind: 'totp', fields: { totp }, own: [] })
  })

  test('the recycle bin, passkeys, and references to other entries', async () => {
    const { items, unmapped } = await made((database) => {
      const group = database.getDefaultGroup()
      const gone = database.createEntry(group)
      gone.fields.set('Title', 'Gone')
      database.remove(gone)
      const main = database.createEntry(group)
      main.fields.set('Title', 'Main')
      main.fields.set('Password', hidden('shared'))
      main.fields.set('KPEX_PASSKEY_CREDENTIAL_ID', hidden('x'))
      const id = Buffer.from(main.uuid.bytes ?? [])
        .toString('hex')
        .toUpperCase()
      const other = database.createEntry(group)
      other.fields.set('Title', 'Other')
      other.fields.set('UserName', `{REF:P@I:${'0'.repeat(32)}}`)
      other.fields.set('Password', hidden(`{REF:P@I:${id}}`))
    })
    expect(items.map(({ item }) => item.title)).toEqual(['Main', 'Other'])
    expect(items[1]?.item.fields['password']).toBe('shared')
    expect(unmapped.map(({ entry, what }) => `${entry}: ${what}`).toSorted()).toEqual([
      expect.stringMatching(/^Gone: .*recycle bin/),
      expect.stringMatching(/^Main: .*passkey/),
      expect.stringMatching(/^Other: .*refers/),
    ])
  })

  test('groups nested too deep are refused', async () => {
    const deep = made((database) => {
      let group = database.getDefaultGroup()
      for (let level = 0; level < 120; level++) group = database.createGroup(group, `${level}`)
    })
    await expect(deep).rejects.toMatchObject({ code: 'too-deep' })
  })
})

describe('what a file asks for is bounded before it is done', () => {
  test('rounds of AES-KDF', async () => {
    const bytes = await makeKdbx({ version: 3, password: 'secret', fill: oneLogin })
    const at = Buffer.from(bytes).indexOf(Buffer.from([6, 8, 0]))
    new DataView(bytes.buffer).setBigUint64(at + 3, 1n << 60n, true)
    await expect(read(bytes, { password: 'secret' })).rejects.toMatchObject({ code: 'too-costly' })
  })

  test('memory of Argon2', async () => {
    const fill: Parameters<typeof makeKdbx>[0]['fill'] = (database) => {
      const { UInt64 } = kdbxweb.VarDictionary.ValueType
      database.header.kdfParameters?.set('I', UInt64, kdbxweb.Int64.from(1))
      database.header.kdfParameters?.set('M', UInt64, kdbxweb.Int64.from(8 * 1024))
    }
    const kdbx = await makeKdbx({ kdf: 'Argon2id', password: 'secret', fill })
    const raised = kdbx.slice()
    const header = Buffer.from(raised.buffer)
    const memory = header.indexOf(Buffer.from([5, 1, 0, 0, 0, 0x4d, 8, 0, 0, 0]))
    new DataView(raised.buffer).setBigUint64(memory + 10, 1n << 42n, true)
    // The header's hash is over what it holds, and anybody can make it.
    const end = header.indexOf(Buffer.from([0, 4, 0, 0, 0]), memory + 18) + 9
    raised.set(new Uint8Array(await crypto.subtle.digest('SHA-256', raised.subarray(0, end))), end)
    await expect(read(raised, { password: 'secret' })).rejects.toMatchObject({ code: 'too-costly' })
  })

  test('without Argon2 at hand', async () => {
    const bytes = await makeKdbx({ kdf: 'Argon2d', password: 'secret', fill: oneLogin })
    const reading = readExport({ name: 'a', bytes }, { password: 'secret' })
    await expect(reading).rejects.toMatchObject({ code: 'needs-argon2' })
  })
})

test.each([
  ['KeePass 1', [0x03, 0xd9, 0xa2, 0x9a, 0x65, 0xfb, 0x4b, 0xb5, 0, 0, 3, 0], 'old-keepass'],
  [
    'a version to come',
    [0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5, 0, 0, 5, 0],
    'unknown-encryption',
  ],
  ['a start', [0x03, 0xd9, 0xa2, 0x9a, 0x67], 'truncated'],
])('%s is refused', async (_, bytes, code) => {
  await expect(read(Uint8Array.from(bytes), { password: 'x' })).rejects.toMatchObject({ code })
})
