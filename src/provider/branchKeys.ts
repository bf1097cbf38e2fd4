// provider: what a web page holds. This file: branch keys of the site's account (docs/pages.md).

import type { BranchKeyListEntry, BranchKeyNames, Output } from '../protocol/outputs.ts'
import { pageError } from '../protocol/pageErrors.ts'
import type { Channel } from './channel.ts'
import { readBranchKeyOptions } from './requests.ts'

type Page = Output<'keyhearth:ListBranchKeys'>

export interface BranchKey {
  readonly branchKeyId: string
  /** The active one: a UUID. */
  readonly branchKeyVersion: string
  /** ARN of the KMS key that it is under. */
  readonly keyId: string
}

const inOurNames = ({ BranchKeyId, BranchKeyVersion, KeyId }: BranchKeyNames): BranchKey => ({
  branchKeyId: BranchKeyId,
  branchKeyVersion: BranchKeyVersion,
  keyId: KeyId,
})

export async function createBranchKey(channel: Channel, options: unknown): Promise<BranchKey> {
  const input = readBranchKeyOptions(options)
  return inOurNames(await channel.call('keyhearth:CreateBranchKey', input))
}

export async function versionBranchKey(channel: Channel, branchKeyId: unknown): Promise<BranchKey> {
  if (typeof branchKeyId !== 'string') {
    throw pageError('invalid-input', { what: 'give the id of the branch key' })
  }
  return inOurNames(await channel.call('keyhearth:VersionBranchKey', { BranchKeyId: branchKeyId }))
}

export async function listBranchKeys(channel: Channel): Promise<readonly BranchKey[]> {
  const all: BranchKeyListEntry[] = []
  let Marker: string | undefined
  do {
    const input = Marker === undefined ? {} : { Marker }
    const page: Page = await channel.call('keyhearth:ListBranchKeys', input)
    all.push(...page.BranchKeys)
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return all.map(inOurNames)
}
