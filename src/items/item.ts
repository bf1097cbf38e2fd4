// items: what people keep: kinds of secrets, their fields, and what is made of them; pure.
// This file: an item, and the SecretString it is written as (docs/secrets.md).
//
// A SecretString made here is a flat JSON object as Secrets Manager's users write them: `username` and
// `password` stand at its top, so AWS's clients and other programs read them without knowing of Keyhearth.

export const itemKinds = [
  'login',
  'note',
  'card',
  'identity',
  'api-key',
  'ssh-key',
  'totp',
  'attachment',
  'value',
] as const
/** `value`: one bare secret text, as any Secrets Manager client writes it. */
export type ItemKind = (typeof itemKinds)[number]

/** A field of the person's own. */
export interface OwnField {
  readonly name: string
  readonly value: string
  /** Shown as dots until asked for. */
  readonly hidden: boolean
}

/** A file kept with an item; what it holds lies beside, under a data key of its own (secrets/attachments). */
export interface ItemFile {
  /** UUID. */
  readonly id: string
  readonly name: string
  /** Media type; empty where it is not known. */
  readonly type: string
  /** In bytes. */
  readonly size: number
}

export interface Item {
  readonly kind: ItemKind
  readonly title: string
  /** The kind's own fields (itemFields), by name; those that are empty are left out. */
  readonly fields: Readonly<Record<string, string>>
  /** Web addresses that the item is for. */
  readonly uris: readonly string[]
  readonly notes: string
  readonly own: readonly OwnField[]
  /** Absent where there are none. */
  readonly files?: readonly ItemFile[]
  /** The person's own words to sort by. */
  readonly tags: readonly string[]
  readonly favourite: boolean
}

interface FieldRow {
  readonly name: string
  readonly hidden: boolean
}

const shown = (name: string): FieldRow => ({ name, hidden: false })
const hidden = (name: string): FieldRow => ({ name, hidden: true })

/** The fields of each kind, in the order they are shown in. Names are those of the SecretString's members. */
export const itemFields: Readonly<Record<ItemKind, readonly FieldRow[]>> = {
  login: [shown('username'), hidden('password'), hidden('totp')],
  note: [],
  card: [shown('holder'), hidden('number'), shown('expires'), hidden('code'), hidden('pin')],
  identity: [
    shown('name'),
    shown('email'),
    shown('phone'),
    shown('organisation'),
    shown('street'),
    shown('city'),
    shown('region'),
    shown('postcode'),
    shown('country'),
    shown('birthday'),
    hidden('passport'),
    hidden('licence'),
    hidden('taxId'),
  ],
  'api-key': [shown('keyId'), hidden('key')],
  'ssh-key': [hidden('privateKey'), shown('publicKey'), shown('fingerprint'), hidden('passphrase')],
  totp: [shown('username'), hidden('totp')],
  attachment: [],
  value: [hidden('value')],
}

const string = (value: unknown): string => (typeof value === 'string' ? value : '')
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isItemKind = (value: unknown): value is ItemKind =>
  itemKinds.some((kind) => kind === value)

/** What the title, tags and mark of an item are is known beside its SecretString (secrets/records). */
export type ItemFacts = Pick<Item, 'title' | 'tags' | 'favourite'>

/** The SecretString of an item. One that is a bare value is that value, unless it would be read as an item. */
export function writeSecretString({ kind, fields, uris, notes, own, files = [] }: Item): string {
  const bareValue = fields['value'] ?? ''
  const isAlone = uris.length === 0 && own.length === 0 && notes === '' && files.length === 0
  const bare = kind === 'value' && isAlone
  if (bare && !readMembers(bareValue)) return bareValue
  const named = itemFields[kind].flatMap(({ name }) => {
    const value = fields[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return JSON.stringify({
    keyhearth: kind,
    ...Object.fromEntries(named),
    ...(uris.length === 0 ? {} : { uris }),
    ...(notes === '' ? {} : { notes }),
    ...(own.length === 0 ? {} : { fields: own }),
    ...(files.length === 0 ? {} : { files }),
  })
}

/**
 * Never throws: any text is at least a value. What other programs wrote as JSON (a database's login, say) is
 * one, too: members that Keyhearth does not know would be lost when it is written again.
 */
export function readSecretString(text: string, facts: ItemFacts): Item {
  const found = readMembers(text)
  if (!found) {
    const fields: Item['fields'] = text === '' ? {} : { value: text }
    return { ...facts, kind: 'value', fields, uris: [], notes: '', own: [] }
  }
  const { kind, members } = found
  const fields = itemFields[kind].flatMap(({ name }) => {
    const value = string(members[name])
    return value === '' ? [] : [[name, value] as const]
  })
  const files = list(members['files']).flatMap(readFile)
  return {
    ...facts,
    kind,
    fields: Object.fromEntries(fields),
    uris: list(members['uris']).map(string).filter(Boolean),
    notes: string(members['notes']),
    own: list(members['fields']).filter(isObject).map(readOwnField),
    ...(files.length === 0 ? {} : { files }),
  }
}

interface Members {
  readonly kind: ItemKind
  readonly members: Readonly<Record<string, unknown>>
}

/** `null` for what is not written by Keyhearth. */
function readMembers(text: string): Members | null {
  if (!text.startsWith('{')) return null
  try {
    const members: unknown = JSON.parse(text)
    if (!isObject(members)) return null
    const kind = members['keyhearth']
    return isItemKind(kind) ? { kind, members } : null
  } catch {
    return null
  }
}

const readOwnField = ({ name, value, hidden: isHidden }: Readonly<Record<string, unknown>>) => ({
  name: string(name),
  value: string(value),
  hidden: isHidden === true,
})

/** None for what names no file: other programs may write it, too. */
function readFile(written: unknown): readonly ItemFile[] {
  if (!isObject(written)) return []
  const { id, name, type, size } = written
  if (typeof id !== 'string' || typeof name !== 'string') return []
  return [{ id, name, type: string(type), size: typeof size === 'number' ? size : 0 }]
}

/** An empty item of a kind. */
export const blankItem = (kind: ItemKind): Item => ({
  kind,
  title: '',
  fields: {},
  uris: [],
  notes: '',
  own: [],
  tags: [],
  favourite: false,
})
