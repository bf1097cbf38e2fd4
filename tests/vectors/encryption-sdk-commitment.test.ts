// aws-encryption-sdk-python's key-commitment vectors: messages with the data key in clear. Each is read
// as is, byte by byte cut, and its header and frames are compared with what the vector says.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeBase64, encodeBase64 } from '../../src/codec/text.ts'
import { decrypt, type Keyring } from '../../src/encryption-sdk/index.ts'

const folder = process.env['KEYHEARTH_VECTORS'] ?? join(import.meta.dirname, '../../../shared/vectors')
const file = join(folder, 'encryption-sdk/commitment.json')

interface Vector {
  readonly ciphertext: string
  readonly commitment: string
  readonly 'decrypted-dek': string
  readonly 'encryption-context': Record<string, string>
  readonly 'message-id': string
  readonly 'plaintext-frames': string[]
  readonly status: boolean
  readonly comment: string
}

/** Hands out the data key the vector gives, as a keyring that opened it would. */
const giving = (plaintextDataKey: Uint8Array<ArrayBuffer>): Keyring => ({
  onEncrypt: async (materials) => materials,
  onDecrypt: async (materials) => ({ ...materials, plaintextDataKey }),
})

if (!existsSync(file)) {
  test.skip(`no vectors at ${folder}: set KEYHEARTH_VECTORS to the folder that has them`, () => {})
} else {
  const { tests } = JSON.parse(readFileSync(file, 'utf8')) as { tests: Vector[] }

  describe('key-commitment vectors', () => {
    test('are all there', () => {
      expect(tests.filter(({ status }) => status)).toHaveLength(41)
      expect(tests.filter(({ status }) => !status)).toHaveLength(5)
    })

    test.each(tests.map((vector, i) => [i + 1, vector.comment, vector] as const))(
      '%i: %s',
      async (_number, _comment, vector) => {
        const keyring = giving(decodeBase64(vector['decrypted-dek']))
        const message = decodeBase64(vector.ciphertext)
        if (!vector.status) {
          await expect(decrypt(keyring, message)).rejects.toMatchObject({
            name: 'EncryptionSdkError',
          })
          return
        }
        const { plaintext, messageHeader } = await decrypt(keyring, message)
        expect(new TextDecoder().decode(plaintext)).toBe(vector['plaintext-frames'].join(''))
        expect(encodeBase64(messageHeader.messageId)).toBe(vector['message-id'])
        expect(encodeBase64(messageHeader.commitment)).toBe(vector.commitment)
        expect({ ...messageHeader.encryptionContext }).toMatchObject(vector['encryption-context'])
      },
    )
  })
}
