// kms: keys, their states and what is done under them; one file per family of operations.
// This file: DeriveSharedSecret, Encapsulate and Decapsulate.

import { agree, decapsulateUnder, encapsulateTo } from '../hsm/agreement.ts'
import type { Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { arnOf, currentMaterialOf } from './keys.ts'
import { publicKeyOf } from './signing.ts'
import { noteUse } from './usage.ts'
import { keyForUse, refuseRecipient } from './use.ts'

export const deriveSharedSecret: Handler<'kms:DeriveSharedSecret'> = async (context, input) => {
  refuseRecipient(input)
  const key = await keyForUse(context, input, {
    action: 'kms:DeriveSharedSecret',
    usage: 'KEY_AGREEMENT',
    conditions: { 'kms:keyagreementalgorithm': [input.KeyAgreementAlgorithm] },
  })
  const material = await currentMaterialOf(context, key)
  const SharedSecret = await agree(context.vault, material, input.PublicKey)
  if (!SharedSecret) {
    throw new KeyhearthError('invalid-input', {
      what: `PublicKey: not a DER-encoded public key of ${key.keySpec}`,
    })
  }
  await noteUse(context, key, 'DeriveSharedSecret')
  const { KeyAgreementAlgorithm } = input
  return { KeyId: arnOf(key), SharedSecret, KeyAgreementAlgorithm, KeyOrigin: key.origin }
}

export const encapsulate: Handler<'kms:Encapsulate'> = async (context, input) => {
  const { EncapsulationAlgorithm } = input
  const key = await keyForUse(context, input, {
    action: 'kms:Encapsulate',
    usage: 'ENCAPSULATE_DECAPSULATE',
  })
  const { sharedSecret, ciphertext } = await encapsulateTo(key.keySpec, publicKeyOf(key))
  await noteUse(context, key, 'Encapsulate')
  return {
    KeyId: arnOf(key),
    SharedSecret: sharedSecret,
    SharedSecretCiphertextBlob: ciphertext,
    EncapsulationAlgorithm,
  }
}

export const decapsulate: Handler<'kms:Decapsulate'> = async (context, input) => {
  const { EncapsulationAlgorithm, SharedSecretCiphertextBlob: blob } = input
  const key = await keyForUse(context, input, {
    action: 'kms:Decapsulate',
    usage: 'ENCAPSULATE_DECAPSULATE',
  })
  const material = await currentMaterialOf(context, key)
  const SharedSecret = await decapsulateUnder(context.vault, material, blob)
  if (!SharedSecret) throw new KeyhearthError('invalid-ciphertext')
  await noteUse(context, key, 'Decapsulate')
  return { KeyId: arnOf(key), SharedSecret, EncapsulationAlgorithm }
}
