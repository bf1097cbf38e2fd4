// Files as a bad disk or a bad person leaves them: cut anywhere, any byte changed. Each is refused by name, or read with
// a report; and where the format has a checksum, what is read is what was written.

import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readExport, type Secrets } from '../../src/interchange/readExport.ts'
import { RefusedExport } from '../../src/interchange/refusal.ts'
import { hidden, makeKdbx } from '../unit/interchangeKdbx.ts'

const long = process.env['SLOW'] === '1'
const numRuns = long ? 5000 : 40
const timeout = long ? 3_600_000 : 60_000
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const secrets = { password: 'secret' }

const bitwarden = {
  folders: [{ id: 'f', name: 'F' }],
  items: [
    {
      type: 1,
      name: 'A',
      folderId: 'f',
      login: { username: 'u', password: 'p', uris: [{ uri: 'https://a.example' }] },
      passwordHistory: [{ lastUsedDate: '2020-01-01', password: 'o' }],
    },
    {
      type: 3,
      name: 'C',
      card: { number: '4', expMonth: '1', expYear: '2030' },
      fields: [
        { name: 'Keyhearth', value: 'card pin', type: 0 },
        { name: 'pin', value: '1', type: 1 },
      ],
    },
  ],
}
const onePassword = {
  accounts: [
    {
      vaults: [
        {
          attrs: { name: 'V' },
          items: [
            {
              categoryUuid: '001',
              overview: { title: 'A' },
              details: {
                loginFields: [{ designation: 'username', value: 'u' }],
                sections: [{ fields: [{ id: 'x', title: 'x', value: { date: 1_700_000_000 } }] }],
                passwordHistory: [{ value: 'o', time: 1 }],
              },
            },
          ],
        },
      ],
    },
  ],
}
const proton = {
  vaults: {
    v: {
      name: 'V',
      items: [
        {
          data: {
            type: 'login',
            metadata: { name: 'A' },
            content: { itemUsername: 'u', urls: ['https://a.example'] },
            extraFields: [{ fieldName: 'x', type: 'text', data: { content: 'y' } }],
          },
          files: ['a.txt'],
          state: 1,
        },
      ],
    },
  },
}
const kdbx = (version: 3 | 4) =>
  makeKdbx({
    version,
    ...secrets,
    fill: async (database) => {
      const entry = database.createEntry(database.getDefaultGroup())
      entry.fields.set('Title', 'A')
      entry.fields.set('Password', hidden('p'))
      entry.pushHistory()
      entry.binaries.set('a', await database.createBinary(new Uint8Array([1]).buffer))
    },
  })

const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.from([...text].map((letter) => letter.charCodeAt(0))).buffer)
const chrome = 'name,url,username,password,note\na,https://a.example,u,"p ""q""",n\nb,,,,"x\ny"\n'
const lastPass =
  'url,username,password,totp,extra,name,grouping,fav\nhttp://sn,,,,"NoteType:Credit Card\nNumber:4\nExpiration Date:May,2030\nNotes:n",C,a\\b,1\n'

const files: readonly (readonly [
  name: string,
  file: () => Uint8Array | Promise<Uint8Array>,
  isChecked: boolean,
])[] = [
  ['CSV', () => new TextEncoder().encode(chrome), false],
  ['CSV of LastPass', () => new TextEncoder().encode(lastPass), false],
  ['CSV in UTF-16', () => utf16(chrome), false],
  ['Bitwarden', () => json(bitwarden), false],
  [
    'Proton Pass',
    () => zipSync({ 'Proton Pass': { 'data.json': json(proton), files: { 'a.txt': json(1) } } }),
    true,
  ],
  ['1Password', () => zipSync({ 'export.data': json(onePassword) }), true],
  ['KDBX 3.1', () => kdbx(3), false],
  ['KDBX 4', () => kdbx(4), true],
]

/** What was read, or the code of the refusal; anything else is thrown on. */
async function outcome(bytes: Uint8Array, given: Secrets = secrets) {
  try {
    const { items, unmapped } = await readExport({ name: 'export', bytes }, given)
    expect(Array.isArray(items) && Array.isArray(unmapped)).toBe(true)
    return { items, code: null }
  } catch (error) {
    if (!(error instanceof RefusedExport)) throw error
    return { items: null, code: error.code }
  }
}

describe.each(files)('%s', (_, make, isChecked) => {
  test(
    'any byte changed',
    async () => {
      const file = await make()
      const whole = await outcome(file)
      expect(whole.code).toBeNull()
      const change = fc.record({
        at: fc.nat(file.byteLength - 1),
        by: fc.integer({ min: 1, max: 255 }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
          const copy = file.slice()
          for (const { at, by } of changes) copy[at] = (copy[at] ?? 0) ^ by
          const { items } = await outcome(copy)
          // A changed name of a file in a ZIP can only lose the attachment.
          const plain = (all: typeof items) => all?.map(({ attachments, ...one }) => one)
          if (isChecked && items) expect(plain(items)).toEqual(plain(whole.items))
        }),
        { numRuns },
      )
    },
    timeout,
  )

  test(
    'cut anywhere',
    async () => {
      const file = await make()
      await fc.assert(
        fc.asyncProperty(fc.nat(file.byteLength - 1), async (length) => {
          const { items } = await outcome(file.subarray(0, length))
          if (isChecked) expect(items).toBeNull()
        }),
        { numRuns },
      )
    },
    timeout,
  )
})

test('any bytes, behind any start', async () => {
  const starts = [
    [],
    [0x50, 0x4b, 3, 4],
    [0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5, 1, 0, 4, 0],
    [0x7b],
    [0xff, 0xfe],
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.uint8Array({ maxLength: 500 }),
      async (start, rest) => {
        await outcome(Uint8Array.from([...start, ...rest]))
      },
    ),
    { numRuns: numRuns * 4 },
  )
})

test('any JSON, as each of the formats', async () => {
  const value = fc.json({ maxDepth: 4 }).map((text): unknown => JSON.parse(text))
  const shaped = fc.oneof(
    value.map((one) => ({ items: [one, { type: 1, login: one, fields: one, name: one }] })),
    value.map((one) => ({
      vaults: {
        v: {
          items: [one, { data: one }, { data: { type: 'identity', content: one, metadata: one } }],
        },
      },
    })),
    value.map((one) => ({
      accounts: [
        {
          vaults: [
            {
              items: [
                one,
                { details: one, overview: one },
                { details: { sections: [{ fields: [{ value: one }] }] } },
              ],
            },
          ],
        },
      ],
    })),
    value.map((one) => ({
      encrypted: true,
      passwordProtected: true,
      kdfType: 0,
      data: one,
      salt: one,
      kdfIterations: one,
    })),
  )
  await fc.assert(
    fc.asyncProperty(shaped, async (file) => {
      await outcome(json(file))
    }),
    { numRuns: numRuns * 2 },
  )
})
