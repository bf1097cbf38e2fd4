// ui: what the person sees; speaks the protocol like any other client. This file: back from one secret, the focus is on
// the row one came from.

/** The one row of the table that the Tab key comes to, else the search. */
export const focusOnList = (): void => {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>('.secrets [data-active] a')
    ;(row ?? document.getElementById('secrets-search'))?.focus()
  })
}
