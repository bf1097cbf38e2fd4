// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: AES key wrap with padding (RFC 5649), as keys travel between modules. WebCrypto's has no padding.

import { aeskwp } from '@noble/ciphers/aes.js'
import { type Bytes, concatBytes } from '../codec/bytes.ts'

export const wrapWithPadding = (kek: Bytes, secret: Bytes): Bytes =>
  concatBytes(aeskwp(kek).encrypt(secret))

/** @throws Error where it was not wrapped under this key */
export const unwrapWithPadding = (kek: Bytes, wrapped: Bytes): Bytes =>
  concatBytes(aeskwp(kek).decrypt(wrapped))
