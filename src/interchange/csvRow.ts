// interchange: files of other password managers, read and written; pure. This file: one row of a CSV as an item.

import type { Item, ItemKind } from '../items/item.ts'
import { bitwardenFields } from './bitwardenFields.ts'
import type { Row } from './csvCells.ts'
import type { Role, Writer } from './csvColumns.ts'
import { draftItem, ownField, soundsSecret, titleFrom, withTimes } from './draft.ts'
import type { ImportedItem } from './format.ts'
import { listOf, parseJson, text } from './json.ts'
import { readLastPassNote } from './lastPassNote.ts'
import { readMark } from './mark.ts'
import { monthAndYear } from './monthAndYear.ts'
import { readProtonCell } from './protonItem.ts'

interface ReadRow {
  readonly imported: ImportedItem | null
  readonly lost: readonly string[]
}

/** Roles that an item has one of; what a row has beyond that becomes fields of the person's own. */
const single: ReadonlySet<Role> = new Set<Role>([
  'title',
  'username',
  'email',
  'password',
  'notes',
  'totp',
  'holder',
  'number',
  'expires',
  'code',
  'pin',
])

export function readCsvRow(row: Row, writer: Writer, at: number): ReadRow {
  const item = itemOf(row, writer)
  if (writer !== 'keyhearth' && !hasAnything(item))
    return { imported: null, lost: ['The row holds nothing.'] }
  const titled = writer === 'keyhearth' ? item : { ...item, title: titleOf(item, at) }
  return {
    imported: withTimes(
      askingAs(row, titled),
      timeOf(row.one('created')),
      timeOf(row.one('changed')),
    ),
    lost: [...lostOf(row)],
  }
}

const askingAs = (row: Row, item: Item): ImportedItem =>
  isYes(row.one('reprompt')) ? { item, askAgain: true } : { item }

const hasAnything = (item: Item): boolean =>
  item.title !== '' ||
  item.notes !== '' ||
  item.uris.length > 0 ||
  item.own.length > 0 ||
  Object.keys(item.fields).length > 0

const titleOf = (item: Item, at: number): string =>
  titleFrom(item.title, item.uris[0]) || item.fields['username'] || `Row ${at + 2}`

function* lostOf(row: Row): Generator<string> {
  if (isYes(row.one('archived')))
    yield 'It was in the archive; it was brought over like the others.'
}

function itemOf(row: Row, writer: Writer): Item {
  switch (writer) {
    case 'keyhearth':
      return readOurs(row) ?? readPlain(row, writer)
    case 'lastpass':
      return row.one('uri') === 'http://sn' ? readLastPass(row) : readPlain(row, writer)
    case 'proton':
      return (
        readProtonCell(row.one('type'), row.one('notes'), common(row, writer)) ??
        readPlain(row, writer)
      )
    case 'bitwarden':
    case 'firefox':
    case 'keepassxc':
    case 'one-password':
    case 'safari':
    case 'chrome':
    case 'other':
      return readPlain(row, writer)
  }
}

function readOurs(row: Row): Item | null {
  const unmarked = readMark(row.one('mark'), bitwardenFields(row.one('fields')))
  if (!unmarked) return null
  const [first] = row.all('path')
  return draftItem(unmarked.kind, {
    ...unmarked,
    title: row.one('title'),
    notes: row.one('notes'),
    favourite: isYes(row.one('favourite')),
    fields: {
      ...unmarked.fields,
      ...(unmarked.kind === 'login' || unmarked.kind === 'totp' ? loginFields(row) : {}),
    },
    uris: unmarked.kind === 'login' ? splitUris(row.one('uri')) : unmarked.uris,
    tags: [...(first === undefined ? [] : [first]), ...unmarked.tags],
  })
}

const loginFields = (row: Row) => ({
  username: row.one('username'),
  password: row.one('password'),
  totp: row.one('totp'),
})

const readLastPass = (row: Row): Item => {
  const { kind, fields, own, notes } = readLastPassNote(row.one('notes'))
  return draftItem(kind, { ...common(row, 'lastpass'), fields, own, notes })
}

function readPlain(row: Row, writer: Writer): Item {
  const kind = kindOf(row)
  const email = row.one('email')
  const username = row.one('username') || (kind === 'login' ? email : '')
  const shared = {
    ...common(row, writer),
    uris: [...row.all('uri').flatMap(splitUris), ...row.all('uris').flatMap(jsonUris)],
    notes: row.one('notes'),
    own: [
      ...(writer === 'bitwarden' ? bitwardenFields(row.one('fields')) : []),
      ...(username === email ? [] : ownField('Email', email)),
      ...(kind === 'card' ? ownField('Username', username) : []),
      ...(kind === 'card' ? ownField('Password', row.one('password'), true) : []),
      ...(kind === 'login'
        ? cardFields(row).flatMap(([name, value]) => ownField(name, value, true))
        : []),
      ...row.rest(single).flatMap(({ name, value }) => ownField(name, value, soundsSecret(name))),
    ],
  }
  switch (kind) {
    case 'card':
      return draftItem(kind, { ...shared, fields: Object.fromEntries(cardFields(row)) })
    case 'login':
      return draftItem(kind, { ...shared, fields: { ...loginFields(row), username } })
    case 'totp':
      return draftItem(kind, { ...shared, fields: { totp: row.one('totp') } })
    default:
      return draftItem(kind, shared)
  }
}

const cardFields = (row: Row): readonly (readonly [string, string])[] =>
  (['holder', 'number', 'expires', 'code', 'pin'] as const).map((role) => [
    role,
    role === 'expires' ? monthAndYear(row.one(role)) : row.one(role),
  ])

function kindOf(row: Row): ItemKind {
  if (/^(?:secure)?note$/i.test(row.one('type'))) return 'note'
  if (row.one('number') !== '') return 'card'
  if (['username', 'email', 'password', 'uri'].some((role) => row.one(role as Role) !== ''))
    return 'login'
  if (row.one('totp') !== '') return 'totp'
  return row.one('notes') === '' ? 'login' : 'note'
}

/** What every item has, whatever its kind. */
const common = (row: Row, writer: Writer) => ({
  title: row.one('title'),
  tags: [
    ...row.all('path').flatMap((path) => pathTag(path, writer)),
    ...row.all('tags').flatMap((tags) => tags.split(/[,;]/).map((tag) => tag.trim())),
  ],
  favourite: isYes(row.one('favourite')),
})

function pathTag(path: string, writer: Writer): readonly string[] {
  switch (writer) {
    case 'lastpass':
      return [path.replaceAll('\\', '/')]
    // The first part is the database's own name.
    case 'keepassxc':
      return [path.split('/').slice(1).join('/')]
    case 'bitwarden':
      return path.split(',')
    default:
      return [path]
  }
}

const isYes = (cell: string): boolean => /^(?:1|true|yes|y|x)$/i.test(cell.trim())

/** Several addresses in one cell stand behind commas, spaces or on lines; an address can hold a comma itself. */
const splitUris = (cell: string): readonly string[] =>
  cell.split(/(?:\s*,\s*|\s+)(?=[a-z][a-z0-9+.-]*:\/\/)/i).map((uri) => uri.trim())

/** A list as JSON: of addresses, or of objects with one each. */
function jsonUris(cell: string): readonly string[] {
  if (!cell.startsWith('[')) return splitUris(cell)
  try {
    return listOf(parseJson(cell)).map((one) => (typeof one === 'string' ? one : text(one, 'url')))
  } catch {
    return []
  }
}

/** ISO 8601, or since 1970 in seconds or in milliseconds, told apart by size. */
function timeOf(cell: string): number | undefined {
  if (/^\d{1,11}$/.test(cell)) return Number(cell) * 1000
  const time = /^\d{12,15}$/.test(cell) ? Number(cell) : Date.parse(cell)
  return Number.isFinite(time) ? time : undefined
}
