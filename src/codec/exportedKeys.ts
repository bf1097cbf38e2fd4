// codec: pure conversions between bytes and their written forms. This file: what an export of a vault's keys
// holds (docs/command-line.md). It is an Encryption SDK message; this is its plaintext, and whom it is for.

import type { Bytes } from './bytes.ts'
import { decodeUtf8, encodeUtf8 } from './text.ts'

export interface ExportedKeys {
  readonly keys: readonly ExportedKey[]
  readonly branchKeys: readonly ExportedBranchKey[]
}

export interface ExportedKey {
  readonly arn: string
  readonly keyId: string
  readonly description: string
  readonly versions: readonly {
    readonly materialId: string
    /** Base64 of 32 bytes. */
    readonly material: string
  }[]
}

/** Of the same id there may be several: each of another account. */
export interface ExportedBranchKey {
  readonly branchKeyId: string
  readonly kmsKeyArn: string
  /** What KMS made of each version, with the encryption context it did so in. */
  readonly versions: readonly {
    readonly version: string
    readonly encryptionContext: Readonly<Record<string, string>>
    /** Base64. */
    readonly ciphertext: string
  }[]
}

/** The raw AES keyring the message is under. */
export const exportKeyName = { keyNamespace: 'keyhearth', keyName: 'export' } as const

const format = 'keyhearth/keys-1'

export const writeExportedKeys = (exported: ExportedKeys): Bytes =>
  encodeUtf8(JSON.stringify({ format, ...exported }))

/**
 * Of a plaintext that has proved authentic: whoever wrote it had the vault.
 * @returns `null` where a later Keyhearth wrote it
 */
export function readExportedKeys(plaintext: Bytes): ExportedKeys | null {
  const read = JSON.parse(decodeUtf8(plaintext)) as ExportedKeys & { readonly format: string }
  return read.format === format ? read : null
}
