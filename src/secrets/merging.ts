// secrets: Secrets Manager: secrets, their versions and staging labels. This file: secrets of a backup joined with those
// that are here. A secret is one thing with all its versions; of one that both have, that which was changed more often
// stays, so that the order in which backups come decides nothing.

import type { Bytes } from '../codec/bytes.ts'
import { canonicalJson } from '../codec/canonicalJson.ts'
import type { Context } from '../hsm/context.ts'
import { filesOf, partRow } from './attachments.ts'
import { Block } from './blocks.ts'
import {
  type Changes,
  catalogueOf,
  isDirectory,
  rebuildDirectory,
  stageSecrets,
} from './catalogue.ts'
import { type SecretRecord, versionRow } from './records.ts'

export interface SecretsDifference {
  readonly taken: readonly SecretRecord[]
  readonly isNew: ReadonlySet<string>
  /** Whose name another secret has by now. */
  readonly inTheWay: readonly SecretRecord[]
  /** How many are here and not in the backup. */
  readonly onlyHere: number
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
  const taken: SecretRecord[] = []
  const inTheWay: SecretRecord[] = []
  const isNew = new Set<string>()
  const accounts = new Set(theirs.map(({ account }) => account))
  for (const secret of theirs) {
    const catalogue = await catalogueOf(context, secret.account)
    const here = catalogue.byId(secret.id)
    if (here && !isLater(secret, here)) continue
    const ofName = catalogue.byName(secret.name)
    if (ofName && ofName.id !== secret.id) {
      inTheWay.push(secret)
      continue
    }
    taken.push(secret)
    if (!here) isNew.add(secret.id)
  }
  const ids = new Set(theirs.map(({ id }) => id))
  let onlyHere = 0
  for (const account of accounts) {
    for (const { id } of (await catalogueOf(context, account)).all()) if (!ids.has(id)) onlyHere++
  }
  return { taken, isNew, inTheWay, onlyHere, accounts }
}

/** By how often it was changed, then by when; two that differ all the same are told apart by what they are. */
function isLater(one: SecretRecord, other: SecretRecord): boolean {
  if (one.revision !== other.revision) return one.revision > other.revision
  if (one.changedAt !== other.changedAt) return one.changedAt > other.changedAt
  return canonicalJson(one) > canonicalJson(other)
}

/** Stages the secrets, and says which rows of the backup they need: of their values, and of their files. */
export async function stageTaken(
  context: Context,
  { taken, accounts }: SecretsDifference,
): Promise<{
  readonly values: readonly { readonly id: string; readonly revision: number }[]
  readonly files: readonly string[]
}> {
  const changes = new Map<string, Map<string, SecretRecord>>()
  for (const secret of taken) {
    const ofAccount = changes.get(secret.account) ?? new Map<string, SecretRecord>()
    changes.set(secret.account, ofAccount.set(secret.id, secret))
  }
  const all = new Map<string, Changes>(
    [...accounts].map((account) => [account, changes.get(account) ?? new Map()]),
  )
  await stageSecrets(context, all, 'without damaged ones')
  return {
    values: taken.flatMap(({ id, versions }) =>
      versions.flatMap(({ versionId, revision }) =>
        revision === 0 ? [] : [{ id: versionRow(id, versionId), revision }],
      ),
    ),
    files: taken.flatMap(({ versions }) =>
      [...filesOf(versions).values()].flatMap(({ id, parts }) =>
        Array.from({ length: parts }, (_, part) => partRow(id, part)),
      ),
    ),
  }
}
