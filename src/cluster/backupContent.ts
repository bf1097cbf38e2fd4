// cluster: what goes beyond this device: backup, restoring, and approval by several people. This file: what of the
// store a backup holds. Not in it: this device's own keys and slots, and half-typed words.

import type { SealedStore, StoreName } from '../store/schema.ts'

export const sealedInBackup = [
  'keys',
  'materials',
  'aliases',
  'schedules',
  'grants',
  'branchKeys',
  'people',
  'certificates',
  'quorums',
  'sites',
  'usage',
  'secrets',
  'secretBlocks',
  'secretVersions',
  'attachments',
] as const satisfies readonly SealedStore[]

/** Those that are read row by row; the vault at large and the slots come at the end, at one moment. */
export const backedUpStores = [
  ...sealedInBackup,
  'digests',
  'trail',
] as const satisfies readonly StoreName[]

export const isSealedInBackup = (store: string): store is SealedStore =>
  sealedInBackup.some((one) => one === store)

/** The vault's id, the list of revisions, and the trail's ends; not how often somebody tried a passphrase. */
export const isOfVaultAtLarge = (row: unknown): boolean => {
  const { id } = row as { readonly id: string }
  return ['vault', 'manifest', 'trail-head', 'trail-anchor'].includes(id) || id.startsWith('leaf-')
}
