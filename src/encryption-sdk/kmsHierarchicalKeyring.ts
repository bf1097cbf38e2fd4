// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the hierarchical keyring (framework/aws-kms/aws-kms-hierarchical-keyring.md): data keys under
// keys derived from a branch key, which a key store keeps and a cache holds for a time.

import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { Reader } from '../codec/reader.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { importAesGcm } from './aesGcm.ts'
import {
  assertBranchKey,
  type BranchKey,
  type BranchKeyStore,
  versionBytes,
  versionFromBytes,
  versionToBytes,
} from './branchKeys.ts'
import { branchKeyCacheId } from './cacheIds.ts'
import { deriveInCounterMode } from './counterKdf.ts'
import { dataKeyFor, openDataKey, withDataKey } from './dataKeys.ts'
import {
  type EncryptionContext,
  serialiseContext,
  serialisedContexts,
} from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import type { Keyring } from './materials.ts'
import { MaterialsCache } from './materialsCache.ts'
import { ivBytes, tagBytes } from './suites.ts'

export interface BranchKeyIdSupplier {
  /** Which branch key a message with this context is under: one for each tenant, for instance. */
  getBranchKeyId(encryptionContext: EncryptionContext): string | Promise<string>
}

export type KmsHierarchicalKeyringOptions = {
  readonly keyStore: BranchKeyStore
  /** Seconds a branch key may be used before the store is asked again. */
  readonly cacheLimitTtl: number
  /** Shared with others; unless given, one of its own for `maxCacheSize` branch keys, or 1,000. */
  readonly cache?: MaterialsCache
  readonly maxCacheSize?: number
  /** Keyrings of one cache share branch keys where theirs are equal; unless given, nobody's is. */
  readonly partitionId?: string
} & (
  | { readonly branchKeyId: string; readonly branchKeyIdSupplier?: never }
  | { readonly branchKeyIdSupplier: BranchKeyIdSupplier; readonly branchKeyId?: never }
)

/** Of the data keys it wraps; they name their branch key. */
export const hierarchyProviderId = 'aws-kms-hierarchy'
const providerId = hierarchyProviderId
const label = encodeUtf8(providerId)
const saltBytes = 16
const derivedKeyBytes = 32
const defaultCacheSize = 1000

/** @throws EncryptionSdkError `invalid` */
export function kmsHierarchicalKeyring(options: KmsHierarchicalKeyringOptions): Keyring {
  const branchKeyIdOf = idSupplierOf(options)
  const branchKeys = cachedBranchKeys(options)
  return {
    async onEncrypt(materials) {
      const { encryptionContext } = materials
      const branchKey = await branchKeys(await branchKeyIdOf(encryptionContext))
      const dataKey = dataKeyFor(materials)
      const ciphertext = await wrap(branchKey, encryptionContext, dataKey)
      const providerInfo = encodeUtf8(branchKey.branchKeyId)
      return withDataKey(materials, dataKey, { providerId, providerInfo, ciphertext })
    },
    async onDecrypt(materials, encryptedDataKeys) {
      const { encryptionContext } = materials
      const branchKeyId = await branchKeyIdOf(encryptionContext)
      const info = encodeUtf8(branchKeyId)
      return openDataKey(materials, encryptedDataKeys, (dataKey) => {
        if (dataKey.providerId !== providerId || !equalBytes(dataKey.providerInfo, info))
          return null
        return async () => {
          const wrapped = readWrapped(dataKey)
          const branchKey = await branchKeys(branchKeyId, wrapped.version)
          return unwrap(branchKey, encryptionContext, wrapped)
        }
      })
    },
  }
}

/** @throws EncryptionSdkError `invalid` */
function idSupplierOf({ branchKeyId, branchKeyIdSupplier }: KmsHierarchicalKeyringOptions) {
  if ((branchKeyId === undefined) === (branchKeyIdSupplier === undefined) || branchKeyId === '') {
    throw new EncryptionSdkError(
      'invalid',
      'It takes either a branch key id or a supplier of them.',
    )
  }
  return async (context: EncryptionContext): Promise<string> =>
    branchKeyIdSupplier ? branchKeyIdSupplier.getBranchKeyId(context) : branchKeyId
}

/** The branch key of that version, or the active one: from the cache, else from the store. */
function cachedBranchKeys(options: KmsHierarchicalKeyringOptions) {
  const { keyStore, cacheLimitTtl, partitionId } = options
  if (!(cacheLimitTtl > 0)) {
    throw new EncryptionSdkError('invalid', 'cacheLimitTtl is more than 0 seconds.')
  }
  const { cache = new MaterialsCache(options.maxCacheSize ?? defaultCacheSize) } = options
  const partition =
    partitionId === undefined ? crypto.getRandomValues(new Uint8Array(16)) : encodeUtf8(partitionId)
  const ttlMs = cacheLimitTtl * 1000
  return async (branchKeyId: string, version?: string): Promise<BranchKey> => {
    const { logicalKeyStoreName } = keyStore
    const id = await branchKeyCacheId(partition, logicalKeyStoreName, branchKeyId, version)
    const entry =
      cache.get(id, ttlMs) ??
      (await cache.make(id, ttlMs, async () => {
        const given =
          version === undefined
            ? await keyStore.getActiveBranchKey(branchKeyId)
            : await keyStore.getBranchKeyVersion(branchKeyId, version)
        return assertBranchKey(given, branchKeyId, version)
      }))
    return entry.materials
  }
}

interface Wrapped {
  readonly salt: Bytes
  readonly iv: Bytes
  readonly version: string
  readonly sealed: Bytes
}

/** @throws EncryptionSdkError `malformed` */
function readWrapped({ ciphertext }: EncryptedDataKey): Wrapped {
  if (ciphertext.byteLength <= saltBytes + ivBytes + versionBytes + tagBytes) {
    throw new EncryptionSdkError('malformed', 'The wrapped data key is too short.')
  }
  const reader = new Reader(ciphertext)
  return {
    salt: reader.bytes(saltBytes),
    iv: reader.bytes(ivBytes),
    version: versionFromBytes(reader.bytes(versionBytes)),
    sealed: reader.bytes(reader.remaining),
  }
}

/** "Branch Key Wrapping and Unwrapping AAD". */
const additionalData = ({ branchKeyId, branchKeyVersion }: BranchKey, context: Bytes): Bytes =>
  concatBytes(label, encodeUtf8(branchKeyId), versionToBytes(branchKeyVersion), context)

/** "Branch Key Wrapping": a key of its own for each data key. */
async function wrap(
  branchKey: BranchKey,
  context: EncryptionContext,
  dataKey: Bytes,
): Promise<Bytes> {
  const salt = crypto.getRandomValues(new Uint8Array(saltBytes))
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  const derived = await deriveInCounterMode(branchKey.branchKey, label, salt, derivedKeyBytes)
  const cipher = await importAesGcm(derived, 'encrypt')
  const aad = additionalData(branchKey, serialiseContext(context))
  const sealed = await cipher.seal(iv, aad, dataKey)
  return concatBytes(salt, iv, versionToBytes(branchKey.branchKeyVersion), sealed)
}

/** "Branch Key Unwrapping". @throws EncryptionSdkError `no-key` */
async function unwrap(
  branchKey: BranchKey,
  context: EncryptionContext,
  { salt, iv, sealed }: Wrapped,
): Promise<Bytes> {
  const derived = await deriveInCounterMode(branchKey.branchKey, label, salt, derivedKeyBytes)
  const cipher = await importAesGcm(derived, 'decrypt')
  for (const bytes of serialisedContexts(context)) {
    try {
      return await cipher.open(iv, additionalData(branchKey, bytes), sealed)
    } catch {
      // WebCrypto's reason has no words.
    }
  }
  throw new EncryptionSdkError('no-key', 'Not under this branch key with this encryption context.')
}
