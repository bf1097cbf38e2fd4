// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the body of a message whose header and keys came from somebody else (handingOver.ts), made or
// opened where the plaintext is. It knows the keys of this one message and can read none of them.

import type { Bytes } from '../codec/bytes.ts'
import type { StreamStart } from './encryptStream.ts'
import { EncryptionSdkError } from './errors.ts'
import { type ParsedHeader, parseHeader } from './header.ts'
import { type KeyTaker, newKeyTaker } from './keyHandover.ts'
import { verificationKeyOf } from './materials.ts'
import type { OpenedHeader } from './messageOpening.ts'
import type { BodyStart } from './messageStart.ts'
import { webCryptoGcm } from './webCryptoGcm.ts'
import { openWhole, sealWhole } from './wholeMessage.ts'

/** As many as the giver lets pass; it has looked at the header before. */
export const mostDataKeys = 0xffff

/** What a giver answers, for the recipient it was asked for. */
interface Handed {
  readonly header: Bytes
  readonly handover: Bytes
}

/** @throws EncryptionSdkError `malformed` */
async function bodyStart(taker: KeyTaker, { header, handover }: Handed): Promise<BodyStart> {
  const { suite, header: messageHeader, length } = parseHeader(header, mostDataKeys)
  if (length !== header.byteLength) {
    throw new EncryptionSdkError('malformed', 'Bytes follow the header.')
  }
  const { messageKey, signingKey } = await taker.take(handover, suite, 'encrypt')
  return { suite, messageHeader, cipher: webCryptoGcm(messageKey), signingKey }
}

async function opened(
  taker: KeyTaker,
  { suite, header }: ParsedHeader,
  handover: Bytes,
): Promise<OpenedHeader> {
  const { messageKey } = await taker.take(handover, suite, 'decrypt')
  const verificationKey = await verificationKeyOf(suite, header.encryptionContext)
  return { cipher: webCryptoGcm(messageKey), verificationKey }
}

/** Asks for the header of a new message. @param recipient for whom its keys are to be wrapped */
export type AskToSeal = (recipient: Bytes) => Promise<Handed>

/** Asks for the handover of the message with that header (and its tag). */
export type AskToOpen = (header: Bytes, recipient: Bytes) => Promise<Bytes>

export async function started(ask: AskToSeal): Promise<StreamStart> {
  const taker = await newKeyTaker()
  const handed = await ask(taker.publicKey)
  return { head: handed.header, body: await bodyStart(taker, handed) }
}

export async function openedBy(
  ask: AskToOpen,
  parsed: ParsedHeader,
  header: Bytes,
): Promise<OpenedHeader> {
  const taker = await newKeyTaker()
  // A view would take the whole message along to where it is asked.
  return opened(taker, parsed, await ask(header.slice(), taker.publicKey))
}

/** The whole message. What `ask` throws passes through. */
export async function sealInPlace(ask: AskToSeal, plaintext: Bytes): Promise<Bytes> {
  const { head, body } = await started(ask)
  return sealWhole(body, head.byteLength, head, plaintext)
}

/** The whole plaintext, once all of it and the signature hold. @throws EncryptionSdkError as decrypt does */
export async function openInPlace(ask: AskToOpen, message: Bytes): Promise<Bytes> {
  const parsed = parseHeader(message, mostDataKeys)
  const header = message.subarray(0, parsed.length)
  return openWhole(message, parsed, await openedBy(ask, parsed, header))
}
