// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: what of an answer crosses to a page. The members of the operation's own list are copied, value
// by value, so that nothing else of a reply, and no object that does things (a CryptoKey, say), gets there.

import type { Output } from '../protocol/outputs.ts'
import { pageError } from '../protocol/pageErrors.ts'
import { type PageOperation, pageAnswers } from '../protocol/pageOperations.ts'

/** As deep as AWS's answers go: a list of entries with an object of maps in each. */
const deepest = 5

/** What kind of object a value is, wherever it was made: the page's, the relay's and the browser's differ. */
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

/** @throws PageError `internal` for an answer that holds what no page may have */
export function crossing(operation: PageOperation, output: unknown): Output<PageOperation> {
  if (typeof output !== 'object' || output === null) throw pageError('internal')
  const members = Object.entries(output).filter(([name]) => pageAnswers[operation].includes(name))
  return Object.fromEntries(
    members.map(([name, value]) => [name, copy(value, deepest)]),
  ) as unknown as Output<PageOperation>
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value
  }
  const tag = tagOf(value)
  if (tag === 'Uint8Array') return new Uint8Array(value as Uint8Array)
  if (depth === 0) throw pageError('internal')
  if (tag === 'Array') return (value as unknown[]).map((one) => copy(one, depth - 1))
  if (tag !== 'Object') throw pageError('internal')
  const members = Object.entries(value as object)
  return Object.fromEntries(members.map(([name, one]) => [name, copy(one, depth - 1)]))
}
