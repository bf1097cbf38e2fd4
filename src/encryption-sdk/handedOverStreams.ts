// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: handedOver.ts for bodies of any length.

import { type DecryptStreamOptions, decryptionStream } from './decryptStream.ts'
import { encryptionStream } from './encryptStream.ts'
import { type AskToOpen, type AskToSeal, mostDataKeys, openedBy, started } from './handedOver.ts'

/**
 * Plaintext in, message out, as `encryptStream`; unsigned suites only, since a signature over a stream is
 * made with a key that can be read.
 */
export const sealStreamInPlace = (
  ask: AskToSeal,
  plaintextLength?: number,
): TransformStream<Uint8Array, Uint8Array> => encryptionStream(() => started(ask), plaintextLength)

/** Message in, plaintext out, as `decryptStream`. */
export const openStreamInPlace = (
  ask: AskToOpen,
  options: Omit<DecryptStreamOptions, 'encryptionContext'>,
): TransformStream<Uint8Array, Uint8Array> =>
  decryptionStream((parsed, header) => openedBy(ask, parsed, header), options, mostDataKeys)
