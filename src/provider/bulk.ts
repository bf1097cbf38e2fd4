// provider: what a web page holds. This file: large data, which is encrypted and decrypted where it is. The
// background gives the keys of one message (design section 4, "Bulk lane"); the page has its plaintext
// anyway.

import type { Bytes } from '../codec/bytes.ts'
import { EncryptionSdkError } from '../encryption-sdk/errors.ts'
import { openInPlace, sealInPlace } from '../encryption-sdk/handedOver.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { messageError } from '../protocol/messageErrors.ts'
import type { Output } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import type { Channel } from './channel.ts'
import { checkSize } from './requests.ts'

/** Up to here a message goes through the worker (design section 4). */
const mostThroughWorker = 64 * 1024
/** The worker takes no more (protocol/schemas). */
const mostByWorker = 16 * 1024 * 1024

type Rest<Name extends 'keyhearth:EncryptMessage' | 'keyhearth:DecryptMessage'> = Omit<
  Input<Name>,
  'Plaintext' | 'Message'
>

/** @throws KeyhearthError `whole-message-only` where the key must not leave, which `orByWorker` answers */
export function encryptInPlace(
  channel: Channel,
  plaintext: Bytes,
  rest: Rest<'keyhearth:EncryptMessage'>,
): Promise<Bytes> {
  const PlaintextLength = plaintext.byteLength
  return sealInPlace(async (Recipient) => {
    const input = { Recipient, PlaintextLength, ...rest }
    const { Header, MessageKey } = await channel.call('keyhearth:StartMessage', input)
    return { header: Header, handover: MessageKey }
  }, plaintext)
}

export async function decryptInPlace(
  channel: Channel,
  message: Bytes,
  rest: Rest<'keyhearth:DecryptMessage'>,
): Promise<Output<'keyhearth:DecryptMessage'>> {
  const about = { EncryptionContext: {}, KeyId: '' }
  const ask = async (Header: Bytes, Recipient: Bytes) => {
    const input = { Header, Recipient, ...rest }
    const { MessageKey, ...opened } = await channel.call('keyhearth:OpenMessage', input)
    Object.assign(about, opened)
    return MessageKey
  }
  const Plaintext = await openInPlace(ask, message).catch((error: unknown) => {
    throw error instanceof EncryptionSdkError ? messageError(error) : error
  })
  return { ...about, Plaintext }
}

/** What may not be done in place is done by the worker, as far as that goes. */
export async function orByWorker<T>(
  inPlace: () => Promise<T>,
  byWorker: () => Promise<T>,
  byteLength: number,
): Promise<T> {
  if (byteLength <= mostThroughWorker) return byWorker()
  try {
    return await inPlace()
  } catch (error) {
    if (!(error instanceof KeyhearthError && error.reason === 'whole-message-only')) throw error
    checkSize(byteLength, mostByWorker)
    return byWorker()
  }
}
