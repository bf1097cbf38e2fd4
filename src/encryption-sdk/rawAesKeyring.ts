// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the raw AES keyring (framework/raw-aes-keyring.md): data keys under an AES-GCM key one holds.

import { type Bytes, concatBytes, equalBytes, uint32, unshared } from '../codec/bytes.ts'
import { Reader } from '../codec/reader.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { importAesGcm } from './aesGcm.ts'
import { dataKeyFor, openDataKey, withDataKey } from './dataKeys.ts'
import {
  type EncryptionContext,
  serialiseContext,
  serialisedContexts,
} from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import type { Keyring } from './materials.ts'
import { assertRawKeyNames, type RawKeyNames } from './rawKeyOptions.ts'
import { ivBytes, tagBytes } from './suites.ts'
import { type AesGcm, webCryptoGcm } from './webCryptoGcm.ts'

export interface RawAesKeyringOptions extends RawKeyNames {
  /**
   * AES-GCM for encrypt and decrypt; or its 16, 24 or 32 random bytes, which are copied. A CryptoKey that
   * cannot be read is the better: bytes stay in JavaScript wherever the caller has them, and those of
   * AES-192 also here where WebCrypto does not have it (Chromium).
   */
  readonly wrappingKey: CryptoKey | Uint8Array
}

const tagBits = tagBytes * 8

/** Provider info: key name, bits of tag, bytes of IV, IV (raw-aes-keyring.md, "Key Provider Information"). */
const providerInfo = (keyName: string, iv: Bytes): Bytes =>
  concatBytes(encodeUtf8(keyName), uint32(tagBits), uint32(ivBytes), iv)

/** The IV of a data key that is this keyring's, else `null`. */
function ivOf(dataKey: EncryptedDataKey, { keyNamespace, keyName }: RawKeyNames): Bytes | null {
  const name = encodeUtf8(keyName)
  const { providerId, providerInfo: info } = dataKey
  if (providerId !== keyNamespace || info.byteLength !== name.byteLength + 8 + ivBytes) return null
  const reader = new Reader(info)
  const same = equalBytes(reader.view(name.byteLength), name)
  return same && reader.uint32() === tagBits && reader.uint32() === ivBytes
    ? reader.bytes(ivBytes)
    : null
}

/** @throws EncryptionSdkError `invalid` */
export function rawAesKeyring({
  keyNamespace,
  keyName,
  wrappingKey,
}: RawAesKeyringOptions): Keyring {
  const names = { keyNamespace, keyName }
  assertRawKeyNames(names)
  const cipherOnce = cipherOf(wrappingKey)
  return {
    async onEncrypt(materials) {
      const dataKey = dataKeyFor(materials)
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
      const cipher = await cipherOnce()
      const context = serialiseContext(materials.encryptionContext)
      return withDataKey(materials, dataKey, {
        providerId: keyNamespace,
        providerInfo: providerInfo(keyName, iv),
        ciphertext: await cipher.seal(iv, context, dataKey),
      })
    },
    onDecrypt: (materials, encryptedDataKeys) =>
      openDataKey(materials, encryptedDataKeys, (dataKey) => {
        const iv = ivOf(dataKey, names)
        return (
          iv &&
          (async () =>
            unwrap(await cipherOnce(), iv, materials.encryptionContext, dataKey.ciphertext))
        )
      }),
  }
}

async function unwrap(
  cipher: AesGcm,
  iv: Bytes,
  context: EncryptionContext,
  ciphertext: Bytes,
): Promise<Bytes> {
  for (const additionalData of serialisedContexts(context)) {
    try {
      return await cipher.open(iv, additionalData, ciphertext)
    } catch {
      // WebCrypto's reason has no words.
    }
  }
  throw new EncryptionSdkError(
    'no-key',
    'Not under this wrapping key with this encryption context.',
  )
}

/** @throws EncryptionSdkError `invalid` */
function cipherOf(wrappingKey: CryptoKey | Uint8Array): () => Promise<AesGcm> {
  if (wrappingKey instanceof Uint8Array) {
    if (![16, 24, 32].includes(wrappingKey.byteLength)) {
      throw new EncryptionSdkError('invalid', 'A wrapping key has 16, 24 or 32 bytes.')
    }
    const cipher = importAesGcm(unshared(wrappingKey.slice()), 'encrypt', 'decrypt')
    return () => cipher
  }
  const { algorithm, usages } = wrappingKey
  const fits = algorithm.name === 'AES-GCM' && usages.includes('encrypt')
  if (!fits || !usages.includes('decrypt')) {
    throw new EncryptionSdkError('invalid', 'The wrapping key is not for AES-GCM both ways.')
  }
  const cipher = webCryptoGcm(wrappingKey)
  return async () => cipher
}
