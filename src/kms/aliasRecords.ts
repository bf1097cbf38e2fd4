// kms: keys, their states and what is done under them; one file per family of operations.
// This file: aliases as records. An alias belongs to an account and names one key of that account.

import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import { accountGroup } from './accounts.ts'

export interface AliasRecord {
  readonly alias: string
  readonly account: string
  readonly keyId: string
  /** Milliseconds since 1970; absent in what Keyhearth 0.1 wrote. */
  readonly createdAt?: number
  readonly updatedAt?: number
}

const aliases = recordKind<AliasRecord>('aliases')

const rowOf = (context: Context, account: string, alias: string): string =>
  context.vault.label('alias', `${account}:${alias}`)

export const findAlias = (
  context: Context,
  account: string,
  alias: string,
): Promise<AliasRecord | null> => context.records.get(aliases, rowOf(context, account, alias))

export function putAlias(context: Context, record: AliasRecord): void {
  const { account, alias } = record
  const group = accountGroup(context, account)
  context.staged.put(aliases, rowOf(context, account, alias), group, record)
}

export function removeAlias(context: Context, { account, alias }: AliasRecord): void {
  context.staged.remove(aliases, rowOf(context, account, alias))
}

export const aliasesOf = (context: Context, account: string): Promise<AliasRecord[]> =>
  context.records.list(aliases, accountGroup(context, account))

export async function aliasesOfKey(
  context: Context,
  key: { readonly account: string; readonly keyId: string },
): Promise<AliasRecord[]> {
  const all = await aliasesOf(context, key.account)
  return all.filter(({ keyId }) => keyId === key.keyId)
}
