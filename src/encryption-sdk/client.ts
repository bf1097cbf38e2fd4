// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: encrypt and decrypt (client-apis/encrypt.md, decrypt.md).

import { type Bytes, concatBytes, uint16 } from '../codec/bytes.ts'
import { EndOfBytes, Reader } from '../codec/reader.ts'
import { assertContains, assertUserContext, type EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { bodyBytes, openBlock, openFrames, sealFrames } from './frames.ts'
import {
  type MessageHeader,
  messageIdBytes,
  type ParsedHeader,
  parseHeader,
  serialiseHeader,
  tagBytes,
} from './header.ts'
import { type Cmm, type DecryptionMaterials, defaultCmm, isCmm, type Keyring } from './materials.ts'
import { assertCommitment, deriveMessageKey } from './messageKey.ts'
import { signMessage, verifyMessage } from './signature.ts'
import { defaultSuiteId, type SuiteId, suiteOf } from './suites.ts'

export interface ClientOptions {
  /** Today the only one: every message written and read commits to its key. */
  readonly commitmentPolicy?: 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT'
  /** Most data keys a message may carry; 65,535 by the format, unless told otherwise. */
  readonly maxEncryptedDataKeys?: number
}

export interface EncryptOptions {
  readonly encryptionContext?: EncryptionContext
  readonly suiteId?: SuiteId
  /** Bytes of content a frame; 4,096 as AWS's libraries write it, 65,536 for anything longer than that. */
  readonly frameLength?: number
}

export interface DecryptOptions {
  /** Pairs the message's context must contain. */
  readonly encryptionContext?: EncryptionContext
}

export interface EncryptResult {
  readonly result: Bytes
  readonly messageHeader: MessageHeader
}

export interface DecryptResult {
  readonly plaintext: Bytes
  readonly messageHeader: MessageHeader
}

export interface Client {
  /** @throws EncryptionSdkError `invalid`, `limit`, `no-key` */
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
}

const mostDataKeys = 0xffff
const smallFrame = 4096
const largeFrame = 65_536

export function buildClient(options: ClientOptions = {}): Client {
  const { maxEncryptedDataKeys = mostDataKeys } = options
  if (!isWhole(maxEncryptedDataKeys, mostDataKeys)) {
    throw new EncryptionSdkError('invalid', 'maxEncryptedDataKeys is from 1 to 65,535.')
  }
  return {
    encrypt: (keyring, plaintext, request = {}) =>
      encryptMessage(toCmm(keyring), own(plaintext), request, maxEncryptedDataKeys),
    decrypt: (keyring, ciphertext, request = {}) =>
      decryptMessage(toCmm(keyring), own(ciphertext), request, maxEncryptedDataKeys),
  }
}

const toCmm = (keyring: Keyring | Cmm): Cmm => (isCmm(keyring) ? keyring : defaultCmm(keyring))
/** WebCrypto takes no shared memory, and shared bytes could change under our hands. */
const own = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes)
const isWhole = (value: number, most: number) =>
  Number.isSafeInteger(value) && value >= 1 && value <= most

const headerIv = new Uint8Array(12)

const headerTag = (key: CryptoKey, body: Bytes) => ({
  key,
  parameters: {
    name: 'AES-GCM',
    iv: headerIv,
    additionalData: body,
    tagLength: tagBytes * 8,
  },
})

async function encryptMessage(
  cmm: Cmm,
  plaintext: Bytes,
  request: EncryptOptions,
  most: number,
): Promise<EncryptResult> {
  const { encryptionContext = {}, suiteId = defaultSuiteId } = request
  const frameLength =
    request.frameLength ?? (plaintext.byteLength > largeFrame ? largeFrame : smallFrame)
  if (!isWhole(frameLength, 0xffff_ffff)) {
    throw new EncryptionSdkError('invalid', 'frameLength is from 1 to 4,294,967,295.')
  }
  assertUserContext(encryptionContext)
  const suite = suiteOf(suiteId)
  const materials = await cmm.encryptionMaterials({ suite, encryptionContext })
  const { plaintextDataKey, encryptedDataKeys, signingKey } = materials
  if (!plaintextDataKey || encryptedDataKeys.length === 0) {
    throw new EncryptionSdkError('no-key', 'The keyring made no data key.')
  }
  if (encryptedDataKeys.length > most) {
    throw new EncryptionSdkError('limit', 'More data keys than the client allows.')
  }
  const messageId = crypto.getRandomValues(new Uint8Array(messageIdBytes))
  const derived = await deriveMessageKey(suite, plaintextDataKey, messageId, 'encrypt')
  const messageHeader: MessageHeader = {
    version: 2,
    suiteId: suite.id,
    messageId,
    encryptionContext: materials.encryptionContext,
    encryptedDataKeys,
    frameLength,
    commitment: derived.commitment,
  }
  const body = serialiseHeader(messageHeader)
  const { parameters } = headerTag(derived.key, body)
  const tag = await crypto.subtle.encrypt(parameters, derived.key, new Uint8Array(0))
  const start = body.byteLength + tagBytes
  const message = new Uint8Array(start + bodyBytes(plaintext.byteLength, frameLength))
  message.set(body)
  message.set(new Uint8Array(tag), body.byteLength)
  await sealFrames(derived.key, messageId, plaintext, frameLength, message.subarray(start))
  if (!suite.signature || !signingKey) return { result: message, messageHeader }
  const signature = await signMessage(suite.signature, signingKey, message)
  const result = concatBytes(message, uint16(signature.byteLength), signature)
  return { result, messageHeader }
}

async function decryptMessage(
  cmm: Cmm,
  message: Bytes,
  { encryptionContext: demanded = {} }: DecryptOptions,
  most: number,
): Promise<DecryptResult> {
  const parsed = parseHeader(message, most)
  const { header, suite } = parsed
  assertContains(header.encryptionContext, demanded)
  const materials = await cmm.decryptionMaterials({
    suite,
    encryptionContext: header.encryptionContext,
    encryptedDataKeys: header.encryptedDataKeys,
  })
  if (!materials.plaintextDataKey) {
    throw new EncryptionSdkError('no-key', 'No key here opens this message.')
  }
  const { key, commitment } = await deriveMessageKey(
    suite,
    materials.plaintextDataKey,
    header.messageId,
    'decrypt',
  )
  assertCommitment(commitment, header.commitment)
  await assertHeaderTag(key, parsed)
  const reader = new Reader(message)
  reader.view(parsed.length)
  try {
    const { messageId, frameLength } = header
    const plaintext =
      frameLength === 0
        ? await openBlock(key, messageId, reader)
        : await openFrames(key, messageId, reader, frameLength)
    await assertFooter(materials, message, reader)
    return { plaintext, messageHeader: header }
  } catch (error) {
    if (error instanceof EndOfBytes) {
      throw new EncryptionSdkError('truncated', 'The message ends before its last part.')
    }
    throw error
  }
}

async function assertHeaderTag(key: CryptoKey, { body, tag }: ParsedHeader): Promise<void> {
  try {
    await crypto.subtle.decrypt(headerTag(key, body).parameters, key, tag)
  } catch {
    throw new EncryptionSdkError('authentication', "The message's header was changed.")
  }
}

/** The signature holds, and nothing follows it. */
async function assertFooter(
  { suite, verificationKey }: DecryptionMaterials,
  message: Bytes,
  reader: Reader,
): Promise<void> {
  const end = reader.offset
  const signature = suite.signature ? reader.bytes16() : null
  if (reader.remaining > 0) {
    throw new EncryptionSdkError('malformed', 'Bytes follow the end of the message.')
  }
  if (!suite.signature || !signature) return
  const signed = message.subarray(0, end)
  if (
    !verificationKey ||
    !(await verifyMessage(suite.signature, verificationKey, signed, signature))
  ) {
    throw new EncryptionSdkError('signature', "The message's signature does not hold.")
  }
}

export const { encrypt, decrypt } = buildClient()
