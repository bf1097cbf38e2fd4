// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: what has the focus in a page, and what is marked there.

/** Through open shadow roots. */
export function deepestActive(root: Document = document): Element | null {
  let active = root.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active
}

/** A shadow root of which the browser says what is marked in it: Chromium's do, and the standard's do not. */
type Marked = ShadowRoot & { readonly getSelection?: () => Selection | null }

/** What is marked in the tree that `node` stands in: of the document's point of view all of a shadow tree is one place. */
export function selectionIn(node: Node | null): Selection | null {
  const root = node?.getRootNode()
  const marked = root instanceof ShadowRoot ? (root as Marked).getSelection?.() : null
  return marked ?? getSelection()
}
