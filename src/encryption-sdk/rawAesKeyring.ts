// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the raw AES keyring (framework/raw-aes-keyring.md): data keys under an AES-GCM key one holds.

import { type Bytes, concatBytes, equalBytes, uint32 } from '../codec/bytes.ts'
import { Reader } from '../codec/reader.ts'
import { encodeUtf8 } from '../codec/text.ts'
import {
  type EncryptionContext,
  serialiseContext,
  serialiseContextByLocale,
} from './encryptionContext.ts'
import { EncryptionSdkError } from './errors.ts'
import type { EncryptedDataKey } from './header.ts'
import { kmsProviderId } from './kmsKeyring.ts'
import type { Keyring } from './materials.ts'
import { ivBytes, tagBytes } from './suites.ts'

export interface RawAesKeyringOptions {
  readonly keyNamespace: string
  readonly keyName: string
  /** AES-GCM, 128 or 256 bits (192 where the platform has it), for encrypt and decrypt. */
  readonly wrappingKey: CryptoKey
}

const tagBits = tagBytes * 8

/** Provider info: key name, bits of tag, bytes of IV, IV (raw-aes-keyring.md, "Key Provider Information"). */
const providerInfo = (keyName: string, iv: Bytes): Bytes =>
  concatBytes(encodeUtf8(keyName), uint32(tagBits), uint32(ivBytes), iv)

/** The IV of a data key that is this keyring's, else `null`. */
function ivOf(dataKey: EncryptedDataKey, { keyNamespace, keyName }: RawAesKeyringOptions) {
  const name = encodeUtf8(keyName)
  const { providerId, providerInfo: info } = dataKey
  if (providerId !== keyNamespace || info.byteLength !== name.byteLength + 8 + ivBytes) return null
  const reader = new Reader(info)
  const same = reader.view(name.byteLength).every((byte, i) => byte === name[i])
  return same && reader.uint32() === tagBits && reader.uint32() === ivBytes
    ? reader.bytes(ivBytes)
    : null
}

export function rawAesKeyring(options: RawAesKeyringOptions): Keyring {
  const { keyNamespace, keyName, wrappingKey } = options
  assertWrappingKey(wrappingKey)
  if (keyNamespace === kmsProviderId) {
    throw new EncryptionSdkError('invalid', `The namespace ${kmsProviderId} belongs to KMS keys.`)
  }
  const gcm = (iv: Bytes, additionalData: Bytes) => ({
    name: 'AES-GCM',
    iv,
    additionalData,
    tagLength: tagBits,
  })
  return {
    async onEncrypt(materials) {
      const { suite, encryptionContext } = materials
      const plaintextDataKey =
        materials.plaintextDataKey ?? crypto.getRandomValues(new Uint8Array(suite.dataKeyBytes))
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
      const parameters = gcm(iv, serialiseContext(encryptionContext))
      const sealed = await crypto.subtle.encrypt(parameters, wrappingKey, plaintextDataKey)
      const dataKey = {
        providerId: keyNamespace,
        providerInfo: providerInfo(keyName, iv),
        ciphertext: new Uint8Array(sealed),
      }
      const encryptedDataKeys = [...materials.encryptedDataKeys, dataKey]
      return { ...materials, plaintextDataKey, encryptedDataKeys }
    },
    async onDecrypt(materials, encryptedDataKeys) {
      if (materials.plaintextDataKey) return materials
      const causes: unknown[] = []
      for (const dataKey of encryptedDataKeys) {
        const iv = ivOf(dataKey, options)
        if (!iv) continue
        for (const aad of contextBytes(materials.encryptionContext)) {
          try {
            const { ciphertext } = dataKey
            const opened = await crypto.subtle.decrypt(gcm(iv, aad), wrappingKey, ciphertext)
            return { ...materials, plaintextDataKey: new Uint8Array(opened) }
          } catch (error) {
            causes.push(error)
          }
        }
      }
      if (causes.length === 0) return materials
      throw new EncryptionSdkError('no-key', 'The wrapping key did not open the message.', {
        causes,
      })
    },
  }
}

/** As the specification sorts the context, and as AWS's JavaScript library does where it sorts otherwise. */
function contextBytes(context: EncryptionContext): Bytes[] {
  const specified = serialiseContext(context)
  const byLocale = serialiseContextByLocale(context)
  return equalBytes(specified, byLocale) ? [specified] : [specified, byLocale]
}

function assertWrappingKey({ algorithm, usages }: CryptoKey): void {
  const fits = algorithm.name === 'AES-GCM' && usages.includes('encrypt')
  if (!fits || !usages.includes('decrypt')) {
    throw new EncryptionSdkError('invalid', 'The wrapping key is not for AES-GCM both ways.')
  }
}
