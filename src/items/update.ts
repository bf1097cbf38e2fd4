// items: what people keep: kinds of secrets, their fields, and what is made of them; pure.
// This file: an item brought up to date by another record of the same thing. A browser's CSV file knows a login's
// password and nothing of its one-time code: what the other says nothing of stays.

import type { Item } from './item.ts'

export function updatedBy(there: Item, coming: Item): Item {
  const said = Object.entries(coming.fields).filter(([, value]) => value !== '')
  const named = new Set(coming.own.map(({ name }) => name))
  const files = [...(there.files ?? []), ...(coming.files ?? [])]
  return {
    kind: coming.kind,
    title: there.title,
    fields: { ...there.fields, ...Object.fromEntries(said) },
    uris: [...new Set([...there.uris, ...coming.uris])],
    notes: coming.notes.trim() === '' ? there.notes : coming.notes,
    own: [...there.own.filter(({ name }) => !named.has(name)), ...coming.own],
    ...(files.length === 0 ? {} : { files }),
    tags: [...new Set([...there.tags, ...coming.tags])],
    favourite: there.favourite || coming.favourite,
  }
}
