// secrets: Secrets Manager: secrets, their versions and staging labels. This file: when each secret was last read,
// to the day, as AWS has it (DescribeSecret, LastAccessedDate).
//
// Reading must not write the block a secret lies in. So the days lie in rows of their own, of which an account has
// 256 at the most, by the first byte of the secrets' ids: a list of any length reads them at once, and what one reads
// writes a small one, once a day. They are lost with nothing but themselves.

import type { Context } from '../hsm/context.ts'
import { type Records, recordKind } from '../hsm/records.ts'
import { catalogueOf } from './catalogue.ts'
import type { SecretRecord } from './records.ts'

const dayMs = 86_400_000

/** Of secrets whose ids begin alike, the day each was last read, counted from 1970. */
const rows = recordKind<readonly (readonly [id: string, day: number])[]>('usage')

const beginOf = (id: string): string => id.slice(0, 2)
const rowOf = ({ vault }: Context, account: string, begin: string): string =>
  vault.label('secret accesses', `${account}/${begin}`)
const groupOf = ({ vault }: Context, account: string): string =>
  vault.label('secret accesses', account)

/** An account's days, as they are known while the vault is open. */
class Accesses {
  readonly #days = new Map<string, Map<string, number>>()
  /** Noted, and not in the store yet: an operation that fails writes nothing. */
  readonly #unwritten = new Set<string>()

  dayOf(id: string): number | null {
    return this.#days.get(beginOf(id))?.get(id) ?? null
  }

  /** Whether the store has it as well. */
  has(id: string, day: number): boolean {
    return this.dayOf(id) === day && !this.#unwritten.has(id)
  }

  note(id: string, day: number): void {
    this.set(id, day)
    this.#unwritten.add(id)
  }

  written(id: string): void {
    this.#unwritten.delete(id)
  }

  set(id: string, day: number): void {
    const known = this.#days.get(beginOf(id))
    if (known) known.set(id, day)
    else this.#days.set(beginOf(id), new Map([[id, day]]))
  }

  /** What a row is to hold: no secret that is there no more. */
  row(begin: string, isThere: (id: string) => boolean): readonly (readonly [string, number])[] {
    const days = this.#days.get(begin) ?? new Map<string, number>()
    for (const id of days.keys()) if (!isThere(id)) days.delete(id)
    return [...days]
  }
}

const kept = new WeakMap<Records, Map<string, Promise<Accesses>>>()

function accessesOf(context: Context, account: string): Promise<Accesses> {
  const mine = kept.get(context.records) ?? new Map<string, Promise<Accesses>>()
  kept.set(context.records, mine)
  const known = mine.get(account)
  if (known) return known
  const loading = load(context, account)
  mine.set(account, loading)
  return loading
}

/** What cannot be read counts as never noted: no secret is withheld for it. */
async function load(context: Context, account: string): Promise<Accesses> {
  const accesses = new Accesses()
  const found = await context.records.list(rows, groupOf(context, account)).catch(() => [])
  for (const [id, day] of found.flat()) accesses.set(id, day)
  return accesses
}

/** To be called once a secret's value has been opened for somebody. */
export async function noteAccess(context: Context, { account, id }: SecretRecord): Promise<void> {
  const accesses = await accessesOf(context, account)
  const day = Math.floor(context.now / dayMs)
  if (accesses.has(id, day)) return
  const catalogue = await catalogueOf(context, account)
  accesses.note(id, day)
  const begin = beginOf(id)
  const row = accesses.row(begin, (one) => catalogue.place(one) !== null)
  context.staged.put(rows, rowOf(context, account, begin), groupOf(context, account), row)
  context.afterCommit(() => accesses.written(id))
}

/** The beginning of the day, in UTC, on which a secret was last read; milliseconds since 1970, `null` for never. */
export async function lastAccesses(
  context: Context,
  account: string,
): Promise<(id: string) => number | null> {
  const accesses = await accessesOf(context, account)
  return (id) => {
    const day = accesses.dayOf(id)
    return day === null ? null : day * dayMs
  }
}
