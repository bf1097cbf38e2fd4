// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: opening a whole message (client-apis/decrypt.md).

import type { Bytes } from '../codec/bytes.ts'
import { EndOfBytes, Reader } from '../codec/reader.ts'
import { openBlock, readBlock, type SealedBlock } from './block.ts'
import { assertContains, type EncryptionContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { openFrames, readFrames, type SealedFrames } from './frames.ts'
import { type MessageHeader, type ParsedHeader, parseHeader } from './header.ts'
import { assertHeaderTag } from './headerTag.ts'
import { keyArnsOf } from './kmsKeyring.ts'
import type { Cmm, DecryptionMaterials } from './materials.ts'
import { assertCommitment, deriveMessageKey } from './messageKey.ts'
import { verifyMessage } from './signature.ts'
import type { Suite } from './suites.ts'

export interface DecryptOptions {
  /** Pairs the message's context must contain. */
  readonly encryptionContext?: EncryptionContext
}

export interface DecryptResult {
  readonly plaintext: Bytes
  readonly messageHeader: MessageHeader
}

/** The bytes must not change until it is done: they are read for the frames and for the signature. */
export async function decryptMessage(
  cmm: Cmm,
  message: Bytes,
  { encryptionContext: demanded = {} }: DecryptOptions,
  maxEncryptedDataKeys: number,
): Promise<DecryptResult> {
  const parsed = parseHeader(message, maxEncryptedDataKeys)
  const { header, suite } = parsed
  assertContains(header.encryptionContext, demanded)
  const { materials, dataKey } = await materialsFor(cmm, parsed)
  const { key, commitment } = await deriveMessageKey(suite, dataKey, header.messageId, 'decrypt')
  assertCommitment(commitment, header.commitment)
  await assertHeaderTag(key, parsed)
  const { body, signed, signature } = readParts(message, parsed)
  const [plaintext, holds] = await Promise.all([
    openBody(key, header.messageId, body),
    signatureHolds(suite, materials, signed, signature),
  ])
  if (!holds) {
    throw new EncryptionSdkError('signature', "The message's signature does not hold.")
  }
  return { plaintext, messageHeader: header }
}

async function materialsFor(cmm: Cmm, { suite, header }: ParsedHeader) {
  const { encryptionContext, encryptedDataKeys } = header
  const materials = await cmm
    .decryptMaterials({ suite, encryptionContext, encryptedDataKeys })
    .catch((error: unknown) => {
      throw error instanceof EncryptionSdkError && error.code === 'no-key'
        ? noKey(header, error.message, error.causes)
        : error
    })
  const dataKey = materials.plaintextDataKey
  if (!dataKey) throw noKey(header, 'No key here opens this message.', [])
  return { materials, dataKey }
}

const noKey = ({ encryptedDataKeys }: MessageHeader, what: string, causes: readonly unknown[]) =>
  new EncryptionSdkError('no-key', what, { causes, keyIds: keyArnsOf(encryptedDataKeys) })

interface Parts {
  readonly body: SealedFrames | SealedBlock
  /** Header and body: what the signature is over. */
  readonly signed: Bytes
  readonly signature: Bytes | null
}

/** The rest of the message, to its very end. @throws EncryptionSdkError `malformed`, `truncated` */
function readParts(message: Bytes, { length, header, suite }: ParsedHeader): Parts {
  try {
    const reader = new Reader(message)
    reader.view(length)
    const { frameLength } = header
    const body = frameLength === 0 ? readBlock(reader) : readFrames(reader, frameLength)
    const signed = reader.since(0)
    const signature = suite.signature ? reader.bytes16() : null
    if (reader.remaining === 0) return { body, signed, signature }
  } catch (error) {
    if (!(error instanceof EndOfBytes)) throw error
    throw new EncryptionSdkError('truncated', 'The message ends before its last part.')
  }
  throw new EncryptionSdkError('malformed', 'Bytes follow the end of the message.')
}

const openBody = (
  key: CryptoKey,
  messageId: Bytes,
  body: SealedFrames | SealedBlock,
): Promise<Bytes> =>
  'layout' in body ? openFrames(key, messageId, body) : openBlock(key, messageId, body)

async function signatureHolds(
  suite: Suite,
  { verificationKey }: DecryptionMaterials,
  signed: Bytes,
  der: Bytes | null,
): Promise<boolean> {
  if (suite.signature === null) return true
  if (!verificationKey || !der) return false
  return verifyMessage(suite.signature, verificationKey, signed, der)
}
