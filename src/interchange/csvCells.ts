// interchange: files of other password managers, read and written; pure. This file: a row's cells by what they are.

import type { Role } from './csvColumns.ts'

interface Column {
  readonly name: string
  readonly role: Role
}

/** Cells of a row by what they are; a row can have several of one role. */
export class Row {
  readonly #cells: readonly { readonly column: Column; readonly value: string }[]

  constructor(columns: readonly Column[], row: readonly string[]) {
    this.#cells = columns.flatMap((column, at) => {
      const value = row[at] ?? ''
      return value === '' ? [] : [{ column, value }]
    })
  }

  /** The first cell of that role that is not empty, or ''. */
  one(role: Role): string {
    return this.#cells.find(({ column }) => column.role === role)?.value ?? ''
  }

  all(role: Role): readonly string[] {
    return this.#cells.filter(({ column }) => column.role === role).map(({ value }) => value)
  }

  /** Cells after the first of each of these roles, and those that nobody knows. */
  rest(single: ReadonlySet<Role>): readonly { name: string; value: string }[] {
    const seen = new Set<Role>()
    return this.#cells.flatMap(({ column: { name, role }, value }) => {
      const isRest = role === 'own' || (single.has(role) && seen.has(role))
      seen.add(role)
      return isRest ? [{ name, value }] : []
    })
  }
}
