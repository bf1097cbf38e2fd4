// interchange: files of other password managers, read and written; pure. This file: what Proton Pass keeps of an item,
// in its JSON and, for cards and identities, in the notes of its CSV.

import type { Item, OwnField } from '../items/item.ts'
import { type Draft, draftItem, ownField, soundsSecret } from './draft.ts'
import { isObject, type JsonObject, list, objects, parseJson, text, textOf } from './json.ts'
import { monthAndYear } from './monthAndYear.ts'

/** `null`: a type that Keyhearth does not know. `shared`: title, tags and so on; its `own` come last. */
export function readProtonContent(type: string, content: JsonObject, shared: Draft): Item | null {
  const own = (more: readonly OwnField[]) => [...more, ...sections(content), ...(shared.own ?? [])]
  switch (type) {
    case 'login':
      return readLogin(content, shared)
    case 'note':
      return draftItem('note', { ...shared, own: own([]) })
    case 'creditCard':
      return draftItem('card', { ...shared, fields: card(content), own: own([]) })
    case 'identity':
      return draftItem('identity', {
        ...shared,
        fields: identity(content),
        own: own(rest(content, identityTaken)),
      })
    case 'sshKey':
      return draftItem('ssh-key', {
        ...shared,
        fields: { privateKey: text(content, 'privateKey'), publicKey: text(content, 'publicKey') },
        own: own([]),
      })
    case 'wifi':
      return draftItem('note', { ...shared, own: own(wifi(content)) })
    case 'custom':
      return draftItem('note', { ...shared, own: own([]) })
    default:
      return null
  }
}

function readLogin(content: JsonObject, shared: Draft): Item {
  const email = text(content, 'itemEmail')
  const username = text(content, 'itemUsername') || email || text(content, 'username')
  return draftItem('login', {
    ...shared,
    fields: { username, password: text(content, 'password'), totp: text(content, 'totpUri') },
    uris: [
      ...list(content, 'urls').map(textOf),
      ...objects(content, 'autofillUrls').map((one) => text(one, 'url')),
    ],
    own: [...(email === username ? [] : ownField('Email', email)), ...(shared.own ?? [])],
  })
}

const card = (content: JsonObject) => ({
  holder: text(content, 'cardholderName'),
  number: text(content, 'number'),
  expires: monthAndYear(text(content, 'expirationDate')),
  code: text(content, 'verificationNumber'),
  pin: text(content, 'pin'),
})

const identityFields = {
  email: 'email',
  phone: 'phoneNumber',
  organisation: 'organization',
  street: 'streetAddress',
  city: 'city',
  region: 'stateOrProvince',
  postcode: 'zipOrPostalCode',
  country: 'countryOrRegion',
  birthday: 'birthdate',
  passport: 'passportNumber',
  licence: 'licenseNumber',
  taxId: 'socialSecurityNumber',
} as const

const nameParts = ['firstName', 'middleName', 'lastName']
const identityTaken = new Set<string>([
  ...Object.values(identityFields),
  ...nameParts,
  'fullName',
  'note',
])

const identity = (content: JsonObject) => ({
  ...Object.fromEntries(
    Object.entries(identityFields).map(([ours, theirs]) => [ours, text(content, theirs)]),
  ),
  name:
    text(content, 'fullName') || nameParts.flatMap((part) => text(content, part) || []).join(' '),
})

/** Members that are texts and have no place of their own, and lists of fields people added. */
const rest = (content: JsonObject, taken: ReadonlySet<string>): readonly OwnField[] =>
  Object.entries(content).flatMap(([name, value]) => {
    if (taken.has(name) || name === 'extraSections' || name === 'sections') return []
    return Array.isArray(value)
      ? value.filter(isObject).flatMap(protonField)
      : ownField(words(name), textOf(value), soundsSecret(name))
  })

/** `jobTitle` as `Job title`. */
const words = (name: string): string => {
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

const wifi = (content: JsonObject): readonly OwnField[] => [
  ...ownField('Network', text(content, 'ssid')),
  ...ownField('Password', text(content, 'password'), true),
]

const sections = (content: JsonObject): readonly OwnField[] =>
  [...objects(content, 'extraSections'), ...objects(content, 'sections')].flatMap((section) =>
    objects(section, 'sectionFields').flatMap(protonField),
  )

/** A field that the person added: `{ fieldName, type, data }`. */
export function protonField(field: JsonObject): readonly OwnField[] {
  const data = isObject(field['data']) ? field['data'] : {}
  const value = text(data, 'content') || text(data, 'totpUri') || text(data, 'timestamp')
  const type = text(field, 'type')
  return ownField(text(field, 'fieldName'), value, type === 'hidden' || type === 'totp')
}

/** Cards and identities in a CSV: everything as JSON in the cell of notes. `null`: it is not that. */
export function readProtonCell(type: string, cell: string, shared: Draft): Item | null {
  if ((type !== 'creditCard' && type !== 'identity') || !cell.startsWith('{')) return null
  try {
    const content = parseJson(cell)
    if (!isObject(content)) return null
    return readProtonContent(type, content, { ...shared, notes: text(content, 'note') })
  } catch {
    return null
  }
}
