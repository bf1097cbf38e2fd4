// interchange: files of other password managers, read and written; pure. This file: LastPass writes what is not a login
// as a note whose lines `Name:value` are its fields, and whose line `Notes:` begins the note proper.

import type { ItemKind, OwnField } from '../items/item.ts'
import { soundsSecret } from './draft.ts'
import { monthAndYear } from './monthAndYear.ts'

interface ReadNote {
  readonly kind: ItemKind
  readonly fields: Readonly<Record<string, string>>
  readonly own: readonly OwnField[]
  readonly notes: string
}

interface NoteType {
  readonly kind: ItemKind
  /** Our field for each of theirs. */
  readonly fields: Readonly<Record<string, string>>
}

const types: ReadonlyMap<string, NoteType> = new Map([
  [
    'Credit Card',
    {
      kind: 'card' as const,
      fields: {
        'Name on Card': 'holder',
        Number: 'number',
        'Security Code': 'code',
        'Expiration Date': 'expires',
      },
    },
  ],
  [
    'Address',
    {
      kind: 'identity' as const,
      fields: {
        'Email Address': 'email',
        Company: 'organisation',
        Birthday: 'birthday',
        'City / Town': 'city',
        State: 'region',
        'Zip / Postal Code': 'postcode',
        Country: 'country',
      },
    },
  ],
  [
    'SSH Key',
    {
      kind: 'ssh-key' as const,
      fields: { 'Private Key': 'privateKey', 'Public Key': 'publicKey', Passphrase: 'passphrase' },
    },
  ],
])

const nameParts = ['Title', 'First Name', 'Middle Name', 'Last Name']
const streetParts = ['Address 1', 'Address 2', 'Address 3']
const ignored = new Set(['NoteType', 'Language'])

export function readLastPassNote(extra: string): ReadNote {
  if (!extra.startsWith('NoteType:')) return { kind: 'note', fields: {}, own: [], notes: extra }
  const { lines, notes } = split(extra)
  const type = types.get(lines.get('NoteType') ?? '')
  const take = (names: readonly string[], between: string) =>
    names.flatMap((name) => lines.get(name) || []).join(between)
  const joined =
    type?.kind === 'identity' ? { name: take(nameParts, ' '), street: take(streetParts, '\n') } : {}
  const taken = new Set([
    ...ignored,
    ...Object.keys(type?.fields ?? {}),
    ...(type?.kind === 'identity' ? [...nameParts, ...streetParts] : []),
  ])
  const direct = Object.entries(type?.fields ?? {}).map(([theirs, ours]) => {
    const value = lines.get(theirs) ?? ''
    return [ours, ours === 'expires' ? monthAndYear(value) : value] as const
  })
  const own = [...lines].flatMap(([name, value]) =>
    taken.has(name) || value === '' ? [] : [{ name, value, hidden: soundsSecret(name) }],
  )
  return {
    kind: type?.kind ?? 'note',
    fields: { ...Object.fromEntries(direct), ...joined },
    own,
    notes,
  }
}

/** A value goes on over the lines that have no name, as private keys do. */
function split(extra: string): { lines: ReadonlyMap<string, string>; notes: string } {
  const lines = new Map<string, string>()
  const rows = extra.split(/\r?\n/)
  let name = ''
  for (const [at, line] of rows.entries()) {
    const [, next, value = ''] = /^([A-Z][\w /]{1,40}):(.*)$/.exec(line) ?? []
    if (next === 'Notes') return { lines, notes: [value, ...rows.slice(at + 1)].join('\n') }
    if (next === undefined) lines.set(name, `${lines.get(name) ?? ''}\n${line}`)
    else {
      name = next
      lines.set(name, value)
    }
  }
  return { lines, notes: '' }
}
