// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: materials, and what keyrings and cryptographic materials managers do with them
// (framework/structures.md, keyring-interface.md, default-cmm.md).

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import {
  assertAgrees,
  assertHasKeys,
  type EncryptionContext,
  publicKeyName,
} from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import { generateSigningKey, importVerificationKey } from './signature.ts'
import type { Suite } from './suites.ts'

export interface EncryptionMaterials {
  readonly suite: Suite
  /** All pairs: those the header stores, and those it only proves. */
  readonly encryptionContext: EncryptionContext
  /** Keys of pairs that are proven with the header and not stored in it; none where left out. */
  readonly requiredEncryptionContextKeys?: readonly string[]
  readonly plaintextDataKey: Bytes | null
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
  readonly signingKey: CryptoKey | null
}

export interface DecryptionMaterials {
  readonly suite: Suite
  /** All pairs: those the header stores, and those it only proves. */
  readonly encryptionContext: EncryptionContext
  /** Keys of pairs that are proven with the header and not stored in it; none where left out. */
  readonly requiredEncryptionContextKeys?: readonly string[]
  readonly plaintextDataKey: Bytes | null
  readonly verificationKey: CryptoKey | null
}

export interface Keyring {
  /** Makes a data key where there is none yet, else wraps the one there is. */
  onEncrypt(materials: EncryptionMaterials): Promise<EncryptionMaterials>
  /**
   * Opens one of the data keys. Materials that come back without one mean: none is mine.
   * @throws EncryptionSdkError `no-key` where one is, and none opened
   */
  onDecrypt(
    materials: DecryptionMaterials,
    encryptedDataKeys: readonly EncryptedDataKey[],
  ): Promise<DecryptionMaterials>
}

/** cmm-interface.md, "Encryption Materials Request". */
export interface EncryptionRequest {
  readonly suite: Suite
  readonly encryptionContext: EncryptionContext
  /** Keys of pairs that the header must not store. */
  readonly requiredEncryptionContextKeys?: readonly string[]
  /** Bytes of plaintext, where they are known beforehand. */
  readonly maxPlaintextLength?: number
}

/** cmm-interface.md, "Decrypt Materials Request". */
export interface DecryptionRequest {
  readonly suite: Suite
  /** The pairs the header stores. */
  readonly encryptionContext: EncryptionContext
  /** What the caller demands, and what completes the pairs that are not stored. */
  readonly reproducedEncryptionContext?: EncryptionContext
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
}

export interface Cmm {
  getEncryptionMaterials(request: EncryptionRequest): Promise<EncryptionMaterials>
  decryptMaterials(request: DecryptionRequest): Promise<DecryptionMaterials>
}

/** Adds and takes the signing key of the suite; all else is the keyring's. */
export const defaultCmm = (keyring: Keyring): Cmm => ({
  getEncryptionMaterials: async (request) => keyring.onEncrypt(await emptyMaterials(request)),
  decryptMaterials: async (request) => {
    const { encryptedDataKeys } = request
    const materials = await sealedMaterials(request)
    try {
      return await keyring.onDecrypt(materials, encryptedDataKeys)
    } catch (error) {
      throw orOtherContext(error, materials.requiredEncryptionContextKeys)
    }
  },
})

/** default-cmm.md, "Get Encryption Materials". @throws EncryptionSdkError `invalid` */
async function emptyMaterials({
  suite,
  encryptionContext,
  requiredEncryptionContextKeys = [],
}: EncryptionRequest): Promise<EncryptionMaterials> {
  if (Object.hasOwn(encryptionContext, publicKeyName)) {
    throw new EncryptionSdkError('invalid', `The key ${publicKeyName} is reserved.`)
  }
  assertHasKeys(encryptionContext, requiredEncryptionContextKeys)
  const signing = suite.signature && (await generateSigningKey(suite.signature))
  return {
    suite,
    encryptionContext: signing
      ? { ...encryptionContext, [publicKeyName]: encodeBase64(signing.publicKey) }
      : encryptionContext,
    requiredEncryptionContextKeys,
    plaintextDataKey: null,
    encryptedDataKeys: [],
    signingKey: signing?.privateKey ?? null,
  }
}

type SealedMaterials = DecryptionMaterials & {
  readonly requiredEncryptionContextKeys: readonly string[]
}

/**
 * cmm-interface.md and default-cmm.md, "Decrypt Materials": what the caller reproduces and the header does
 * not store is proven with it.
 * @throws EncryptionSdkError `context`, `malformed`
 */
async function sealedMaterials({
  suite,
  encryptionContext: stored,
  reproducedEncryptionContext: reproduced = {},
}: DecryptionRequest): Promise<SealedMaterials> {
  assertAgrees(stored, reproduced)
  const verificationKey = await verificationKeyOf(suite, stored)
  const requiredEncryptionContextKeys = Object.keys(reproduced).filter(
    (key) => !Object.hasOwn(stored, key),
  )
  const encryptionContext = { ...stored, ...reproduced }
  const plaintextDataKey = null
  return {
    suite,
    encryptionContext,
    requiredEncryptionContextKeys,
    plaintextDataKey,
    verificationKey,
  }
}

/** Where a data key did not open with pairs that the header does not store, they are the likely reason. */
function orOtherContext(error: unknown, [contextKey]: readonly string[]): unknown {
  const refused = error instanceof EncryptionSdkError && error.code === 'no-key'
  if (!refused || contextKey === undefined) return error
  const { causes } = error
  const what = `The message does not store ${contextKey}, and does not open with the value given.`
  return new EncryptionSdkError('context', what, { contextKey, causes })
}

/** A signed suite has its public key in the context, an unsigned one must not (default-cmm.md). */
export async function verificationKeyOf(
  { signature }: Suite,
  context: EncryptionContext,
): Promise<CryptoKey | null> {
  const encoded = Object.hasOwn(context, publicKeyName) ? context[publicKeyName] : undefined
  if ((signature === null) !== (encoded === undefined)) {
    throw new EncryptionSdkError('malformed', 'Public key and algorithm suite do not agree.')
  }
  if (signature === null || encoded === undefined) return null
  const key = await importVerificationKey(signature, pointOf(encoded))
  if (!key) throw new EncryptionSdkError('malformed', 'The public key is no point of its curve.')
  return key
}

function pointOf(encoded: string): Bytes {
  try {
    return decodeBase64(encoded)
  } catch {
    throw new EncryptionSdkError('malformed', 'The public key is not base64.')
  }
}

const isCmm = (value: Keyring | Cmm): value is Cmm => 'getEncryptionMaterials' in value

export const toCmm = (keyringOrCmm: Keyring | Cmm): Cmm =>
  isCmm(keyringOrCmm) ? keyringOrCmm : defaultCmm(keyringOrCmm)
