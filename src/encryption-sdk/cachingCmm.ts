// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the caching CMM (framework/caching-cmm.md): the same data key for several messages, within
// limits, so that a far or asking KMS is called less.

import { encodeBase64 } from '../codec/text.ts'
import { decryptionCacheId, encryptionCacheId } from './cacheIds.ts'
import { assertAgrees } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import {
  type Cmm,
  type EncryptionMaterials,
  type EncryptionRequest,
  type Keyring,
  toCmm,
} from './materials.ts'
import type { CacheEntry, MaterialsCache } from './materialsCache.ts'
import type { Suite } from './suites.ts'

export interface CachingCmmOptions {
  /** Where materials come from that are not in the cache. */
  readonly backingMaterials: Keyring | Cmm
  readonly cache: MaterialsCache
  /** Milliseconds a data key may be used. */
  readonly maxAge: number
  /** CMMs of one cache share entries where theirs are equal; unless given, nobody's is. */
  readonly partition?: string
  /** Most bytes of plaintext under one data key. */
  readonly maxBytesEncrypted?: number
  /** Most messages under one data key; 2^32 unless told otherwise, and never more. */
  readonly maxMessagesEncrypted?: number
}

const mostMessages = 2 ** 32

interface Limits {
  readonly maxBytes: number
  readonly maxMessages: number
}

/** @throws EncryptionSdkError `invalid` */
export function cachingCmm({
  backingMaterials,
  cache,
  maxAge,
  partition = encodeBase64(crypto.getRandomValues(new Uint8Array(16))),
  maxBytesEncrypted: maxBytes = Number.MAX_SAFE_INTEGER,
  maxMessagesEncrypted: maxMessages = mostMessages,
}: CachingCmmOptions): Cmm {
  if (!(maxAge > 0)) throw new EncryptionSdkError('invalid', 'maxAge is more than 0 milliseconds.')
  assertWhole('maxBytesEncrypted', maxBytes, Number.MAX_SAFE_INTEGER)
  assertWhole('maxMessagesEncrypted', maxMessages, mostMessages)
  const limits = { maxBytes, maxMessages }
  const cmm = toCmm(backingMaterials)

  async function cachedEncryption(request: EncryptionRequest, bytes: number) {
    const id = await encryptionCacheId(partition, request)
    // Ends: every new entry serves at least one of those who wait for it.
    for (;;) {
      const entry =
        cache.get(id, maxAge) ??
        (await cache.make(id, maxAge, () => cmm.getEncryptionMaterials(request)))
      if (use(entry, bytes, limits)) return entry.materials
      cache.drop(id, entry)
    }
  }

  return {
    getEncryptionMaterials: async (request) => {
      const { suite, maxPlaintextLength: bytes } = request
      // What is not known cannot be counted.
      const counted = bytes !== undefined && bytes <= maxBytes
      if (!counted || !isCacheable(suite)) return cmm.getEncryptionMaterials(request)
      return cachedEncryption(request, bytes)
    },
    decryptMaterials: async (request) => {
      if (!isCacheable(request.suite)) return cmm.decryptMaterials(request)
      assertAgrees(request.encryptionContext, request.reproducedEncryptionContext ?? {})
      const id = await decryptionCacheId(partition, request)
      const entry =
        cache.get(id, maxAge) ?? (await cache.make(id, maxAge, () => cmm.decryptMaterials(request)))
      return entry.materials
    },
  }
}

/** Without derivation the data key is the message's key, and may serve one message alone ("Identity KDF"). */
const isCacheable = ({ kdfHash }: Suite): boolean => kdfHash !== null

/** Counts one more message, or says that it would be one too many. */
function use(
  entry: CacheEntry<EncryptionMaterials>,
  bytes: number,
  { maxBytes, maxMessages }: Limits,
): boolean {
  if (entry.messages + 1 > maxMessages || entry.bytes + bytes > maxBytes) return false
  entry.messages += 1
  entry.bytes += bytes
  return true
}

function assertWhole(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return
  throw new EncryptionSdkError('invalid', `${name} is a whole number from 1 to ${most}.`)
}
