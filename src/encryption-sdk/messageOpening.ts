// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: from the header of a message that is read to the proven key of its body
// (client-apis/decrypt.md, "Get the decryption materials", "Verify the header").

import type { Bytes } from '../codec/bytes.ts'
import type { AesUsage } from './aesGcm.ts'
import { assertMayDecrypt, type ClientRules } from './commitmentPolicy.ts'
import {
  assertAgrees,
  assertContains,
  type EncryptionContext,
  splitContext,
} from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { MessageHeader, ParsedHeader } from './header.ts'
import { assertHeaderTag } from './headerTag.ts'
import { keyArnsOf } from './kmsArns.ts'
import type { Cmm, DecryptionMaterials } from './materials.ts'
import { assertCommitment, deriveMessageKey } from './messageKey.ts'
import type { AesGcm } from './webCryptoGcm.ts'

export interface OpenedHeader {
  readonly cipher: AesGcm
  readonly verificationKey: CryptoKey | null
}

/** @throws EncryptionSdkError `unsupported`, `context`, `no-key`, `commitment`, `authentication` */
export async function openHeader(
  cmm: Cmm,
  parsed: ParsedHeader,
  demanded: EncryptionContext,
  rules: ClientRules,
): Promise<OpenedHeader> {
  const { materials, cipher } = await proveMaterials(cmm, parsed, demanded, rules, 'decrypt')
  return { cipher, verificationKey: materials.verificationKey }
}

export interface ProvenMaterials {
  readonly materials: DecryptionMaterials
  readonly dataKey: Bytes
  readonly cipher: AesGcm
  /** Pairs that are proven with the header and do not stand in it. */
  readonly unstored: EncryptionContext
}

/** Materials whose key is the one the header was made with. */
export async function proveMaterials(
  cmm: Cmm,
  parsed: ParsedHeader,
  demanded: EncryptionContext,
  { commitmentPolicy }: ClientRules,
  ...usages: AesUsage[]
): Promise<ProvenMaterials> {
  const { header, suite } = parsed
  assertMayDecrypt(commitmentPolicy, suite)
  assertAgrees(header.encryptionContext, demanded)
  const { materials, dataKey } = await materialsFor(cmm, parsed, demanded)
  const { encryptionContext, requiredEncryptionContextKeys } = materials
  assertContains(encryptionContext, demanded)
  const { cipher, commitment } = await deriveMessageKey(suite, dataKey, header.messageId, ...usages)
  assertCommitment(commitment, header.commitment)
  const { unstored } = splitContext(encryptionContext, requiredEncryptionContextKeys)
  await assertHeaderTag(cipher, parsed, unstored)
  return { materials, dataKey, cipher, unstored }
}

async function materialsFor(
  cmm: Cmm,
  { suite, header }: ParsedHeader,
  reproducedEncryptionContext: EncryptionContext,
) {
  const { encryptionContext, encryptedDataKeys } = header
  const request = { suite, encryptionContext, reproducedEncryptionContext, encryptedDataKeys }
  const materials = await cmm.decryptMaterials(request).catch((error: unknown) => {
    throw error instanceof EncryptionSdkError && error.code === 'no-key'
      ? noKey(header, error.message, error.causes)
      : error
  })
  const dataKey = materials.plaintextDataKey
  if (!dataKey) throw noKey(header, 'No key here opens this message.', [])
  return { materials, dataKey }
}

const noKey = ({ encryptedDataKeys }: MessageHeader, what: string, causes: readonly unknown[]) =>
  new EncryptionSdkError('no-key', what, { causes, keyIds: keyArnsOf(encryptedDataKeys) })
