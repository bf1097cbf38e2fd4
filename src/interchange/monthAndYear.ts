// interchange: files of other password managers, read and written; pure. This file: until when a card is good, as
// `MM/YYYY`, from the ways in which programs write it.

const months =
  'january february march april may june july august september october november december'.split(' ')

const patterns: readonly (readonly [pattern: RegExp, year: number, month: number])[] = [
  [/^(\d{4})-(\d{1,2})(?:-\d{1,2})?$/, 1, 2],
  [/^(\d{1,2})[/-](\d{4})$/, 2, 1],
  [/^(\d{1,2})[/-](\d{2})$/, 2, 1],
  [/^((?:19|20)\d{2})(\d{2})$/, 1, 2],
  [/^(\d{2})(\d{4})$/, 2, 1],
  [/^([a-z]+),\s?(\d{4})$/, 2, 1],
]

/** A text that is none of these stays as it is. */
export function monthAndYear(written: string): string {
  for (const [pattern, yearAt, monthAt] of patterns) {
    const found = pattern.exec(written.trim().toLowerCase())
    const year = found?.[yearAt] ?? ''
    const month = monthOf(found?.[monthAt] ?? '')
    if (month >= 1 && month <= 12) {
      return `${String(month).padStart(2, '0')}/${year.length === 2 ? `20${year}` : year}`
    }
  }
  return written === ',' ? '' : written
}

const monthOf = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : months.indexOf(text) + 1
