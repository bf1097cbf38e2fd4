// items: what people keep, and what is made of it; pure. This file: texts as people search and sort them, without
// case and accents.

// Letters with a stroke through them, and two written as one, are letters of their own to Unicode: compatibility
// decomposition (UAX 15) leaves them, people type them as these.
const plainLetters: ReadonlyMap<string, string> = new Map([
  ['ł', 'l'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ħ', 'h'],
  ['ŧ', 't'],
  ['þ', 'th'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ß', 'ss'],
  ['ı', 'i'],
  ['ς', 'σ'],
])

const ascii = /^[\x20-\x7e]*$/

export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[łøđðħŧþæœßıς]/g, (letter) => plainLetters.get(letter) ?? letter)
}
