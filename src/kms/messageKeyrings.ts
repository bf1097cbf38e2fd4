// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the keyrings by which messages are made and opened: KMS keys of the vault, or branch keys of
// the vault, which are under KMS keys.

import {
  describeMessage,
  hierarchyProviderId,
  type Keyring,
  type KmsClient,
  kmsHierarchicalKeyring,
  kmsKeyring,
  multiKeyring,
  type Recipient,
} from '../encryption-sdk/index.ts'
import type { Context } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { findKey } from './access.ts'
import { allBranchKeys, type BranchKeyRecord, findBranchKey } from './branchKeyRecords.ts'
import { branchKeyStore } from './branchKeyStore.ts'
import { branchKeyNamed } from './branchKeys.ts'
import { generateDataKey } from './dataKeys.ts'
import { decrypt, encrypt } from './encryptDecrypt.ts'
import { arnOf } from './keys.ts'
import { messageKeyId, viaMessages } from './messageCallers.ts'
import { readable } from './messageErrors.ts'

/** What the KMS keyring calls: the very operations, with the caller's own rights. */
function kmsFor(context: Context): KmsClient {
  const acting = { ...context, via: viaMessages }
  return {
    generateDataKey: (input) => generateDataKey(acting, input),
    encrypt: (input) => encrypt(acting, input),
    decrypt: (input) => decrypt(acting, input),
  }
}

/** The store has a cache of its own, which asks each time whether the caller still may. */
const uncached = { cacheLimitTtl: 1, maxCacheSize: 0 } as const

const branchKeyring = (context: Context, record: BranchKeyRecord): Keyring =>
  kmsHierarchicalKeyring({
    keyStore: branchKeyStore(context, record),
    branchKeyId: record.branchKeyId,
    ...uncached,
  })

export interface SealingKeyring {
  /** ARN of the KMS key that all is under. */
  readonly KeyId: string
  readonly keyring: Keyring
}

/** @throws KeyhearthError as findKey; `branch-key-not-found`; `invalid-input` where both are named */
export async function sealingKeyring(
  context: Context,
  named: { readonly KeyId?: string; readonly BranchKeyId?: string },
): Promise<SealingKeyring> {
  const { KeyId, BranchKeyId } = named
  if (BranchKeyId === undefined) {
    const key = arnOf(await findKey(context, messageKeyId(context, KeyId)))
    const keyring = kmsKeyring({ client: kmsFor(context), generatorKeyId: key })
    return { KeyId: key, keyring }
  }
  if (KeyId !== undefined) {
    throw new KeyhearthError('invalid-input', { what: 'give either KeyId or BranchKeyId' })
  }
  const record = await branchKeyNamed(context, BranchKeyId)
  return { KeyId: record.kmsKeyArn, keyring: branchKeyring(context, record) }
}

export interface OpeningKeyring {
  /** ARNs of the KMS keys that open the message, as far as they are known here. */
  readonly keyArns: readonly string[]
  readonly keyring: Keyring
}

/**
 * @param message all of it, or its header
 * @throws KeyhearthError `message-malformed`, `message-foreign-format`
 */
export async function openingKeyring(
  context: Context,
  message: Uint8Array,
): Promise<OpeningKeyring> {
  const { kmsKeyArns, recipients } = readable(() => describeMessage(message))
  const records = await branchKeysWith(context, recipients)
  const children = [
    kmsKeyring({ client: kmsFor(context), discovery: true }),
    ...records.map((record) => branchKeyring(context, record)),
  ]
  return {
    keyArns: [...kmsKeyArns, ...records.map(({ kmsKeyArn }) => kmsKeyArn)],
    keyring: multiKeyring({ children }),
  }
}

/** The person, root of every account, opens what any site made; sites may have given the same id. */
async function branchKeysWith(
  context: Context,
  recipients: readonly Recipient[],
): Promise<readonly BranchKeyRecord[]> {
  const ids = recipients
    .filter(({ keyNamespace }) => keyNamespace === hierarchyProviderId)
    .flatMap(({ keyName }) => keyName ?? [])
  if (ids.length === 0) return []
  if (context.principal.kind !== 'page') {
    return (await allBranchKeys(context)).filter(({ branchKeyId }) => ids.includes(branchKeyId))
  }
  const own = await Promise.all(ids.map((id) => findBranchKey(context, id)))
  return own.filter((record) => record !== null)
}
