// interchange: files of other password managers, read and written; pure. This file: what Bitwarden's formats have no
// place for, written so that Bitwarden shows it as fields and Keyhearth takes it back.
//
// The mark is one text of words: the item's kind, then what each of the fields after it is: a field of that kind by its
// name, `uri`, `tag`, or `shown` and `hidden` for a field of the person's own. docs/import-export.md says so, too.

import { type Item, type ItemKind, isItemKind, itemFields, type OwnField } from '../items/item.ts'

export const markName = 'Keyhearth'
/** Of an entry in Bitwarden's JSON: what it was before, as entries, newest first. Other programs pass it over. */
export const olderMember = 'keyhearthOlder'

export interface Marked {
  readonly mark: string
  readonly fields: readonly OwnField[]
}

/** What of an item its format holds by itself. */
export interface Held {
  readonly fields: readonly string[]
  readonly uris: boolean
  /** How many tags, from the first on. */
  readonly tags: number
  readonly own: boolean
}

export function markItem(item: Item, held: Held): Marked {
  const rows = [
    ...itemFields[item.kind].flatMap(({ name, hidden }) => {
      const value = item.fields[name]
      const isKept = value === undefined || value === '' || held.fields.includes(name)
      return isKept ? [] : [{ word: name, name, value, hidden }]
    }),
    ...(held.uris ? [] : item.uris.map((value) => row('uri', 'uri', value))),
    ...item.tags.slice(held.tags).map((value) => row('tag', 'tag', value)),
    ...(held.own ? [] : item.own.map((own) => ({ ...own, word: own.hidden ? 'hidden' : 'shown' }))),
  ]
  return {
    mark: [item.kind, ...rows.map(({ word }) => word)].join(' '),
    fields: rows.map(({ name, value, hidden }) => ({ name, value, hidden })),
  }
}

const row = (word: string, name: string, value: string) => ({ word, name, value, hidden: false })

export interface Unmarked {
  readonly kind: ItemKind
  readonly fields: Readonly<Record<string, string>>
  readonly uris: readonly string[]
  readonly tags: readonly string[]
  readonly own: readonly OwnField[]
}

/** `null`: not a mark of ours, or its fields were changed since. */
export function readMark(mark: string, fields: readonly OwnField[]): Unmarked | null {
  const [kind, ...words] = mark.split(' ')
  if (!isItemKind(kind) || words.length > fields.length) return null
  const known = new Set(itemFields[kind].map(({ name }) => name))
  const rows = words.map((word, at) => ({ word, field: fields[at] as OwnField }))
  const isOurs = rows.every(({ word, field }) =>
    word === 'shown' || word === 'hidden' ? true : field.name === word && isWord(word, known),
  )
  if (!isOurs) return null
  const valuesOf = (one: string) =>
    rows.filter(({ word }) => word === one).map(({ field }) => field.value)
  return {
    kind,
    fields: Object.fromEntries(
      rows.filter(({ word }) => known.has(word)).map(({ word, field }) => [word, field.value]),
    ),
    uris: valuesOf('uri'),
    tags: valuesOf('tag'),
    own: [
      ...rows
        .filter(({ word }) => word === 'shown' || word === 'hidden')
        .map(({ word, field }) => ({ ...field, hidden: word === 'hidden' })),
      ...fields.slice(words.length),
    ],
  }
}

const isWord = (word: string, known: ReadonlySet<string>): boolean =>
  word === 'uri' || word === 'tag' || known.has(word)
