// ui: what the person sees; speaks the protocol like any other client. This file: where the focus goes when
// what had it is gone.

import { useLayoutEffect } from 'preact/hooks'

/** To the first of these that is there, else to the heading; only where the focus was lost. */
export function focusAgain(...ids: readonly string[]): void {
  requestAnimationFrame(() => {
    if (document.activeElement && document.activeElement !== document.body) return
    const found = ids.map((id) => document.getElementById(id)).find((element) => element !== null)
    ;(found ?? document.querySelector<HTMLElement>('main h1'))?.focus()
  })
}

/** For a form that goes away again, however soon: back to what opened it. */
export function useFocusBack(...ids: readonly string[]): void {
  useLayoutEffect(() => () => focusAgain(...ids), [])
}
