// AWS's own JavaScript library against ours, both ways, in one process: raw AES and KMS keyrings, every
// suite, contexts that sort differently by language and by bytes.

import { buildDecrypt } from '@aws-crypto/decrypt-node'
import { buildEncrypt } from '@aws-crypto/encrypt-node'
import { type AwsEsdkKMSInterface, KmsKeyringClass } from '@aws-crypto/kms-keyring'
import {
  type AlgorithmSuiteIdentifier,
  immutableClass,
  KeyringNode,
  type Newable,
  type NodeAlgorithmSuite,
  CommitmentPolicy as TheirPolicy,
} from '@aws-crypto/material-management-node'
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/codec/bytes.ts'
import { encodeHex } from '../../src/codec/text.ts'
import {
  buildClient,
  CommitmentPolicy,
  kmsKeyring,
  multiKeyring,
  rawAesKeyring,
  type Suite,
  suites,
} from '../../src/encryption-sdk/index.ts'
import { arn, inMemoryKms } from '../unit/inMemoryKms.ts'

/** The same client twice, for a suite that commits and for one that does not. */
function clientsFor({ id, commitmentBytes }: Suite) {
  const commitmentPolicy =
    commitmentBytes > 0
      ? CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
      : CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
  const theirPolicy = TheirPolicy[commitmentPolicy]
  return {
    ours: buildClient({ commitmentPolicy }),
    theirs: { ...buildEncrypt(theirPolicy), ...buildDecrypt(theirPolicy) },
    // Their numbers are the format's as well.
    theirSuite: id as AlgorithmSuiteIdentifier,
  }
}

const contexts: Readonly<Record<string, Record<string, string>>> = {
  none: {},
  'one pair': { purpose: 'test' },
  'keys in upper and lower case': { a: '1', Z: '2', B: '3', b: '4', _: '5', 10: '6', 9: '7' },
  'keys beyond ASCII': { ä: '1', z: '2', Ω: '3', é: 'é', 日本: '語', e: '' },
  'keys beyond the basic plane': { '\u{1f511}': 'key', '\uff5e': 'tilde', '\ue000': 'private' },
}

/** As their `kms-keyring-node` makes it, without the network clients which that brings. */
class TheirKmsKeyring extends KmsKeyringClass<NodeAlgorithmSuite, AwsEsdkKMSInterface>(
  KeyringNode as Newable<KeyringNode>,
) {}
immutableClass(TheirKmsKeyring)

const sizes = [0, 1, 4095, 4096, 4097, 65_536, 65_537, 200_000]
const content = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff)
const same = (left: Uint8Array, right: Uint8Array) => expect(encodeHex(left)).toBe(encodeHex(right))

async function rawKeyrings(bytes: 16 | 32, utf8Sorting: boolean) {
  const keyNamespace = 'a namespace'
  const keyName = 'ä name'
  const material = crypto.getRandomValues(new Uint8Array(bytes))
  const usages = ['encrypt', 'decrypt'] as const
  const wrappingKey = await crypto.subtle.importKey('raw', material, 'AES-GCM', false, usages)
  const wrappingSuite =
    bytes === 16
      ? RawAesWrappingSuiteIdentifier.AES128_GCM_IV12_TAG16_NO_PADDING
      : RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING
  const unencryptedMasterKey = new Uint8Array(material)
  return {
    our: rawAesKeyring({ keyNamespace, keyName, wrappingKey }),
    their: new RawAesKeyringNode({
      keyNamespace,
      keyName,
      unencryptedMasterKey,
      wrappingSuite,
      utf8Sorting,
    }),
  }
}

describe.each(Object.values(suites))('$name', (suite) => {
  const { id: suiteId } = suite
  const { ours, theirs, theirSuite } = clientsFor(suite)

  describe.each(Object.entries(contexts))('context: %s', (_name, encryptionContext) => {
    test.each([16, 32] as const)('ours opens there, raw AES key of %i bytes', async (bytes) => {
      const { our, their } = await rawKeyrings(bytes, true)
      const { result } = await ours.encrypt(our, content(100), { suiteId, encryptionContext })
      const { plaintext, messageHeader } = await theirs.decrypt(their, result)
      same(plaintext, content(100))
      expect(messageHeader.encryptionContext).toMatchObject(encryptionContext)
    })

    test.each([
      ['by bytes', true],
      ['by language, their default', false],
    ] as const)('theirs opens here, sorted %s', async (_order, utf8Sorting) => {
      const { our, their } = await rawKeyrings(32, utf8Sorting)
      const options = { suiteId: theirSuite, encryptionContext }
      const { result } = await theirs.encrypt(their, content(100), options)
      const { plaintext, messageHeader } = await ours.decrypt(our, new Uint8Array(result))
      same(plaintext, content(100))
      expect(messageHeader.encryptionContext).toMatchObject(encryptionContext)
    })
  })

  test.each(sizes)('%i bytes both ways', async (length) => {
    const { our, their } = await rawKeyrings(32, true)
    const plaintext = content(length)
    const made = await ours.encrypt(our, plaintext, { suiteId })
    same((await theirs.decrypt(their, made.result)).plaintext, plaintext)
    const options = { suiteId: theirSuite }
    const other = await theirs.encrypt(their, plaintext, options)
    same((await ours.decrypt(our, new Uint8Array(other.result))).plaintext, plaintext)
  })

  test('any frame length both ways', async () => {
    const { our, their } = await rawKeyrings(32, true)
    const plaintext = content(1000)
    for (const frameLength of [1, 7, 999, 1000, 1001, 0xffff_ffff]) {
      const made = await ours.encrypt(our, plaintext, { suiteId, frameLength })
      same((await theirs.decrypt(their, made.result)).plaintext, plaintext)
      const options = { suiteId: theirSuite, frameLength }
      const other = await theirs.encrypt(their, plaintext, options)
      same((await ours.decrypt(our, new Uint8Array(other.result))).plaintext, plaintext)
    }
  })

  test('any size in frames of any length both ways', async () => {
    const { our, their } = await rawKeyrings(32, true)
    const size = fc.integer({ min: 0, max: 30_000 })
    const property = fc.asyncProperty(
      size,
      fc.integer({ min: 16, max: 9000 }),
      async (length, frameLength) => {
        const plaintext = content(length)
        const made = await ours.encrypt(our, plaintext, { suiteId, frameLength })
        same((await theirs.decrypt(their, made.result)).plaintext, plaintext)
        const other = await theirs.encrypt(their, plaintext, { suiteId: theirSuite, frameLength })
        same((await ours.decrypt(our, new Uint8Array(other.result))).plaintext, plaintext)
      },
    )
    await fc.assert(property, { numRuns: process.env['SLOW'] === '1' ? 300 : 8 })
  }, 120_000)

  test('KMS keys both ways, with two keys', async () => {
    const client = await inMemoryKms('one', 'two')
    const encryptionContext = { a: '1', Z: '2' }
    const keys = { generatorKeyId: arn('one'), keyIds: [arn('two')] }
    const our = kmsKeyring({ client, ...keys })
    // Their type leaves the context out where there is none; their code never does.
    const theirClient = client as unknown as AwsEsdkKMSInterface
    const their = new TheirKmsKeyring({ clientProvider: () => theirClient, ...keys })
    const made = await ours.encrypt(our, content(100), { suiteId, encryptionContext })
    same((await theirs.decrypt(their, made.result)).plaintext, content(100))
    const options = { suiteId: theirSuite, encryptionContext }
    const other = await theirs.encrypt(their, content(100), options)
    for (const name of ['one', 'two']) {
      const single = kmsKeyring({ client, keyIds: [arn(name)] })
      same((await ours.decrypt(single, new Uint8Array(other.result))).plaintext, content(100))
    }
    const found = kmsKeyring({ client, discovery: true })
    same((await ours.decrypt(found, new Uint8Array(other.result))).plaintext, content(100))
  })

  // A signature is over the recipients too.
  if (suite.signature === null)
    test('a recipient added later opens it there', async () => {
      const [first, second] = [await rawKeyrings(32, true), await rawKeyrings(16, true)]
      const { result } = await ours.encrypt(first.our, content(10_000), { suiteId })
      const { start, replacedBytes } = await ours.rekey(first.our, result, {
        add: second.our,
        nobodyElseHasTheOldMessage: true,
      })
      const message = concatBytes(start, result.subarray(replacedBytes))
      same((await theirs.decrypt(second.their, message)).plaintext, content(10_000))
    })

  test('several keyrings: each recipient opens it there', async () => {
    const [first, second] = [await rawKeyrings(32, true), await rawKeyrings(16, true)]
    const keyring = multiKeyring({ generator: first.our, children: [second.our] })
    const { result } = await ours.encrypt(keyring, content(100), { suiteId })
    same((await theirs.decrypt(first.their, result)).plaintext, content(100))
    same((await theirs.decrypt(second.their, result)).plaintext, content(100))
  })
})
