// secrets: Secrets Manager: secrets, their versions and staging labels. This file: which values there must be, for the one
// who looks whether they are there.

import type { Context } from '../hsm/context.ts'
import { allAccounts, catalogueOf } from './catalogue.ts'
import { versionRow } from './records.ts'

/** Rows of values, with their revisions. Blocks that cannot be read are listed themselves (hsm/manifest). */
export async function expectedValues(
  context: Context,
): Promise<readonly { readonly id: string; readonly revision: number }[]> {
  const rows: { readonly id: string; readonly revision: number }[] = []
  for (const account of await allAccounts(context)) {
    const catalogue = await catalogueOf(context, account)
    for (const { id, versions } of catalogue.all()) {
      for (const { versionId, revision } of versions) {
        if (revision !== 0) rows.push({ id: versionRow(id, versionId), revision })
      }
    }
  }
  return rows
}
