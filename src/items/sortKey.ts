// items: what people keep, and what is made of it; pure. This file: keys to sort titles by. They are made once
// and kept beside the title; comparing them with `<` needs no collator.

import { fold } from './fold.ts'

/** Nobody looks at the order of titles that differ only later. */
const maxKeyLength = 100

const untidy = /^\s|\s\s|[^\S ]|\s$/

/** Case, accents and spaces at the ends do not count; numbers are in the order of their size: a2 before a10. */
export function sortKey(title: string): string {
  const folded = fold(title.slice(0, maxKeyLength))
  const tidy = untidy.test(folded) ? folded.trim().replace(/\s+/g, ' ') : folded
  return tidy.replace(/\d+/g, orderedNumber)
}

/** How many digits a number has comes before them: one digit of it up to 9, and one more `9` for each nine beyond. */
function orderedNumber(written: string): string {
  const digits = written.replace(/^0+(?=\d)/, '')
  const nines = Math.floor((digits.length - 1) / 9)
  return `${'9'.repeat(nines)}${digits.length - nines * 9 - 1}${digits}`
}
