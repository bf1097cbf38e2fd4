// kms: keys, their states and what is done under them; one file per family of operations.
// This file: data keys, data key pairs and random bytes.

import type { Context, Handler } from '../hsm/context.ts'
import { generatePair } from '../hsm/pairs.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { DataKeyPairSpec } from '../protocol/keySpecs.ts'
import type { Input } from '../protocol/schemas.ts'
import { type EncryptionContext, encryptSymmetric } from './encryption.ts'
import { arnOf, type KeyRecord } from './keys.ts'
import { thisDevice } from './thisDevice.ts'
import { noteUse } from './usage.ts'
import { keyForUse, refuseRecipient, type UseInput, type Wanted } from './use.ts'

type DataKeyAction =
  | 'kms:GenerateDataKey'
  | 'kms:GenerateDataKeyWithoutPlaintext'
  | 'kms:GenerateDataKeyPair'
  | 'kms:GenerateDataKeyPairWithoutPlaintext'

type DataKeyOperation = DataKeyAction extends `kms:${infer Name}` ? Name : never
const operationOf = (action: DataKeyAction) => action.slice('kms:'.length) as DataKeyOperation

const wanted = (action: DataKeyAction): Wanted => ({
  action,
  usage: 'ENCRYPT_DECRYPT',
  algorithm: { condition: 'kms:encryptionalgorithm', name: 'SYMMETRIC_DEFAULT' },
})

const keyUnder = (context: Context, input: UseInput, action: DataKeyAction): Promise<KeyRecord> =>
  keyForUse(context, input, wanted(action))

/** Exactly one of KeySpec and NumberOfBytes (KMS API reference, GenerateDataKey). */
function dataKeyBytes({ KeySpec, NumberOfBytes }: Input<'kms:GenerateDataKeyWithoutPlaintext'>) {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw new KeyhearthError('invalid-input', {
      what: 'Please specify either number of bytes or key spec',
    })
  }
  return NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32)
}

async function makeDataKey(
  context: Context,
  input: Input<'kms:GenerateDataKeyWithoutPlaintext'>,
  action: DataKeyAction,
) {
  const length = dataKeyBytes(input)
  const key = await keyUnder(context, input, action)
  const plaintext = crypto.getRandomValues(new Uint8Array(length))
  const encryptionContext: EncryptionContext = input.EncryptionContext ?? {}
  const sealed = await encryptSymmetric(context, key, plaintext, encryptionContext)
  await noteUse(context, key, operationOf(action))
  const answer = {
    CiphertextBlob: sealed.ciphertext,
    KeyId: arnOf(key),
    KeyMaterialId: sealed.materialId,
  }
  return { plaintext, answer }
}

export const generateDataKey: Handler<'kms:GenerateDataKey'> = async (context, input) => {
  refuseRecipient(input)
  const { plaintext, answer } = await makeDataKey(context, input, 'kms:GenerateDataKey')
  return { ...answer, Plaintext: plaintext }
}

export const generateDataKeyWithoutPlaintext: Handler<
  'kms:GenerateDataKeyWithoutPlaintext'
> = async (context, input) => {
  const action = 'kms:GenerateDataKeyWithoutPlaintext'
  const { plaintext, answer } = await makeDataKey(context, input, action)
  plaintext.fill(0)
  return answer
}

function pairSpecOf(spec: DataKeyPairSpec | 'SM2'): DataKeyPairSpec {
  if (spec === 'SM2') throw new KeyhearthError('unsupported', { what: 'KeyPairSpec SM2' })
  return spec
}

async function makePair(
  context: Context,
  input: Input<'kms:GenerateDataKeyPairWithoutPlaintext'>,
  action: DataKeyAction,
) {
  const spec = pairSpecOf(input.KeyPairSpec)
  const key = await keyUnder(context, input, action)
  const { privateKey, publicKey } = await generatePair(spec)
  const sealed = await encryptSymmetric(context, key, privateKey, input.EncryptionContext ?? {})
  await noteUse(context, key, operationOf(action))
  const answer = {
    PrivateKeyCiphertextBlob: sealed.ciphertext,
    PublicKey: publicKey,
    KeyId: arnOf(key),
    KeyPairSpec: spec,
    KeyMaterialId: sealed.materialId,
  }
  return { privateKey, answer }
}

export const generateDataKeyPair: Handler<'kms:GenerateDataKeyPair'> = async (context, input) => {
  refuseRecipient(input)
  const { privateKey, answer } = await makePair(context, input, 'kms:GenerateDataKeyPair')
  return { ...answer, PrivateKeyPlaintext: privateKey }
}

export const generateDataKeyPairWithoutPlaintext: Handler<
  'kms:GenerateDataKeyPairWithoutPlaintext'
> = async (context, input) => {
  const action = 'kms:GenerateDataKeyPairWithoutPlaintext'
  const { privateKey, answer } = await makePair(context, input, action)
  privateKey.fill(0)
  return answer
}

export const generateRandom: Handler<'kms:GenerateRandom'> = async (context, input) => {
  refuseRecipient(input)
  const { CustomKeyStoreId: store, NumberOfBytes } = input
  if (store !== undefined && store !== thisDevice(context).CustomKeyStoreId) {
    throw new KeyhearthError('key-store-not-found')
  }
  if (NumberOfBytes === undefined) {
    throw new KeyhearthError('invalid-input', { what: 'NumberOfBytes is missing' })
  }
  return { Plaintext: crypto.getRandomValues(new Uint8Array(NumberOfBytes)) }
}
