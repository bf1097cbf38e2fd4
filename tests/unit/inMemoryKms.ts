// A small KMS for the tests of keyrings: real AES-GCM under keys it holds, context as additional data,
// answers in KMS's own shape. Not a test itself.

import type { Bytes } from '../../src/codec/bytes.ts'
import { concatBytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import type { KmsClient } from '../../src/encryption-sdk/index.ts'

export const arn = (name: string): string => `arn:aws:kms:browser-1:123456789012:key/${name}`

const additionalData = (context: Readonly<Record<string, string>>): Bytes =>
  encodeUtf8(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))))

export interface InMemoryKms extends KmsClient {
  /** The operations that were asked for, with their key ids, in order. */
  readonly calls: readonly string[]
}

export async function inMemoryKms(...names: readonly string[]): Promise<InMemoryKms> {
  const algorithm = { name: 'AES-GCM', length: 256 }
  const keys = new Map<string, CryptoKey>()
  for (const name of names) {
    keys.set(arn(name), await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']))
  }
  const calls: string[] = []
  const keyOf = (operation: string, KeyId: string) => {
    calls.push(`${operation} ${KeyId}`)
    const key = keys.get(KeyId)
    if (!key) throw new Error(`NotFoundException: ${KeyId}`)
    return key
  }
  const seal = async (key: CryptoKey, plaintext: Bytes, context: Record<string, string>) => {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const parameters = { name: 'AES-GCM', iv, additionalData: additionalData(context) }
    return concatBytes(iv, new Uint8Array(await crypto.subtle.encrypt(parameters, key, plaintext)))
  }
  return {
    calls,
    async generateDataKey({ KeyId, NumberOfBytes, EncryptionContext }) {
      const key = keyOf('GenerateDataKey', KeyId)
      const Plaintext = crypto.getRandomValues(new Uint8Array(NumberOfBytes))
      return { KeyId, Plaintext, CiphertextBlob: await seal(key, Plaintext, EncryptionContext) }
    },
    async encrypt({ KeyId, Plaintext, EncryptionContext }) {
      const key = keyOf('Encrypt', KeyId)
      return { KeyId, CiphertextBlob: await seal(key, Plaintext, EncryptionContext) }
    },
    async decrypt({ KeyId, CiphertextBlob, EncryptionContext }) {
      const key = keyOf('Decrypt', KeyId)
      const iv = CiphertextBlob.subarray(0, 12)
      const parameters = { name: 'AES-GCM', iv, additionalData: additionalData(EncryptionContext) }
      const opened = await crypto.subtle.decrypt(parameters, key, CiphertextBlob.subarray(12))
      return { KeyId, Plaintext: new Uint8Array(opened) }
    },
  }
}
