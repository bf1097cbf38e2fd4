// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the person's own public identity: two KMS keys and a name, given to others as a signed card.

import { signedContent, writeCard } from '../codec/identityCard.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { fingerprintOf } from '../hsm/fingerprint.ts'
import { type Signing, signUnder } from '../hsm/signing.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { makeAliasKey } from './createKey.ts'
import { assertUsable, currentMaterialOf, type KeyRecord, readKey } from './keys.ts'
import { findOwnIdentity, type OwnIdentity, putOwnIdentity } from './peopleRecords.ts'
import { publicKeyOf } from './signing.ts'

const keys = {
  agreement: {
    alias: 'alias/identity-agreement',
    description: 'Messages from people to you',
    kind: { keySpec: 'ECC_NIST_P256', keyUsage: 'KEY_AGREEMENT' },
  },
  signing: {
    alias: 'alias/identity-signing',
    description: 'Your signature',
    kind: { keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY' },
  },
} as const

async function makeKey(context: Context, which: keyof typeof keys): Promise<string> {
  const { alias, description, kind } = keys[which]
  return (await makeAliasKey(context, context.account, alias, description, kind)).keyId
}

/** Staged where there is none yet; without a name it is of no use to others, but messages can be sent. */
export async function ensureIdentity(context: Context): Promise<OwnIdentity> {
  const present = await findOwnIdentity(context)
  if (present) return present
  const made: OwnIdentity = {
    name: '',
    agreementKeyId: await makeKey(context, 'agreement'),
    signingKeyId: await makeKey(context, 'signing'),
    createdAt: context.now,
  }
  putOwnIdentity(context, made)
  return made
}

/** @throws KeyhearthError `key-not-found`, `key-disabled`, `key-invalid-state` */
async function usableKey(context: Context, keyId: string): Promise<KeyRecord> {
  const key = await readKey(context, keyId)
  if (!key) throw new KeyhearthError('key-not-found', { keyId: `'${keyId}'` })
  assertUsable(key, context.now)
  return key
}

/** The key messages to the person are under; `null` before there is an identity. */
export async function agreementKey(context: Context): Promise<KeyRecord | null> {
  const own = await findOwnIdentity(context)
  return own && usableKey(context, own.agreementKeyId)
}

export interface PublicKeys {
  readonly agreementKey: Uint8Array<ArrayBuffer>
  readonly signingKey: Uint8Array<ArrayBuffer>
}

export async function ownPublicKeys(context: Context): Promise<PublicKeys | null> {
  const own = await findOwnIdentity(context)
  if (!own) return null
  const [agreement, signing] = await Promise.all([
    usableKey(context, own.agreementKeyId),
    usableKey(context, own.signingKeyId),
  ])
  return { agreementKey: publicKeyOf(agreement), signingKey: publicKeyOf(signing) }
}

/** How the signature of a card is made and checked. */
export const cardSigning = (message: Uint8Array<ArrayBuffer>): Signing => ({
  spec: 'ECC_NIST_P256',
  algorithm: 'ECDSA_SHA_256',
  messageType: 'RAW',
  message,
})

export const getIdentity: Handler<'keyhearth:GetIdentity'> = async (context) => {
  const own = await findOwnIdentity(context)
  const publicKeys = await ownPublicKeys(context)
  if (!own || !publicKeys) return { Identity: null }
  const identity = { name: own.name, createdAt: own.createdAt, ...publicKeys }
  const key = await usableKey(context, own.signingKeyId)
  const material = await currentMaterialOf(context, key)
  const signing = cardSigning(signedContent(identity))
  const signature = await signUnder(context.vault, material, signing)
  return {
    Identity: {
      Name: own.name,
      Card: writeCard({ ...identity, signature }),
      Fingerprint: fingerprintOf(identity.agreementKey, identity.signingKey),
    },
  }
}

export const setIdentityName: Handler<'keyhearth:SetIdentityName'> = async (context, { Name }) => {
  putOwnIdentity(context, { ...(await ensureIdentity(context)), name: Name })
  return {}
}
