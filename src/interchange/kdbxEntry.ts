// interchange: files of other password managers, read and written; pure. This file: an entry of KeePass as an item.

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64 } from '../codec/text.ts'
import type { Item, ItemKind } from '../items/item.ts'
import { draftItem, ownField, titleFrom, withTimes } from './draft.ts'
import type { Attachment, ImportedItem, OlderItem } from './format.ts'
import { isOneTimeField, oneTimeCode } from './kdbxOneTimeCode.ts'
import type { Resolve } from './kdbxReferences.ts'
import { LittleReader } from './littleReader.ts'
import { child, childrenOf, childText, isTrue, type XmlElement } from './xml.ts'

export interface ReadEntry {
  readonly imported: ImportedItem
  readonly lost: readonly string[]
}

interface Field {
  readonly value: string
  readonly hidden: boolean
}

export function readKdbxEntry(
  entry: XmlElement,
  path: string,
  binaries: ReadonlyMap<string, Bytes>,
  resolve: Resolve,
): ReadEntry {
  const fields = fieldsOf(entry, resolve)
  const item = itemOf(entry, fields, path)
  const { attachments, missing } = attachmentsOf(entry, binaries)
  const older = changesOnly(item, olderOf(entry, path, resolve))
  const times = child(entry, 'Times')
  const imported = {
    item,
    ...(older.length === 0 ? {} : { older }),
    ...(attachments.length === 0 ? {} : { attachments }),
  }
  return {
    imported: withTimes(
      imported,
      timeOf(childText(times, 'CreationTime')),
      timeOf(childText(times, 'LastModificationTime')),
    ),
    lost: [
      ...(fields.has('KPEX_PASSKEY_CREDENTIAL_ID') || fields.has('KPEX_PASSKEY_PRIVATE_KEY_PEM')
        ? ['Its passkey stays where it is: make a new one at the site.']
        : []),
      ...([...fields.values()].some(({ value }) => /\{REF:/i.test(value))
        ? ['A field refers to another entry that was not found; the reference is in its place.']
        : []),
      ...missing.map((name) => `The attached file ${name} is not in the database.`),
    ],
  }
}

const fieldsOf = (entry: XmlElement, resolve: Resolve): ReadonlyMap<string, Field> =>
  new Map(
    childrenOf(entry, 'String').map((field) => {
      const value = child(field, 'Value')
      const hidden = ['Protected', 'ProtectInMemory'].some((name) =>
        isTrue(value?.attributes.get(name)),
      )
      return [childText(field, 'Key'), { value: resolve(value?.text ?? ''), hidden }]
    }),
  )

const standard = new Set(['Title', 'UserName', 'Password', 'URL', 'Notes'])
const isAddress = (name: string): boolean => name === 'URL' || /^KP2A_URL(?:_\d+)?$/.test(name)
const isPasskey = (name: string): boolean => name.startsWith('KPEX_PASSKEY')

function itemOf(entry: XmlElement, fields: ReadonlyMap<string, Field>, path: string): Item {
  const value = (name: string): string => fields.get(name)?.value ?? ''
  const totp = oneTimeCode((name) => value(name))
  const uris = [...fields].filter(([name]) => isAddress(name)).map(([, field]) => field.value)
  const own = [...fields].filter(
    ([name]) =>
      !standard.has(name) &&
      !isAddress(name) &&
      !isPasskey(name) &&
      !(totp !== '' && isOneTimeField(name)),
  )
  const kind = kindOf([value('UserName'), value('Password'), ...uris], totp, value('Notes'))
  return draftItem(kind, {
    title: titleFrom(value('Title'), uris[0]) || value('UserName'),
    fields: { username: value('UserName'), password: value('Password'), totp },
    uris,
    notes: value('Notes'),
    own: [
      ...own.map(([name, field]) => ({ name, ...field })),
      ...ownField('Expires', expiryOf(entry)),
    ],
    tags: [
      path,
      ...childText(entry, 'Tags')
        .split(/[;,]/)
        .map((tag) => tag.trim()),
    ],
  })
}

function kindOf(login: readonly string[], totp: string, notes: string): ItemKind {
  if (login.some((value) => value !== '')) return 'login'
  if (totp !== '') return 'totp'
  return notes === '' ? 'login' : 'note'
}

/** The day, where the entry expires at all. */
function expiryOf(entry: XmlElement): string {
  const times = child(entry, 'Times')
  const time = isTrue(childText(times, 'Expires'))
    ? timeOf(childText(times, 'ExpiryTime'))
    : undefined
  return time === undefined ? '' : new Date(time).toISOString().slice(0, 10)
}

/** Seconds from year 1 to 1970. */
const secondsBefore1970 = 62_135_596_800
/** What a Date can say. */
const latestTime = 8.64e15

/** ISO 8601 (3.1), or seconds since year 1 in base64 (4). */
function timeOf(written: string): number | undefined {
  const time = written.includes('-') ? Date.parse(written) : binaryTime(written)
  return Number.isFinite(time) && Math.abs(time) <= latestTime ? time : undefined
}

function binaryTime(written: string): number {
  try {
    return (new LittleReader(decodeBase64(written.trim())).uint64() - secondsBefore1970) * 1000
  } catch {
    return Number.NaN
  }
}

const olderOf = (entry: XmlElement, path: string, resolve: Resolve): readonly OlderItem[] =>
  childrenOf(child(entry, 'History'), 'Entry')
    .map((older) => {
      const at = timeOf(childText(child(older, 'Times'), 'LastModificationTime'))
      const item = itemOf(older, fieldsOf(older, resolve), path)
      return { item, ...(at === undefined ? {} : { at }) }
    })
    .toSorted((one, other) => (other.at ?? 0) - (one.at ?? 0))

/** KeePass keeps a version for every saving, whether or not something changed. */
function changesOnly(item: Item, older: readonly OlderItem[]): readonly OlderItem[] {
  const texts = [item, ...older.map((one) => one.item)].map((one) => JSON.stringify(one))
  return older.filter((_, at) => texts[at + 1] !== texts[at])
}

function attachmentsOf(entry: XmlElement, binaries: ReadonlyMap<string, Bytes>) {
  const attachments: Attachment[] = []
  const missing: string[] = []
  for (const binary of childrenOf(entry, 'Binary')) {
    const name = childText(binary, 'Key')
    const bytes = binaries.get(child(binary, 'Value')?.attributes.get('Ref') ?? '')
    if (bytes) attachments.push({ name, bytes: bytes.slice() })
    else missing.push(name)
  }
  return { attachments, missing }
}
