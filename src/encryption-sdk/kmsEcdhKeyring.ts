// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the KMS ECDH keyring (framework/aws-kms/aws-kms-ecdh-keyring.md, key-agreement-schemas.md):
// data keys under a secret that KMS agrees on with somebody's public key.

import { type Bytes, equalBytes, unshared } from '../codec/bytes.ts'
import { openDataKey } from './dataKeys.ts'
import { areBetween, readParties, unwrapAgreed, wrapAgreed } from './ecdhDataKeys.ts'
import {
  assertEcdhKey,
  curveOf,
  type EcdhCurve,
  type EcdhCurveSpec,
  type EcdhPublicKey,
  publicKeyOf,
  publicKeyOfPoint,
} from './ecdhKeys.ts'
import { EncryptionSdkError } from './errors.ts'
import { assertKeyArn } from './kmsArns.ts'
import { badAnswer, grantTokensOf } from './kmsDataKeys.ts'
import type { Keyring } from './materials.ts'
import { once } from './once.ts'

/** What it needs of KMS; `KMS` of `@aws-sdk/client-kms` is one. */
export interface KmsEcdhClient {
  getPublicKey(input: { readonly KeyId: string; readonly GrantTokens?: string[] }): Promise<{
    readonly KeyId?: string | undefined
    readonly KeySpec?: string | undefined
    readonly KeyUsage?: string | undefined
    readonly PublicKey?: Uint8Array | undefined
  }>
  deriveSharedSecret(input: {
    readonly KeyId: string
    readonly KeyAgreementAlgorithm: 'ECDH'
    readonly PublicKey: Bytes
    readonly GrantTokens?: string[]
  }): Promise<{
    readonly KeyId?: string | undefined
    readonly KeyAgreementAlgorithm?: string | undefined
    readonly SharedSecret?: Uint8Array | undefined
  }>
}

/** A CryptoKey, or SubjectPublicKeyInfo in DER. */
type PublicKey = CryptoKey | Uint8Array

/** Keys of KMS are named by their ARNs; a public key of theirs that is not given, KMS is asked for once. */
export type KmsEcdhKeyringOptions = {
  readonly client: KmsEcdhClient
  readonly curveSpec: EcdhCurveSpec
  readonly grantTokens?: readonly string[]
} & (
  | {
      /** Encrypts and decrypts, between the key in KMS and somebody. */
      readonly keyAgreement: 'KmsPrivateKeyToStaticPublicKey'
      readonly senderKmsIdentifier: string
      readonly senderPublicKey?: PublicKey
      readonly recipientPublicKey: PublicKey
    }
  | {
      /** Decrypts, whoever sent it. */
      readonly keyAgreement: 'KmsPublicKeyDiscovery'
      readonly recipientKmsIdentifier: string
      readonly recipientPublicKey?: PublicKey
    }
)

interface KmsEcdhKey {
  readonly curve: EcdhCurve
  readonly publicKey: () => Promise<EcdhPublicKey>
  readonly agree: (other: EcdhPublicKey) => Promise<Bytes>
}

/** @throws EncryptionSdkError `invalid`, at the latest when it is used */
export function kmsEcdhKeyring(options: KmsEcdhKeyringOptions): Keyring {
  switch (options.keyAgreement) {
    case 'KmsPrivateKeyToStaticPublicKey': {
      const { senderKmsIdentifier, senderPublicKey, recipientPublicKey } = options
      const own = kmsKey(options, senderKmsIdentifier, senderPublicKey)
      return betweenTwo(own, given(own.curve, recipientPublicKey))
    }
    case 'KmsPublicKeyDiscovery':
      return discovering(
        kmsKey(options, options.recipientKmsIdentifier, options.recipientPublicKey),
      )
    default:
      throw new EncryptionSdkError('invalid', 'There is no such key agreement.')
  }
}

function given(curve: EcdhCurve, key: PublicKey): () => Promise<EcdhPublicKey> {
  if (!(key instanceof Uint8Array)) assertEcdhKey(curve, key, 'public')
  return once(() => publicKeyOf(curve, key))
}

function kmsKey(options: KmsEcdhKeyringOptions, KeyId: string, publicKey?: PublicKey): KmsEcdhKey {
  const curve = curveOf(options.curveSpec)
  assertKeyArn(KeyId)
  return {
    curve,
    publicKey: publicKey
      ? given(curve, publicKey)
      : once(async () => publicKeyOf(curve, await askPublicKey(options, KeyId))),
    agree: (other) => askSharedSecret(options, KeyId, curve, other),
  }
}

/** @throws EncryptionSdkError `no-key` where it is a key for something else */
async function askPublicKey(options: KmsEcdhKeyringOptions, KeyId: string): Promise<Uint8Array> {
  const answer = await options.client.getPublicKey({ KeyId, ...grantTokensOf(options) })
  if (answer.KeyId !== KeyId) throw badAnswer('another key')
  if (answer.KeyUsage !== 'KEY_AGREEMENT' || answer.KeySpec !== options.curveSpec) {
    throw badAnswer('a key that is not for agreement on that curve')
  }
  if (!answer.PublicKey) throw badAnswer('no public key')
  return answer.PublicKey
}

/** @throws EncryptionSdkError `no-key` */
async function askSharedSecret(
  options: KmsEcdhKeyringOptions,
  KeyId: string,
  { coordinateBytes }: EcdhCurve,
  other: EcdhPublicKey,
): Promise<Bytes> {
  const PublicKey = new Uint8Array(await crypto.subtle.exportKey('spki', other.key))
  const KeyAgreementAlgorithm = 'ECDH'
  const input = { KeyId, KeyAgreementAlgorithm, PublicKey, ...grantTokensOf(options) } as const
  const answer = await options.client.deriveSharedSecret(input)
  if (answer.KeyId !== KeyId) throw badAnswer('another key')
  if (answer.KeyAgreementAlgorithm !== KeyAgreementAlgorithm) throw badAnswer('another agreement')
  if (answer.SharedSecret?.byteLength !== coordinateBytes) {
    throw badAnswer('a secret of another length')
  }
  return unshared(answer.SharedSecret)
}

const betweenTwo = (own: KmsEcdhKey, other: () => Promise<EcdhPublicKey>): Keyring => ({
  async onEncrypt(materials) {
    const [mine, theirs] = await Promise.all([own.publicKey(), other()])
    const parties = { sender: mine.compressed, recipient: theirs.compressed }
    return wrapAgreed(own.curve, 'aws-kms-ecdh', parties, await own.agree(theirs), materials)
  },
  async onDecrypt(materials, encryptedDataKeys) {
    const [mine, theirs] = await Promise.all([own.publicKey(), other()])
    const { encryptionContext } = materials
    return openDataKey(materials, encryptedDataKeys, (dataKey) => {
      const parties = readParties(own.curve, dataKey)
      const { ciphertext } = dataKey
      if (!parties || !areBetween(parties, mine, theirs)) return null
      return async () =>
        unwrapAgreed(own.curve, parties, await own.agree(theirs), encryptionContext, ciphertext)
    })
  },
})

const discovering = (own: KmsEcdhKey): Keyring => ({
  async onEncrypt() {
    throw new EncryptionSdkError('invalid', 'A discovery keyring cannot encrypt.')
  },
  async onDecrypt(materials, encryptedDataKeys) {
    const mine = await own.publicKey()
    const { encryptionContext } = materials
    return openDataKey(materials, encryptedDataKeys, (dataKey) => {
      const parties = readParties(own.curve, dataKey)
      const { ciphertext } = dataKey
      if (!parties || !equalBytes(parties.recipient, mine.compressed)) return null
      return async () => {
        const secret = await own.agree(await publicKeyOfPoint(own.curve, parties.sender))
        return unwrapAgreed(own.curve, parties, secret, encryptionContext, ciphertext)
      }
    })
  },
})
