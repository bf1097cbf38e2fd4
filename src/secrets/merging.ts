// secrets: Secrets Manager: secrets, their versions and staging labels. This file: secrets of a backup joined with those
// that are here. A secret is one thing with all its versions; of one that both have, that which was changed more often
// stays. Of two that bear one name, the one that was made later has it: when a secret was made never changes, so the
// order in which backups come decides nothing.

import type { Bytes } from '../codec/bytes.ts'
import { canonicalJson } from '../codec/canonicalJson.ts'
import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import { filesOf, partRow, removeFiles } from './attachments.ts'
import { Block } from './blocks.ts'
import {
  allAccounts,
  catalogueOf,
  isDirectory,
  rebuildDirectory,
  stageSecrets,
} from './catalogue.ts'
import { removeValues } from './changing.ts'
import { isGone, type SecretRecord, versions as values, versionRow } from './records.ts'

export interface SecretsDifference {
  readonly taken: readonly SecretRecord[]
  readonly isNew: ReadonlySet<string>
  /** Of those taken: their day to be destroyed had come. */
  readonly recalled: ReadonlySet<string>
  /** Those that are here, of those taken, as they are here. */
  readonly before: readonly SecretRecord[]
  /** Of the backup, whose name one here has that was made later. */
  readonly inTheWay: readonly SecretRecord[]
  /** Here, whose name goes to one of the backup that was made later. */
  readonly replaced: readonly SecretRecord[]
  readonly onlyHere: readonly SecretRecord[]
  readonly accounts: ReadonlySet<string>
}

/** @param blocks all of the backup's, opened */
export async function compareSecrets(
  context: Context,
  blocks: readonly { readonly id: string; readonly bytes: Bytes }[],
): Promise<SecretsDifference> {
  await rebuildDirectory(context)
  const theirs = blocks
    .filter(({ id }) => !isDirectory(context, id))
    .flatMap(({ bytes }) => [...Block.read(bytes).all()])
  const found = { taken: [], before: [], inTheWay: [], replaced: [] } as Record<
    'taken' | 'before' | 'inTheWay' | 'replaced',
    SecretRecord[]
  >
  const isNew = new Set<string>()
  const recalled = new Set<string>()
  for (const one of theirs) {
    const secret = recall(one, context.now)
    const catalogue = await catalogueOf(context, secret.account)
    const here = catalogue.byId(secret.id)
    const isHere = here !== null && !isGone(here, context.now)
    if (isHere && !isLater(secret, here)) continue
    const ofName = catalogue.byName(secret.name)
    const other = ofName && ofName.id !== secret.id ? ofName : null
    if (other && !isGone(other, context.now) && !bearsName(secret, other)) {
      found.inTheWay.push(secret)
      continue
    }
    found.taken.push(secret)
    if (other) found.replaced.push(other)
    if (here) found.before.push(here)
    if (!isHere) isNew.add(secret.id)
    if (secret !== one) recalled.add(secret.id)
  }
  const accounts = new Set(theirs.map(({ account }) => account))
  const onlyHere = await secretsBut(context, new Set(theirs.map(({ id }) => id)), found.replaced)
  return { ...found, isNew, recalled, onlyHere, accounts }
}

async function secretsBut(
  context: Context,
  theirs: ReadonlySet<string>,
  going: readonly SecretRecord[],
): Promise<SecretRecord[]> {
  const onlyHere: SecretRecord[] = []
  for (const account of await allAccounts(context)) {
    for (const secret of (await catalogueOf(context, account)).all()) {
      if (!theirs.has(secret.id) && !going.includes(secret)) onlyHere.push(secret)
    }
  }
  return onlyHere
}

/** What a backup has comes back though its day to be destroyed has come; what changed it by itself waits for the person. */
function recall(secret: SecretRecord, now: number): SecretRecord {
  if (!isGone(secret, now)) return secret
  const { rotation } = secret
  return {
    ...secret,
    deletedAt: null,
    deletionAt: null,
    rotation: rotation && { ...rotation, enabled: false },
  }
}

/** By how often it was changed, then by when; two that differ all the same are told apart by what they are. */
function isLater(one: SecretRecord, other: SecretRecord): boolean {
  if (one.revision !== other.revision) return one.revision > other.revision
  if (one.changedAt !== other.changedAt) return one.changedAt > other.changedAt
  return canonicalJson(one) > canonicalJson(other)
}

/** By when they were made, whichever version of them: so it is the same one in whatever order they come. */
function bearsName(one: SecretRecord, other: SecretRecord): boolean {
  if (one.createdAt !== other.createdAt) return one.createdAt > other.createdAt
  return one.id > other.id
}

/** As secrets/due names them. */
const dueRow = (secretId: string): string => `secret/${secretId}`
const days = recordKind<object>('schedules')

/** The row with what becomes of a secret by itself. */
export const dayOfSecret = {
  row: dueRow,
  is: (row: string): boolean => row.startsWith(dueRow('')),
  async remove(context: Context, secretId: string): Promise<void> {
    const row = dueRow(secretId)
    const isThere = ((await context.records.revisionOf('schedules', row)) ?? 0) > 0
    if (isThere) context.staged.remove(days, row)
  },
} as const

interface OwnedRows {
  readonly values: readonly { readonly id: string; readonly revision: number }[]
  readonly files: readonly string[]
}

function rowsOf({ id, versions }: SecretRecord): OwnedRows {
  return {
    values: versions.flatMap(({ versionId, revision }) =>
      revision === 0 ? [] : [{ id: versionRow(id, versionId), revision }],
    ),
    files: [...filesOf(versions).values()].flatMap(({ id: file, parts }) =>
      Array.from({ length: parts }, (_, part) => partRow(file, part)),
    ),
  }
}

/** Rows of values, with their revisions, and of files, that secrets which can be read name. */
export async function namedRows(
  context: Context,
): Promise<{ readonly values: ReadonlyMap<string, number>; readonly files: ReadonlySet<string> }> {
  await rebuildDirectory(context)
  const named = new Map<string, number>()
  const files = new Set<string>()
  for (const account of await allAccounts(context)) {
    for (const secret of (await catalogueOf(context, account)).all()) {
      const rows = rowsOf(secret)
      for (const { id, revision } of rows.values) named.set(id, revision)
      for (const id of rows.files) files.add(id)
    }
  }
  return { values: named, files }
}

/** Stages the secrets, and says which rows of the backup they need: of their values, and of their files. */
export async function stageTaken(
  context: Context,
  { taken, before, replaced, accounts }: SecretsDifference,
): Promise<OwnedRows> {
  const all = new Map([...accounts].map((one) => [one, new Map<string, SecretRecord | null>()]))
  for (const secret of replaced) {
    removeValues(context, secret)
    await dayOfSecret.remove(context, secret.id)
    all.get(secret.account)?.set(secret.id, null)
  }
  for (const secret of taken) all.get(secret.account)?.set(secret.id, secret)
  const rows = taken.map(rowsOf)
  const needed = {
    values: rows.flatMap((one) => one.values),
    files: rows.flatMap((one) => one.files),
  }
  removeLeft(context, before, taken)
  await stageSecrets(context, all, 'without damaged ones')
  return needed
}

/** Values and files of versions that the later one has no more. */
function removeLeft(
  context: Context,
  before: readonly SecretRecord[],
  taken: readonly SecretRecord[],
): void {
  const staying = new Set(taken.flatMap((one) => rowsOf(one).values).map(({ id }) => id))
  const files = new Set(taken.flatMap(({ versions }) => [...filesOf(versions).keys()]))
  for (const secret of before) {
    for (const { id } of rowsOf(secret).values) {
      if (!staying.has(id)) context.staged.remove(values, id)
    }
    const left = [...filesOf(secret.versions).values()].filter(({ id }) => !files.has(id))
    removeFiles(context, left)
  }
}
