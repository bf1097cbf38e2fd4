// interchange: files of other password managers, read and written; pure. This file: KeePass lets a field say that it is
// another entry's (https://keepass.info/help/base/fieldrefs.html). Here each becomes that entry's value.

import { decodeBase64, encodeHex } from '../codec/text.ts'
import { childrenOf, childText, type XmlElement } from './xml.ts'

export type Resolve = (text: string) => string

const reference = /\{REF:([TUPAN])@I:([0-9A-F]{32})\}/gi
const fieldNames: ReadonlyMap<string, string> = new Map([
  ['T', 'Title'],
  ['U', 'UserName'],
  ['P', 'Password'],
  ['A', 'URL'],
  ['N', 'Notes'],
])

/** Resolves one step: a reference in what is referred to stays as it is, so none leads in circles. */
export function referencesIn(root: XmlElement): Resolve {
  let entries: ReadonlyMap<string, XmlElement> | undefined
  return (text) =>
    text.includes('{')
      ? text.replace(reference, (whole, field: string, id: string) => {
          entries ??= new Map(byId(root))
          const entry = entries.get(id.toLowerCase())
          return (entry && fieldOf(entry, fieldNames.get(field.toUpperCase()) ?? '')) ?? whole
        })
      : text
}

const fieldOf = (entry: XmlElement, name: string): string | undefined => {
  const found = childrenOf(entry, 'String').find((field) => childText(field, 'Key') === name)
  return found && childText(found, 'Value')
}

function* byId(group: XmlElement): Generator<readonly [id: string, entry: XmlElement]> {
  for (const entry of childrenOf(group, 'Entry')) yield [hexId(childText(entry, 'UUID')), entry]
  for (const inner of childrenOf(group, 'Group')) yield* byId(inner)
}

function hexId(uuid: string): string {
  try {
    return encodeHex(decodeBase64(uuid.trim()))
  } catch {
    return ''
  }
}
