// gate: who asks, may they, dispatch, record. This file: what the person is shown of a call of a page that they are
// asked about: what is done, with which keys, and to what. What cannot be shown whole says how much of it is.

import { encodeHex } from '../codec/text.ts'
import type { NeedsApproval } from '../hsm/context.ts'
import { contextIn } from '../kms/messages.ts'
import type { OperationName } from '../protocol/operations.ts'
import type { AskedContent, AskedOperation } from '../protocol/outputs.ts'

type Given = Readonly<Record<string, unknown>>

/** In UTF-16 units: requests lie in the browser's memory for a session, which is small. */
const mostCharacters = 64 * 1024
const mostBytes = 1024

/** The member that holds what is encrypted, signed or verified. */
const contents: Readonly<Partial<Record<OperationName, string>>> = {
  'kms:Encrypt': 'Plaintext',
  'kms:GenerateMac': 'Message',
  'kms:Sign': 'Message',
  'kms:Verify': 'Message',
  'kms:VerifyMac': 'Message',
  'keyhearth:EncryptMessage': 'Plaintext',
  'keyhearth:HsmEncrypt': 'Data',
}

/** The same of what says nothing before it is opened, or is shown in another way: its size alone. */
const closed: Readonly<Partial<Record<OperationName, string>>> = {
  'kms:Decapsulate': 'SharedSecretCiphertextBlob',
  'kms:Decrypt': 'CiphertextBlob',
  'kms:DeriveSharedSecret': 'PublicKey',
  'kms:ReEncrypt': 'CiphertextBlob',
  'keyhearth:DecryptMessage': 'Message',
  'keyhearth:HsmDecrypt': 'Data',
  'keyhearth:HsmUnwrapKey': 'WrappedKey',
  'keyhearth:HsmWrapKey': 'Secret',
  'keyhearth:SignDocument': 'Data',
}

const bytesOf = (value: unknown): Uint8Array<ArrayBuffer> | null =>
  value instanceof Uint8Array ? (value as Uint8Array<ArrayBuffer>) : null

export async function describeAsked(
  operation: OperationName,
  input: Given,
  { grantId: _grantId, ...key }: NeedsApproval['asked'],
): Promise<AskedOperation> {
  const content = bytesOf(input[contents[operation] ?? ''])
  const inClosed = bytesOf(input[closed[operation] ?? ''])
  const isDigest = operation === 'kms:Sign' && (input['MessageType'] ?? 'RAW') !== 'RAW'
  const shown = content && (await describeContent(content, isDigest))
  return {
    Operation: operation,
    ...key,
    ...contextsOf(operation, input),
    Bytes: (content ?? inClosed)?.byteLength ?? null,
    Blind: blindness(operation, isDigest, shown),
    Content: shown,
  }
}

function blindness(
  operation: OperationName,
  isDigest: boolean,
  content: AskedContent | null,
): AskedOperation['Blind'] {
  if (isDigest) return 'digest'
  const isSealed = operation === 'kms:Sign' || operation === 'kms:GenerateMac'
  return isSealed && content?.Form !== 'text' ? 'unreadable' : null
}

function contextsOf(
  operation: OperationName,
  input: Given,
): Pick<AskedOperation, 'EncryptionContext' | 'Destination'> {
  const { EncryptionContext, SourceEncryptionContext, DestinationKeyId } = input
  if (operation === 'keyhearth:DecryptMessage') {
    const message = bytesOf(input['Message'])
    return { EncryptionContext: message ? contextIn(message) : {}, Destination: null }
  }
  if (operation !== 'kms:ReEncrypt') {
    return { EncryptionContext: contextOf(EncryptionContext), Destination: null }
  }
  return {
    EncryptionContext: contextOf(SourceEncryptionContext),
    Destination: {
      KeyId: String(DestinationKeyId),
      EncryptionContext: contextOf(input['DestinationEncryptionContext']),
    },
  }
}

const contextOf = (value: unknown): AskedOperation['EncryptionContext'] =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

async function describeContent(
  bytes: Uint8Array<ArrayBuffer>,
  isDigest: boolean,
): Promise<AskedContent> {
  const Sha256 = isDigest ? null : await sha256(bytes)
  const text = isDigest ? null : textOf(bytes)
  if (text === null) {
    const Beginning = encodeHex(bytes.subarray(0, mostBytes))
    return { Form: 'bytes', Beginning, Shown: Beginning.length / 2, Of: bytes.byteLength, Sha256 }
  }
  // Not through the middle of a character.
  const Beginning = text.slice(0, mostCharacters).replace(/[\ud800-\udbff]$/, '')
  return { Form: 'text', Beginning, Shown: Beginning.length, Of: text.length, Sha256 }
}

/** All of it, or `null` where it is no text: other bytes, or characters that nobody can see or that there are not. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return /[^\P{Cc}\n\r\t]|\p{Cn}/u.test(text) ? null : text
  } catch {
    return null
  }
}
