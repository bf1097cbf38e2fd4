// Bitwarden's JSON: plain, and encrypted with a password by the construction of its whitepaper, with node:crypto.

import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { argon2id } from 'hash-wasm'
import { describe, expect, test } from 'vitest'
import { readExport, type Secrets } from '../../src/interchange/readExport.ts'
import { argon2 } from './interchangeArgon2.ts'

const read = (file: unknown, secrets?: Secrets) =>
  readExport(
    {
      name: 'bitwarden.json',
      bytes: new TextEncoder().encode(typeof file === 'string' ? file : JSON.stringify(file)),
    },
    secrets,
  )
const entry = (members: object) => ({ folders: [], items: [{ name: 'A', ...members }] })

const vault = {
  encrypted: false,
  folders: [{ id: 'f1', name: 'Work/Mail' }],
  items: [
    {
      id: '1',
      folderId: 'f1',
      type: 1,
      name: 'Mail',
      notes: 'n',
      favorite: true,
      reprompt: 1,
      creationDate: '2023-01-02T03:04:05.000Z',
      revisionDate: '2024-01-02T03:04:05.000Z',
      fields: [
        { name: 'shown', value: 's', type: 0 },
        { name: 'hidden', value: 'h', type: 1 },
        { name: 'yes', value: 'true', type: 2 },
        { name: 'linked', value: null, type: 3, linkedId: 100 },
      ],
      login: {
        uris: [
          { match: null, uri: 'https://mail.example' },
          { match: 4, uri: '^https://.*$' },
        ],
        username: 'ada',
        password: 'now',
        totp: 'otpauth://totp/x?secret=JBSWY3DP',
        fido2Credentials: [{ credentialId: 'x' }],
      },
      passwordHistory: [
        { lastUsedDate: '2022-01-01T00:00:00.000Z', password: 'oldest' },
        { lastUsedDate: '2023-01-01T00:00:00.000Z', password: 'older' },
      ],
      collectionIds: null,
    },
    { type: 2, name: 'Note', notes: 'text', secureNote: { type: 0 } },
    {
      type: 3,
      name: 'Card',
      card: {
        cardholderName: 'Ada',
        brand: 'Visa',
        number: '4111',
        expMonth: '4',
        expYear: '2031',
        code: '123',
      },
    },
    {
      type: 4,
      name: 'Me',
      identity: {
        title: 'Ms',
        firstName: 'Ada',
        middleName: null,
        lastName: 'Lovelace',
        address1: '1 Road',
        address2: null,
        address3: 'Town',
        state: 'CA',
        company: 'Engines',
        ssn: '1',
        username: 'ada',
        passportNumber: 'P',
        licenseNumber: 'L',
      },
    },
    {
      type: 5,
      name: 'Key',
      sshKey: { privateKey: 'priv', publicKey: 'pub', keyFingerprint: 'SHA256:x' },
    },
    { type: 99, name: 'From the future' },
    { type: 1, name: 'Gone', deletedDate: '2024-01-01T00:00:00Z', login: {} },
    'no entry',
  ],
}

describe('unencrypted', () => {
  test('every type, and what has no place is named', async () => {
    const { format, items, unmapped } = await read(vault)
    expect(format).toBe('Bitwarden JSON')
    const [mail, note, card, me, key] = items.map(({ item }) => item)
    expect(items).toHaveLength(5)
    expect(mail).toEqual({
      kind: 'login',
      title: 'Mail',
      fields: { username: 'ada', password: 'now', totp: 'otpauth://totp/x?secret=JBSWY3DP' },
      uris: ['https://mail.example'],
      notes: 'n',
      own: [
        { name: 'Address pattern', value: '^https://.*$', hidden: false },
        { name: 'shown', value: 's', hidden: false },
        { name: 'hidden', value: 'h', hidden: true },
        { name: 'yes', value: 'true', hidden: false },
      ],
      tags: ['Work/Mail'],
      favourite: true,
    })
    expect(items[0]?.older?.map(({ item, at }) => [item.fields['password'], at])).toEqual([
      ['older', Date.UTC(2023, 0)],
      ['oldest', Date.UTC(2022, 0)],
    ])
    expect(items.map(({ askAgain }) => askAgain)).toEqual([
      true,
      ...Array<undefined>(4).fill(undefined),
    ])
    expect(items[0]).toMatchObject({
      createdAt: Date.UTC(2023, 0, 2, 3, 4, 5),
      changedAt: Date.UTC(2024, 0, 2, 3, 4, 5),
    })
    expect(note).toMatchObject({ kind: 'note', notes: 'text' })
    expect(card).toMatchObject({
      kind: 'card',
      fields: { holder: 'Ada', number: '4111', expires: '04/2031', code: '123' },
      own: [{ name: 'Brand', value: 'Visa' }],
    })
    expect(me).toMatchObject({
      kind: 'identity',
      fields: {
        name: 'Ms Ada Lovelace',
        street: '1 Road\nTown',
        region: 'CA',
        taxId: '1',
        passport: 'P',
        licence: 'L',
      },
      own: [{ name: 'Username', value: 'ada' }],
    })
    expect(key).toMatchObject({
      kind: 'ssh-key',
      fields: { privateKey: 'priv', fingerprint: 'SHA256:x' },
    })
    expect(unmapped.map(({ entry: name, what }) => `${name}: ${what}`)).toEqual([
      expect.stringMatching(/^Mail: Passkeys \(1\)/),
      expect.stringMatching(/^Mail: .*points to another/),
      expect.stringMatching(/^From the future: /),
      expect.stringMatching(/^Gone: .*trash/),
      expect.stringMatching(/^Entry 8: /),
    ])
  })

  test('collections of an organisation become tags', async () => {
    const { items } = await read({
      encrypted: false,
      collections: [
        { id: 'c1', name: 'Team' },
        { id: 'c2', name: 'All' },
      ],
      items: [{ type: 1, name: 'A', collectionIds: ['c1', 'c2', 'c3'], login: { password: 'x' } }],
    })
    expect(items[0]?.item.tags).toEqual(['Team', 'All'])
  })

  test('members of the wrong type are empty, and lose nothing else', async () => {
    const odd = entry({
      type: 1,
      notes: { a: 1 },
      favorite: 'yes',
      fields: 'none',
      login: { uris: 'x', username: ['u'], password: 12345 },
      passwordHistory: { length: 1e9 },
    })
    const { items } = await read(odd)
    expect(items[0]?.item).toMatchObject({
      notes: '',
      favourite: false,
      own: [],
      uris: [],
      fields: { password: '12345' },
    })
  })

  test('__proto__ is a member like any other', async () => {
    const text =
      '{"items":[{"type":1,"name":"A","__proto__":{"notes":"polluted"},"login":{"__proto__":{"password":"polluted"}}}],"folders":[{"__proto__":{"id":"x"}}]}'
    const { items } = await read(text)
    expect(items[0]?.item).toMatchObject({ notes: '', fields: {} })
    expect(({} as Record<string, unknown>)['notes']).toBeUndefined()
  })

  test.each([
    ['too deep', `{"items":[${'['.repeat(200)}`, 'too-deep'],
    ['deeper than a stack', '{"items":'.repeat(1_000_000), 'too-deep'],
    ['cut off', JSON.stringify(vault).slice(0, 500), 'truncated'],
    ['cut off in a text', '{"items":[{"name":"abc', 'truncated'],
    ['no JSON', '{"items":[}]}', 'damaged'],
    ['another JSON', '{"a":1}', 'not-recognised'],
    ['a list', '[1,2]', 'not-recognised'],
    ['too many', `{"items":[${'1,'.repeat(250_000)}1]}`, 'too-many'],
  ])('%s is refused', async (_, text, code) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'RefusedExport', code })
  })
})

const salt = Buffer.alloc(16, 7).toString('base64')

function encrypted(stretched: Buffer, kdf: object) {
  const expand = (info: string) =>
    createHmac('sha256', stretched)
      .update(Buffer.from(`${info}\u0001`, 'latin1'))
      .digest()
  const seal = (text: string) => {
    const iv = Buffer.alloc(16, 9)
    const cipher = createCipheriv('aes-256-cbc', expand('enc'), iv)
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    const mac = createHmac('sha256', expand('mac')).update(iv).update(ciphertext).digest()
    return `2.${[iv, ciphertext, mac].map((part) => part.toString('base64')).join('|')}`
  }
  return {
    encrypted: true,
    passwordProtected: true,
    salt,
    ...kdf,
    encKeyValidation_DO_NOT_EDIT: seal('a5d8b0f2-0000-4000-8000-000000000000'),
    data: seal(JSON.stringify(vault)),
  }
}

const byPbkdf2 = (password = 'correct horse') =>
  encrypted(pbkdf2Sync(password, salt, 5000, 32, 'sha256'), { kdfType: 0, kdfIterations: 5000 })

describe('encrypted with a password', () => {
  test('PBKDF2', async () => {
    const { items } = await read(byPbkdf2(), { password: 'correct horse' })
    expect(items[0]?.item.fields['password']).toBe('now')
  })

  test('Argon2id', async () => {
    const key = await argon2id({
      password: 'correct horse',
      salt: createHash('sha256').update(salt).digest(),
      iterations: 2,
      memorySize: 16 * 1024,
      parallelism: 4,
      hashLength: 32,
      outputType: 'binary',
    })
    const kdf = { kdfType: 1, kdfIterations: 2, kdfMemory: 16, kdfParallelism: 4 }
    const file = encrypted(Buffer.from(key), kdf)
    const { items } = await read(file, { password: 'correct horse', argon2 })
    expect(items).toHaveLength(5)
    await expect(read(file, { password: 'correct horse' })).rejects.toMatchObject({
      code: 'needs-argon2',
    })
  })

  test.each([
    ['without a password', {}, undefined, 'needs-password'],
    ['with another password', {}, 'incorrect', 'wrong-password'],
    ['for an account', { passwordProtected: undefined }, 'x', 'account-encrypted'],
    ['whose data was changed', { data: byPbkdf2('another').data }, 'correct horse', 'damaged'],
    ['without data', { data: null }, 'correct horse', 'damaged'],
    ['of a KDF nobody knows', { kdfType: 7 }, 'x', 'unknown-encryption'],
    ['of too many iterations', { kdfIterations: 1e12 }, 'x', 'too-costly'],
    ['of no iterations', { kdfIterations: 0 }, 'x', 'damaged'],
    [
      'of too much memory',
      { kdfType: 1, kdfIterations: 1, kdfMemory: 1e6, kdfParallelism: 1 },
      'x',
      'too-costly',
    ],
  ])('%s', async (_, members, password, code) => {
    const secrets = password === undefined ? {} : { password, argon2 }
    await expect(read({ ...byPbkdf2(), ...members }, secrets)).rejects.toMatchObject({ code })
  })
})
