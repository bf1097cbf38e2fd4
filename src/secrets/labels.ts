// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the rules of versions and
// staging labels ("Secret versions" in the user guide; PutSecretValue, UpdateSecretVersionStage). Pure.
//
// A label is on one version at a time. Who takes AWSCURRENT leaves AWSPREVIOUS on the version that had it.

import { KeyhearthError } from '../protocol/errors.ts'
import type { VersionSummary } from './records.ts'

export const current = 'AWSCURRENT'
const previous = 'AWSPREVIOUS'
export const pendingStage = 'AWSPENDING'

/** Labels on a version (API reference, VersionStages). */
const mostStages = 20
/** Of versions beyond these, the oldest without label go once they are a day old (user guide, "Quotas"). */
const usualVersions = 100
const keptForMs = 86_400_000
/** All of a secret's versions lie in one record, which every change writes. */
const mostVersions = 200

type Versions = readonly VersionSummary[]

export const withStage = (versions: Versions, stage: string): VersionSummary | null =>
  versions.find(({ stages }) => stages.includes(stage)) ?? null

/** The version that waits to become current; `null` where there is none, or it is already. */
export function waitingVersion({ versions }: { readonly versions: Versions }) {
  const waiting = withStage(versions, pendingStage)
  return waiting && !waiting.stages.includes(current) ? waiting : null
}

export const byVersionId = (versions: Versions, versionId: string): VersionSummary | null =>
  versions.find((one) => one.versionId === versionId) ?? null

const without = (stages: readonly string[], gone: readonly string[]): readonly string[] =>
  stages.filter((stage) => !gone.includes(stage))

/** Puts labels on a version and takes them off all others; AWSPREVIOUS follows AWSCURRENT. */
function attach(versions: Versions, versionId: string, stages: readonly string[]): Versions {
  const was = withStage(versions, current)
  const moves = stages.includes(current) && was !== null && was.versionId !== versionId
  const taken = moves ? [...stages, previous] : stages
  return versions.map((version) => {
    const rest = without(version.stages, taken)
    if (version.versionId === versionId) {
      return { ...version, stages: [...rest, ...(moves ? without(stages, [previous]) : stages)] }
    }
    if (moves && version.versionId === was.versionId) {
      return { ...version, stages: [...rest, previous] }
    }
    return rest.length === version.stages.length ? version : { ...version, stages: rest }
  })
}

function assertStages(versions: Versions): Versions {
  if (versions.some(({ stages }) => stages.length > mostStages)) {
    throw new KeyhearthError('secret-limit', { what: `A version has at most ${mostStages} labels` })
  }
  return versions
}

/**
 * Adds a version, or gives one without a value its value, with these labels. The first version of a secret is
 * current whatever its labels.
 *
 * @throws KeyhearthError `secret-limit`
 */
export function addVersion(
  versions: Versions,
  version: Omit<VersionSummary, 'stages'>,
  stages: readonly string[],
): Versions {
  const wanted = withStage(versions, current) ? stages : [...new Set([...stages, current])]
  const known = byVersionId(versions, version.versionId)
  const all = known
    ? versions.map((one) => (one === known ? { ...version, stages: one.stages } : one))
    : [...versions, { ...version, stages: [] }]
  return assertStages(attach(all, version.versionId, [...new Set(wanted)]))
}

export interface StageMove {
  readonly stage: string
  readonly from?: string
  readonly to?: string
}

const invalid = (what: string) => new KeyhearthError('secret-invalid', { what })

/**
 * Moves, sets or takes off one label (UpdateSecretVersionStage).
 *
 * @throws KeyhearthError `secret-not-found` for a version there is not, `secret-invalid`, `secret-limit`
 */
export function moveStage(versions: Versions, { stage, from, to }: StageMove): Versions {
  for (const versionId of [from, to]) {
    if (versionId !== undefined && !byVersionId(versions, versionId)) {
      throw new KeyhearthError('secret-not-found')
    }
  }
  if (from === undefined && to === undefined) {
    throw invalid('Give the version that the label moves to, or the one that loses it')
  }
  const holder = withStage(versions, stage)
  if (from !== undefined && holder?.versionId !== from) {
    throw invalid(`The staging label ${stage} is not on the version it is to be removed from`)
  }
  if (to === undefined) {
    if (stage === current) throw invalid(`The staging label ${current} can be moved, not removed`)
    return versions.map((one) =>
      one.versionId === from ? { ...one, stages: without(one.stages, [stage]) } : one,
    )
  }
  if (holder && holder.versionId !== to && from === undefined) {
    throw invalid(`The staging label ${stage} is on another version: name it to be removed from`)
  }
  return assertStages(attach(versions, to, [stage]))
}

/**
 * The versions that are kept, and those that go.
 *
 * @param now milliseconds since 1970
 * @throws KeyhearthError `secret-limit` where more would be kept than may be
 */
export function trim(
  versions: Versions,
  now: number,
): { readonly kept: Versions; readonly gone: Versions } {
  const over = Math.max(0, versions.length - usualVersions)
  const old = versions.filter(
    ({ stages, createdAt }) => stages.length === 0 && createdAt <= now - keptForMs,
  )
  const gone = new Set(old.slice(0, over))
  if (versions.length - gone.size > mostVersions) {
    throw new KeyhearthError('secret-limit', {
      what: `A secret has at most ${mostVersions} versions that have a label or are of the last 24 hours`,
    })
  }
  return {
    kept: versions.filter((version) => !gone.has(version)),
    gone: [...gone],
  }
}

export const stagesByVersion = (versions: Versions): Record<string, string[]> =>
  Object.fromEntries(
    versions
      .filter(({ stages }) => stages.length > 0)
      .map(({ versionId, stages }) => [versionId, [...stages]]),
  )
