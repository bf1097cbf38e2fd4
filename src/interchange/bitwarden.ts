// interchange: files of other password managers, read and written; pure. This file: reads Bitwarden's JSON, unencrypted
// or opened (bitwardenEncrypted).

import type { Item, ItemKind, OwnField } from '../items/item.ts'
import { draftItem, ownField, withTimes } from './draft.ts'
import {
  type Attachment,
  type Gathered,
  type Imported,
  nothingGathered,
  type OlderItem,
} from './format.ts'
import { isObject, isoTime, type JsonObject, list, member, objects, text, textOf } from './json.ts'
import { mostEntries } from './limits.ts'
import { markName, olderMember, readMark, type Unmarked } from './mark.ts'
import { monthAndYear } from './monthAndYear.ts'
import { refuse } from './refusal.ts'

/** The files of an entry, by its id: only Bitwarden's ZIP has any. */
type FilesOf = (id: string) => readonly Attachment[]

const noFiles: FilesOf = () => []

export function readBitwarden(file: JsonObject, filesOf: FilesOf = noFiles): Imported {
  const entries = list(file, 'items')
  if (entries.length > mostEntries) refuse('too-many')
  const names = folderNames(file)
  const gathered = nothingGathered()
  for (const [at, entry] of entries.entries()) {
    if (isObject(entry)) readEntry(entry, names, filesOf, gathered)
    else gathered.unmapped.push({ entry: `Entry ${at + 1}`, what: 'It is no entry at all.' })
  }
  if (list(file, 'sends').length > 0) {
    gathered.unmapped.push({ entry: 'Sends', what: 'Keyhearth has nothing like them.' })
  }
  return { format: 'Bitwarden JSON', ...gathered }
}

/** Folders of a person and collections of an organisation, by id. */
const folderNames = (file: JsonObject): ReadonlyMap<string, string> =>
  new Map(
    [...objects(file, 'folders'), ...objects(file, 'collections')].map((folder) => [
      text(folder, 'id'),
      text(folder, 'name'),
    ]),
  )

function readEntry(
  entry: JsonObject,
  names: ReadonlyMap<string, string>,
  filesOf: FilesOf,
  { items, unmapped }: Gathered,
): void {
  const title = text(entry, 'name')
  const lost = (what: string) => unmapped.push({ entry: title, what })
  if (member(entry, 'deletedDate')) {
    lost('It is in the trash, and was not brought over.')
    return
  }
  const item = itemOf(entry, names)
  if (!item) {
    lost('Bitwarden calls this a type of entry that Keyhearth does not know.')
    return
  }
  const attachments = filesOf(text(entry, 'id'))
  for (const what of lostOf(entry)) lost(what)
  if (list(entry, 'attachments').length > attachments.length)
    lost('Its attachments are not in the file.')
  const older = wholeOlder(entry, names) ?? olderItems(entry, item)
  items.push(
    withTimes(
      {
        item,
        ...(older.length === 0 ? {} : { older }),
        ...(text(entry, 'reprompt') === '1' ? { askAgain: true } : {}),
        ...(attachments.length === 0 ? {} : { attachments }),
      },
      isoTime(member(entry, 'creationDate')),
      isoTime(member(entry, 'revisionDate')),
    ),
  )
}

function* lostOf(entry: JsonObject): Generator<string> {
  const passkeys = list(member(entry, 'login'), 'fido2Credentials').length
  if (passkeys > 0) yield `Passkeys (${passkeys}) stay where they are: make new ones at the site.`
  if (objects(entry, 'fields').some((field) => text(field, 'type') === '3')) {
    yield 'A field that only points to another field was left out.'
  }
}

/** The types that Bitwarden numbers, and where each has its own members. */
const types: ReadonlyMap<string, { kind: ItemKind; part: string }> = new Map([
  ['1', { kind: 'login' as const, part: 'login' }],
  ['2', { kind: 'note' as const, part: 'secureNote' }],
  ['3', { kind: 'card' as const, part: 'card' }],
  ['4', { kind: 'identity' as const, part: 'identity' }],
  ['5', { kind: 'ssh-key' as const, part: 'sshKey' }],
])

function itemOf(entry: JsonObject, names: ReadonlyMap<string, string>): Item | null {
  const type = types.get(text(entry, 'type'))
  if (!type) return null
  const part = member(entry, type.part)
  const { unmarked, own } = ownFields(entry)
  const folders = [text(entry, 'folderId'), ...list(entry, 'collectionIds').map(textOf)]
  return draftItem(unmarked?.kind ?? type.kind, {
    title: text(entry, 'name'),
    notes: text(entry, 'notes'),
    favourite: member(entry, 'favorite') === true,
    tags: [...folders.flatMap((id) => names.get(id) ?? []), ...(unmarked?.tags ?? [])],
    fields: { ...kindFields(type.kind, part), ...unmarked?.fields },
    uris: [...uris(part), ...(unmarked?.uris ?? [])],
    own: unmarked ? own : [...ownParts(type.kind, part), ...own],
  })
}

function ownFields(entry: JsonObject): { unmarked: Unmarked | null; own: readonly OwnField[] } {
  const fields = objects(entry, 'fields')
    .filter((field) => text(field, 'type') !== '3')
    .map((field) => ({
      name: text(field, 'name'),
      value: text(field, 'value'),
      hidden: text(field, 'type') === '1',
    }))
  const [first, ...others] = fields
  const unmarked = first?.name === markName ? readMark(first.value, others) : null
  return { unmarked, own: unmarked?.own ?? fields }
}

const identityFields = {
  email: 'email',
  phone: 'phone',
  organisation: 'company',
  city: 'city',
  region: 'state',
  postcode: 'postalCode',
  country: 'country',
  passport: 'passportNumber',
  licence: 'licenseNumber',
  taxId: 'ssn',
} as const

const joined = (part: unknown, names: readonly string[], between: string): string =>
  names.flatMap((name) => text(part, name) || []).join(between)

function kindFields(kind: ItemKind, part: unknown): Readonly<Record<string, string>> {
  switch (kind) {
    case 'login':
      return {
        username: text(part, 'username'),
        password: text(part, 'password'),
        totp: text(part, 'totp'),
      }
    case 'card':
      return {
        holder: text(part, 'cardholderName'),
        number: text(part, 'number'),
        expires: expiry(text(part, 'expMonth'), text(part, 'expYear')),
        code: text(part, 'code'),
      }
    case 'identity':
      return {
        ...Object.fromEntries(
          Object.entries(identityFields).map(([ours, theirs]) => [ours, text(part, theirs)]),
        ),
        name: joined(part, ['title', 'firstName', 'middleName', 'lastName'], ' '),
        street: joined(part, ['address1', 'address2', 'address3'], '\n'),
      }
    case 'ssh-key':
      return {
        privateKey: text(part, 'privateKey'),
        publicKey: text(part, 'publicKey'),
        fingerprint: text(part, 'keyFingerprint'),
      }
    default:
      return {}
  }
}

const expiry = (month: string, year: string): string =>
  month === '' ? year : monthAndYear(`${month}/${year}`)

/** Members of a kind that Keyhearth has no field for. */
function ownParts(kind: ItemKind, part: unknown): readonly OwnField[] {
  if (kind === 'card') return ownField('Brand', text(part, 'brand'))
  if (kind === 'identity') return ownField('Username', text(part, 'username'))
  return objects(part, 'uris').flatMap((uri) =>
    isPattern(uri) ? ownField('Address pattern', text(uri, 'uri')) : [],
  )
}

/** Bitwarden's match 4: the address is a regular expression. */
const isPattern = (uri: JsonObject): boolean => text(uri, 'match') === '4'

const uris = (part: unknown): readonly string[] =>
  objects(part, 'uris')
    .filter((uri) => !isPattern(uri))
    .map((uri) => text(uri, 'uri'))

/** As Keyhearth writes it where nothing of it is to be lost; `null`: it did not. */
function wholeOlder(
  entry: JsonObject,
  names: ReadonlyMap<string, string>,
): readonly OlderItem[] | null {
  const entries = objects(entry, olderMember)
  if (entries.length === 0) return null
  return entries.flatMap((one) => {
    const item = itemOf(one, names)
    const at = isoTime(member(one, 'revisionDate'))
    return item ? [{ item, ...(at === undefined ? {} : { at }) }] : []
  })
}

function olderItems(entry: JsonObject, item: Item): readonly OlderItem[] {
  return objects(entry, 'passwordHistory')
    .map((one) => {
      const at = isoTime(member(one, 'lastUsedDate'))
      const older = { ...item, fields: { ...item.fields, password: text(one, 'password') } }
      return { item: older, ...(at === undefined ? {} : { at }) }
    })
    .filter(({ item: older }) => older.fields['password'] !== '')
    .toSorted((one, other) => (other.at ?? 0) - (one.at ?? 0))
}
