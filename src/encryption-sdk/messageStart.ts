// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the start of a message that is written, from the request to the header and the key of its
// body (client-apis/encrypt.md, "Get the encryption materials", "Construct the header").

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { assertMayEncrypt, type ClientRules, defaultSuiteId } from './commitmentPolicy.ts'
import { assertUserContext, type EncryptionContext, splitContext } from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import { type MessageHeader, serialiseHeader } from './header.ts'
import { makeHeaderTag } from './headerTag.ts'
import type { Cmm, EncryptionMaterials } from './materials.ts'
import { deriveMessageKey } from './messageKey.ts'
import { type Suite, type SuiteId, suiteOf } from './suites.ts'
import type { AesGcm } from './webCryptoGcm.ts'

export interface StartOptions {
  readonly encryptionContext?: EncryptionContext
  /** As the commitment policy has it unless told otherwise: signed, and 0x0578 where it may commit. */
  readonly suiteId?: SuiteId
}

/** What a body is made with, once there is a header. */
export interface BodyStart {
  readonly suite: Suite
  readonly messageHeader: MessageHeader
  readonly cipher: AesGcm
  readonly signingKey: CryptoKey | null
}

export interface MessageStart extends BodyStart {
  readonly header: Bytes
  readonly dataKey: Bytes
  /** Pairs that are proven with the header and do not stand in it. */
  readonly unstored: EncryptionContext
}

const longestFrame = 0xffff_ffff

export async function startMessage(
  cmm: Cmm,
  { encryptionContext = {}, suiteId }: StartOptions,
  { commitmentPolicy, maxEncryptedDataKeys }: ClientRules,
  frameLength: number,
  maxPlaintextLength?: number,
): Promise<MessageStart> {
  assertFrameLength(frameLength)
  assertUserContext(encryptionContext)
  const suite = suiteOf(suiteId ?? defaultSuiteId(commitmentPolicy))
  assertMayEncrypt(commitmentPolicy, suite)
  const materials = await cmm.getEncryptionMaterials({
    suite,
    encryptionContext,
    ...(maxPlaintextLength === undefined ? {} : { maxPlaintextLength }),
  })
  return makeStart(materials, assertMaterials(materials, maxEncryptedDataKeys), frameLength)
}

function assertFrameLength(frameLength: number): void {
  if (!(Number.isSafeInteger(frameLength) && frameLength >= 1 && frameLength <= longestFrame)) {
    throw new EncryptionSdkError('invalid', 'frameLength is from 1 to 4,294,967,295.')
  }
}

/** The data key of materials that are whole. @throws EncryptionSdkError `no-key`, `limit` */
function assertMaterials(
  { plaintextDataKey, encryptedDataKeys, signingKey, suite }: EncryptionMaterials,
  maxEncryptedDataKeys: number,
): Bytes {
  if (!plaintextDataKey || encryptedDataKeys.length === 0) {
    throw new EncryptionSdkError('no-key', 'The keyring made no data key.')
  }
  if (encryptedDataKeys.length > maxEncryptedDataKeys) {
    throw new EncryptionSdkError('limit', 'More data keys than the client allows.')
  }
  if ((suite.signature === null) !== (signingKey === null)) {
    throw new EncryptionSdkError('no-key', 'Signing key and algorithm suite do not agree.')
  }
  return plaintextDataKey
}

async function makeStart(
  materials: EncryptionMaterials,
  dataKey: Bytes,
  frameLength: number,
): Promise<MessageStart> {
  const { suite, encryptedDataKeys, signingKey } = materials
  const messageId = crypto.getRandomValues(new Uint8Array(suite.messageIdBytes))
  const { cipher, commitment } = await deriveMessageKey(suite, dataKey, messageId, 'encrypt')
  const { stored, unstored } = splitContext(
    materials.encryptionContext,
    materials.requiredEncryptionContextKeys,
  )
  const messageHeader: MessageHeader = {
    version: suite.messageFormat,
    suiteId: suite.id,
    messageId,
    encryptionContext: stored,
    encryptedDataKeys,
    frameLength,
    commitment,
  }
  const header = serialiseHeader(messageHeader)
  return { suite, messageHeader, header, dataKey, unstored, cipher, signingKey }
}

/** All that stands before the body: the header and its tag. */
export async function sealHead(start: MessageStart): Promise<Bytes> {
  const { suite, cipher, header, unstored } = start
  return concatBytes(header, await makeHeaderTag(suite, cipher, header, unstored))
}
