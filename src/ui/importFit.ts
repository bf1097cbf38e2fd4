// ui: what the person sees; speaks the protocol like any other client. This file: items of other programs within the
// bounds of PutItem. What does not fit is never cut off in silence. Pure.

import { encodeUtf8 } from '../codec/text.ts'
import { type Item, writeSecretString } from '../items/item.ts'
import { t } from './words.ts'

/** In UTF-16 units, but for the value, which is in bytes, as Secrets Manager counts it (PutSecretValue). */
const most = {
  title: 256,
  uri: 2048,
  uris: 50,
  ownName: 256,
  own: 200,
  tag: 128,
  tags: 50,
  valueBytes: 65_536,
} as const

interface Fitted {
  /** `null`: cannot be kept at all. */
  readonly item: Item | null
  /** What of it is not kept, in words. */
  readonly lost: readonly string[]
}

export function fitItem(item: Item): Fitted {
  const uris = item.uris.filter((uri) => uri !== '' && uri.length <= most.uri).slice(0, most.uris)
  const tags = [...new Set(item.tags)].filter(isTag).slice(0, most.tags)
  const own = item.own.slice(0, most.own).map(fitName)
  const fitted = { ...item, title: titleOf(item), uris, tags, own }
  const kept = { ...fitted, notes: notesWith(fitted.notes, item.title) }
  if (!isStorable(kept)) return { item: null, lost: [t('import_too_large')] }
  const lost = [
    ...lostOf(item.uris.filter(Boolean), uris, t('import_lost_uris')),
    ...lostOf([...new Set(item.tags)], tags, t('import_lost_tags')),
    ...lostOf(item.own, own, t('import_lost_fields')),
  ]
  return { item: kept, lost }
}

/** Tags of that beginning are AWS's (TagResource). */
const isTag = (tag: string): boolean =>
  tag.trim() !== '' && tag.length <= most.tag && !/^aws:/i.test(tag)

const fitName = (field: Item['own'][number]) =>
  field.name.length <= most.ownName
    ? field
    : { ...field, name: field.name.slice(0, most.ownName), value: `${field.name}\n${field.value}` }

/** Something to find it by, where the file gives it no name. */
function titleOf({ title, uris, fields }: Item): string {
  const named = title.trim() || hostOf(uris[0] ?? '') || fields['username']?.trim() || ''
  return named === '' ? t('import_untitled') : cut(named, most.title)
}

function hostOf(uri: string): string {
  const { host = '' } = URL.parse(uri) ?? {}
  return host
}

/** Not between the two halves of a letter. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`

/** A name too long for a title stands whole at the beginning of the notes. */
const notesWith = (notes: string, title: string): string =>
  title.trim().length <= most.title ? notes : `${title.trim()}\n\n${notes}`.trimEnd()

function isStorable(item: Item): boolean {
  const value = writeSecretString(item)
  return value.length > 0 && encodeUtf8(value).byteLength <= most.valueBytes
}

const lostOf = (before: readonly unknown[], after: readonly unknown[], words: string) =>
  before.length > after.length ? [words] : []
