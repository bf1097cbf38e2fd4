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
import type { Sender } from '../protocol/outputs.ts'
import { findKey } from './access.ts'
import { allBranchKeys, type BranchKeyRecord, findBranchKey } from './branchKeyRecords.ts'
import { branchKeyStore } from './branchKeyStore.ts'
import { branchKeyNamed } from './branchKeys.ts'
import { generateDataKey } from './dataKeys.ts'
import { decrypt, encrypt } from './encryptDecrypt.ts'
import { arnOf } from './keys.ts'
import { messageKeyId, viaMessages } from './messageCallers.ts'
import { readable } from './messageErrors.ts'
import { cardKeyrings, ecdhProviderIds, fromPeople, recipientKeyrings } from './peopleKeyrings.ts'

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

interface Named {
  readonly KeyId?: string
  readonly BranchKeyId?: string
  /** People, besides the caller. */
  readonly Recipients?: readonly string[]
  /** Identity cards of others. */
  readonly RecipientCards?: readonly string[]
}

/**
 * @throws KeyhearthError as findKey; `branch-key-not-found`, `person-not-found`, `card-malformed`; `not-allowed`
 *   where a page names people; `invalid-input` where two keys are named
 */
export async function sealingKeyring(context: Context, named: Named): Promise<SealingKeyring> {
  const children = [
    ...(await recipientKeyrings(context, named.Recipients ?? [])),
    ...(await cardKeyrings(named.RecipientCards ?? [])),
  ]
  const { KeyId, keyring: generator } = await ownKeyring(context, named)
  return { KeyId, keyring: children.length > 0 ? multiKeyring({ generator, children }) : generator }
}

async function ownKeyring(context: Context, named: Named): Promise<SealingKeyring> {
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
  /** Once opened: who sent it, where another person did. */
  sender(): Promise<Sender | null>
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
  // A page never uses what people sent to the person.
  const mayBeSent =
    context.principal.kind !== 'page' &&
    recipients.some(({ keyNamespace }) => ecdhProviderIds.has(keyNamespace))
  const people = mayBeSent ? await fromPeople(context) : null
  const children = [
    kmsKeyring({ client: kmsFor(context), discovery: true }),
    ...records.map((record) => branchKeyring(context, record)),
    ...(people ? [people.keyring] : []),
  ]
  const branchArns = records.map(({ kmsKeyArn }) => kmsKeyArn)
  return {
    keyArns: [...kmsKeyArns, ...branchArns, ...(people ? [people.keyArn] : [])],
    keyring: multiKeyring({ children }),
    sender: async () => (await people?.sender()) ?? null,
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
