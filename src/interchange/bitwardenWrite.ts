// interchange: files of other password managers, read and written; pure. This file: writes items as Bitwarden's JSON,
// unencrypted, which Bitwarden and most others import. What it has no place for goes into fields under a mark (mark.ts).

import type { Item } from '../items/item.ts'
import type { ImportedItem, OlderItem } from './format.ts'
import { type Held, markItem, markName, olderMember } from './mark.ts'

/** Of what items were before: what Bitwarden has a place for, or all, in a member of ours (mark.ts, `olderMember`). */
export type OlderWritten = 'passwords' | 'whole'

export function writeBitwarden(
  items: readonly ImportedItem[],
  older: OlderWritten = 'passwords',
): string {
  const names = [...new Set(items.flatMap(({ item }) => item.tags[0] ?? []))]
  const ids = new Map(names.map((name, at) => [name, folderId(at)]))
  const file = {
    encrypted: false,
    folders: names.map((name) => ({ id: ids.get(name), name })),
    items: items.map((one, at) => ({
      ...entryOf(one, entryId(at), ids),
      ...(older === 'whole' ? wholeOlder(one, ids) : {}),
    })),
  }
  return JSON.stringify(file, null, 2)
}

/** In the form of Bitwarden's ids; they mean something in this file only. */
const folderId = (at: number): string =>
  `00000000-0000-4000-8000-${String(at + 1).padStart(12, '0')}`

/** The same for the item of that place. */
export const entryId = (at: number): string =>
  `00000000-0000-4000-9000-${String(at + 1).padStart(12, '0')}`

function entryOf(
  { item, askAgain, createdAt, changedAt, older = [] }: ImportedItem,
  id: string,
  ids: ReadonlyMap<string, string>,
) {
  const [folder] = item.tags
  return {
    id,
    folderId: folder === undefined ? null : ids.get(folder),
    organizationId: null,
    collectionIds: null,
    ...typedPart(item),
    name: item.title,
    notes: item.notes === '' ? null : item.notes,
    favorite: item.favourite,
    reprompt: askAgain ? 1 : 0,
    fields: fieldsOf(item),
    passwordHistory: history(item, older),
    ...(createdAt === undefined ? {} : { creationDate: iso(createdAt) }),
    ...(changedAt === undefined ? {} : { revisionDate: iso(changedAt) }),
  }
}

function wholeOlder({ older = [] }: ImportedItem, ids: ReadonlyMap<string, string>): object {
  if (older.length === 0) return {}
  const entries = older.map(({ item, at }) => {
    const written = at === undefined ? { item } : { item, changedAt: at }
    return entryOf(written, '', ids)
  })
  return { [olderMember]: entries }
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** Those that differ from the one after them: what else of it changed says Bitwarden nothing. */
function history(item: Item, older: readonly OlderItem[]): readonly object[] {
  let after = item.fields['password']
  return older.flatMap(({ item: before, at = 0 }) => {
    const password = before.kind === 'login' ? before.fields['password'] : undefined
    if (password === undefined || password === after) return []
    after = password
    return [{ lastUsedDate: iso(at), password }]
  })
}

function fieldsOf(item: Item): readonly object[] {
  const { mark, fields } = markItem(item, held(item))
  const isPlain = fields.length === 0 && hasType(item) && item.own[0]?.name !== markName
  const marked = isPlain ? [] : [{ name: markName, value: mark, hidden: false }, ...fields]
  return [...marked, ...item.own].map(({ name, value, hidden }) => ({
    name,
    value,
    type: hidden ? 1 : 0,
  }))
}

const hasType = ({ kind }: Item): boolean =>
  ['login', 'note', 'card', 'identity', 'ssh-key'].includes(kind)

const identityFields = {
  email: 'email',
  phone: 'phone',
  company: 'organisation',
  city: 'city',
  state: 'region',
  postalCode: 'postcode',
  country: 'country',
  passportNumber: 'passport',
  licenseNumber: 'licence',
  ssn: 'taxId',
} as const

const canonicalExpiry = /^(0[1-9]|1[0-2])\/(\d{4})$/

/** Which of an item's parts its Bitwarden type has a place for. */
function held({ kind, fields }: Item): Held {
  const own = true
  const tags = 1
  switch (kind) {
    case 'login':
    case 'totp':
      return { fields: ['username', 'password', 'totp'], uris: true, tags, own }
    case 'card': {
      const expires = canonicalExpiry.test(fields['expires'] ?? '') ? ['expires'] : []
      return { fields: ['holder', 'number', 'code', ...expires], uris: false, tags, own }
    }
    case 'identity':
      return {
        fields: ['name', 'street', ...Object.values(identityFields)],
        uris: false,
        tags,
        own,
      }
    case 'ssh-key':
      return { fields: ['privateKey', 'publicKey', 'fingerprint'], uris: false, tags, own }
    case 'note':
    case 'api-key':
    case 'attachment':
    case 'value':
      return { fields: [], uris: false, tags, own }
  }
}

function typedPart({ kind, fields, uris }: Item): object {
  const field = (name: string): string | null => fields[name] ?? null
  switch (kind) {
    case 'login':
    case 'totp':
      return {
        type: 1,
        login: {
          uris: uris.map((uri) => ({ match: null, uri })),
          username: field('username'),
          password: field('password'),
          totp: field('totp'),
          fido2Credentials: [],
        },
      }
    case 'card': {
      const [, month = null, year = null] = canonicalExpiry.exec(fields['expires'] ?? '') ?? []
      return {
        type: 3,
        card: {
          cardholderName: field('holder'),
          brand: null,
          number: field('number'),
          expMonth: month === null ? null : String(Number(month)),
          expYear: year,
          code: field('code'),
        },
      }
    }
    case 'identity':
      return { type: 4, identity: identity(fields) }
    case 'ssh-key':
      return {
        type: 5,
        sshKey: {
          privateKey: field('privateKey'),
          publicKey: field('publicKey'),
          keyFingerprint: field('fingerprint'),
        },
      }
    case 'note':
    case 'api-key':
    case 'attachment':
    case 'value':
      return { type: 2, secureNote: { type: 0 } }
  }
}

function identity(fields: Item['fields']): object {
  const [firstName, middleName, lastName] = nameParts(fields['name'] ?? '')
  const [address1, address2, address3] = streetParts(fields['street'] ?? '')
  const others = Object.entries(identityFields).map(([theirs, ours]) => [
    theirs,
    fields[ours] ?? null,
  ])
  return {
    title: null,
    firstName: firstName || null,
    middleName: middleName || null,
    lastName: lastName || null,
    username: null,
    address1: address1 || null,
    address2: address2 || null,
    address3: address3 || null,
    ...Object.fromEntries(others),
  }
}

/** First, middle and last, so that joining them with spaces gives the name again. */
function nameParts(name: string): readonly string[] {
  const words = name.split(' ')
  const [first = ''] = words
  if (words.length === 1 || words.includes('')) return [name]
  return [first, words.slice(1, -1).join(' '), words.at(-1) ?? '']
}

/** Three lines at most, so that joining them with newlines gives the street again. */
function streetParts(street: string): readonly string[] {
  const lines = street.split('\n')
  return lines.length <= 3 && !lines.includes('') ? lines : [street]
}
