// gate: who asks, may they, dispatch, record. This file: what an answer may be made of. Since a CryptoKey
// crosses Chromium's messages, one that a handler returned by mistake would leave the background: values
// of these kinds go out, and nothing else (design section 4). What a page gets, its relay narrows once more.

import { KeyhearthError } from '../protocol/errors.ts'

/** As deep as an answer goes, with room. */
const deepest = 12

/** @throws KeyhearthError `internal` */
export function assertSendable(value: unknown, depth = deepest): void {
  if (isPlainValue(value)) return
  if (depth === 0 || typeof value !== 'object' || value === null)
    throw new KeyhearthError('internal')
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) {
    throw new KeyhearthError('internal')
  }
  for (const member of Object.values(value)) assertSendable(member, depth - 1)
}

const isPlainValue = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  value instanceof Uint8Array
