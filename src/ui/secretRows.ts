// ui: what the person sees; speaks the protocol like any other client. This file: the rows of the table of
// secrets. There may be 100,000 of them: they come in pieces, those that are looked at.

import { effect, signal } from '@preact/signals'
import type { Input } from '../protocol/schemas.ts'
import type { ItemSummary, SecretsOutputs } from '../protocol/secretsOutputs.ts'
import { call } from './call.ts'
import { status } from './status.ts'

type Wanted = Input<'keyhearth:ListItems'>

/** Rows from the first to the last, both counted from 0. */
export interface Span {
  readonly first: number
  readonly last: number
}

export interface Rows {
  readonly total: number
  /** Groups of secrets that cannot be read. */
  readonly damaged: number
  readonly tags: readonly string[]
  readonly pieces: ReadonlyMap<number, readonly ItemSummary[]>
}

/** Rows a piece. */
const pieceRows = 100
/** ListItems, Limit. */
const mostAtOnce = 500

/** The numbers of the pieces that rows lie in. Pure. */
export function piecesOf({ first, last }: Span): readonly number[] {
  const from = Math.floor(Math.max(0, first) / pieceRows)
  const to = Math.floor(Math.max(0, last) / pieceRows)
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}

/** `undefined`: has not come yet. Pure. */
export const rowAt = ({ pieces }: Rows, at: number): ItemSummary | undefined =>
  pieces.get(Math.floor(at / pieceRows))?.[at % pieceRows]

/** Where it is among the rows that were read. */
export const knownRow = (secretId: string): ItemSummary | undefined =>
  [...(secretRows.value?.pieces.values() ?? [])]
    .flat()
    .find(({ SecretId }) => SecretId === secretId)

/** `null` until the first have come. */
export const secretRows = signal<Rows | null>(null)

let wanted: Wanted = {}
/** Another one whenever other rows are wanted: an answer that comes too late is nobody's. */
let looking = Symbol()
let underWay = new Set<number>()

// Whoever locks the vault, this window or another, no title stays behind in this one.
effect(() => {
  if (status.value?.Vault === 'unlocked') return
  secretRows.value = null
  looking = Symbol()
})

const ask = (piece: number) =>
  call('keyhearth:ListItems', { ...wanted, Start: piece * pieceRows, Limit: pieceRows })

/** Reads anew what is looked at. What was read before stays on the screen until then. */
export async function lookAt(next: Wanted, span: Span): Promise<void> {
  wanted = next
  const mine = Symbol()
  looking = mine
  underWay = new Set()
  const numbers = piecesOf(span)
  const answers = await Promise.all(numbers.map(ask))
  const [answer] = answers
  if (looking !== mine || !answer) return
  const pieces = new Map(numbers.map((piece, at) => [piece, answers[at]?.Items ?? []] as const))
  secretRows.value = rowsOf(answer, pieces)
}

const rowsOf = (
  { Total, Damaged, Tags }: SecretsOutputs['keyhearth:ListItems'],
  pieces: Rows['pieces'],
): Rows => ({ total: Total, damaged: Damaged, tags: Tags, pieces })

/** Reads what is missing of these rows. */
export async function alsoLookAt(span: Span): Promise<void> {
  const rows = secretRows.value
  if (!rows) return
  const mine = looking
  const missing = piecesOf(span).filter(
    (piece) => piece * pieceRows < rows.total && !rows.pieces.has(piece) && !underWay.has(piece),
  )
  await Promise.all(missing.map((piece) => add(piece, mine)))
}

async function add(piece: number, mine: symbol): Promise<void> {
  const here = underWay
  here.add(piece)
  try {
    const answer = await ask(piece)
    if (looking !== mine) return
    secretRows.value = rowsOf(answer, new Map(secretRows.value?.pieces).set(piece, answer.Items))
  } finally {
    here.delete(piece)
  }
}

/** Every row that is wanted, those not read yet, too. */
export const everyRow = (of: Wanted): Promise<readonly ItemSummary[]> =>
  rowsBetween(of, { first: 0, last: Number.POSITIVE_INFINITY })

export async function rowsBetween(
  of: Wanted,
  { first, last }: Span,
): Promise<readonly ItemSummary[]> {
  const all: ItemSummary[] = []
  for (;;) {
    const Start = first + all.length
    const Limit = Math.min(mostAtOnce, last - Start + 1)
    if (Limit <= 0) return all
    const { Items } = await call('keyhearth:ListItems', { ...of, Start, Limit })
    if (Items.length === 0) return all
    all.push(...Items)
  }
}
