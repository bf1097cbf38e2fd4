// interchange: files of other password managers, read and written; pure. This file: a row's cells by what they are.

import { type Role, roleOf } from './csvColumns.ts'

/** The columns of a table, each with where it stands: worked out once for all rows. */
export class Columns {
  readonly places: ReadonlyMap<Role, readonly number[]>
  readonly names: readonly string[]

  constructor(header: readonly string[]) {
    this.names = header.map((name) => name.trim())
    this.places = Map.groupBy(header.keys(), (at) => roleOf(header[at] ?? ''))
  }
}

const nowhere: readonly number[] = []

/** A row can have several cells of one role. */
export class Row {
  readonly #columns: Columns
  readonly #cells: readonly string[]

  constructor(columns: Columns, cells: readonly string[]) {
    this.#columns = columns
    this.#cells = cells
  }

  /** The first cell of that role that is not empty, or ''. */
  one(role: Role): string {
    for (const at of this.#columns.places.get(role) ?? nowhere) {
      const value = this.#cells[at]
      if (value) return value
    }
    return ''
  }

  all(role: Role): readonly string[] {
    return (this.#columns.places.get(role) ?? nowhere).flatMap((at) => this.#cells[at] || [])
  }

  /** Cells after the first of each of these roles, and those that nobody knows. */
  rest(single: ReadonlySet<Role>): readonly { name: string; value: string }[] {
    const found: { name: string; value: string }[] = []
    for (const [role, places] of this.#columns.places) {
      if (role !== 'own' && (places.length < 2 || !single.has(role))) continue
      let isFirst = role !== 'own'
      for (const at of places) {
        const value = this.#cells[at]
        if (value && !isFirst) found.push({ name: this.#columns.names[at] ?? '', value })
        if (value) isFirst = false
      }
    }
    return found
  }
}
