// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the labels under which the keys, aliases and branch keys of accounts are listed.

import type { Context } from '../hsm/context.ts'

export const accountGroup = (context: Context, account: string): string =>
  context.vault.label('account', account)

/** Those of every account that has such records, also of sites that are no longer connected. */
export async function allGroups(
  { hsm }: Context,
  store: 'keys' | 'branchKeys',
): Promise<readonly string[]> {
  const rows = await hsm.db.getAll(store)
  return [...new Set(rows.flatMap(({ group }) => group ?? []))]
}
