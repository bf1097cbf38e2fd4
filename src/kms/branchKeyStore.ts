// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the vault as the key store that the hierarchical keyring asks for branch keys.

import { type BranchKey, type BranchKeyStore, importBranchKey } from '../encryption-sdk/index.ts'
import type { Context } from '../hsm/context.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import {
  activeVersion,
  type BranchKeyRecord,
  type BranchKeyVersion,
  logicalKeyStoreName,
  wrappingContext,
} from './branchKeyRecords.ts'
import { decryptWith } from './encryption.ts'
import { viaMessages } from './messageCallers.ts'
import { noteUse } from './usage.ts'
import { keyForUse } from './use.ts'

/** Unwrapped branch keys of one unlocking; dropped with it. */
const unwrapped = new WeakMap<UnlockedVault, Map<string, Promise<CryptoKey>>>()
/** The least lately made goes first. */
const mostUnwrapped = 1000

/** The key itself, from the cache where it is there. */
function unwrappedKey(
  { vault }: Context,
  name: string,
  unwrap: () => Promise<CryptoKey>,
): Promise<CryptoKey> {
  const kept = unwrapped.get(vault) ?? new Map<string, Promise<CryptoKey>>()
  unwrapped.set(vault, kept)
  const known = kept.get(name)
  if (known) return known
  const key = unwrap()
  kept.set(name, key)
  key.catch(() => kept.delete(name))
  const [oldest] = kept.keys()
  if (kept.size > mostUnwrapped && oldest !== undefined) kept.delete(oldest)
  return key
}

const wanted = {
  action: 'kms:Decrypt',
  usage: 'ENCRYPT_DECRYPT',
  algorithm: { condition: 'kms:encryptionalgorithm', name: 'SYMMETRIC_DEFAULT' },
} as const

/**
 * Each use is a Decrypt under the KMS key, with the caller's rights at this moment: only the unwrapping is
 * spared by the cache, so a key that was disabled or a grant that was revoked ends its branch keys at once.
 */
async function useVersion(
  context: Context,
  record: BranchKeyRecord,
  one: BranchKeyVersion,
): Promise<BranchKey> {
  const acting = { ...context, via: viaMessages }
  const EncryptionContext = wrappingContext(record, one)
  const key = await keyForUse(acting, { KeyId: record.kmsKeyArn, EncryptionContext }, wanted)
  const name = `${record.account} ${one.version}`
  const branchKey = await unwrappedKey(context, name, async () => {
    const { algorithm } = wanted
    const by = await decryptWith(acting, key, algorithm.name, one.ciphertext, EncryptionContext)
    try {
      return await importBranchKey(by.plaintext)
    } finally {
      by.plaintext.fill(0)
    }
  })
  await noteUse(context, key, 'Decrypt')
  return { branchKeyId: record.branchKeyId, branchKeyVersion: one.version, branchKey }
}

export const branchKeyStore = (context: Context, record: BranchKeyRecord): BranchKeyStore => ({
  logicalKeyStoreName,
  getActiveBranchKey: () => useVersion(context, record, activeVersion(record)),
  async getBranchKeyVersion(_branchKeyId, branchKeyVersion) {
    const one = record.versions.find(({ version }) => version === branchKeyVersion)
    if (!one) throw new KeyhearthError('ciphertext-key-unknown')
    return useVersion(context, record, one)
  },
})
