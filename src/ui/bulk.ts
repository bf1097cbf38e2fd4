// ui: what the person sees; speaks the protocol like any other client. This file: streams of any size,
// encrypted and decrypted in this page with keys of one message each (design section 4, "Bulk lane").

import type { Bytes } from '../codec/bytes.ts'
import { EncryptionSdkError } from '../encryption-sdk/errors.ts'
import type { AskToOpen, AskToSeal } from '../encryption-sdk/handedOver.ts'
import { openStreamInPlace, sealStreamInPlace } from '../encryption-sdk/handedOverStreams.ts'
import { messageError } from '../protocol/messageErrors.ts'
import { call } from './call.ts'

export interface SealingOptions {
  /** The person's own key unless told otherwise. */
  readonly keyId?: string
  readonly encryptionContext?: Readonly<Record<string, string>>
  /** Bytes, where they are known: more are refused. */
  readonly plaintextLength?: number
}

interface Opened {
  readonly encryptionContext: Readonly<Record<string, string>>
  readonly keyId: string
}

export interface OpeningOptions {
  /** Pairs the message must carry. */
  readonly encryptionContext?: Readonly<Record<string, string>>
  /** Told once the header is proven, before any plaintext comes. */
  readonly onOpened?: (opened: Opened) => void
}

/**
 * Plaintext in, message out. Not signed: the data key of the person's own key proves as much to them, and
 * a signature would hold back the plaintext of a large file until its end.
 * Fails with a KeyhearthError, as every operation does.
 */
export function sealingStream({
  keyId,
  encryptionContext,
  plaintextLength,
}: SealingOptions): TransformStream<Uint8Array, Uint8Array> {
  const ask = async (Recipient: Bytes) => {
    const { Header, MessageKey } = await call('keyhearth:StartMessage', {
      Recipient,
      AlgorithmSuite: '0478',
      PlaintextLength: plaintextLength ?? 0,
      ...(keyId === undefined ? {} : { KeyId: keyId }),
      ...(encryptionContext === undefined ? {} : { EncryptionContext: encryptionContext }),
    })
    return { header: Header, handover: MessageKey }
  }
  return sealingBy(ask, plaintextLength)
}

/** The same by keys that another operation gives. */
export const sealingBy = (
  ask: AskToSeal,
  plaintextLength?: number,
): TransformStream<Uint8Array, Uint8Array> => inOurWords(sealStreamInPlace(ask, plaintextLength))

/**
 * Message in, plaintext out. The plaintext of a signed message comes before its signature is known to hold:
 * where the stream fails, at its end or before, all that came of it must be thrown away.
 * Fails with a KeyhearthError, as every operation does.
 */
export function openingStream({
  encryptionContext,
  onOpened,
}: OpeningOptions): TransformStream<Uint8Array, Uint8Array> {
  const ask = async (Header: Bytes, Recipient: Bytes) => {
    const { MessageKey, EncryptionContext, KeyId } = await call('keyhearth:OpenMessage', {
      Recipient,
      Header,
      ...(encryptionContext === undefined ? {} : { EncryptionContext: encryptionContext }),
    })
    onOpened?.({ encryptionContext: EncryptionContext, keyId: KeyId })
    return MessageKey
  }
  return openingBy(ask)
}

/** The same by keys that another operation gives. */
export const openingBy = (ask: AskToOpen): TransformStream<Uint8Array, Uint8Array> =>
  inOurWords(openStreamInPlace(ask, { releasePlaintextBeforeSignature: true }))

/** The same stream, which fails with the words the screens have. */
function inOurWords(
  stream: TransformStream<Uint8Array, Uint8Array>,
): TransformStream<Uint8Array, Uint8Array> {
  const reader = stream.readable.getReader()
  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(output) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw error instanceof EncryptionSdkError ? messageError(error) : error
        })
        if (done) output.close()
        else output.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return { readable, writable: stream.writable }
}
