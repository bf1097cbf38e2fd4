// items: what people keep, and what is made of it; pure. This file: whether an item that comes from elsewhere is one
// that is there, and whether anything of it would be lost if it were left out.

import type { Item, OwnField } from './item.ts'

/** What tells whether two are of the same thing; known of a secret without opening it. */
export type Identity = Pick<Item, 'kind' | 'title' | 'uris'> & { readonly username: string }

export const identityOf = ({ kind, title, uris, fields }: Item): string =>
  identityIn({ kind, title, uris, username: fields['username'] ?? '' })

/** Kind, user name, hosts and title; case and spaces around do not make another of it. */
export function identityIn({ kind, title, username, uris }: Identity): string {
  const hosts = uris.map(hostOf).filter((host) => host !== '')
  return JSON.stringify([
    kind,
    plain(title),
    // Of other kinds it is told in other fields, or not at all.
    kind === 'login' || kind === 'totp' ? plain(username) : '',
    [...new Set(hosts.map((host) => plain(host).replace(/^www\./, '')))].toSorted(),
  ])
}

const plain = (text: string): string => text.trim().normalize('NFC').toLowerCase()

export function hostOf(uri: string): string {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(uri) ? uri : `https://${uri}`
  return URL.canParse(full) ? new URL(full).host : ''
}

/**
 * Whether all that the one says stands in the other: it may say less, and nothing else. Files count by their names and
 * sizes, since what they hold lies elsewhere.
 */
export function isContained(coming: Item, there: Item): boolean {
  return (
    coming.kind === there.kind &&
    Object.entries(coming.fields).every(
      ([name, value]) => value === '' || there.fields[name] === value,
    ) &&
    isAmong(coming.uris.map(addressOf), there.uris.map(addressOf)) &&
    (linesOf(coming.notes) === '' || linesOf(coming.notes) === linesOf(there.notes)) &&
    isAmong(ownOf(coming), ownOf(there)) &&
    isAmong(filesOf(coming), filesOf(there)) &&
    isAmong(coming.tags, there.tags) &&
    (!coming.favourite || there.favourite)
  )
}

/** As often as it says them: two files of one name are two. */
function isAmong(some: readonly string[], all: readonly string[]): boolean {
  const left = [...all]
  return some.every((one) => {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}

/** `https://a.example` and `https://a.example/` are one. */
const addressOf = (uri: string): string => {
  const text = uri.trim()
  return URL.canParse(text) ? new URL(text).href : text.toLowerCase()
}

const linesOf = (notes: string): string => notes.replaceAll('\r\n', '\n').trim()

const ownOf = ({ own }: Item): readonly string[] =>
  own.flatMap((field) => (says(field) ? [JSON.stringify([field.name.trim(), field.value])] : []))

const says = ({ name, value }: OwnField): boolean => name.trim() !== '' || value !== ''

const filesOf = ({ files = [] }: Item): readonly string[] =>
  files.map(({ name, size }) => JSON.stringify([name, size]))
