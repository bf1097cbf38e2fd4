// secrets: Secrets Manager: secrets, their versions and staging labels. This file: an imported item as the new value of
// a secret there is: the one it had becomes AWSPREVIOUS. The values are written with their part of the import; the
// secret has them, and loses none of its own, with the import's end.

import type { Context } from '../hsm/context.ts'
import { writeSecretString } from '../items/item.ts'
import { updatedBy } from '../items/update.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { filesOf, takeFiles } from './attachments.ts'
import { catalogueOf } from './catalogue.ts'
import { withLabels } from './changing.ts'
import { liveSecretFor } from './find.ts'
import { type Imported, withImported } from './importedVersions.ts'
import { itemOf, withOwnTags, writable } from './items.ts'
import { addVersion, current, withStage } from './labels.ts'
import { arnOf, type SecretRecord, type StoredFile, type VersionSummary } from './records.ts'
import { openValue, sameValue, textValue } from './values.ts'

export interface Replacement {
  /** As the secret was when the new values were written. */
  readonly before: SecretRecord
  /** The new ones alone, the last of them to become current. */
  readonly versions: readonly VersionSummary[]
  readonly changedAt: number
  readonly tags: readonly string[]
  readonly favourite: boolean
  readonly askAgain: boolean
}

/**
 * Stages the new values. `null`: the secret has this value already, as after an import whose answer was lost.
 *
 * @throws KeyhearthError `secret-not-found`, `secret-deleted`, `secret-invalid`
 */
export async function replacementOf(
  context: Context,
  secretId: string,
  imported: Imported,
): Promise<Replacement | null> {
  const before = await liveSecretFor(context, secretId, 'secretsmanager:PutSecretValue')
  const present = withStage(before.versions, current)
  if (!present || present.revision === 0) throw new KeyhearthError('secret-not-found')
  const value = await openValue(context, before, present)
  const there = itemOf(before, value)
  const item = updatedBy(there, imported.Item)
  const isPresent = (one: typeof item) => sameValue(textValue(writeSecretString(one)), value)
  if (isPresent(item)) return null
  const Older = (imported.Older ?? [])
    .map((older) => ({ ...older, Item: writable(updatedBy(there, older.Item)) }))
    .filter((older) => !isPresent(older.Item))
  const files = await takeFiles(context, before, item.files ?? [])
  // Apart from those it has: what comes must not push out an old one before the import's end.
  const apart = { ...before, versions: [] }
  const came = { ...imported, Item: writable(item), Older }
  const { versions, changedAt } = await withImported(context, apart, came, files)
  const { tags, favourite } = item
  const askAgain = before.facts.askAgain || (imported.AskAgain ?? false)
  return { before, versions, changedAt, tags, favourite, askAgain }
}

/** Those it has not had before. */
export function filesSent({ before, versions }: Replacement): readonly StoredFile[] {
  const had = filesOf(before.versions)
  return [...filesOf(versions).values()].filter(({ id }) => !had.has(id))
}

/** Still to be staged. @throws KeyhearthError `secret-changed` where something else changed it meanwhile */
export async function replaced(
  context: Context,
  { before, versions, changedAt, tags, favourite, askAgain }: Replacement,
): Promise<SecretRecord> {
  const secret = (await catalogueOf(context, before.account)).byId(before.id)
  if (secret?.revision !== before.revision) throw new KeyhearthError('secret-changed')
  context.touch(arnOf(secret))
  const labelled = versions.reduce<readonly VersionSummary[]>(
    (all, one) => addVersion(all, one, one.stages.includes(current) ? [current] : []),
    secret.versions,
  )
  const next = await withLabels(context, secret, labelled)
  return {
    ...next,
    changedAt,
    description: '',
    tags: withOwnTags(secret.tags, tags),
    facts: { ...next.facts, favourite, askAgain },
  }
}
