// interchange: files of other password managers, read and written; pure. This file: the XML that KeePass writes:
// elements, attributes and text. No document types, so no entities but those of XML itself, and nothing is looked up.
// The browser's own parser would be a sink of Trusted Types.

import { mostDepth } from './limits.ts'
import { refuse } from './refusal.ts'

export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** All text directly in it. */
  text: string
}

interface Open extends XmlElement {
  readonly children: XmlElement[]
}

const tag = /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attribute = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

export function parseXml(source: string): XmlElement {
  const document: Open = { name: '', attributes: new Map(), children: [], text: '' }
  const open: Open[] = [document]
  let at = source.startsWith('\u{feff}') ? 1 : 0
  while (at < source.length) {
    const inside = open.at(-1) ?? document
    if (source[at] !== '<') {
      const end = source.indexOf('<', at)
      const text = source.slice(at, end < 0 ? source.length : end)
      inside.text += unescapeXml(text)
      at += text.length
    } else if (source.startsWith('<?', at)) at = after(source, '?>', at)
    else if (source.startsWith('<!--', at)) at = after(source, '-->', at + 4)
    else if (source.startsWith('<![CDATA[', at)) {
      const end = after(source, ']]>', at)
      inside.text += source.slice(at + 9, end - 3)
      at = end
    } else at = readTag(source, at, open)
  }
  const [root] = document.children
  if (open.length !== 1) refuse('truncated')
  return root && document.children.length === 1 && document.text.trim() === ''
    ? root
    : refuse('damaged')
}

function after(source: string, end: string, from: number): number {
  const found = source.indexOf(end, from)
  return found < 0 ? refuse('truncated') : found + end.length
}

function readTag(source: string, at: number, open: Open[]): number {
  tag.lastIndex = at
  const found = tag.exec(source)
  if (!found) return refuse('damaged')
  const [whole, closing, name = '', attributes = '', empty] = found
  if (closing) {
    if (open.length === 1 || open.pop()?.name !== name) refuse('damaged')
    return at + whole.length
  }
  const element: Open = { name, attributes: readAttributes(attributes), children: [], text: '' }
  open.at(-1)?.children.push(element)
  if (!empty) open.push(element)
  if (open.length > mostDepth) refuse('too-deep')
  return at + whole.length
}

const none: ReadonlyMap<string, string> = new Map()

const readAttributes = (written: string): ReadonlyMap<string, string> =>
  written === ''
    ? none
    : new Map(
        [...written.matchAll(attribute)].map(([, name = '', double, single]) => [
          name,
          unescapeXml(double ?? single ?? ''),
        ]),
      )

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

const unescapeXml = (text: string): string =>
  text.includes('&') ? text.replace(/&(#?)(x?)(\w+);/g, unescapeOne) : text

function unescapeOne(whole: string, number: string, hex: string, name: string): string {
  if (!number) return entities.get(hex + name) ?? whole
  const code = Number.parseInt(name, hex ? 16 : 10)
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
}

export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((one) => one.name === name)

export const childrenOf = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((one) => one.name === name) ?? []

export const childText = (element: XmlElement | undefined, name: string): string =>
  child(element, name)?.text ?? ''

/** `True`, as KeePass writes it, in whatever case. */
export const isTrue = (text: string | undefined): boolean => text?.toLowerCase() === 'true'
