// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the raw RSA keyring (framework/raw-rsa-keyring.md): data keys under a public key, opened with
// its private key. RSA binds no encryption context: only the message itself does.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { dataKeyFor, openDataKey, withDataKey } from './dataKeys.ts'
import { EncryptionSdkError } from './errors.ts'
import type { Keyring } from './materials.ts'
import { assertRawKeyNames, type RawKeyNames } from './rawKeyOptions.ts'
import { type OaepHash, oaepDecrypt, oaepEncrypt, oaepKey } from './rsaOaep.ts'
import { pkcs1Decryption, pkcs1Encryption } from './rsaPkcs1.ts'

/** Hash of each padding, for the mask as well; `null` where there is none. AWS's own names. */
const paddings = {
  PKCS1: null,
  OAEP_SHA1_MGF1: 'SHA-1',
  OAEP_SHA256_MGF1: 'SHA-256',
  OAEP_SHA384_MGF1: 'SHA-384',
  OAEP_SHA512_MGF1: 'SHA-512',
} as const satisfies Record<string, OaepHash | null>

type RsaPadding = keyof typeof paddings

/**
 * Keys have 2,048 bits or more. PEM is SubjectPublicKeyInfo ("PUBLIC KEY") and PKCS #8 ("PRIVATE KEY").
 * `PKCS1` is for old messages, takes PEM alone, and works in Node alone: no browser has it.
 */
export type RawRsaKeyringOptions = RawKeyNames &
  (
    | {
        readonly padding: Exclude<RsaPadding, 'PKCS1'>
        /** Wraps; RSA-OAEP with the padding's hash, for encrypt. */
        readonly publicKey?: CryptoKey | string
        /** Opens; RSA-OAEP with the padding's hash, for decrypt. */
        readonly privateKey?: CryptoKey | string
      }
    | { readonly padding: 'PKCS1'; readonly publicKey?: string; readonly privateKey?: string }
  )

interface RsaCipher {
  /** `null` where the keyring does not have the key. */
  readonly wrap: ((dataKey: Bytes) => Promise<Bytes>) | null
  readonly unwrap: ((ciphertext: Bytes) => Promise<Bytes>) | null
}

/** @throws EncryptionSdkError `invalid`; `unsupported` for PKCS1 where the platform lacks it */
export function rawRsaKeyring(options: RawRsaKeyringOptions): Keyring {
  const { keyNamespace, keyName, padding } = options
  assertRawKeyNames(options)
  if (!Object.hasOwn(paddings, padding)) {
    throw new EncryptionSdkError('invalid', `There is no RSA padding ${padding}.`)
  }
  const { wrap, unwrap } = cipherOf(options)
  if (!wrap && !unwrap) {
    throw new EncryptionSdkError(
      'invalid',
      'A raw RSA keyring has a public key, a private key, or both.',
    )
  }
  const providerInfo = encodeUtf8(keyName)
  return {
    async onEncrypt(materials) {
      if (!wrap)
        throw new EncryptionSdkError('invalid', 'Without a public key nothing is encrypted.')
      const dataKey = dataKeyFor(materials)
      const ciphertext = await wrap(dataKey)
      return withDataKey(materials, dataKey, { providerId: keyNamespace, providerInfo, ciphertext })
    },
    async onDecrypt(materials, encryptedDataKeys) {
      if (!unwrap)
        throw new EncryptionSdkError('invalid', 'Without a private key nothing is decrypted.')
      return openDataKey(materials, encryptedDataKeys, (dataKey) =>
        dataKey.providerId === keyNamespace && equalBytes(dataKey.providerInfo, providerInfo)
          ? () => unwrap(dataKey.ciphertext)
          : null,
      )
    },
  }
}

function cipherOf(options: RawRsaKeyringOptions): RsaCipher {
  if (options.padding === 'PKCS1') return pkcs1Cipher(options.publicKey, options.privateKey)
  return oaepCipher(paddings[options.padding], options.publicKey, options.privateKey)
}

function pkcs1Cipher(publicKey?: string, privateKey?: string): RsaCipher {
  const encrypt = publicKey === undefined ? null : pkcs1Encryption(publicKey)
  const decrypt = privateKey === undefined ? null : pkcs1Decryption(privateKey)
  return {
    wrap: encrypt && (async (dataKey) => encrypt(dataKey)),
    unwrap: decrypt && (async (ciphertext) => decrypt(ciphertext)),
  }
}

function oaepCipher(
  hash: OaepHash,
  publicKey?: CryptoKey | string,
  privateKey?: CryptoKey | string,
): RsaCipher {
  const wrapping = publicKey === undefined ? null : oaepKey(publicKey, hash, 'encrypt')
  const opening = privateKey === undefined ? null : oaepKey(privateKey, hash, 'decrypt')
  return {
    wrap: wrapping && (async (dataKey) => oaepEncrypt(await wrapping(), dataKey)),
    unwrap: opening && (async (ciphertext) => oaepDecrypt(await opening(), ciphertext)),
  }
}
