// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: other recipients for a message whose body stays as it is. The data key is wrapped for them,
// and the header gets a new tag under the same message key.
//
// That tag is AES-GCM's, and two of them under one key and one IV give away the key of the hash they are
// made with (NIST SP 800-38D section 8; A. Joux, "Authentication Failures in NIST version of GCM"):
// whoever has both headers could then change frames unnoticed. Format 1 writes the IV of its header, so a
// new tag gets a new one. Format 2 has none but zeros, so there a second header is safe only if nobody
// else ever sees the first; the caller has to say so.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import type { ClientRules } from './commitmentPolicy.ts'
import type { EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import {
  type EncryptedDataKey,
  headerIv,
  type MessageHeader,
  type ParsedHeader,
  parseHeader,
  serialiseHeader,
} from './header.ts'
import { makeHeaderTag } from './headerTag.ts'
import type { Cmm, DecryptionMaterials, Keyring } from './materials.ts'
import { proveMaterials } from './messageOpening.ts'
import { ivBytes } from './suites.ts'

export interface RekeyOptions {
  /** Wraps the message's data key for more recipients; a keyring that makes data keys itself refuses. */
  readonly add?: Keyring
  /**
   * Which recipients to leave out. One who could open the message before can still have its plaintext or
   * its data key: leaving them out keeps the message from them only if they never had it.
   */
  readonly remove?: (dataKey: EncryptedDataKey) => boolean
  readonly encryptionContext?: EncryptionContext
  /**
   * That the message as it was has never left this device and never will. Messages of format 2 are
   * refused without it: whoever has the message before and after could change frames unnoticed.
   */
  readonly nobodyElseHasTheOldMessage?: boolean
}

export interface RekeyResult {
  /** Stands in place of the first `replacedBytes` of the message; all behind them stays as it is. */
  readonly start: Bytes
  readonly replacedBytes: number
  readonly messageHeader: MessageHeader
}

export async function rekeyMessage(
  cmm: Cmm,
  message: Bytes,
  options: RekeyOptions,
  rules: ClientRules,
): Promise<RekeyResult> {
  const parsed = parseHeader(message, rules.maxEncryptedDataKeys)
  assertRekeyable(parsed, options.nobodyElseHasTheOldMessage === true)
  const { encryptionContext: demanded = {} } = options
  const proven = await proveMaterials(cmm, parsed, demanded, rules, 'encrypt', 'decrypt')
  const { materials, dataKey, cipher, unstored } = proven
  const encryptedDataKeys = await otherRecipients(parsed, materials, dataKey, options)
  if (encryptedDataKeys.length > rules.maxEncryptedDataKeys) {
    throw new EncryptionSdkError('limit', 'More data keys than the client allows.')
  }
  const messageHeader = { ...parsed.header, encryptedDataKeys }
  const header = serialiseHeader(messageHeader)
  const iv = parsed.suite.messageFormat === 1 ? freshIv() : headerIv
  const tag = await makeHeaderTag(parsed.suite, cipher, header, unstored, iv)
  return { start: concatBytes(header, tag), replacedBytes: parsed.length, messageHeader }
}

/** @throws EncryptionSdkError `unsupported` */
function assertRekeyable({ suite }: ParsedHeader, nobodyElseHasTheOldMessage: boolean): void {
  if (suite.signature) {
    throw new EncryptionSdkError(
      'unsupported',
      'The message is signed, its recipients with it: they cannot change. Encrypt it anew.',
    )
  }
  if (suite.messageFormat === 2 && !nobodyElseHasTheOldMessage) {
    throw new EncryptionSdkError(
      'unsupported',
      'Whoever has both a format 2 message and the same with other recipients could forge its frames. Encrypt it anew, unless nobody else has the old one.',
    )
  }
}

async function otherRecipients(
  { header, suite }: ParsedHeader,
  { encryptionContext, requiredEncryptionContextKeys = [] }: DecryptionMaterials,
  plaintextDataKey: Bytes,
  { add, remove = () => false }: RekeyOptions,
): Promise<readonly EncryptedDataKey[]> {
  const encryptedDataKeys = header.encryptedDataKeys.filter((dataKey) => !remove(dataKey))
  const kept = {
    suite,
    encryptionContext,
    requiredEncryptionContextKeys,
    plaintextDataKey,
    encryptedDataKeys,
    signingKey: null,
  }
  const { encryptedDataKeys: all } = add ? await add.onEncrypt(kept) : kept
  if (all.length === 0)
    throw new EncryptionSdkError('invalid', 'Nobody is left to open the message.')
  return all
}

/** No frame has it, whose IVs begin with zeros, and neither has the first header. */
function freshIv(): Bytes {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  iv[0] = (iv[0] ?? 0) | 0x80
  return iv
}
