// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: making a whole message (client-apis/encrypt.md).

import { type Bytes, uint16 } from '../codec/bytes.ts'
import { assertUserContext, type EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { bodyBytes, sealFrames } from './frames.ts'
import { type MessageHeader, messageIdBytes, serialiseHeader } from './header.ts'
import { makeHeaderTag } from './headerTag.ts'
import type { Cmm, EncryptionMaterials } from './materials.ts'
import { deriveMessageKey } from './messageKey.ts'
import { longestSignature, signMessage } from './signature.ts'
import { defaultSuiteId, type SuiteId, suiteOf, tagBytes } from './suites.ts'

export interface EncryptOptions {
  readonly encryptionContext?: EncryptionContext
  /** 0x0578, signed, unless told otherwise. */
  readonly suiteId?: SuiteId
  /**
   * Bytes of content a frame. AWS's libraries write 4,096; so is it here for content no longer than that.
   * For anything longer it is 65,536, which WebCrypto is about twice as fast with.
   */
  readonly frameLength?: number
}

export interface EncryptResult {
  readonly result: Bytes
  readonly messageHeader: MessageHeader
}

const smallFrame = 4096
const largeFrame = 65_536
const longestFrame = 0xffff_ffff

export async function encryptMessage(
  cmm: Cmm,
  plaintext: Bytes,
  options: EncryptOptions,
  maxEncryptedDataKeys: number,
): Promise<EncryptResult> {
  const frameLength = frameLengthOf(options, plaintext.byteLength)
  const { encryptionContext = {}, suiteId = defaultSuiteId } = options
  assertUserContext(encryptionContext)
  const suite = suiteOf(suiteId)
  const materials = await cmm.getEncryptionMaterials({ suite, encryptionContext })
  assertMaterials(materials, maxEncryptedDataKeys)
  const { messageHeader, header, key } = await makeHeader(materials, frameLength)
  const size = header.byteLength + tagBytes + bodyBytes(plaintext.byteLength, frameLength)
  const message = new Uint8Array(size + footerRoom(materials))
  const body = message.subarray(header.byteLength + tagBytes, size)
  const [tag] = await Promise.all([
    makeHeaderTag(key, header),
    sealFrames(key, messageHeader.messageId, plaintext, frameLength, body),
  ])
  message.set(header)
  message.set(tag, header.byteLength)
  return { result: await addFooter(materials, message, size), messageHeader }
}

function frameLengthOf({ frameLength }: EncryptOptions, plaintextBytes: number): number {
  if (frameLength === undefined) return plaintextBytes > smallFrame ? largeFrame : smallFrame
  if (Number.isSafeInteger(frameLength) && frameLength >= 1 && frameLength <= longestFrame) {
    return frameLength
  }
  throw new EncryptionSdkError('invalid', 'frameLength is from 1 to 4,294,967,295.')
}

function assertMaterials(
  { plaintextDataKey, encryptedDataKeys, signingKey, suite }: EncryptionMaterials,
  maxEncryptedDataKeys: number,
): void {
  if (!plaintextDataKey || encryptedDataKeys.length === 0) {
    throw new EncryptionSdkError('no-key', 'The keyring made no data key.')
  }
  if (encryptedDataKeys.length > maxEncryptedDataKeys) {
    throw new EncryptionSdkError('limit', 'More data keys than the client allows.')
  }
  if ((suite.signature === null) !== (signingKey === null)) {
    throw new EncryptionSdkError('no-key', 'Signing key and algorithm suite do not agree.')
  }
}

async function makeHeader(materials: EncryptionMaterials, frameLength: number) {
  const { suite, encryptionContext, encryptedDataKeys } = materials
  const dataKey = materials.plaintextDataKey ?? new Uint8Array(0)
  const messageId = crypto.getRandomValues(new Uint8Array(messageIdBytes))
  const { key, commitment } = await deriveMessageKey(suite, dataKey, messageId, 'encrypt')
  const messageHeader: MessageHeader = {
    version: suite.messageFormat,
    suiteId: suite.id,
    messageId,
    encryptionContext,
    encryptedDataKeys,
    frameLength,
    commitment,
  }
  return { messageHeader, header: serialiseHeader(messageHeader), key }
}

const footerRoom = ({ suite: { signature } }: EncryptionMaterials): number =>
  signature ? 2 + longestSignature(signature) : 0

/** The signature over all before it, behind its length (data-format/message-footer.md). */
async function addFooter(
  { suite: { signature }, signingKey }: EncryptionMaterials,
  message: Bytes,
  size: number,
): Promise<Bytes> {
  if (!signature || !signingKey) return message
  const der = await signMessage(signature, signingKey, message.subarray(0, size))
  message.set(uint16(der.byteLength), size)
  message.set(der, size + 2)
  return new Uint8Array(message.buffer.transfer(size + 2 + der.byteLength))
}
