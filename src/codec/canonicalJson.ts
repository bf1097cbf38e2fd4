// codec: pure conversions between bytes and their written forms. This file: JSON with one spelling.
//
// RFC 8785 (JSON Canonicalization Scheme): members sorted by the UTF-16 units of their names, no white
// space, strings and numbers as ECMAScript writes them. What is hashed or signed as JSON is written so,
// and whoever has only the parsed value can write it again.

export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
