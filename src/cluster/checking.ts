// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: every record of
// the vault looked at once, some at a time, in idle time: what is damaged is found before it is needed, while a backup
// that still has it is at hand.

import type { Context, Handler } from '../hsm/context.ts'
import type { Listed } from '../hsm/manifest.ts'
import type { Records } from '../hsm/records.ts'
import { expectedValues } from '../secrets/checking.ts'

/** So few that nobody waits for them. */
const rowsAtOnce = 500

/** What is left to look at; it goes with the vault's being open. */
const checks = new WeakMap<Records, readonly Listed[]>()

async function begin(context: Context): Promise<readonly Listed[]> {
  const { records } = context
  const [listed, values] = [await records.allListed(), await expectedValues(context)]
  const rows = [...listed, ...values.map((row): Listed => ({ store: 'secretVersions', ...row }))]
  checks.set(records, rows)
  return rows
}

/** @throws KeyhearthError `record-damaged` where the list of records is damaged itself */
export const checkRecords: Handler<'keyhearth:CheckRecords'> = async (context, { From = 0 }) => {
  // Of two windows that look through at once, the first to end takes the list away.
  const known = From === 0 ? undefined : checks.get(context.records)
  const rows = known ?? (await begin(context))
  const page = rows.slice(From, From + rowsAtOnce)
  const damaged: string[] = []
  for (const store of new Set(page.map((row) => row.store))) {
    const ofStore = page.filter((row) => row.store === store)
    damaged.push(...(await context.records.damagedOf(store, ofStore)))
  }
  const next = From + page.length
  if (next >= rows.length) checks.delete(context.records)
  return {
    Checked: next,
    All: rows.length,
    Damaged: damaged.length,
    Done: next >= rows.length,
  }
}

/** The vault is older than it was, and the person knows. */
export const acceptSetBack: Handler<'keyhearth:AcceptSetBack'> = async (context) => {
  const { records } = context
  context.afterCommit(() => records.acceptAsNewest())
  return {}
}
