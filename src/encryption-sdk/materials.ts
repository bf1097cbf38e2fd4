// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: materials, and what keyrings and cryptographic materials managers do with them
// (framework/structures.md, keyring-interface.md, default-cmm.md).

import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, encodeBase64 } from '../codec/text.ts'
import { type EncryptionContext, publicKeyName } from './encryptionContext.ts'
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

export interface Cmm {
  getEncryptionMaterials(request: {
    readonly suite: Suite
    readonly encryptionContext: EncryptionContext
    /** Bytes of plaintext, where they are known beforehand. */
    readonly maxPlaintextLength?: number
  }): Promise<EncryptionMaterials>
  decryptMaterials(request: {
    readonly suite: Suite
    /** The pairs the header stores. */
    readonly encryptionContext: EncryptionContext
    /** What the caller demands, and what completes the pairs that are not stored. */
    readonly reproducedEncryptionContext?: EncryptionContext
    readonly encryptedDataKeys: readonly EncryptedDataKey[]
  }): Promise<DecryptionMaterials>
}

/** Adds and takes the signing key of the suite; all else is the keyring's. */
export function defaultCmm(keyring: Keyring): Cmm {
  return {
    async getEncryptionMaterials({ suite, encryptionContext }) {
      const signing = suite.signature && (await generateSigningKey(suite.signature))
      return keyring.onEncrypt({
        suite,
        encryptionContext: signing
          ? { ...encryptionContext, [publicKeyName]: encodeBase64(signing.publicKey) }
          : encryptionContext,
        plaintextDataKey: null,
        encryptedDataKeys: [],
        signingKey: signing?.privateKey ?? null,
      })
    },
    async decryptMaterials({ suite, encryptionContext, encryptedDataKeys }) {
      const verificationKey = await verificationKeyOf(suite, encryptionContext)
      const materials = { suite, encryptionContext, plaintextDataKey: null, verificationKey }
      return keyring.onDecrypt(materials, encryptedDataKeys)
    },
  }
}

/** A signed suite has its public key in the context, an unsigned one must not (default-cmm.md). */
async function verificationKeyOf(
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

export const isCmm = (value: Keyring | Cmm): value is Cmm => 'getEncryptionMaterials' in value
