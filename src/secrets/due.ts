// secrets: Secrets Manager: secrets, their versions and staging labels. This file: what becomes of secrets by
// itself, and when: they are destroyed, or rotated. One row for each that has such a day.

import type { Context, Handler } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import { type Changes, catalogueOf, stageSecrets } from './catalogue.ts'
import { arnOf, type SecretRecord } from './records.ts'

interface Due {
  readonly arn: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly what: 'delete' | 'rotate'
}

const dues = recordKind<Due>('schedules')
const groupOf = ({ vault }: Context): string => vault.label('secret days', '')
const rowOf = (secretId: string): string => `secret/${secretId}`

function dayOf({ deletionAt, rotation }: SecretRecord): Pick<Due, 'at' | 'what'> | null {
  if (deletionAt !== null) return { at: deletionAt, what: 'delete' }
  if (!rotation?.enabled || rotation.nextAt === null) return null
  return { at: rotation.nextAt, what: 'rotate' }
}

/** The one way a changed secret is staged: with its day, if it has one. Once in an operation. */
export async function stageChanged(
  context: Context,
  changes: readonly SecretRecord[],
  gone: readonly SecretRecord[] = [],
): Promise<void> {
  const accounts = new Map<string, Map<string, SecretRecord | null>>()
  const of = (account: string) => {
    const known = accounts.get(account) ?? new Map<string, SecretRecord | null>()
    accounts.set(account, known)
    return known
  }
  for (const secret of changes) {
    of(secret.account).set(secret.id, secret)
    await stageDay(context, secret)
  }
  for (const secret of gone) {
    of(secret.account).set(secret.id, null)
    context.staged.remove(dues, rowOf(secret.id))
  }
  await stageSecrets(context, accounts satisfies ReadonlyMap<string, Changes>)
}

async function stageDay(context: Context, secret: SecretRecord): Promise<void> {
  const day = dayOf(secret)
  const row = rowOf(secret.id)
  if (day) {
    context.staged.put(dues, row, groupOf(context), { arn: arnOf(secret), ...day })
    return
  }
  const before = (await catalogueOf(context, secret.account)).byId(secret.id)
  if (before && dayOf(before)) context.staged.remove(dues, row)
}

const operations = {
  delete: 'keyhearth:DeleteDueSecret',
  rotate: 'keyhearth:RotateDueSecret',
} as const

export const listDueSecrets: Handler<'keyhearth:ListDueSecrets'> = async (context) => {
  const all = await context.records.list(dues, groupOf(context))
  return {
    Secrets: all
      .filter(({ at }) => at <= context.now)
      .map(({ arn, what }) => ({ SecretId: arn, Operation: operations[what] })),
  }
}
