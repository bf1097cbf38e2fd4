// interchange: files of other password managers, read and written; pure. This file: JSON of strangers. Its depth is
// counted before it is parsed, and members are looked up as what they are: `__proto__` is a name like any other.

import { mostDepth } from './limits.ts'
import { refuse } from './refusal.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export function parseJson(text: string): unknown {
  const left = depthLeft(text)
  try {
    return JSON.parse(text)
  } catch {
    return refuse(left > 0 ? 'truncated' : 'damaged')
  }
}

/** How many brackets are open at the end. */
function depthLeft(text: string): number {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) quoted = !quoted
    else if (quoted) {
      if (code === 0x5c) at++
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > mostDepth) refuse('too-deep')
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return quoted ? Math.max(depth, 1) : depth
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of the object itself, never of a prototype. */
export const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

/** Numbers and truth values are texts, too: formats are not strict about what a field is. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export const text = (value: unknown, name: string): string => textOf(member(value, name))

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const list = (value: unknown, name: string): readonly unknown[] =>
  listOf(member(value, name))

export const objects = (value: unknown, name: string): readonly JsonObject[] =>
  list(value, name).filter(isObject)

/** Milliseconds of an ISO 8601 date, or `undefined`. */
export function isoTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isFinite(time) ? time : undefined
}

/** Milliseconds of a time in seconds, or `undefined`. */
export function unixTime(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
    ? seconds * 1000
    : undefined
}
