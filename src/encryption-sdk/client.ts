// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the client, which fixes what holds for all its messages (client-apis/client.md).

import { unshared } from '../codec/bytes.ts'
import { CommitmentPolicy, isCommitmentPolicy } from './commitmentPolicy.ts'
import { type DecryptOptions, type DecryptResult, decryptMessage } from './decrypt.ts'
import { type DecryptStreamOptions, decryptionStream } from './decryptStream.ts'
import { type EncryptOptions, type EncryptResult, encryptMessage, largeFrame } from './encrypt.ts'
import { type EncryptStreamOptions, encryptionStream } from './encryptStream.ts'
import { EncryptionSdkError } from './errors.ts'
import {
  type HandedOpening,
  type HandedStart,
  type HandedStartOptions,
  openFor,
  startFor,
} from './handingOver.ts'
import type { ParsedHeader } from './header.ts'
import { type Cmm, type Keyring, toCmm } from './materials.ts'
import { openHeader } from './messageOpening.ts'
import { sealHead, startMessage } from './messageStart.ts'
import { type RekeyOptions, type RekeyResult, rekeyMessage } from './rekey.ts'

export interface ClientOptions {
  /** Unless told otherwise every message that is written or read commits to its key. */
  readonly commitmentPolicy?: CommitmentPolicy
  /** Most data keys a message may carry; 65,535, the format's own limit, unless told otherwise. */
  readonly maxEncryptedDataKeys?: number
}

export interface Client {
  /**
   * What a keyring's own client throws (a locked KMS, for instance) passes through as it is.
   * @throws EncryptionSdkError `invalid`, `unsupported`, `limit`, `no-key`
   */
  encrypt(
    keyringOrCmm: Keyring | Cmm,
    plaintext: Uint8Array,
    options?: EncryptOptions,
  ): Promise<EncryptResult>
  /** @throws EncryptionSdkError, any code but `invalid`; nothing of the plaintext before all holds */
  decrypt(
    keyringOrCmm: Keyring | Cmm,
    ciphertext: Uint8Array,
    options?: DecryptOptions,
  ): Promise<DecryptResult>
  /**
   * Plaintext in, message out; fails as `encrypt` does. What is written is taken before the write is done.
   */
  encryptStream(
    keyringOrCmm: Keyring | Cmm,
    options?: EncryptStreamOptions,
  ): TransformStream<Uint8Array, Uint8Array>
  /**
   * Message in, plaintext out; fails as `decrypt` does. Of an unsigned message a part comes out as soon as
   * it is authentic, and only an end without an error says that it was all of it.
   */
  decryptStream(
    keyringOrCmm: Keyring | Cmm,
    options?: DecryptStreamOptions,
  ): TransformStream<Uint8Array, Uint8Array>
  /**
   * The header of a message whose body somebody else makes, with its one key wrapped for them
   * (handedOver.ts).
   * @param recipient public key of a `KeyTaker`
   * @throws EncryptionSdkError as `encrypt` does; `unsupported` for a suite of AES-192
   */
  startFor(
    keyringOrCmm: Keyring | Cmm,
    recipient: Uint8Array,
    options: HandedStartOptions,
  ): Promise<HandedStart>
  /**
   * The key of one message's body for somebody else, who has the message.
   * @param header of the message, with its tag; what follows is not looked at
   * @throws EncryptionSdkError as `decrypt` does for what is wrong with the header; `unsupported` for a
   *   suite of AES-192
   */
  openFor(
    keyringOrCmm: Keyring | Cmm,
    recipient: Uint8Array,
    header: Uint8Array,
    options?: DecryptOptions,
  ): Promise<HandedOpening>
  /**
   * Other recipients for a message, without touching its body.
   * @param message all of it, or its start: as much as the header
   * @throws EncryptionSdkError as `decrypt` does; `unsupported` where the suite does not allow it
   */
  rekey(
    keyringOrCmm: Keyring | Cmm,
    message: Uint8Array,
    options: RekeyOptions,
  ): Promise<RekeyResult>
}

const mostDataKeys = 0xffff

/** @throws EncryptionSdkError `invalid` */
export function buildClient({
  commitmentPolicy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  maxEncryptedDataKeys = mostDataKeys,
}: ClientOptions = {}): Client {
  if (!isCommitmentPolicy(commitmentPolicy)) {
    throw new EncryptionSdkError('invalid', `There is no commitment policy ${commitmentPolicy}.`)
  }
  if (!(Number.isSafeInteger(maxEncryptedDataKeys) && maxEncryptedDataKeys >= 1)) {
    throw new EncryptionSdkError('invalid', 'maxEncryptedDataKeys is a whole number from 1.')
  }
  const rules = {
    commitmentPolicy,
    maxEncryptedDataKeys: Math.min(maxEncryptedDataKeys, mostDataKeys),
  }
  return {
    encrypt: async (keyringOrCmm, plaintext, options = {}) =>
      encryptMessage(toCmm(keyringOrCmm), unshared(plaintext), options, rules),
    decrypt: async (keyringOrCmm, ciphertext, options = {}) =>
      decryptMessage(toCmm(keyringOrCmm), unshared(ciphertext), options, rules),
    encryptStream: (keyringOrCmm, options = {}) => {
      const { frameLength = largeFrame, plaintextLength } = options
      const begin = async () => {
        const cmm = toCmm(keyringOrCmm)
        const body = await startMessage(cmm, options, rules, frameLength, plaintextLength)
        return { head: await sealHead(body), body }
      }
      return encryptionStream(begin, plaintextLength)
    },
    decryptStream: (keyringOrCmm, options = {}) => {
      const { encryptionContext = {}, ...rest } = options
      const cmm = toCmm(keyringOrCmm)
      const open = (parsed: ParsedHeader) => openHeader(cmm, parsed, encryptionContext, rules)
      return decryptionStream(open, rest, rules.maxEncryptedDataKeys)
    },
    startFor: async (keyringOrCmm, recipient, options) =>
      startFor(toCmm(keyringOrCmm), unshared(recipient), options, rules),
    openFor: async (keyringOrCmm, recipient, header, options = {}) =>
      openFor(toCmm(keyringOrCmm), unshared(recipient), unshared(header), options, rules),
    rekey: async (keyringOrCmm, message, options) =>
      rekeyMessage(toCmm(keyringOrCmm), unshared(message), options, rules),
  }
}

export const { encrypt, decrypt, encryptStream, decryptStream, rekey } = buildClient()
