// Data keys that AWS's Java library wrapped under a branch key, in items of its Database Encryption SDK:
// there each stands behind 48 bytes of that library's own, and wraps an intermediate key
// (structured-encryption/header.md; aws-kms-hierarchical-keyring.md).

import { expect, test } from 'vitest'
import { Reader } from '../../src/codec/reader.ts'
import { decodeBase64, decodeUtf8, encodeBase64 } from '../../src/codec/text.ts'
import type { EncryptedDataKey } from '../../src/encryption-sdk/header.ts'
import {
  type BranchKeyStore,
  type EncryptionContext,
  importBranchKey,
  kmsHierarchicalKeyring,
  suites,
} from '../../src/encryption-sdk/index.ts'
import { describeVectors, readVectorJson } from './folder.ts'

interface StaticBranchKey {
  readonly 'key-id': string
  readonly branchKeyVersion: string
  readonly branchKey: string
}

interface Items {
  readonly tests: Record<
    string,
    {
      readonly type: string
      readonly encrypted?: { readonly aws_dbe_head?: { readonly B: string } }
      readonly plaintext?: { readonly RecNum?: unknown }
    }
  >
}

const intermediateBytes = 48

/** What version 1 of the header stores: context and data keys. */
function readHead(
  head: string,
): { context: EncryptionContext; dataKeys: EncryptedDataKey[] } | null {
  const reader = new Reader(decodeBase64(head))
  if (reader.uint8() !== 1) return null
  reader.bytes(1 + 32)
  reader.bytes16()
  const context: Record<string, string> = {}
  for (let left = reader.uint16(); left > 0; left--) {
    const key = decodeUtf8(reader.bytes16())
    context[key] = decodeUtf8(reader.bytes16())
  }
  const dataKeys = Array.from({ length: reader.uint8() }, () => ({
    providerId: decodeUtf8(reader.bytes16()),
    providerInfo: reader.bytes16(),
    ciphertext: reader.bytes16().slice(intermediateBytes),
  }))
  return { context, dataKeys }
}

/** What is not stored of the context: the table's names, and the key of the item (type N, then its digits). */
const baseContext = (recNum: unknown): EncryptionContext => ({
  'aws-crypto-table-name': 'GazelleVectorTable',
  'aws-crypto-partition-name': 'RecNum',
  'aws-crypto-attr.RecNum': encodeBase64(
    Uint8Array.of(0, 2, ...new TextEncoder().encode(`${recNum}`)),
  ),
})

const folder = 'database-encryption'
describeVectors(folder, () => {
  const { keys } = readVectorJson<{ keys: Record<string, StaticBranchKey> }>(
    `${folder}/mpl-keys.json`,
  )
  const held = keys['static-branch-key-1']
  if (!held) throw new Error('the branch key is not there')
  const { 'key-id': branchKeyId, branchKeyVersion } = held
  const give = async () => ({
    branchKeyId,
    branchKeyVersion,
    branchKey: await importBranchKey(decodeBase64(held.branchKey)),
  })
  const keyStore: BranchKeyStore = {
    logicalKeyStoreName: 'static',
    getActiveBranchKey: give,
    getBranchKeyVersion: give,
  }
  const keyring = kmsHierarchicalKeyring({ keyStore, branchKeyId, cacheLimitTtl: 60 })
  const unwrap = (encryptionContext: EncryptionContext, dataKeys: readonly EncryptedDataKey[]) =>
    keyring.onDecrypt(
      { suite: suites[1144], encryptionContext, plaintextDataKey: null, verificationKey: null },
      dataKeys,
    )

  test.each(['decrypt_java_32.json', 'decrypt_java_33.json'])('%s', async (file) => {
    const { tests } = readVectorJson<Items>(`${folder}/${file}`)
    let opened = 0
    for (const { type, encrypted, plaintext } of Object.values(tests)) {
      const head = encrypted?.aws_dbe_head && readHead(encrypted.aws_dbe_head.B)
      if (type !== 'positive-decrypt' || !head || plaintext?.RecNum === undefined) continue
      const context = { ...head.context, ...baseContext(plaintext.RecNum) }
      const { plaintextDataKey } = await unwrap(context, head.dataKeys)
      expect(plaintextDataKey).toHaveLength(32)
      const other = { ...context, 'aws-crypto-table-name': 'another' }
      await expect(unwrap(other, head.dataKeys)).rejects.toMatchObject({ code: 'no-key' })
      opened++
    }
    expect(opened).toBeGreaterThan(3)
  })
})
