// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: names of cache entries (framework/caching-cmm.md, "Appendix A"): SHA-384 over fields with a
// zero byte between them.

import { type Bytes, concatBytes, uint16 } from '../codec/bytes.ts'
import { encodeBase64, encodeUtf8 } from '../codec/text.ts'
import type { BranchKey } from './branchKeys.ts'
import { compareBytes, serialiseContext } from './encryptionContext.ts'
import { serialiseDataKey } from './header.ts'
import type {
  DecryptionMaterials,
  DecryptionRequest,
  EncryptionMaterials,
  EncryptionRequest,
} from './materials.ts'
import type { CacheId } from './materialsCache.ts'

const resources = { cachingCmm: 1, hierarchicalKeyring: 2 } as const
const scopes = { encrypt: 1, decrypt: 2 } as const

const separator = Uint8Array.of(0)
const sha384 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-384', bytes))

/** The hash of the fields. */
const hashFields = (...fields: readonly Bytes[]): Promise<Bytes> =>
  sha384(concatBytes(...fields.flatMap((field, i) => (i === 0 ? [field] : [separator, field]))))

const asCacheId = <M>(hash: Bytes): CacheId<M> => encodeBase64(hash) as CacheId<M>

/** "Encryption Materials, With Algorithm Suite": the client always names one. */
export async function encryptionCacheId(
  partition: string,
  { suite, encryptionContext, requiredEncryptionContextKeys = [] }: EncryptionRequest,
): Promise<CacheId<EncryptionMaterials>> {
  const hash = await hashFields(
    Uint8Array.of(resources.cachingCmm),
    Uint8Array.of(scopes.encrypt),
    encodeUtf8(partition),
    Uint8Array.of(1),
    uint16(suite.id),
    serialiseContext(encryptionContext),
  )
  const required = requiredEncryptionContextKeys.map((key) => [key, ''])
  return apart(hash, Object.fromEntries(required))
}

/** "Decryption Materials". */
export async function decryptionCacheId(
  partition: string,
  { suite, encryptionContext, encryptedDataKeys, ...request }: DecryptionRequest,
): Promise<CacheId<DecryptionMaterials>> {
  const dataKeys = encryptedDataKeys.map((dataKey) => concatBytes(...serialiseDataKey(dataKey)))
  const hash = await hashFields(
    Uint8Array.of(resources.cachingCmm),
    Uint8Array.of(scopes.decrypt),
    encodeUtf8(partition),
    uint16(suite.id),
    concatBytes(...dataKeys.sort(compareBytes)),
    serialiseContext(encryptionContext),
  )
  const { reproducedEncryptionContext = {} } = request
  const pairs = Object.entries(reproducedEncryptionContext)
  const unstored = pairs.filter(([key]) => !Object.hasOwn(encryptionContext, key))
  return apart(hash, Object.fromEntries(unstored))
}

/** aws-kms-hierarchical-keyring.md, "Appendix A"; without a version the active one is meant. */
export async function branchKeyCacheId(
  partition: Bytes,
  logicalKeyStoreName: string,
  branchKeyId: string,
  version?: string,
): Promise<CacheId<BranchKey>> {
  const hash = await hashFields(
    Uint8Array.of(resources.hierarchicalKeyring),
    Uint8Array.of(version === undefined ? scopes.encrypt : scopes.decrypt),
    partition,
    encodeUtf8(logicalKeyStoreName),
    encodeUtf8(branchKeyId),
    ...(version === undefined ? [] : [encodeUtf8(version)]),
  )
  return asCacheId(hash)
}

/**
 * The formulas do not know of pairs that are not stored. Without them in the id, materials that one caller
 * got by knowing such a pair would be given to another who does not.
 */
async function apart<M>(hash: Bytes, pairs: Record<string, string>): Promise<CacheId<M>> {
  if (Object.keys(pairs).length === 0) return asCacheId(hash)
  return asCacheId(await sha384(concatBytes(hash, serialiseContext(pairs))))
}
