// protocol: the contract every context speaks. This file: the kinds of fields that requests have.

import * as v from 'valibot'

export const text = (maxLength: number, minLength = 1) =>
  v.pipe(v.string(), v.minLength(minLength), v.maxLength(maxLength))
export const integer = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))
export const optional = v.exactOptional

export const bytes = (maxBytes: number, minBytes = 0) =>
  v.pipe(
    v.instance(Uint8Array<ArrayBuffer>),
    v.check((value) => value.byteLength >= minBytes, 'too short'),
    v.check((value) => value.byteLength <= maxBytes, 'too long'),
    v.transform((value) => value.slice()),
  )

/** A plain map of strings; never an inherited or `__proto__` member. */
const stringMap = v.pipe(
  v.custom<Record<string, string>>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.entries(value).every(
        ([name, member]) => name !== '__proto__' && typeof member === 'string',
      ),
    'must be a map of strings',
  ),
  v.transform((value): Readonly<Record<string, string>> => ({ ...value })),
)

/** KMS: at most 8 KiB of encryption context, counted here as UTF-16 units of keys and values. */
export const encryptionContext = v.pipe(
  stringMap,
  v.check(
    (context) =>
      Object.entries(context).reduce((sum, [key, value]) => sum + key.length + value.length, 0) <=
      8192,
    'is longer than 8,192 characters',
  ),
)

export const keyId = text(2048)

/** A point of P-256, uncompressed (encryption-sdk/keyHandover). */
export const recipient = bytes(65, 65)
