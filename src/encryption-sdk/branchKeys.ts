// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: branch keys and who keeps them (framework/branch-key-store.md, structures.md, "Branch Key
// Materials"), as far as a keyring needs it.

import type { Bytes } from '../codec/bytes.ts'
import { decodeHex, encodeHex } from '../codec/text.ts'
import { importPrfKey } from './counterKdf.ts'
import { EncryptionSdkError } from './errors.ts'

export interface BranchKey {
  readonly branchKeyId: string
  /** A UUID in lower case. */
  readonly branchKeyVersion: string
  /** HMAC with SHA-256, for sign: nobody has to read its 32 bytes. */
  readonly branchKey: CryptoKey
}

export interface BranchKeyStore {
  /** Tells stores apart that share a cache; two stores with one name would share their keys. */
  readonly logicalKeyStoreName: string
  /** The version that data keys are wrapped with now. */
  getActiveBranchKey(branchKeyId: string): Promise<BranchKey>
  getBranchKeyVersion(branchKeyId: string, branchKeyVersion: string): Promise<BranchKey>
}

const branchKeyBytes = 32
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** For stores that hold branch keys as bytes; the key cannot be read again. @throws EncryptionSdkError `invalid` */
export async function importBranchKey(bytes: Bytes): Promise<CryptoKey> {
  if (bytes.byteLength === branchKeyBytes) return importPrfKey(bytes, 'SHA-256')
  throw new EncryptionSdkError('invalid', `A branch key has ${branchKeyBytes} bytes.`)
}

/** What a store gave is what it was asked for. @throws EncryptionSdkError `no-key` */
export function assertBranchKey(
  given: BranchKey,
  branchKeyId: string,
  version?: string,
): BranchKey {
  const { algorithm, usages } = given.branchKey
  const { name, hash, length } = algorithm as HmacKeyAlgorithm
  const usable =
    name === 'HMAC' &&
    hash.name === 'SHA-256' &&
    length === 8 * branchKeyBytes &&
    usages.includes('sign')
  const asked = given.branchKeyId === branchKeyId && uuid.test(given.branchKeyVersion)
  if (usable && asked && (version === undefined || given.branchKeyVersion === version)) return given
  throw new EncryptionSdkError('no-key', `The key store gave no branch key ${branchKeyId}.`)
}

export const versionBytes = 16
export const versionToBytes = (version: string): Bytes => decodeHex(version.replaceAll('-', ''))

export const versionFromBytes = (bytes: Bytes): string =>
  encodeHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
