// secrets: Secrets Manager: secrets, their versions and staging labels. This file: how a secret changes: a new
// version, other labels, its end. Every operation that changes one goes through here.

import type { Context } from '../hsm/context.ts'
import { readSecretString } from '../items/item.ts'
import { filesOf, removeFiles } from './attachments.ts'
import { addVersion, current, trim, waitingVersion, withStage } from './labels.ts'
import {
  type ItemFacts,
  newSuffix,
  type Rotation,
  type SecretRecord,
  type StoredFile,
  type VersionSummary,
  versionRow,
  versions,
} from './records.ts'
import { planned } from './schedule.ts'
import { openValue, type SecretValue, stageValue } from './values.ts'

/** A secret without a value yet. */
export const newSecret = (
  { now }: Pick<Context, 'now'>,
  given: Pick<SecretRecord, 'account' | 'name'> & Partial<SecretRecord>,
): SecretRecord => ({
  id: crypto.randomUUID(),
  suffix: newSuffix(),
  createdAt: now,
  changedAt: now,
  versions: [],
  facts: {
    title: given.name,
    kind: 'value',
    username: '',
    uris: [],
    favourite: false,
    hasOneTimeCode: false,
    askAgain: false,
  },
  revision: 0,
  description: '',
  kmsKeyId: null,
  tags: [],
  deletedAt: null,
  deletionAt: null,
  policy: null,
  rotation: null,
  ...given,
})

/** What the screens list of a value; the rest of what they show is the person's own (title, marks). */
export function factsOf(facts: ItemFacts, value: SecretValue): ItemFacts {
  const text = value.kind === 'string' ? value.text : ''
  const item = readSecretString(text, { title: facts.title, tags: [], favourite: false })
  return {
    ...facts,
    kind: item.kind,
    username: item.fields['username'] ?? item.fields['email'] ?? '',
    uris: item.uris,
    hasOneTimeCode: (item.fields['totp'] ?? '') !== '',
  }
}

export const changed = (
  { now }: Pick<Context, 'now'>,
  secret: SecretRecord,
  part: Partial<SecretRecord>,
): SecretRecord => ({ ...secret, ...part, changedAt: now, revision: secret.revision + 1 })

/**
 * Stages a new version's value; gives the secret with it, which is still to be staged.
 *
 * @param sent files that the secret had not before; those it had stay with a value that names them
 */
export async function withValue(
  context: Context,
  secret: SecretRecord,
  versionId: string,
  value: SecretValue,
  stages: readonly string[] = [current],
  sent: readonly StoredFile[] = [],
): Promise<SecretRecord> {
  const staged = await stageValue(context, secret, versionId, value)
  const files = filesNamed(value, [...filesOf(secret.versions).values(), ...sent])
  const version = files.length === 0 ? staged : { ...staged, files }
  const labelled = addVersion(secret.versions, version, stages)
  const isCurrent = withStage(labelled, current)?.versionId === versionId
  return withVersions(context, secret, labelled, isCurrent ? value : null)
}

function filesNamed(value: SecretValue, kept: readonly StoredFile[]): readonly StoredFile[] {
  if (kept.length === 0 || value.kind !== 'string') return []
  const { files = [] } = readSecretString(value.text, { title: '', tags: [], favourite: false })
  const named = new Set(files.map(({ id }) => id))
  return kept.filter(({ id }) => named.has(id))
}

/** Other labels, and other facts where another value is current now. */
export async function withLabels(
  context: Context,
  secret: SecretRecord,
  labelled: readonly VersionSummary[],
): Promise<SecretRecord> {
  const [before, after] = [withStage(secret.versions, current), withStage(labelled, current)]
  const moved = after && after.versionId !== before?.versionId && after.revision !== 0
  const value = moved ? await openValue(context, secret, after) : null
  return withVersions(context, secret, labelled, value)
}

function withVersions(
  context: Context,
  secret: SecretRecord,
  labelled: readonly VersionSummary[],
  value: SecretValue | null,
): SecretRecord {
  const { kept, gone } = trim(labelled, context.now)
  removeVersions(context, secret, gone, kept)
  const facts = value ? factsOf(secret.facts, value) : secret.facts
  const rotation = rotationAfter(context, secret, kept)
  return changed(context, secret, { versions: kept, facts, rotation })
}

/** What waited is current: the secret was rotated, whichever operation moved the label. */
function rotationAfter(
  { now }: Pick<Context, 'now'>,
  secret: SecretRecord,
  kept: readonly VersionSummary[],
): Rotation | null {
  const waiting = waitingVersion(secret)
  const isDone = waiting !== null && withStage(kept, current)?.versionId === waiting.versionId
  const { rotation } = secret
  return isDone && rotation ? planned({ ...rotation, lastAt: now }, now) : rotation
}

/** The values of versions go, and the files that none of those kept names. */
export function removeVersions(
  context: Context,
  { id }: SecretRecord,
  gone: readonly VersionSummary[],
  kept: readonly VersionSummary[],
): void {
  for (const { versionId } of gone) context.staged.remove(versions, versionRow(id, versionId))
  const stay = filesOf(kept)
  const files = [...filesOf(gone).values()].filter((file) => !stay.has(file.id))
  removeFiles(context, files)
}

/** Its values and files go at once; its record is still to be staged as gone. */
export function removeValues(context: Context, secret: SecretRecord): void {
  removeVersions(context, secret, secret.versions, [])
}
