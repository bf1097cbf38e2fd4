// Messages of AWS's .NET library 4.0.1; of 4.0.0, which wrote some headers wrongly; and of format 1 from
// the cross-library collection.

import { describe, expect, test } from 'vitest'
import {
  buildClient,
  CommitmentPolicy,
  decrypt,
  describeMessage,
  suites,
} from '../../src/encryption-sdk/index.ts'
import { pieces, throughStream } from '../unit/throughStream.ts'
import { readNetMessages, readOldMessages, type TestMessage } from './encryptionSdkMessages.ts'
import { describeVectors } from './folder.ts'

const client = buildClient({ commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT })
const allSuites = Object.values(suites).map(({ id }) => id.toString(16).padStart(4, '0'))
const oldSuites = allSuites.slice(0, 9)
const commits = ({ suite }: TestMessage) => !oldSuites.includes(suite)
const suitesOf = (messages: readonly TestMessage[]) =>
  [...new Set(messages.map(({ suite }) => suite))].sort()

async function opens({ message, plaintext, encryptionContext, cmm, suite }: TestMessage) {
  const opened = await client.decrypt(cmm, message, { encryptionContext })
  expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0)
  expect(describeMessage(message).suiteId).toBe(Number.parseInt(suite, 16))
  // As one piece and byte by byte.
  for (const size of [message.byteLength, 1]) {
    const through = client.decryptStream(cmm, { encryptionContext })
    const { out, code } = await throughStream(through, pieces(message, size))
    expect(code).toBe('whole')
    expect(Buffer.compare(out, plaintext)).toBe(0)
  }
}

const net = 'encryption-sdk/v4-Net-4.0.1'
describeVectors(net, () => {
  const all = readNetMessages(net)

  test('are all there', () => {
    expect(all).toHaveLength(52)
    expect(suitesOf(all)).toEqual(allSuites)
  })

  test.each(all)('$name opens', opens)

  test.each(all.filter((one) => Object.keys(one.encryptionContext).length > 0))(
    '$name opens with no other context',
    async ({ message, cmm, encryptionContext }) => {
      const other = { ...encryptionContext, key1: 'another' }
      await expect(
        client.decrypt(cmm, message, { encryptionContext: other }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^(context|no-key|authentication)$/) })
    },
  )
})

const wrong = 'encryption-sdk/invalid-Net-4.0.0'
describeVectors(wrong, () => {
  const all = readNetMessages(wrong)

  test('are all there', () => {
    expect(all).toHaveLength(14)
  })

  test.each(all)('$name is refused', async ({ message, cmm, encryptionContext }) => {
    await expect(client.decrypt(cmm, message, { encryptionContext })).rejects.toMatchObject({
      name: 'EncryptionSdkError',
      code: 'authentication',
    })
    for (const size of [message.byteLength, 1]) {
      const through = client.decryptStream(cmm, { encryptionContext })
      const { out, code } = await throughStream(through, pieces(message, size))
      expect(code).toBe('authentication')
      expect(out).toHaveLength(0)
    }
  })
})

const old = 'encryption-sdk/v1'
describeVectors(old, () => {
  const all = readOldMessages(old)

  test('are all there', () => {
    expect(all).toHaveLength(237)
    expect(suitesOf(all)).toEqual(oldSuites)
  })

  test.each(all)('$name opens', opens)
})

describe('a policy that requires commitment', () => {
  describeVectors(net, () => {
    test('refuses messages that do not commit, and names their suite', async () => {
      const all = readNetMessages(net)
      for (const { message, cmm, suite } of all.filter((one) => !commits(one))) {
        await expect(decrypt(cmm, message)).rejects.toMatchObject({
          code: 'unsupported',
          message: expect.stringContaining(suite),
        })
      }
    })
  })
})
