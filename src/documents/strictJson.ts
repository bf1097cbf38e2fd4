// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: JSON objects of
// others, in which no member stands twice (RFC 7515 section 4 wants such headers refused) and nothing lies deep.

export type Json = Readonly<Record<string, unknown>>

export type JsonProblem = 'malformed' | 'duplicate-members'

const mostDepth = 32

/** What the members are has to be asked with `memberOf`: they are named by strangers. */
export function readJsonObject(text: string): Json | JsonProblem {
  try {
    const problem = scan(text)
    if (problem) return problem
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : 'malformed'
  } catch {
    return 'malformed'
  }
}

export const isJsonObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Only what the object itself has. */
export const memberOf = (object: Json, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined

/**
 * Once over the text, before it is parsed. In text that is no JSON it may find anything: that is refused later.
 * May throw for the name of a member that is no string of JSON.
 */
function scan(text: string): JsonProblem | null {
  const open: (Set<string> | null)[] = []
  let mayBeName = false
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]
    if (unit === '"') {
      const end = endOfString(text, at)
      const names = open.at(-1)
      if (mayBeName && names) {
        const name = JSON.parse(text.slice(at, end + 1)) as string
        if (names.has(name)) return 'duplicate-members'
        names.add(name)
      }
      mayBeName = false
      at = end
    } else if (unit === '{' || unit === '[') {
      if (open.push(unit === '{' ? new Set() : null) > mostDepth) return 'malformed'
      mayBeName = true
    } else if (unit === '}' || unit === ']') open.pop()
    else if (unit === ',') mayBeName = true
  }
  return null
}

/** The place of the quote that ends it; the end of the text where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return text.length
}
