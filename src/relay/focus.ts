// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: what has the focus in a page.

/** Through open shadow roots. */
export function deepestActive(root: Document = document): Element | null {
  let active = root.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active
}
