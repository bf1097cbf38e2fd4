// aws-encryption-sdk-python's key-commitment vectors (commitmentVectors.ts), through every path.

import { describe, expect, test } from 'vitest'
import { decodeBase64, encodeBase64 } from '../../src/codec/text.ts'
import {
  decrypt,
  decryptStream,
  describeMessage,
  type Keyring,
} from '../../src/encryption-sdk/index.ts'
import { pieces, throughStream } from '../unit/throughStream.ts'
import { commitmentFile, readCommitmentVectors } from './commitmentVectors.ts'
import { describeVectors } from './folder.ts'

/** Hands out the data key the vector gives, as a keyring that opened it would. */
const giving = (plaintextDataKey: Uint8Array<ArrayBuffer>): Keyring => ({
  onEncrypt: async (materials) => materials,
  onDecrypt: async (materials) => ({ ...materials, plaintextDataKey }),
})

describeVectors(commitmentFile, () => {
  const { good, bad } = readCommitmentVectors()

  test('are all there', () => {
    expect(good).toHaveLength(41)
    expect(bad).toHaveLength(5)
  })

  test.each(good.map((vector) => [vector.comment, vector] as const))('%s', async (_, vector) => {
    const keyring = giving(decodeBase64(vector['decrypted-dek']))
    const message = decodeBase64(vector.ciphertext)
    const { plaintext, messageHeader } = await decrypt(keyring, message)
    expect(new TextDecoder().decode(plaintext)).toBe(vector['plaintext-frames'].join(''))
    expect(encodeBase64(messageHeader.messageId)).toBe(vector['message-id'])
    expect(encodeBase64(messageHeader.commitment)).toBe(vector.commitment)
    expect({ ...messageHeader.encryptionContext }).toEqual(vector['encryption-context'])
    expect(describeMessage(message).suiteId).toBe(messageHeader.suiteId)
    for (const size of [message.byteLength, 1]) {
      const { out, code } = await throughStream(decryptStream(keyring), pieces(message, size))
      expect(code).toBe('whole')
      expect(out).toEqual(plaintext)
    }
  })

  test.each(bad.map((vector) => [vector.comment, vector] as const))('%s', async (_, vector) => {
    const keyring = giving(decodeBase64(vector['decrypted-dek']))
    const message = decodeBase64(vector.ciphertext)
    await expect(decrypt(keyring, message)).rejects.toMatchObject({
      name: 'EncryptionSdkError',
      code: 'commitment',
    })
    for (const size of [message.byteLength, 1]) {
      const { out, code } = await throughStream(decryptStream(keyring), pieces(message, size))
      expect(code).toBe('commitment')
      expect(out).toHaveLength(0)
    }
  })

  describe('cut at each length', () => {
    const signed = good.find(({ comment }) => comment.includes('ECDSA'))
    const block = good.find(({ comment }) => comment.includes('unframed'))

    test.each([signed, block].map((vector) => [vector?.comment, vector] as const))(
      '%s',
      async (_, vector) => {
        if (!vector) throw new Error('no such vector')
        const keyring = giving(decodeBase64(vector['decrypted-dek']))
        const message = decodeBase64(vector.ciphertext)
        for (let length = 0; length < message.byteLength; length++) {
          await expect(decrypt(keyring, message.subarray(0, length))).rejects.toMatchObject({
            code: 'truncated',
          })
        }
      },
    )
  })
})
