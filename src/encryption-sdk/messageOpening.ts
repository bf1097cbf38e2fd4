// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: from the header of a message that is read to the proven key of its body
// (client-apis/decrypt.md, "Get the decryption materials", "Verify the header").

import type { AesGcm } from './aesGcm.ts'
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
import { keyArnsOf } from './kmsKeyring.ts'
import type { Cmm } from './materials.ts'
import { assertCommitment, deriveMessageKey } from './messageKey.ts'

export interface OpenedHeader {
  readonly cipher: AesGcm
  readonly verificationKey: CryptoKey | null
}

/** @throws EncryptionSdkError `unsupported`, `context`, `no-key`, `commitment`, `authentication` */
export async function openHeader(
  cmm: Cmm,
  parsed: ParsedHeader,
  demanded: EncryptionContext,
  { commitmentPolicy }: ClientRules,
): Promise<OpenedHeader> {
  const { header, suite } = parsed
  assertMayDecrypt(commitmentPolicy, suite)
  assertAgrees(header.encryptionContext, demanded)
  const { materials, dataKey } = await materialsFor(cmm, parsed, demanded)
  const { encryptionContext, requiredEncryptionContextKeys, verificationKey } = materials
  assertContains(encryptionContext, demanded)
  const { cipher, commitment } = await deriveMessageKey(suite, dataKey, header.messageId, 'decrypt')
  assertCommitment(commitment, header.commitment)
  const { unstored } = splitContext(encryptionContext, requiredEncryptionContextKeys)
  await assertHeaderTag(cipher, parsed, unstored)
  return { cipher, verificationKey }
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
