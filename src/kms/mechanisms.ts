// kms: keys, their states and what is done under them; one file per family of operations.
// This file: what a security module does with keys and AWS KMS does not: HsmEncrypt, HsmDecrypt, HsmWrapKey,
// HsmUnwrapKey, HsmDerive, HsmDigest. Policies and grants see them as their relatives of KMS.

import type { Bytes } from '../codec/bytes.ts'
import { secretBytesOf } from '../hsm/algorithms.ts'
import { decryptData, encryptData, ivBytesOf, wholeBytesOf } from '../hsm/ciphers.ts'
import { type Context, type Handler, NeedsTurn } from '../hsm/context.ts'
import { deriveBytes } from '../hsm/derivation.ts'
import { digestOf } from '../hsm/digests.ts'
import { unwrapUnder, wrapUnder } from '../hsm/keyWrapping.ts'
import type { WrappedMaterial } from '../hsm/materials.ts'
import { decryptPkcs1, mostPkcs1Bytes } from '../hsm/rsaPkcs1.ts'
import type { UnlockedVault } from '../hsm/unlocked.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { hsmOperations } from '../protocol/hsmOperations.ts'
import type { CipherMechanism, KeyUsageType, Mechanism } from '../protocol/keySpecs.ts'
import { keepSecret } from './createKey.ts'
import { arnOf, currentMaterialOf } from './keys.ts'
import { noteUse } from './usage.ts'
import { keyForUse, type UseInput } from './use.ts'

const invalid = (what: string) => new KeyhearthError('invalid-input', { what })
const none = (): Bytes => new Uint8Array()

type KeyOperation = Exclude<keyof typeof hsmOperations, 'keyhearth:HsmDigest'>

async function keyBy<Name extends Mechanism>(
  context: Context,
  operation: KeyOperation,
  usage: KeyUsageType,
  input: UseInput & { readonly Mechanism: Name },
) {
  const { Mechanism } = input
  const key = await keyForUse(context, input, {
    action: hsmOperations[operation].as,
    usage,
    algorithm: { condition: 'kms:encryptionalgorithm', name: Mechanism },
  })
  const material = await currentMaterialOf(context, key)
  return { key, material, answer: { KeyId: arnOf(key), Mechanism } }
}

function assertWhole(mechanism: CipherMechanism, { byteLength }: Bytes): void {
  const whole = wholeBytesOf(mechanism)
  if (byteLength % whole === 0 && (whole === 1 || byteLength > 0)) return
  throw invalid(`Data: ${mechanism} takes whole blocks of ${whole} bytes`)
}

/** Only GCM authenticates anything beside the data. */
function assertNoneAdded(mechanism: Mechanism, additionalData?: Bytes): void {
  if (additionalData === undefined || mechanism === 'AES_GCM') return
  throw invalid(`AdditionalData is for AES_GCM, not for ${mechanism}`)
}

export const hsmEncrypt: Handler<'keyhearth:HsmEncrypt'> = async (context, input) => {
  const { Mechanism, Data: plaintext, AdditionalData } = input
  assertNoneAdded(Mechanism, AdditionalData)
  assertWhole(Mechanism, plaintext)
  const { key, material, answer } = await keyBy(
    context,
    'keyhearth:HsmEncrypt',
    'ENCRYPT_DECRYPT',
    input,
  )
  const given = { plaintext, additionalData: AdditionalData ?? none() }
  const { iv, ciphertext } = await encryptData(context.vault, material, Mechanism, given)
  await noteUse(context, key, 'HsmEncrypt')
  return { ...answer, Iv: iv, Ciphertext: ciphertext }
}

type Decryption = (vault: UnlockedVault, material: WrappedMaterial) => Promise<Bytes | null>

/** What the request asks for, checked as far as it can be without a key. */
function decryptionOf(input: Parameters<typeof hsmDecrypt>[1]): Decryption {
  const { Mechanism, Data, Iv, AdditionalData, NumberOfBytes } = input
  assertNoneAdded(Mechanism, AdditionalData)
  if (Mechanism === 'RSAES_PKCS1_V1_5') return transportOf(input)
  if (NumberOfBytes !== undefined) throw invalid('NumberOfBytes is for RSAES_PKCS1_V1_5')
  assertWhole(Mechanism, Data)
  if (Iv?.byteLength !== ivBytesOf(Mechanism)) {
    throw invalid(`Iv: ${Mechanism} takes ${ivBytesOf(Mechanism)} bytes`)
  }
  const parameters = { mechanism: Mechanism, iv: Iv, additionalData: AdditionalData ?? none() }
  return (vault, material) => decryptData(vault, material, parameters, Data)
}

function transportOf({ Data, Iv, NumberOfBytes }: Parameters<typeof hsmDecrypt>[1]): Decryption {
  if (Iv !== undefined) throw invalid('Iv: RSAES_PKCS1_V1_5 takes none')
  if (NumberOfBytes === undefined) throw invalid('NumberOfBytes: how long the plaintext is')
  return async (vault, material) => {
    const most = mostPkcs1Bytes(material)
    if (NumberOfBytes > most) throw invalid(`NumberOfBytes: ${material.spec} takes ${most}`)
    return decryptPkcs1(vault, material, Data, NumberOfBytes)
  }
}

export const hsmDecrypt: Handler<'keyhearth:HsmDecrypt'> = async (context, input) => {
  const decrypt = decryptionOf(input)
  const { key, material, answer } = await keyBy(
    context,
    'keyhearth:HsmDecrypt',
    'ENCRYPT_DECRYPT',
    input,
  )
  const Plaintext = await decrypt(context.vault, material)
  if (!Plaintext) throw new KeyhearthError('invalid-ciphertext')
  await noteUse(context, key, 'HsmDecrypt')
  return { ...answer, Plaintext }
}

export const hsmWrapKey: Handler<'keyhearth:HsmWrapKey'> = async (context, input) => {
  const { Mechanism, Secret } = input
  const { key, material, answer } = await keyBy(
    context,
    'keyhearth:HsmWrapKey',
    'WRAP_UNWRAP',
    input,
  )
  const by = { material, publicKey: key.publicKey }
  const WrappedKey = await wrapUnder(context.vault, by, Mechanism, Secret)
  if (!WrappedKey) throw invalid(`Secret: ${Mechanism} takes no ${Secret.byteLength} bytes`)
  await noteUse(context, key, 'HsmWrapKey')
  return { ...answer, WrappedKey }
}

export const hsmUnwrapKey: Handler<'keyhearth:HsmUnwrapKey'> = async (context, input) => {
  const { Mechanism, WrappedKey, NewKey } = input
  if (NewKey && !context.alone) throw new NeedsTurn()
  const { key, material, answer } = await keyBy(
    context,
    'keyhearth:HsmUnwrapKey',
    'WRAP_UNWRAP',
    input,
  )
  const Secret = await unwrapUnder(context.vault, material, Mechanism, WrappedKey)
  if (!Secret) throw new KeyhearthError('invalid-ciphertext')
  await noteUse(context, key, 'HsmUnwrapKey')
  if (!NewKey) return { ...answer, Secret }
  const made = await keepSecret(context, { ...NewKey, Origin: 'EXTERNAL' }, Secret)
  return { ...answer, NewKeyId: arnOf(made) }
}

/** Either so many bytes, or as many as the new key has. */
function lengthOf(input: Parameters<typeof hsmDerive>[1]): number {
  const { NumberOfBytes, NewKey } = input
  if ((NumberOfBytes === undefined) === (NewKey === undefined)) {
    throw invalid('give either NumberOfBytes or NewKey')
  }
  return NumberOfBytes ?? (NewKey ? secretBytesOf(NewKey.KeySpec) : 0)
}

export const hsmDerive: Handler<'keyhearth:HsmDerive'> = async (context, input) => {
  const { Mechanism, PublicKey, Salt, Info, NewKey } = input
  const bytes = lengthOf(input)
  if (NewKey && !context.alone) throw new NeedsTurn()
  const usage = PublicKey ? 'KEY_AGREEMENT' : 'DERIVE_KEYS'
  const { key, material, answer } = await keyBy(context, 'keyhearth:HsmDerive', usage, input)
  const Secret = await deriveBytes(context.vault, material, {
    mechanism: Mechanism,
    salt: Salt ?? none(),
    info: Info ?? none(),
    bytes,
    otherPublicKey: PublicKey ?? null,
  })
  if (!Secret) throw invalid(`PublicKey: not a DER-encoded public key of ${key.keySpec}`)
  await noteUse(context, key, 'HsmDerive')
  if (!NewKey) return { ...answer, Secret }
  const made = await keepSecret(context, { ...NewKey, Origin: 'AWS_KMS' }, Secret)
  return { ...answer, NewKeyId: arnOf(made) }
}

export const hsmDigest: Handler<'keyhearth:HsmDigest'> = async (
  _context,
  { DigestAlgorithm, Data },
) => ({ Digest: digestOf(DigestAlgorithm, Data), DigestAlgorithm })
