// interchange: files of other password managers, read and written; pure. This file: an entry of 1Password as an item. Its
// fields stand in sections and have ids that say what they are; those that no kind has a place for stay as own fields.

import type { Item, ItemKind, OwnField } from '../items/item.ts'
import { draftItem, titleFrom } from './draft.ts'
import { isObject, type JsonObject, list, member, objects, text, textOf, unixTime } from './json.ts'
import { monthAndYear } from './monthAndYear.ts'

export interface FileOf {
  readonly id: string
  readonly name: string
}

interface ReadItem {
  readonly item: Item
  readonly files: readonly FileOf[]
  readonly passkeys: boolean
  readonly references: number
}

interface Category {
  readonly kind: ItemKind
  /** Our field for each of their ids. */
  readonly fields: Readonly<Record<string, string>>
}

const login = { username: 'username', password: 'password' }

const categories: ReadonlyMap<string, Category> = new Map<string, Category>([
  ['001', { kind: 'login', fields: {} }],
  [
    '002',
    {
      kind: 'card',
      fields: { cardholder: 'holder', ccnum: 'number', expiry: 'expires', cvv: 'code', pin: 'pin' },
    },
  ],
  [
    '004',
    {
      kind: 'identity',
      fields: { company: 'organisation', defphone: 'phone', email: 'email', birthdate: 'birthday' },
    },
  ],
  ['005', { kind: 'login', fields: {} }],
  ['102', { kind: 'login', fields: login }],
  [
    '103',
    {
      kind: 'identity',
      fields: {
        fullname: 'name',
        number: 'licence',
        birthdate: 'birthday',
        country: 'country',
        state: 'region',
      },
    },
  ],
  [
    '106',
    { kind: 'identity', fields: { fullname: 'name', number: 'passport', birthdate: 'birthday' } },
  ],
  ['108', { kind: 'identity', fields: { name: 'name', number: 'taxId' } }],
  ['110', { kind: 'login', fields: login }],
  ['111', { kind: 'login', fields: { pop_username: 'username', pop_password: 'password' } }],
  ['112', { kind: 'api-key', fields: { username: 'keyId', credential: 'key' } }],
  ['114', { kind: 'ssh-key', fields: {} }],
])
const otherCategory: Category = { kind: 'note', fields: {} }

const nameParts = ['firstname', 'initial', 'lastname']

interface Field {
  readonly id: string
  readonly title: string
  /** The one member of its value: what it is, and what it says. */
  readonly type: string
  readonly value: unknown
}

export function onePasswordItem(entry: JsonObject, vault: string): ReadItem {
  const details = member(entry, 'details')
  const overview = member(entry, 'overview')
  const { kind, fields: places } = categories.get(text(entry, 'categoryUuid')) ?? otherCategory
  const fields = objects(details, 'sections').flatMap((section) =>
    objects(section, 'fields').map(readField),
  )
  const uris = [...objects(overview, 'urls').map((url) => text(url, 'url')), text(overview, 'url')]
  const { placed, rest } = place(fields, places, kind)
  const item = draftItem(kind, {
    title: titleFrom(text(overview, 'title'), uris[0]),
    fields: { ...placed, ...(kind === 'login' ? loginOf(details, placed) : {}) },
    uris,
    notes: text(details, 'notesPlain'),
    own: [...rest.flatMap(ownOf), ...formFields(details, kind)],
    tags: [vault, ...list(overview, 'tags').map(textOf)],
    favourite: Number(text(entry, 'favIndex')) > 0,
  })
  const document = member(details, 'documentAttributes')
  return {
    item,
    files: [
      ...(isObject(document) ? [fileOf(document)] : []),
      ...fields.filter(({ type }) => type === 'file').map(({ value }) => fileOf(value)),
    ],
    passkeys: isObject(member(details, 'passkey')),
    references: fields.filter(({ type, value }) => type === 'reference' && value !== '').length,
  }
}

const fileOf = (value: unknown): FileOf => ({
  id: text(value, 'documentId'),
  name: text(value, 'fileName'),
})

function readField(field: JsonObject): Field {
  const value = member(field, 'value')
  const [type = '', content = ''] = isObject(value) ? (Object.entries(value)[0] ?? []) : []
  return { id: text(field, 'id'), title: text(field, 'title'), type, value: content }
}

function place(fields: readonly Field[], places: Category['fields'], kind: ItemKind) {
  const placed: Record<string, string> = {}
  const put = (name: string, value: string): boolean => {
    if (value === '' || placed[name] !== undefined) return false
    placed[name] = value
    return true
  }
  const rest = fields.filter((field) => {
    const place = Object.hasOwn(places, field.id) ? places[field.id] : undefined
    if (place !== undefined && put(place, written(field))) return false
    if (field.type === 'totp' && kind === 'login' && put('totp', written(field))) return false
    if (field.type === 'address' && kind === 'identity') return !putAddress(field.value, put)
    if (field.type === 'sshKey' && kind === 'ssh-key') return !putKey(field.value, put)
    return !(kind === 'identity' && nameParts.includes(field.id))
  })
  const name = nameParts.flatMap((part) => {
    const found = fields.find(({ id }) => id === part)
    return found && kind === 'identity' ? written(found) || [] : []
  })
  return { placed: name.length === 0 ? placed : { ...placed, name: name.join(' ') }, rest }
}

type Put = (name: string, value: string) => boolean

function putAddress(value: unknown, put: Put): boolean {
  const parts = {
    street: 'street',
    city: 'city',
    state: 'region',
    zip: 'postcode',
    country: 'country',
  }
  const done = Object.entries(parts).map(([theirs, ours]) => put(ours, text(value, theirs)))
  return done.includes(true)
}

function putKey(value: unknown, put: Put): boolean {
  const metadata = member(value, 'metadata')
  put('publicKey', text(metadata, 'publicKey'))
  put('fingerprint', text(metadata, 'fingerprint'))
  return put('privateKey', text(value, 'privateKey') || text(metadata, 'privateKey'))
}

/** A field's value as text. */
function written({ type, value }: Field): string {
  switch (type) {
    case 'date': {
      const time = unixTime(value)
      return time === undefined || time > 8.64e15 ? '' : new Date(time).toISOString().slice(0, 10)
    }
    case 'monthYear':
      return monthAndYear(textOf(value))
    case 'email':
      return isObject(value) ? text(value, 'email_address') : textOf(value)
    case 'address':
      return ['street', 'city', 'state', 'zip', 'country']
        .flatMap((part) => text(value, part) || [])
        .join('\n')
    case 'sshKey':
      return text(value, 'privateKey')
    case 'file':
    case 'reference':
      return ''
    default:
      return textOf(value)
  }
}

const secretTypes: ReadonlySet<string> = new Set([
  'concealed',
  'totp',
  'creditCardNumber',
  'sshKey',
])

const ownOf = (field: Field): readonly OwnField[] => {
  const value = written(field)
  const { title, id, type } = field
  return value === '' ? [] : [{ name: title || id, value, hidden: secretTypes.has(type) }]
}

/** A login's own two fields stand apart from the sections, and a bare password alone. */
function loginOf(details: unknown, placed: Readonly<Record<string, string>>) {
  const designated = (designation: string): string =>
    text(
      objects(details, 'loginFields').find((field) => text(field, 'designation') === designation),
      'value',
    )
  return {
    username: designated('username') || placed['username'],
    password: designated('password') || text(details, 'password') || placed['password'],
  }
}

/** What else was in a form that was saved; buttons (B, I), boxes and choices (C, R, S) say nothing. */
const formFields = (details: unknown, kind: ItemKind): readonly OwnField[] =>
  objects(details, 'loginFields').flatMap((field) => {
    const designation = text(field, 'designation')
    const type = text(field, 'fieldType')
    const isPlaced = kind === 'login' && (designation === 'username' || designation === 'password')
    const value = text(field, 'value')
    return isPlaced || value === '' || /^[BICRS]$/.test(type)
      ? []
      : [{ name: text(field, 'name') || text(field, 'id'), value, hidden: type === 'P' }]
  })
