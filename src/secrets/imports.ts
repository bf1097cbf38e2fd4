// secrets: Secrets Manager: secrets, their versions and staging labels. This file: many items at once, all or
// none. Their values are written as they come, in parts; nothing names them until the last part's commit writes
// the blocks that do. What an import leaves that did not come to its end is removed with it, or, where nobody could,
// when the vault is next opened or the next one begins.

import type { Context, Handler } from '../hsm/context.ts'
import { type Records, recordKind } from '../hsm/records.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { filesOf, removeFiles, removeOldUploads, removeUploads, takeFiles } from './attachments.ts'
import { catalogueOf } from './catalogue.ts'
import { stageChanged } from './due.ts'
import { type Imported, withImported } from './importedVersions.ts'
import { secretOfItem } from './items.ts'
import { type SecretRecord, type StoredFile, versionRow, versions } from './records.ts'
import { filesSent, type Replacement, replaced, replacementOf } from './replacing.ts'

const mostItems = 200_000

interface Import {
  readonly secrets: SecretRecord[]
  readonly names: Set<string>
  readonly replacements: Replacement[]
  /** ARNs of secrets whose values are replaced. */
  readonly replaced: Set<string>
  readonly rows: string[]
  /** How many have come; some may be in the vault with the same value. */
  items: number
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

const rowOf = (importId: string, part: number): string => `import/${importId}/${part}`
const importIn = (row: string): string => row.split('/')[1] ?? ''

async function removeUnfinished(
  context: Context,
  isOver: (importId: string) => boolean,
): Promise<void> {
  for (const { row, values, files } of await context.records.list(unfinished, groupOf(context))) {
    if (!isOver(importIn(row))) continue
    for (const value of values) context.staged.remove(versions, value)
    removeFiles(context, files)
    context.staged.remove(unfinished, row)
  }
}

/** One at a time: a new one ends one that went before. */
export const startImport: Handler<'keyhearth:StartImport'> = async (context) => {
  await removeUnfinished(context, () => true)
  const ImportId = crypto.randomUUID()
  const fresh: Import = {
    secrets: [],
    names: new Set(),
    replacements: [],
    replaced: new Set(),
    rows: [],
    items: 0,
  }
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
  const under = importOf(context, ImportId)
  const count = under.items + Items.length
  if (count > mostItems) {
    throw new KeyhearthError('secret-limit', { what: `At most ${mostItems} items at once` })
  }
  const made = await newSecrets(context, under, Items)
  const replacements = await replacementsOf(context, under, Items)
  const row = rowOf(ImportId, under.rows.length)
  const staged = { row, values: valuesOf(made, replacements), files: sentWith(made, replacements) }
  context.staged.put(unfinished, row, groupOf(context), staged)
  context.afterCommit(() => {
    under.secrets.push(...made)
    under.replacements.push(...replacements)
    under.rows.push(row)
    for (const { name } of made) under.names.add(name)
    for (const { Replaces } of Items) if (Replaces !== undefined) under.replaced.add(Replaces)
    under.items = count
  })
  return { Items: count }
}

async function newSecrets(
  context: Context,
  { names }: Import,
  items: readonly Imported[],
): Promise<readonly SecretRecord[]> {
  const catalogue = await catalogueOf(context)
  const taken = new Set<string>()
  const isTaken = (name: string) => catalogue.hasName(name) || names.has(name) || taken.has(name)
  const made: SecretRecord[] = []
  for (const one of items) {
    if (one.Replaces !== undefined) continue
    const secret = secretOfItem(context, one.Item, one.AskAgain ?? false, isTaken)
    taken.add(secret.name)
    const sent = await takeFiles(context, secret, one.Item.files ?? [])
    made.push(await withImported(context, secret, one, sent))
  }
  return made
}

/** @throws KeyhearthError `secret-invalid` where two of them would replace the same value */
async function replacementsOf(
  context: Context,
  { replaced: before }: Import,
  items: readonly Imported[],
): Promise<readonly Replacement[]> {
  const made: Replacement[] = []
  const here = new Set<string>()
  for (const one of items) {
    if (one.Replaces === undefined) continue
    if (before.has(one.Replaces) || here.has(one.Replaces)) {
      throw new KeyhearthError('secret-invalid', { what: 'A secret is replaced once in an import' })
    }
    here.add(one.Replaces)
    const replacement = await replacementOf(context, one.Replaces, one)
    if (replacement) made.push(replacement)
  }
  return made
}

const valuesOf = (made: readonly SecretRecord[], replacements: readonly Replacement[]) =>
  [...made.map(({ id, versions: all }) => ({ id, all })), ...replacements.map(newOf)].flatMap(
    ({ id, all }) => all.map(({ versionId }) => versionRow(id, versionId)),
  )

const newOf = ({ before, versions: all }: Replacement) => ({ id: before.id, all })

const sentWith = (made: readonly SecretRecord[], replacements: readonly Replacement[]) => [
  ...made.flatMap(({ versions: all }) => [...filesOf(all).values()]),
  ...replacements.flatMap(filesSent),
]

export const finishImport: Handler<'keyhearth:FinishImport'> = async (context, { ImportId }) => {
  const { secrets, replacements, rows, items } = importOf(context, ImportId)
  const catalogue = await catalogueOf(context)
  // What was made meanwhile by hand keeps its name.
  if (secrets.some(({ name }) => catalogue.hasName(name))) throw new KeyhearthError('import-gone')
  for (const row of rows) context.staged.remove(unfinished, row)
  const changes = [...secrets]
  for (const one of replacements) changes.push(await replaced(context, one))
  await stageChanged(context, changes)
  context.afterCommit(() => {
    imports.get(context.records)?.delete(ImportId)
  })
  return { Items: items }
}

/** Also where it is over already: nothing of it is left then. */
export const abortImport: Handler<'keyhearth:AbortImport'> = async (
  context,
  { ImportId, AttachmentIds = [] },
) => {
  await removeUnfinished(context, (importId) => importId === ImportId)
  await removeUploads(context, ({ id }) => AttachmentIds.includes(id))
  context.afterCommit(() => {
    imports.get(context.records)?.delete(ImportId)
  })
  return {}
}

/** What nobody will finish: its page is closed, or the worker ended that knew of it. */
export const removeAbandoned: Handler<'keyhearth:RemoveAbandoned'> = async (context) => {
  const live = imports.get(context.records)
  await removeUnfinished(context, (importId) => !live?.has(importId))
  await removeOldUploads(context)
  return {}
}
