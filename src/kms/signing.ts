// kms: keys, their states and what is done under them; one file per family of operations.
// This file: Sign, Verify and GetPublicKey.

import type { Bytes } from '../codec/bytes.ts'
import { materialFormat, signingRow } from '../hsm/algorithms.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { type MessageType, type Signing, signUnder, verifyWith } from '../hsm/signing.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { KeySpec, SigningAlgorithm } from '../protocol/keySpecs.ts'
import { keyFor } from './access.ts'
import { arnOf, assertUsable, currentMaterialOf, type KeyRecord } from './keys.ts'
import { algorithmsOf } from './metadata.ts'
import { noteUse } from './usage.ts'
import { keyForUse, type UseInput } from './use.ts'

interface SigningInput extends UseInput {
  readonly Message: Bytes
  readonly MessageType?: MessageType
  readonly SigningAlgorithm: SigningAlgorithm | 'SM2DSA'
}

const invalid = (what: string) => new KeyhearthError('invalid-input', { what })
const muBytes = 64

/** What of the message follows from the algorithm alone (API reference, Sign, MessageType). */
function checkMessage(algorithm: SigningAlgorithm, messageType: MessageType, message: Bytes): void {
  const { digest } = signingRow(algorithm)
  const isMlDsa = algorithm === 'ML_DSA_SHAKE_256'
  if (messageType === 'EXTERNAL_MU' && !isMlDsa) unfit(algorithm, messageType)
  if (messageType === 'DIGEST' && !digest) unfit(algorithm, messageType)
  if (messageType === 'RAW' && algorithm === 'ED25519_PH_SHA_512') unfit(algorithm, messageType)
  const length = messageType === 'DIGEST' ? digest?.bytes : muBytes
  if (messageType !== 'RAW' && message.byteLength !== length) {
    throw invalid(`Digest is invalid length for algorithm ${algorithm}`)
  }
}

function unfit(algorithm: SigningAlgorithm, messageType: MessageType): never {
  throw invalid(`MessageType ${messageType} is not supported with ${algorithm}`)
}

async function prepare(context: Context, input: SigningInput, action: 'kms:Sign' | 'kms:Verify') {
  const { SigningAlgorithm: algorithm, MessageType: messageType = 'RAW', Message } = input
  if (algorithm === 'SM2DSA') throw new KeyhearthError('unsupported', { what: algorithm })
  checkMessage(algorithm, messageType, Message)
  const key = await keyForUse(context, input, {
    action,
    usage: 'SIGN_VERIFY',
    algorithm: { condition: 'kms:signingalgorithm', name: algorithm },
    conditions: { 'kms:messagetype': [messageType] },
  })
  const spec: KeySpec = key.keySpec
  const signing: Signing = { spec, algorithm, messageType, message: Message }
  return { key, signing, answer: { KeyId: arnOf(key), SigningAlgorithm: algorithm } }
}

export const sign: Handler<'kms:Sign'> = async (context, input) => {
  const { key, signing, answer } = await prepare(context, input, 'kms:Sign')
  const material = await currentMaterialOf(context, key)
  const Signature = await signUnder(context.vault, material, signing)
  await noteUse(context, key, 'Sign')
  return { ...answer, Signature }
}

export function publicKeyOf({ publicKey }: KeyRecord): Bytes {
  if (!publicKey) throw new KeyhearthError('record-damaged', { what: 'public key' })
  return publicKey
}

export const verify: Handler<'kms:Verify'> = async (context, input) => {
  const { key, signing, answer } = await prepare(context, input, 'kms:Verify')
  const valid = await verifyWith(publicKeyOf(key), signing, input.Signature)
  // AWS answers a signature that does not fit with an error, never with `false`.
  if (!valid) throw new KeyhearthError('invalid-signature')
  await noteUse(context, key, 'Verify')
  return { ...answer, SignatureValid: true }
}

export const getPublicKey: Handler<'kms:GetPublicKey'> = async (context, input) => {
  const { KeyId, GrantTokens: grantTokens = [] } = input
  const key = await keyFor(context, KeyId, { action: 'kms:GetPublicKey', grantTokens })
  if (materialFormat(key.keySpec) === 'raw') {
    throw new KeyhearthError('unsupported', {
      what: `${key.keySpec} keys have no public key`,
    })
  }
  assertUsable(key, context.now)
  return {
    KeyId: arnOf(key),
    PublicKey: publicKeyOf(key),
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    KeyUsage: key.keyUsage,
    ...algorithmsOf(key),
  }
}
