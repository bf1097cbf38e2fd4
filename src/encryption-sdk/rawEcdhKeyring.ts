// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the raw ECDH keyring (framework/raw-ecdh-keyring.md, key-agreement-schemas.md): data keys under
// a secret that two key pairs share.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { openDataKey } from './dataKeys.ts'
import { areBetween, type Parties, readParties, unwrapAgreed, wrapAgreed } from './ecdhDataKeys.ts'
import {
  assertEcdhKey,
  curveOf,
  type EcdhCurve,
  type EcdhCurveSpec,
  type EcdhKeyPair,
  type EcdhPublicKey,
  ephemeralKeyPair,
  keyPairOf,
  publicKeyOf,
  publicKeyOfPoint,
  sharedSecret,
} from './ecdhKeys.ts'
import { EncryptionSdkError } from './errors.ts'
import type { DecryptionMaterials, Keyring } from './materials.ts'
import { once } from './once.ts'

/** A CryptoKey, or SubjectPublicKeyInfo in DER. */
type PublicKey = CryptoKey | Uint8Array
/** ECDH keys, the private one for deriveBits; or PKCS #8 as PEM. */
type StaticKeys = CryptoKeyPair | string

export type RawEcdhKeyringOptions = { readonly curveSpec: EcdhCurveSpec } & (
  | {
      /** Encrypts, for whoever has the recipient's private key: not even for the sender. */
      readonly keyAgreement: 'EphemeralPrivateKeyToStaticPublicKey'
      readonly recipientPublicKey: PublicKey
    }
  | {
      /** Encrypts and decrypts, between these two. */
      readonly keyAgreement: 'RawPrivateKeyToStaticPublicKey'
      readonly senderStaticKeys: StaticKeys
      readonly recipientPublicKey: PublicKey
    }
  | {
      /** Decrypts, whoever sent it. */
      readonly keyAgreement: 'PublicKeyDiscovery'
      readonly recipientStaticKeys: StaticKeys
    }
)

/** @throws EncryptionSdkError `invalid`, at the latest when it is used */
export function rawEcdhKeyring(options: RawEcdhKeyringOptions): Keyring {
  const curve = curveOf(options.curveSpec)
  switch (options.keyAgreement) {
    case 'EphemeralPrivateKeyToStaticPublicKey':
      return ephemeral(curve, recipientOf(curve, options.recipientPublicKey))
    case 'RawPrivateKeyToStaticPublicKey': {
      const pair = ownKeys(curve, options.senderStaticKeys)
      return betweenTwo(curve, pair, recipientOf(curve, options.recipientPublicKey))
    }
    case 'PublicKeyDiscovery':
      return discovering(curve, ownKeys(curve, options.recipientStaticKeys))
    default:
      throw new EncryptionSdkError('invalid', 'There is no such key agreement.')
  }
}

type Later<T> = () => Promise<T>

function recipientOf(curve: EcdhCurve, given: PublicKey): Later<EcdhPublicKey> {
  if (!(given instanceof Uint8Array)) assertEcdhKey(curve, given, 'public')
  return once(() => publicKeyOf(curve, given))
}

function ownKeys(curve: EcdhCurve, given: StaticKeys): Later<EcdhKeyPair> {
  if (typeof given !== 'string') {
    assertEcdhKey(curve, given.privateKey, 'private')
    assertEcdhKey(curve, given.publicKey, 'public')
  }
  return once(() => keyPairOf(curve, given))
}

const encrypting = (
  curve: EcdhCurve,
  sender: Later<EcdhKeyPair>,
  recipient: Later<EcdhPublicKey>,
): Keyring['onEncrypt'] =>
  async function onEncrypt(materials) {
    const [from, to] = await Promise.all([sender(), recipient()])
    const secret = await sharedSecret(curve, from.privateKey, to)
    const parties = { sender: from.compressed, recipient: to.compressed }
    return wrapAgreed(curve, 'raw-ecdh', parties, secret, materials)
  }

const ephemeral = (curve: EcdhCurve, recipient: Later<EcdhPublicKey>): Keyring => ({
  onEncrypt: encrypting(curve, () => ephemeralKeyPair(curve), recipient),
  async onDecrypt() {
    throw new EncryptionSdkError('invalid', 'A keyring with ephemeral keys cannot decrypt.')
  },
})

const betweenTwo = (
  curve: EcdhCurve,
  own: Later<EcdhKeyPair>,
  other: Later<EcdhPublicKey>,
): Keyring => ({
  onEncrypt: encrypting(curve, own, other),
  async onDecrypt(materials, encryptedDataKeys) {
    const [mine, theirs] = await Promise.all([own(), other()])
    return openDataKey(materials, encryptedDataKeys, (dataKey) => {
      const parties = readParties(curve, dataKey)
      if (!parties || !areBetween(parties, mine, theirs)) return null
      return () => open(curve, parties, mine, theirs, materials, dataKey.ciphertext)
    })
  },
})

const discovering = (curve: EcdhCurve, own: Later<EcdhKeyPair>): Keyring => ({
  async onEncrypt() {
    throw new EncryptionSdkError('invalid', 'A discovery keyring cannot encrypt.')
  },
  async onDecrypt(materials, encryptedDataKeys) {
    const mine = await own()
    return openDataKey(materials, encryptedDataKeys, (dataKey) => {
      const parties = readParties(curve, dataKey)
      if (!parties || !equalBytes(parties.recipient, mine.compressed)) return null
      return async () => {
        const sender = await publicKeyOfPoint(curve, parties.sender)
        return open(curve, parties, mine, sender, materials, dataKey.ciphertext)
      }
    })
  },
})

async function open(
  curve: EcdhCurve,
  parties: Parties,
  own: EcdhKeyPair,
  other: EcdhPublicKey,
  { encryptionContext }: DecryptionMaterials,
  ciphertext: Bytes,
): Promise<Bytes> {
  const secret = await sharedSecret(curve, own.privateKey, other)
  return unwrapAgreed(curve, parties, secret, encryptionContext, ciphertext)
}
