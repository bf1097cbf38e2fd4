// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the label under which an account's keys and aliases are listed.

import type { Context } from '../hsm/context.ts'

export const accountGroup = (context: Context, account: string): string =>
  context.vault.label('account', account)
