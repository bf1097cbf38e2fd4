// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: what marked text is, wherever it stands.

/** Marked text that can be replaced. `replace` is true only where the new text now stands in its place. */
export interface Replaceable {
  readonly text: string
  readonly replace: (text: string) => Promise<boolean>
}
