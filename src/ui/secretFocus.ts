// ui: what the person sees; speaks the protocol like any other client. This file: back from one secret, the focus is on
// the row one came from.

/** The one row of the table that the Tab key comes to, else the search. */
const activeRow = '.secrets [data-active] a, #secrets-search'

export const secretFocus = {
  toList(): void {
    requestAnimationFrame(() => {
      document.querySelector<HTMLElement>(activeRow)?.focus()
    })
  },
} as const
