// kms: keys, their states and what is done under them; one file per family of operations.
// This file: Encrypt, Decrypt and ReEncrypt.

import type { Bytes } from '../codec/bytes.ts'
import { readBlob } from '../codec/ciphertextBlob.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { EncryptionAlgorithm } from '../protocol/keySpecs.ts'
import { authorise } from './access.ts'
import { type Access, decide } from './authorization.ts'
import {
  assertContextFits,
  decryptWith,
  type EncryptionContext,
  encryptWith,
} from './encryption.ts'
import { arnOf, type KeyRecord, readKey } from './keys.ts'
import { noteUse } from './usage.ts'
import {
  checkUse,
  conditionsOf,
  endDryRun,
  keyForUse,
  refuseRecipient,
  type Wanted,
} from './use.ts'

type NamedAlgorithm = EncryptionAlgorithm | 'SM2PKE'

function algorithmOf(name: NamedAlgorithm | undefined): EncryptionAlgorithm {
  if (name === 'SM2PKE') throw new KeyhearthError('unsupported', { what: name })
  return name ?? 'SYMMETRIC_DEFAULT'
}

const wanted = (action: Access['action'], algorithm: EncryptionAlgorithm): Wanted => ({
  action,
  usage: 'ENCRYPT_DECRYPT',
  algorithm: { condition: 'kms:encryptionalgorithm', name: algorithm },
})

export const encrypt: Handler<'kms:Encrypt'> = async (context, input) => {
  const algorithm = algorithmOf(input.EncryptionAlgorithm)
  const encryptionContext = input.EncryptionContext ?? {}
  assertContextFits(algorithm, encryptionContext)
  const key = await keyForUse(context, input, wanted('kms:Encrypt', algorithm))
  const { Plaintext } = input
  const { ciphertext } = await encryptWith(context, key, algorithm, Plaintext, encryptionContext)
  await noteUse(context, key, 'Encrypt')
  return { CiphertextBlob: ciphertext, KeyId: arnOf(key), EncryptionAlgorithm: algorithm }
}

interface Source {
  readonly action: 'kms:Decrypt' | 'kms:ReEncryptFrom'
  readonly KeyId?: string
  readonly CiphertextBlob?: Bytes
  readonly GrantTokens?: readonly string[]
  readonly algorithm: EncryptionAlgorithm
  readonly encryptionContext: EncryptionContext
}

/**
 * The key of a ciphertext: the named one, or the one a symmetric ciphertext names itself.
 * @throws KeyhearthError `incorrect-key` where both are named and differ
 */
async function keyOfCiphertext(context: Context, source: Source): Promise<KeyRecord> {
  const { KeyId, CiphertextBlob, algorithm } = source
  const { action, encryptionContext } = source
  const want = wanted(action, algorithm)
  if (KeyId !== undefined) {
    const named = { KeyId, EncryptionContext: encryptionContext, ...grantTokens(source) }
    const key = await keyForUse(context, named, want)
    const blob = algorithm === 'SYMMETRIC_DEFAULT' && CiphertextBlob && readBlob(CiphertextBlob)
    if (blob && blob.keyId !== key.keyId) throw new KeyhearthError('incorrect-key')
    return key
  }
  if (algorithm !== 'SYMMETRIC_DEFAULT') {
    throw new KeyhearthError('invalid-input', { what: 'KeyId is required for asymmetric keys' })
  }
  return keyInCiphertext(context, source, want)
}

const grantTokens = ({ GrantTokens }: Source) => (GrantTokens ? { GrantTokens } : {})

/** The id comes from outside: a key the caller may not use looks like one that is not there. */
async function keyInCiphertext(context: Context, source: Source, want: Wanted): Promise<KeyRecord> {
  const blob = source.CiphertextBlob && readBlob(source.CiphertextBlob)
  if (!blob) throw new KeyhearthError('invalid-ciphertext')
  const key = await readKey(context, blob.keyId)
  if (!key) throw new KeyhearthError('ciphertext-key-unknown')
  try {
    await authorise(context, {
      action: source.action,
      key,
      encryptionContext: source.encryptionContext,
      grantTokens: source.GrantTokens ?? [],
      conditions: conditionsOf(want),
    })
  } catch (cause) {
    if (!(cause instanceof KeyhearthError) || cause.reason !== 'not-allowed') throw cause
    throw new KeyhearthError('ciphertext-key-unknown', {}, { cause })
  }
  checkUse(context, key, want)
  return key
}

interface CiphertextInput {
  readonly CiphertextBlob?: Bytes
  readonly DryRun?: boolean
  readonly DryRunModifiers?: readonly 'IGNORE_CIPHERTEXT'[]
}

/** A ciphertext must be there, unless a dry run says to do without (API reference, DryRunModifiers). */
function ciphertextOf(input: CiphertextInput): Bytes | null {
  const ignored = input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT') ?? false
  if (ignored && !input.DryRun) {
    throw new KeyhearthError('invalid-input', { what: 'DryRunModifiers needs DryRun' })
  }
  if (!input.CiphertextBlob && !ignored) {
    throw new KeyhearthError('invalid-input', { what: 'CiphertextBlob is missing' })
  }
  return input.CiphertextBlob ?? null
}

export const decrypt: Handler<'kms:Decrypt'> = async (context, input) => {
  refuseRecipient(input)
  const ciphertext = ciphertextOf(input)
  const algorithm = algorithmOf(input.EncryptionAlgorithm)
  const encryptionContext = input.EncryptionContext ?? {}
  assertContextFits(algorithm, encryptionContext)
  const source = { ...input, action: 'kms:Decrypt', algorithm, encryptionContext } as const
  const key = await keyOfCiphertext(context, source)
  if (!ciphertext) endDryRun(input)
  const whole = ciphertext ?? new Uint8Array()
  const decrypted = await decryptWith(context, key, algorithm, whole, encryptionContext)
  endDryRun(input)
  await noteUse(context, key, 'Decrypt')
  return {
    Plaintext: decrypted.plaintext,
    KeyId: arnOf(key),
    EncryptionAlgorithm: algorithm,
    ...(decrypted.materialId === undefined ? {} : { KeyMaterialId: decrypted.materialId }),
  }
}

type Side = Omit<Access, 'action'> & { readonly algorithm: EncryptionAlgorithm }

const accessTo = ({ algorithm, ...side }: Side, action: Access['action']): Access => ({
  ...side,
  action,
  conditions: conditionsOf(wanted(action, algorithm)),
})

/**
 * What a grant lets through without its plaintext must not come out under a key by which the caller, or another
 * site, would have it: it stays among the keys of one account, and under those the caller cannot decrypt by.
 * @throws KeyhearthError `plaintext-withheld`
 */
async function assertStaysHidden(context: Context, source: Side, destination: Side): Promise<void> {
  const { reason } = await decide(context, accessTo(source, 'kms:ReEncryptFrom'))
  if (reason.kind !== 'grant-allows' || !reason.grant.hidesPlaintext) return
  const reading = { ...accessTo(destination, 'kms:Decrypt'), reveals: true }
  const stays = destination.key.account === source.key.account
  if (stays && !(await decide(context, reading)).allowed) return
  throw new KeyhearthError('plaintext-withheld')
}

export const reEncrypt: Handler<'kms:ReEncrypt'> = async (context, input) => {
  const ciphertext = ciphertextOf(input)
  const from = algorithmOf(input.SourceEncryptionAlgorithm)
  const to = algorithmOf(input.DestinationEncryptionAlgorithm)
  const fromContext = input.SourceEncryptionContext ?? {}
  const toContext = input.DestinationEncryptionContext ?? {}
  assertContextFits(from, fromContext)
  assertContextFits(to, toContext)
  const source = await keyOfCiphertext(context, {
    ...input,
    ...(input.SourceKeyId === undefined ? {} : { KeyId: input.SourceKeyId }),
    action: 'kms:ReEncryptFrom',
    algorithm: from,
    encryptionContext: fromContext,
  })
  const { DestinationKeyId: KeyId, GrantTokens = [] } = input
  const target = { KeyId, EncryptionContext: toContext, GrantTokens }
  const destination = await keyForUse(context, target, wanted('kms:ReEncryptTo', to))
  await assertStaysHidden(
    context,
    { key: source, encryptionContext: fromContext, grantTokens: GrantTokens, algorithm: from },
    { key: destination, encryptionContext: toContext, grantTokens: GrantTokens, algorithm: to },
  )
  if (!ciphertext) endDryRun(input)
  const whole = ciphertext ?? new Uint8Array()
  const opened = await decryptWith(context, source, from, whole, fromContext)
  endDryRun(input)
  const sealed = await encryptWith(context, destination, to, opened.plaintext, toContext)
  await noteUse(context, source, 'ReEncrypt')
  if (destination.keyId !== source.keyId) await noteUse(context, destination, 'ReEncrypt')
  return {
    CiphertextBlob: sealed.ciphertext,
    SourceKeyId: arnOf(source),
    KeyId: arnOf(destination),
    SourceEncryptionAlgorithm: from,
    DestinationEncryptionAlgorithm: to,
    ...(opened.materialId ? { SourceKeyMaterialId: opened.materialId } : {}),
    ...(sealed.materialId ? { DestinationKeyMaterialId: sealed.materialId } : {}),
  }
}
