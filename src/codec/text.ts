// codec: pure conversions between bytes and their written forms. This file: UTF-8, hex, base64.

import { base64, base64nopad, base64urlnopad, hex } from '@scure/base'
import type { Bytes } from './bytes.ts'

const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const encodeUtf8 = (text: string): Bytes => encoder.encode(text)

/** Strict: throws a TypeError where the bytes are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string => strictDecoder.decode(bytes)

const own = (bytes: Uint8Array): Bytes => new Uint8Array(bytes)

/** RFC 4648 section 4, padded. Decoding is strict and throws on anything else. */
export const encodeBase64 = (bytes: Uint8Array): string => base64.encode(bytes)
export const decodeBase64 = (text: string): Bytes => own(base64.decode(text))
export const decodeBase64Unpadded = (text: string): Bytes => own(base64nopad.decode(text))

/** RFC 4648 section 5, without padding. */
export const encodeBase64Url = (bytes: Uint8Array): string => base64urlnopad.encode(bytes)
export const decodeBase64Url = (text: string): Bytes => own(base64urlnopad.decode(text))

export const encodeHex = (bytes: Uint8Array): string => hex.encode(bytes)
export const decodeHex = (text: string): Bytes => own(hex.decode(text))
