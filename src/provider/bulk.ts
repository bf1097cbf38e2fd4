// provider: what a web page holds. This file: large data, which is encrypted and decrypted where it is; part of
// the formats. The background gives the keys of one message (design section 4, "Bulk lane"); the page has its
// plaintext anyway.

import type { Bytes } from '../codec/bytes.ts'
import { EncryptionSdkError } from '../encryption-sdk/errors.ts'
import { openInPlace, sealInPlace } from '../encryption-sdk/handedOver.ts'
import { messageFailure } from '../protocol/messageErrors.ts'
import type { Output } from '../protocol/outputs.ts'
import { pageError } from '../protocol/pageErrors.ts'
import type { Input } from '../protocol/schemas.ts'
import type { Channel } from './channel.ts'
import { checkSize } from './requests.ts'

/** The background takes no more (protocol/schemas). */
const mostByBackground = 16 * 1024 * 1024

type Opened = Output<'keyhearth:DecryptMessage'>

type Rest<Name extends 'keyhearth:EncryptMessage' | 'keyhearth:DecryptMessage'> = Omit<
  Input<Name>,
  'Plaintext' | 'Message'
>

export const encryptLarge = (
  channel: Channel,
  Plaintext: Bytes,
  rest: Rest<'keyhearth:EncryptMessage'>,
): Promise<Bytes> =>
  orByBackground(
    () => encryptInPlace(channel, Plaintext, rest),
    async () => (await channel.call('keyhearth:EncryptMessage', { Plaintext, ...rest })).Message,
    Plaintext.byteLength,
  )

export const decryptLarge = (
  channel: Channel,
  Message: Bytes,
  rest: Rest<'keyhearth:DecryptMessage'>,
): Promise<Opened> =>
  orByBackground(
    () => decryptInPlace(channel, Message, rest),
    () => channel.call('keyhearth:DecryptMessage', { Message, ...rest }),
    Message.byteLength,
  )

function encryptInPlace(
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

async function decryptInPlace(
  channel: Channel,
  message: Bytes,
  rest: Rest<'keyhearth:DecryptMessage'>,
): Promise<Opened> {
  const about = { EncryptionContext: {}, KeyId: '' }
  const ask = async (Header: Bytes, Recipient: Bytes) => {
    const input = { Header, Recipient, ...rest }
    const { MessageKey, ...opened } = await channel.call('keyhearth:OpenMessage', input)
    Object.assign(about, opened)
    return MessageKey
  }
  const Plaintext = await openInPlace(ask, message).catch((error: unknown) => {
    throw error instanceof EncryptionSdkError ? pageError(...messageFailure(error)) : error
  })
  return { ...about, Plaintext }
}

/** Where the keys must not leave, the background does it, as far as that goes. */
async function orByBackground<T>(
  inPlace: () => Promise<T>,
  byBackground: () => Promise<T>,
  byteLength: number,
): Promise<T> {
  try {
    return await inPlace()
  } catch (error) {
    if (!isForWholesOnly(error)) throw error
    checkSize(byteLength, mostByBackground)
    return byBackground()
  }
}

/** By its reason alone: the provider that threw it has a class of its own. */
const isForWholesOnly = (error: unknown): boolean =>
  error instanceof Error && 'reason' in error && error.reason === 'whole-message-only'
