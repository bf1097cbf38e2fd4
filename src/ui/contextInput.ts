// ui: what the person sees; speaks the protocol like any other client. This file: typed rows as an
// encryption context, or what is wrong with them. Pure.

/** What Keyhearth and the message format say for themselves in a context; nobody else may. */
const reserved = /^(?:keyhearth:|aws-crypto-)/

export type ContextProblem = 'key-missing' | 'key-twice' | 'key-reserved'

export type ContextInput =
  | { readonly context: Readonly<Record<string, string>> }
  | { readonly problem: ContextProblem; readonly key: string }

/** Rows left empty count for nothing. */
export function readContext(rows: readonly (readonly [string, string])[]): ContextInput {
  const entries = new Map<string, string>()
  for (const [key, value] of rows) {
    if (key === '' && value === '') continue
    if (key === '') return { problem: 'key-missing', key }
    if (entries.has(key)) return { problem: 'key-twice', key }
    if (reserved.test(key) || key === '__proto__') return { problem: 'key-reserved', key }
    entries.set(key, value)
  }
  return { context: Object.fromEntries(entries) }
}
