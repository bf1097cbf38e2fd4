// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the header, message format version 2 (data-format/message-header.md).

import { type Bytes, concatBytes, uint16, uint32 } from '../codec/bytes.ts'
import { EndOfBytes, Reader } from '../codec/reader.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { type EncryptionContext, parseContext, serialiseContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { commitsNothing, type Suite, suiteHex, suiteOf, tagBytes } from './suites.ts'

export interface EncryptedDataKey {
  readonly providerId: string
  readonly providerInfo: Bytes
  readonly ciphertext: Bytes
}

export interface MessageHeader {
  readonly version: 2
  readonly suiteId: number
  readonly messageId: Bytes
  readonly encryptionContext: EncryptionContext
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
  /** Bytes of content a frame; 0 for a message in one block (read, never written). */
  readonly frameLength: number
  readonly commitment: Bytes
}

/** A header as read, with the very bytes its tag and the message's signature are made over. */
export interface ParsedHeader {
  readonly header: MessageHeader
  readonly suite: Suite
  readonly body: Bytes
  readonly tag: Bytes
  /** Bytes of header and tag together. */
  readonly length: number
}

export const messageIdBytes = 32
const version1 = 1
const version2 = 2
const nonFramed = 1
const framed = 2

export function serialiseHeader(header: MessageHeader): Bytes {
  const context = serialiseContext(header.encryptionContext)
  return concatBytes(
    Uint8Array.of(version2),
    uint16(header.suiteId),
    header.messageId,
    uint16(context.byteLength),
    context,
    uint16(header.encryptedDataKeys.length),
    ...header.encryptedDataKeys.flatMap(serialiseDataKey),
    Uint8Array.of(framed),
    uint32(header.frameLength),
    header.commitment,
  )
}

function serialiseDataKey(key: EncryptedDataKey): Bytes[] {
  return [encodeUtf8(key.providerId), key.providerInfo, key.ciphertext].flatMap((field) => {
    if (field.byteLength > 0xffff) {
      throw new EncryptionSdkError('limit', 'A field of an encrypted data key is too long.')
    }
    return [uint16(field.byteLength), field]
  })
}

/** @throws EncryptionSdkError `malformed`, `truncated`, `unsupported`, `limit` */
export function parseHeader(message: Bytes, maxEncryptedDataKeys: number): ParsedHeader {
  try {
    return parse(new Reader(message), message, maxEncryptedDataKeys)
  } catch (error) {
    if (error instanceof EndOfBytes) {
      throw new EncryptionSdkError('truncated', 'The message ends inside its header.')
    }
    throw error
  }
}

function parse(reader: Reader, message: Bytes, maxEncryptedDataKeys: number): ParsedHeader {
  const suite = parseStart(reader)
  const messageId = reader.bytes(messageIdBytes)
  const encryptionContext = parseContextSection(reader)
  const encryptedDataKeys = parseDataKeys(reader, maxEncryptedDataKeys)
  const frameLength = parseFrameLength(reader)
  const commitment = reader.bytes(suite.commitmentBytes)
  const body = message.slice(0, reader.offset)
  const tag = reader.bytes(tagBytes)
  const header: MessageHeader = {
    version: 2,
    suiteId: suite.id,
    messageId,
    encryptionContext,
    encryptedDataKeys,
    frameLength,
    commitment,
  }
  return { header, suite, body, tag, length: reader.offset }
}

/** A framed message has frames of some length, one in a single block of none. */
function parseFrameLength(reader: Reader): number {
  const contentType = reader.uint8()
  const frameLength = reader.uint32()
  const fits = contentType === framed ? frameLength > 0 : frameLength === 0
  if (!fits || (contentType !== framed && contentType !== nonFramed)) {
    throw new EncryptionSdkError('malformed', 'Content type and frame length do not agree.')
  }
  return frameLength
}

function parseStart(reader: Reader): Suite {
  const version = reader.uint8()
  if (version === version1) return parseVersion1(reader)
  if (version !== version2) {
    throw new EncryptionSdkError('malformed', 'These bytes are no message of this format.')
  }
  const id = reader.uint16()
  if (commitsNothing(id)) {
    throw new EncryptionSdkError('malformed', `Suite ${suiteHex(id)} has no place in version 2.`)
  }
  return suiteOf(id)
}

/** Version 1 is known, but none of its suites commits to a key. */
function parseVersion1(reader: Reader): never {
  const customerAuthenticatedEncryptedData = 0x80
  const id = reader.uint8() === customerAuthenticatedEncryptedData ? reader.uint16() : -1
  if (!commitsNothing(id)) {
    throw new EncryptionSdkError('malformed', 'These bytes are no message of this format.')
  }
  return suiteOf(id) as never
}

function parseContextSection(reader: Reader): EncryptionContext {
  const section = reader.view(reader.uint16())
  try {
    return parseContext(section)
  } catch (error) {
    if (!(error instanceof EndOfBytes)) throw error
    throw new EncryptionSdkError('malformed', 'The encryption context runs over its own length.')
  }
}

function parseDataKeys(reader: Reader, most: number): EncryptedDataKey[] {
  const count = reader.uint16()
  if (count === 0) throw new EncryptionSdkError('malformed', 'The message has no data key.')
  if (count > most) throw new EncryptionSdkError('limit', `The message has ${count} data keys.`)
  return Array.from({ length: count }, () => ({
    providerId: providerId(reader.bytes16()),
    providerInfo: reader.bytes16(),
    ciphertext: reader.bytes16(),
  }))
}

function providerId(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    throw new EncryptionSdkError('malformed', 'A key provider is not named in UTF-8.')
  }
}
