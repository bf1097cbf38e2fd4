// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: that the person wants no messages looked for on this site. The browser puts a script that says so
// beside the relay (gate/documents): no page waits for an answer, and none but these pays anything.

const quiet = Symbol.for('keyhearth quiet')

export const isQuiet = (): boolean => Reflect.get(globalThis, quiet) === true

export const setQuiet = (wanted: boolean): void => void Reflect.set(globalThis, quiet, wanted)

export const beQuiet = (): void => setQuiet(true)
