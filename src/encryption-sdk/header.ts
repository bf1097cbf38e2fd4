// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the header, message format versions 1 and 2 (data-format/message-header.md).

import { type Bytes, concatBytes, uint16, uint32 } from '../codec/bytes.ts'
import { EndOfBytes, Reader } from '../codec/reader.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { type EncryptionContext, parseContext, serialiseContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { ivBytes, type Suite, suiteHex, suiteOf, tagBytes } from './suites.ts'

export interface EncryptedDataKey {
  readonly providerId: string
  readonly providerInfo: Bytes
  readonly ciphertext: Bytes
}

export interface MessageHeader {
  readonly version: 1 | 2
  readonly suiteId: number
  readonly messageId: Bytes
  readonly encryptionContext: EncryptionContext
  readonly encryptedDataKeys: readonly EncryptedDataKey[]
  /** Bytes of content a frame; 0 for a message in one block (read, never written). */
  readonly frameLength: number
  /** Empty in format 1. */
  readonly commitment: Bytes
}

/** A header as read, with the very bytes its tag and the message's signature are made over. */
export interface ParsedHeader {
  readonly header: MessageHeader
  readonly suite: Suite
  readonly body: Bytes
  readonly iv: Bytes
  readonly tag: Bytes
  /** Bytes of header, IV (format 1) and tag together. */
  readonly length: number
}

const version1 = 1
const version2 = 2
/** The only type of message there ever was in format 1: customer authenticated encrypted data. */
const messageType = 0x80
const nonFramed = 1
const framed = 2
const reserved = new Uint8Array(4)
const nothing = new Uint8Array(0)
/** Of the header's tag; format 1 may name another. */
export const headerIv = new Uint8Array(ivBytes)

export function serialiseHeader(header: MessageHeader): Bytes {
  const context = serialiseContext(header.encryptionContext)
  const { version } = header
  return concatBytes(
    version === version1 ? Uint8Array.of(version, messageType) : Uint8Array.of(version),
    uint16(header.suiteId),
    header.messageId,
    uint16(context.byteLength),
    context,
    uint16(header.encryptedDataKeys.length),
    ...header.encryptedDataKeys.flatMap(serialiseDataKey),
    Uint8Array.of(framed),
    version === version1 ? concatBytes(reserved, Uint8Array.of(ivBytes)) : nothing,
    uint32(header.frameLength),
    header.commitment,
  )
}

export function serialiseDataKey(key: EncryptedDataKey): Bytes[] {
  return [encodeUtf8(key.providerId), key.providerInfo, key.ciphertext].flatMap((field) => {
    if (field.byteLength > 0xffff) {
      throw new EncryptionSdkError('limit', 'A field of an encrypted data key is too long.')
    }
    return [uint16(field.byteLength), field]
  })
}

/** Whether a message begins with such bytes ("Version"), which no printable text does. */
export const beginsMessage = ([version]: Uint8Array): boolean =>
  version === version1 || version === version2

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
  const { messageFormat: version, id: suiteId } = suite
  const messageId = reader.bytes(suite.messageIdBytes)
  const encryptionContext = parseContextSection(reader)
  const encryptedDataKeys = parseDataKeys(reader, maxEncryptedDataKeys)
  const frameLength = parseFrameLength(reader, version)
  const commitment = reader.bytes(suite.commitmentBytes)
  const body = message.slice(0, reader.offset)
  const iv = version === version1 ? reader.bytes(ivBytes) : headerIv
  const tag = reader.bytes(tagBytes)
  const header: MessageHeader = {
    version,
    suiteId,
    messageId,
    encryptionContext,
    encryptedDataKeys,
    frameLength,
    commitment,
  }
  return { header, suite, body, iv, tag, length: reader.offset }
}

/** A framed message has frames of some length, one in a single block of none. */
function parseFrameLength(reader: Reader, version: 1 | 2): number {
  const contentType = reader.uint8()
  if (version === version1) parseOldFields(reader)
  const frameLength = reader.uint32()
  const fits = contentType === framed ? frameLength > 0 : frameLength === 0
  if (!fits || (contentType !== framed && contentType !== nonFramed)) {
    throw new EncryptionSdkError('malformed', 'Content type and frame length do not agree.')
  }
  return frameLength
}

/** Four bytes of nothing and the IV's length, which every suite has the same. */
function parseOldFields(reader: Reader): void {
  const empty = reader.view(reserved.byteLength).every((byte) => byte === 0)
  const length = reader.uint8()
  if (!empty || length !== ivBytes) {
    throw new EncryptionSdkError('malformed', 'The header has another IV than its suite.')
  }
}

function parseStart(reader: Reader): Suite {
  const version = reader.uint8()
  const known = version === version1 ? reader.uint8() === messageType : version === version2
  if (!known) {
    throw new EncryptionSdkError('malformed', 'These bytes are no message of this format.')
  }
  const suite = suiteOf(reader.uint16())
  if (suite.messageFormat === version) return suite
  const what = `Suite ${suiteHex(suite.id)} has no place in format ${version}.`
  throw new EncryptionSdkError('malformed', what)
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
