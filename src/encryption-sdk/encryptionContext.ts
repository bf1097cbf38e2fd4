// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the encryption context and its bytes (data-format/message-header.md, "AAD").

import { type Bytes, concatBytes, equalBytes, uint16 } from '../codec/bytes.ts'
import { Reader } from '../codec/reader.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { EncryptionSdkError } from './errors.ts'

export type EncryptionContext = Readonly<Record<string, string>>

/** Keys beginning so belong to the format. */
const reservedPrefix = 'aws-crypto-'
export const publicKeyName = 'aws-crypto-public-key'

const longest = 0xffff

/** @throws EncryptionSdkError `invalid` */
export function assertUserContext(context: EncryptionContext): void {
  for (const [key, value] of Object.entries(context)) {
    if (typeof value !== 'string') {
      throw new EncryptionSdkError('invalid', 'An encryption context maps text to text.')
    }
    if (key.startsWith(reservedPrefix)) {
      throw new EncryptionSdkError(
        'invalid',
        `Keys that begin with ${reservedPrefix} are reserved.`,
      )
    }
    // A lone surrogate has no UTF-8; encoding it would silently change the context.
    if (!key.isWellFormed() || !value.isWellFormed()) {
      throw new EncryptionSdkError('invalid', 'The encryption context holds half a character.')
    }
  }
}

export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.byteLength, right.byteLength)
  for (let i = 0; i < shared; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return left.byteLength - right.byteLength
}

type Order = (left: [string, Bytes], right: [string, Bytes]) => number

/** The specification's order: by the UTF-8 bytes of the keys. */
const byUtf8: Order = ([, left], [, right]) => compareBytes(left, right)
/** The order AWS's JavaScript library writes unless told otherwise; readers of raw keyrings try both. */
const byLocale: Order = ([left], [right]) => left.localeCompare(right)

function serialiseBy(context: EncryptionContext, order: Order): Bytes {
  const keys = Object.keys(context).map((key): [string, Bytes] => [key, encodeUtf8(key)])
  if (keys.length === 0) return new Uint8Array(0)
  const pairs = keys.sort(order).flatMap(([key, keyBytes]) => {
    const value = encodeUtf8(context[key] ?? '')
    if (keyBytes.byteLength > longest || value.byteLength > longest) tooLong()
    return [uint16(keyBytes.byteLength), keyBytes, uint16(value.byteLength), value]
  })
  const bytes = concatBytes(uint16(keys.length), ...pairs)
  if (keys.length > longest || bytes.byteLength > longest) tooLong()
  return bytes
}

function tooLong(): never {
  throw new EncryptionSdkError('limit', 'The encryption context is longer than 65,535 bytes.')
}

/** Count and sorted pairs; nothing at all for an empty context. @throws EncryptionSdkError `limit` */
export const serialiseContext = (context: EncryptionContext): Bytes => serialiseBy(context, byUtf8)

/**
 * The bytes a data key may have been wrapped with: as the specification sorts the context, and as AWS's
 * JavaScript library does where it sorts otherwise.
 */
export function serialisedContexts(context: EncryptionContext): readonly Bytes[] {
  const specified = serialiseContext(context)
  const sortedByLocale = serialiseBy(context, byLocale)
  return equalBytes(specified, sortedByLocale) ? [specified] : [specified, sortedByLocale]
}

/** @throws EncryptionSdkError `malformed` */
export function parseContext(bytes: Bytes): EncryptionContext {
  const context: Record<string, string> = Object.create(null)
  if (bytes.byteLength === 0) return context
  const reader = new Reader(bytes)
  const count = reader.uint16()
  for (let i = 0; i < count; i++) {
    const key = text(reader)
    if (key in context) throw malformed('names a key twice')
    context[key] = text(reader)
  }
  if (count === 0 || reader.remaining > 0) throw malformed('does not match its length')
  return context
}

function text(reader: Reader): string {
  const bytes = reader.bytes16()
  try {
    return decodeUtf8(bytes)
  } catch {
    throw malformed('is not UTF-8')
  }
}

const malformed = (what: string) =>
  new EncryptionSdkError('malformed', `The message's encryption context ${what}.`)

/** The pairs that the header stores, and those that are only proven with it: `keys` names these. */
export function splitContext(
  context: EncryptionContext,
  keys: readonly string[] = [],
): { readonly stored: EncryptionContext; readonly unstored: EncryptionContext } {
  if (keys.length === 0) return { stored: context, unstored: {} }
  const pairs = Object.entries(context)
  return {
    stored: Object.fromEntries(pairs.filter(([key]) => !keys.includes(key))),
    unstored: Object.fromEntries(pairs.filter(([key]) => keys.includes(key))),
  }
}

/** No pair the caller demands has another value in the message (client-apis/decrypt.md). */
export function assertAgrees(context: EncryptionContext, demanded: EncryptionContext): void {
  for (const [key, value] of Object.entries(demanded)) {
    if (Object.hasOwn(context, key) && context[key] !== value) throw unexpected(key)
  }
}

/** Every pair the caller demands must be in the message (client-apis/decrypt.md). */
export function assertContains(context: EncryptionContext, demanded: EncryptionContext): void {
  for (const [key, value] of Object.entries(demanded)) {
    if (!Object.hasOwn(context, key) || context[key] !== value) throw unexpected(key)
  }
}

/** Keys that every message must have a value for (required-encryption-context-cmm.md). */
export function assertHasKeys(context: EncryptionContext, keys: readonly string[]): void {
  const contextKey = keys.find((key) => !Object.hasOwn(context, key))
  if (contextKey === undefined) return
  const what = `The encryption context needs a value for ${contextKey}.`
  throw new EncryptionSdkError('context', what, { contextKey })
}

const unexpected = (contextKey: string) =>
  new EncryptionSdkError(
    'context',
    'The encryption context of the message is not the expected one.',
    { contextKey },
  )
