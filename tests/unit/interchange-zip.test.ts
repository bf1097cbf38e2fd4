// 1Password's .1pux, Proton Pass's ZIP and Bitwarden's, packed by fflate; and ZIP files made to do harm.

import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readExport } from '../../src/interchange/readExport.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const json = (value: unknown) => utf8(JSON.stringify(value))
const read = (files: Parameters<typeof zipSync>[0], options?: Parameters<typeof zipSync>[1]) =>
  readExport({ name: 'export', bytes: zipSync(files, options) })
const readBytes = (bytes: Uint8Array) => readExport({ name: 'export', bytes })

const section = (...fields: object[]) => ({ title: '', fields })
const field = (id: string, value: object, title = id) => ({ id, title, value })

describe('1Password', () => {
  const onePassword = (...items: unknown[]) => ({
    'export.attributes': json({ version: 3 }),
    'export.data': json({ accounts: [{ vaults: [{ attrs: { name: 'Personal' }, items }] }] }),
    files: { 'doc1__scan.pdf': utf8('%PDF') },
  })

  test('a login with everything', async () => {
    const { format, items, unmapped } = await read(
      onePassword({
        categoryUuid: '001',
        favIndex: 1,
        createdAt: 1_600_000_000,
        updatedAt: 1_700_000_000,
        state: 'active',
        overview: {
          title: 'Mail',
          url: 'https://a.example',
          urls: [{ url: 'https://a.example' }, { url: 'https://b.example' }],
          tags: ['x'],
        },
        details: {
          loginFields: [
            { designation: 'username', value: 'ada', fieldType: 'E' },
            { designation: 'password', value: 'now', fieldType: 'P' },
            { name: 'remember', value: '✓', fieldType: 'C' },
            { name: 'pin', value: '12', fieldType: 'P' },
          ],
          notesPlain: 'n',
          passkey: { credentialId: 'x' },
          sections: [
            section(
              field('TOTP_1', { totp: 'JBSWY3DP' }, 'one-time password'),
              field('f1', { concealed: 'h' }, 'hidden'),
              field('f2', { string: 's' }, 'shown'),
              field('f3', { date: 1_700_000_000 }, 'day'),
              field('f4', { monthYear: 203_112 }, 'month'),
              field('f5', { email: { email_address: 'a@b.c', provider: null } }, 'mail'),
              field('f6', { address: { street: '1 Road', city: 'Town' } }, 'where'),
              field('f7', { file: { fileName: 'scan.pdf', documentId: 'doc1' } }),
              field('f8', { file: { fileName: 'lost.pdf', documentId: 'doc2' } }),
              field('f9', { reference: 'other' }),
              field('empty', { string: '' }),
            ),
          ],
          passwordHistory: [
            { value: 'oldest', time: 1_500_000_000 },
            { value: 'older', time: 1_550_000_000 },
          ],
        },
      }),
    )
    expect(format).toBe('1Password 1PUX')
    const [one] = items
    expect(one?.item).toEqual({
      kind: 'login',
      title: 'Mail',
      fields: { username: 'ada', password: 'now', totp: 'JBSWY3DP' },
      uris: ['https://a.example', 'https://b.example'],
      notes: 'n',
      own: [
        { name: 'hidden', value: 'h', hidden: true },
        { name: 'shown', value: 's', hidden: false },
        { name: 'day', value: '2023-11-14', hidden: false },
        { name: 'month', value: '12/2031', hidden: false },
        { name: 'mail', value: 'a@b.c', hidden: false },
        { name: 'where', value: '1 Road\nTown', hidden: false },
        { name: 'pin', value: '12', hidden: true },
      ],
      tags: ['Personal', 'x'],
      favourite: true,
    })
    expect(one?.older?.map(({ item }) => item.fields['password'])).toEqual(['older', 'oldest'])
    expect(one?.attachments).toEqual([{ name: 'scan.pdf', bytes: utf8('%PDF') }])
    expect(unmapped.map(({ what }) => what)).toEqual([
      expect.stringContaining('passkey'),
      expect.stringContaining('Links'),
      expect.stringContaining('lost.pdf'),
    ])
  })

  test('other categories', async () => {
    const one = (categoryUuid: string, details: object) => ({
      categoryUuid,
      overview: { title: categoryUuid },
      details,
    })
    const { items } = await read(
      onePassword(
        one('002', {
          sections: [
            section(
              field('cardholder', { string: 'Ada' }),
              field('ccnum', { creditCardNumber: '4111' }),
              field('expiry', { monthYear: 203_004 }),
              field('cvv', { concealed: '1' }),
            ),
          ],
        }),
        one('003', { notesPlain: 'text' }),
        one('004', {
          sections: [
            section(
              field('firstname', { string: 'Ada' }),
              field('lastname', { string: 'L' }),
              field('address', { address: { street: '1', city: 'T', country: 'uk' } }),
            ),
          ],
        }),
        one('005', { password: 'only' }),
        one('006', { documentAttributes: { fileName: 'scan.pdf', documentId: 'doc1' } }),
        one('106', {
          sections: [
            section(field('fullname', { string: 'Ada' }), field('number', { string: 'P1' })),
          ],
        }),
        one('110', {
          sections: [
            section(field('username', { string: 'root' }), field('password', { concealed: 'pw' })),
          ],
        }),
        one('112', {
          sections: [
            section(field('username', { string: 'id' }), field('credential', { concealed: 'k' })),
          ],
        }),
        one('114', {
          sections: [
            section(
              field('key', {
                sshKey: { privateKey: 'priv', metadata: { publicKey: 'pub', fingerprint: 'fp' } },
              }),
            ),
          ],
        }),
        one('101', { sections: [section(field('iban', { string: 'DE' }))] }),
        { item: one('003', { notesPlain: 'wrapped' }) },
        { ...one('001', {}), state: 'trashed' },
        7,
      ),
    )
    expect(items.map(({ item }) => [item.kind, item.fields])).toEqual([
      ['card', { holder: 'Ada', number: '4111', expires: '04/2030', code: '1' }],
      ['note', {}],
      ['identity', { street: '1', city: 'T', country: 'uk', name: 'Ada L' }],
      ['login', { password: 'only' }],
      ['note', {}],
      ['identity', { name: 'Ada', passport: 'P1' }],
      ['login', { username: 'root', password: 'pw' }],
      ['api-key', { keyId: 'id', key: 'k' }],
      ['ssh-key', { privateKey: 'priv', publicKey: 'pub', fingerprint: 'fp' }],
      ['note', {}],
      ['note', {}],
    ])
    expect(items[4]?.attachments).toHaveLength(1)
  })
})

describe('Proton Pass', () => {
  const proton = (...items: unknown[]) => ({
    'Proton Pass': {
      'data.json': json({
        version: '1.30',
        encrypted: false,
        vaults: {
          v: {
            name: 'Personal',
            folders: [{ folderId: 'f', parentFolderId: null, name: 'Work' }],
            items,
          },
        },
      }),
      files: { 'a_b.txt': utf8('file') },
    },
  })
  const entry = (type: string, content: object, more: object = {}) => ({
    data: { type, content, metadata: { name: type, note: 'n' }, extraFields: [], ...more },
    state: 1,
    createTime: 1_600_000_000,
    modifyTime: 1_700_000_000,
  })

  test('every type', async () => {
    const { format, items, unmapped } = await read(
      proton(
        {
          ...entry(
            'login',
            {
              itemEmail: 'a@b.c',
              itemUsername: 'ada',
              password: 'p',
              urls: ['https://a.example'],
              totpUri: 'otpauth://totp/x?secret=A',
              passkeys: [{}],
            },
            {
              extraFields: [
                { fieldName: 'shown', type: 'text', data: { content: 's' } },
                { fieldName: 'secret', type: 'hidden', data: { content: 'h' } },
                { fieldName: 'code', type: 'totp', data: { totpUri: 'otpauth://x' } },
              ],
            },
          ),
          pinned: true,
          folderId: 'f',
          files: ['a/b.txt', 'missing.txt'],
        },
        entry('note', {}),
        entry('creditCard', {
          cardholderName: 'A',
          number: '4',
          verificationNumber: '1',
          expirationDate: '2031-05',
          pin: '9',
        }),
        entry('identity', {
          fullName: 'Ada',
          streetAddress: '1',
          zipOrPostalCode: 'Z',
          jobTitle: 'Countess',
          extraSections: [
            { sectionFields: [{ fieldName: 'x', type: 'text', data: { content: 'y' } }] },
          ],
        }),
        entry('sshKey', { privateKey: 'priv', publicKey: 'pub' }),
        entry('wifi', { ssid: 'net', password: 'pw' }),
        entry('custom', {
          sections: [
            { sectionFields: [{ fieldName: 'x', type: 'hidden', data: { content: 'y' } }] },
          ],
        }),
        { ...entry('alias', {}), aliasEmail: 'x@passmail.net' },
        entry('from the future', {}),
        { ...entry('login', {}), state: 2 },
        'no entry',
      ),
    )
    expect(format).toBe('Proton Pass')
    expect(items[0]).toMatchObject({
      createdAt: 1_600_000_000_000,
      attachments: [{ name: 'a/b.txt', bytes: utf8('file') }],
      item: {
        kind: 'login',
        title: 'login',
        fields: { username: 'ada', password: 'p', totp: 'otpauth://totp/x?secret=A' },
        tags: ['Personal/Work'],
        favourite: true,
        own: [
          { name: 'Email', value: 'a@b.c', hidden: false },
          { name: 'shown', value: 's', hidden: false },
          { name: 'secret', value: 'h', hidden: true },
          { name: 'code', value: 'otpauth://x', hidden: true },
        ],
      },
    })
    expect(
      items.slice(1).map(({ item }) => [item.kind, item.fields, item.own.map(({ name }) => name)]),
    ).toEqual([
      ['note', {}, []],
      ['card', { holder: 'A', number: '4', code: '1', expires: '05/2031', pin: '9' }, []],
      ['identity', { name: 'Ada', street: '1', postcode: 'Z' }, ['Job title', 'x']],
      ['ssh-key', { privateKey: 'priv', publicKey: 'pub' }, []],
      ['note', {}, ['Network', 'Password']],
      ['note', {}, ['x']],
      ['note', {}, ['Alias']],
    ])
    expect(unmapped).toHaveLength(6)
  })

  test('encrypted ones are refused with what to do', async () => {
    const pgp = { code: 'openpgp-encrypted' }
    await expect(read({ 'Proton Pass': { 'data.pgp': utf8('x') } })).rejects.toMatchObject(pgp)
    const armour = utf8('-----BEGIN PGP MESSAGE-----\n')
    await expect(readExport({ name: 'a', bytes: armour })).rejects.toMatchObject(pgp)
    const binary = { name: 'export.pgp', bytes: Uint8Array.of(0xc3, 0x2e, 4) }
    await expect(readExport(binary)).rejects.toMatchObject(pgp)
  })
})

test('Bitwarden with attachments', async () => {
  const { items, unmapped } = await read({
    'data.json': json({
      items: [
        { id: 'i1', type: 1, name: 'A', login: {}, attachments: [{ fileName: 'a.txt' }] },
        { id: 'i2', type: 1, name: 'B', login: {}, attachments: [{ fileName: 'b.txt' }] },
      ],
    }),
    attachments: { i1: { 'a.txt': utf8('file') } },
  })
  expect(items[0]?.attachments).toEqual([{ name: 'a.txt', bytes: utf8('file') }])
  expect(unmapped).toEqual([{ entry: 'B', what: expect.stringContaining('attachments') }])
})

describe('made to do harm', () => {
  const data = { 'export.data': json({ accounts: [] }) }
  const patched = (
    bytes: Uint8Array,
    signature: number[],
    offset: number,
    value: number,
    size: 2 | 4 = 4,
  ) => {
    const copy = bytes.slice()
    const at = Buffer.from(copy.buffer).indexOf(Buffer.from(signature)) + offset
    const view = new DataView(copy.buffer)
    if (size === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    return copy
  }
  const directory = [0x50, 0x4b, 1, 2]
  const end = [0x50, 0x4b, 5, 6]
  const bytes = zipSync(data)

  test('what says that it unpacks to gigabytes is refused unread', async () => {
    await expect(readBytes(patched(bytes, directory, 24, 0x7fff_ffff))).rejects.toMatchObject({
      code: 'too-large',
    })
  })

  test('what unpacks to more than it says is stopped', async () => {
    const bomb = zipSync({ 'export.data': new Uint8Array(64 * 1024 * 1024) })
    const lying = patched(bomb, directory, 24, 1000)
    const before = performance.now()
    await expect(readBytes(lying)).rejects.toMatchObject({ code: 'too-large' })
    expect(performance.now() - before).toBeLessThan(2000)
  })

  test.each([
    ['another content than its checksum', patched(bytes, directory, 16, 1), 'damaged'],
    ['a password', patched(bytes, directory, 8, 1, 2), 'encrypted-zip'],
    ['a method nobody knows', patched(bytes, directory, 10, 99, 2), 'damaged'],
    ['a directory beyond the end', patched(bytes, end, 16, 0x7fff_0000), 'damaged'],
    ['more entries than there are', patched(bytes, end, 10, 9, 2), 'damaged'],
    ['a file beyond the end', patched(bytes, directory, 42, 0x7fff_0000), 'damaged'],
    ['no end', bytes.subarray(0, bytes.byteLength - 5), 'truncated'],
    ['nothing of ours', zipSync({ 'a.txt': utf8('x') }), 'not-recognised'],
    ['data of another kind', zipSync({ 'export.data': json([]) }), 'damaged'],
    ['data that is cut off', zipSync({ 'export.data': utf8('{"accounts":[') }), 'truncated'],
  ])('%s', async (_, given, code) => {
    await expect(readBytes(given)).rejects.toMatchObject({ name: 'RefusedExport', code })
  })
})
