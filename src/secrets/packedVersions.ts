// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the short form that a version
// has in a block.

import type { VersionSummary } from './records.ts'

export type PackedVersion = readonly [
  versionId: string,
  createdAt: number,
  stages: string | readonly string[],
  keyIndex: number,
  revision: number,
  files?: readonly (readonly [id: string, parts: number])[],
]

const usualStages: readonly string[] = ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING']
const letters: readonly string[] = ['C', 'P', 'N']

function packStages(stages: readonly string[]): string | readonly string[] {
  const places = stages.map((stage) => usualStages.indexOf(stage))
  return places.includes(-1) ? stages : places.map((place) => letters[place]).join('')
}

const unpackStages = (packed: string | readonly string[]): readonly string[] =>
  typeof packed !== 'string'
    ? packed
    : [...packed].flatMap((letter) => usualStages[letters.indexOf(letter)] ?? [])

/** @param keys is added to: the block's own list of KMS keys */
export function packVersion(version: VersionSummary, keys: string[]): PackedVersion {
  const { versionId, createdAt, stages, keyId, revision, files } = version
  const known = keys.indexOf(keyId)
  const keyIndex = known >= 0 ? known : keys.push(keyId) - 1
  const row = [versionId, createdAt, packStages(stages), keyIndex, revision] as const
  return files ? [...row, files.map(({ id, parts }) => [id, parts] as const)] : row
}

export const unpackVersion = (
  [versionId, createdAt, stages, keyIndex, revision, files]: PackedVersion,
  keys: readonly string[],
): VersionSummary => ({
  versionId,
  createdAt,
  stages: unpackStages(stages),
  keyId: keys[keyIndex] ?? '',
  revision,
  ...(files ? { files: files.map(([id, parts]) => ({ id, parts })) } : {}),
})
