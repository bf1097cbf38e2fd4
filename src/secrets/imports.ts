// secrets: Secrets Manager: secrets, their versions and staging labels. This file: many items at once, all or
// none. Their values are written as they come, in parts; nothing names them until the last part's commit writes
// the blocks that do. What an import leaves that did not come to its end is removed when the next one begins.

import type { Context, Handler } from '../hsm/context.ts'
import { type Records, recordKind } from '../hsm/records.ts'
import { writeSecretString } from '../items/item.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Input } from '../protocol/schemas.ts'
import { filesOf, removeFiles, takeFiles } from './attachments.ts'
import { catalogueOf } from './catalogue.ts'
import { withValue } from './changing.ts'
import { stageChanged } from './due.ts'
import { secretOfItem } from './items.ts'
import { current } from './labels.ts'
import { type SecretRecord, type StoredFile, versionRow, versions } from './records.ts'
import { type SecretValue, textValue } from './values.ts'

const mostItems = 200_000

interface Import {
  readonly secrets: SecretRecord[]
  readonly names: Set<string>
  readonly rows: string[]
}

/** Lives as long as the worker: an import cut off begins again. */
const imports = new WeakMap<Records, Map<string, Import>>()

/** Values and files that no block names yet, part by part. */
const unfinished = recordKind<{
  readonly row: string
  /** Of the values' rows. */
  readonly values: readonly string[]
  readonly files: readonly StoredFile[]
}>('drafts')
const groupOf = ({ vault }: Context) => vault.label('unfinished imports', '')

async function removeUnfinished(context: Context): Promise<void> {
  for (const { row, values, files } of await context.records.list(unfinished, groupOf(context))) {
    for (const value of values) context.staged.remove(versions, value)
    removeFiles(context, files)
    context.staged.remove(unfinished, row)
  }
}

/** One at a time: a new one ends one that went before. */
export const startImport: Handler<'keyhearth:StartImport'> = async (context) => {
  await removeUnfinished(context)
  const ImportId = crypto.randomUUID()
  const fresh: Import = { secrets: [], names: new Set(), rows: [] }
  context.afterCommit(() => {
    imports.set(context.records, new Map([[ImportId, fresh]]))
  })
  return { ImportId }
}

/** @throws KeyhearthError `import-gone` */
function importOf({ records }: Context, importId: string): Import {
  const found = imports.get(records)?.get(importId)
  if (!found) throw new KeyhearthError('import-gone')
  return found
}

export const addToImport: Handler<'keyhearth:AddToImport'> = async (
  context,
  { ImportId, Items },
) => {
  const { secrets, names, rows } = importOf(context, ImportId)
  if (secrets.length + Items.length > mostItems) {
    throw new KeyhearthError('secret-limit', { what: `At most ${mostItems} items at once` })
  }
  const catalogue = await catalogueOf(context)
  const taken = new Set<string>()
  const isTaken = (name: string) => catalogue.hasName(name) || names.has(name) || taken.has(name)
  const made: SecretRecord[] = []
  for (const one of Items) {
    const secret = secretOfItem(context, one.Item, isTaken)
    taken.add(secret.name)
    made.push(await withVersions(context, secret, one))
  }
  const values = made.flatMap(({ id, versions: all }) =>
    all.map(({ versionId }) => versionRow(id, versionId)),
  )
  const files = made.flatMap(({ versions: all }) => [...filesOf(all).values()])
  const row = `import/${ImportId}/${rows.length}`
  context.staged.put(unfinished, row, groupOf(context), { row, values, files })
  context.afterCommit(() => {
    secrets.push(...made)
    rows.push(row)
    for (const name of taken) names.add(name)
  })
  return { Items: secrets.length + made.length }
}

type Imported = Input<'keyhearth:AddToImport'>['Items'][number]

/** Its earlier values as earlier versions, then the present one. */
async function withVersions(
  context: Context,
  secret: SecretRecord,
  { Item, CreatedAt, ChangedAt, Older = [] }: Imported,
): Promise<SecretRecord> {
  const createdAt = CreatedAt === undefined ? context.now : CreatedAt * 1000
  const changedAt = ChangedAt === undefined ? createdAt : ChangedAt * 1000
  let next = secret
  for (const { Item: older, At } of Older.toReversed()) {
    const at = At === undefined ? createdAt : At * 1000
    next = await withVersion(context, next, textValue(writeSecretString(older)), at)
  }
  const sent = await takeFiles(context, secret, Item.files ?? [])
  next = await withVersion(context, next, textValue(writeSecretString(Item)), changedAt, sent)
  return { ...next, createdAt, changedAt, revision: 1 }
}

async function withVersion(
  context: Context,
  secret: SecretRecord,
  value: SecretValue,
  createdAt: number,
  sent: readonly StoredFile[] = [],
): Promise<SecretRecord> {
  const id = crypto.randomUUID()
  const next = await withValue(context, secret, id, value, [current], sent)
  const versions = next.versions.map((one) => (one.versionId === id ? { ...one, createdAt } : one))
  return { ...next, versions }
}

export const finishImport: Handler<'keyhearth:FinishImport'> = async (context, { ImportId }) => {
  const { secrets, rows } = importOf(context, ImportId)
  const catalogue = await catalogueOf(context)
  // What was made meanwhile by hand keeps its name.
  if (secrets.some(({ name }) => catalogue.hasName(name))) throw new KeyhearthError('import-gone')
  for (const row of rows) context.staged.remove(unfinished, row)
  await stageChanged(context, secrets)
  context.afterCommit(() => {
    imports.get(context.records)?.delete(ImportId)
  })
  return { Items: secrets.length }
}
