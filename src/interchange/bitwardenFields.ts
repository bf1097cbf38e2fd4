// interchange: files of other password managers, read and written; pure. This file: the cell `fields` of Bitwarden's
// CSV: a line `name: value` for each field of the person's own.

import type { OwnField } from '../items/item.ts'
import { soundsSecret } from './draft.ts'

/** Whether a field is hidden is not in the file; its name tells best. */
export function bitwardenFields(cell: string): readonly OwnField[] {
  if (cell === '') return []
  const fields: { name: string; value: string; hidden: boolean }[] = []
  for (const line of cell.split('\n')) {
    const at = line.indexOf(': ')
    const last = fields.at(-1)
    if (at >= 0) {
      const name = line.slice(0, at)
      fields.push({ name, value: line.slice(at + 2), hidden: soundsSecret(name) })
    } else if (last) last.value += `\n${line}`
    else fields.push({ name: '', value: line, hidden: false })
  }
  return fields
}

export const writeBitwardenFields = (fields: readonly OwnField[]): string =>
  fields.map(({ name, value }) => `${name}: ${value}`).join('\n')
