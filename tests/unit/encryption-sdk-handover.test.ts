// Design section 4, "Bulk lane": header and keys of one message made by one side, its body by another.

import { describe, expect, it } from 'vitest'
import { openInPlace, sealInPlace } from '../../src/encryption-sdk/handedOver.ts'
import { openStreamInPlace, sealStreamInPlace } from '../../src/encryption-sdk/handedOverStreams.ts'
import {
  buildClient,
  CommitmentPolicy,
  rawAesKeyring,
  type SuiteId,
  suites,
} from '../../src/encryption-sdk/index.ts'
import { newKeyTaker, wrapFor } from '../../src/encryption-sdk/keyHandover.ts'
import { suiteOf } from '../../src/encryption-sdk/suites.ts'
import { throughStream } from './throughStream.ts'

const keyring = rawAesKeyring({
  keyNamespace: 'test',
  keyName: 'handover',
  wrappingKey: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]),
})
const { FORBID_ENCRYPT_ALLOW_DECRYPT, REQUIRE_ENCRYPT_REQUIRE_DECRYPT } = CommitmentPolicy
const old = buildClient({ commitmentPolicy: FORBID_ENCRYPT_ALLOW_DECRYPT })
const current = buildClient({ commitmentPolicy: REQUIRE_ENCRYPT_REQUIRE_DECRYPT })
const clientFor = (suiteId: number) => (suiteOf(suiteId).messageFormat === 1 ? old : current)

const all = Object.values(suites)
const handed = all.filter(({ dataKeyBytes }) => dataKeyBytes !== 24)
const plaintext = crypto.getRandomValues(new Uint8Array(50_000))
const encryptionContext = { purpose: 'handover' }

const seal = (suiteId: SuiteId, content = plaintext) =>
  sealInPlace(async (recipient) => {
    const options = { suiteId, encryptionContext, frameLength: 4096 }
    return clientFor(suiteId).startFor(keyring, recipient, options)
  }, content)

const askToOpen = (suiteId: number) => async (header: Uint8Array, recipient: Uint8Array) =>
  (await clientFor(suiteId).openFor(keyring, recipient, header)).handover

describe.each(handed)('$name', ({ id }) => {
  it('a body made in place is an ordinary message', async () => {
    const message = await seal(id)
    const read = await clientFor(id).decrypt(keyring, message)
    expect(read.plaintext).toEqual(plaintext)
    expect(read.messageHeader.encryptionContext).toMatchObject(encryptionContext)
  })

  it('an ordinary message is opened in place, at any size', async () => {
    for (const size of [0, 1, 4095, 4096, 4097, 50_000]) {
      const content = plaintext.slice(0, size)
      const { result } = await clientFor(id).encrypt(keyring, content, { suiteId: id })
      expect(await openInPlace(askToOpen(id), result)).toEqual(content)
    }
  })

  it('streams', async () => {
    const { result } = await clientFor(id).encrypt(keyring, plaintext, { suiteId: id })
    const stream = openStreamInPlace(askToOpen(id), {})
    expect(await throughStream(stream, [result])).toEqual({ out: plaintext, code: 'whole' })
  })

  it('shows nothing of a message whose end was changed', async () => {
    const message = await seal(id)
    message[message.byteLength - 1] = (message.at(-1) ?? 0) ^ 1
    await expect(openInPlace(askToOpen(id), message)).rejects.toMatchObject({
      code: expect.stringMatching(/^(authentication|signature)$/),
    })
  })
})

it('streams of unsigned suites are made in place', async () => {
  const stream = sealStreamInPlace(
    (recipient) => current.startFor(keyring, recipient, { suiteId: 0x0478 }),
    plaintext.byteLength,
  )
  const { out: message } = await throughStream(stream, [plaintext])
  expect((await current.decrypt(keyring, message)).plaintext).toEqual(plaintext)
})

it('keys of 192 bits are not handed over, either way', async () => {
  for (const { id } of all.filter(({ dataKeyBytes }) => dataKeyBytes === 24)) {
    await expect(seal(id)).rejects.toMatchObject({ code: 'unsupported' })
    const { result } = await old.encrypt(keyring, plaintext, { suiteId: id })
    await expect(openInPlace(askToOpen(id), result)).rejects.toMatchObject({ code: 'unsupported' })
  }
})

it('what the giver refuses is refused', async () => {
  const message = await seal(0x0578)
  message[40] = (message[40] ?? 0) ^ 1
  await expect(openInPlace(askToOpen(0x0578), message)).rejects.toThrow()
})

describe('the handover', () => {
  const suite = suiteOf(0x0578)
  const aes = { name: 'AES-GCM', length: 256 }
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-384' }
  const messageKey = () => crypto.subtle.generateKey(aes, true, ['encrypt', 'decrypt'])

  it('gives keys that cannot be read, each for one thing', async () => {
    const taker = await newKeyTaker()
    const signing = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
    const handover = await wrapFor(taker.publicKey, await messageKey(), signing.privateKey)
    const taken = await taker.take(handover, suite, 'encrypt')
    expect([taken.messageKey.extractable, taken.signingKey?.extractable]).toEqual([false, false])
    expect([taken.messageKey.usages, taken.signingKey?.usages]).toEqual([['encrypt'], ['sign']])
    const opening = await taker.take(handover, suite, 'decrypt')
    expect([opening.messageKey.usages, opening.signingKey]).toEqual([['decrypt'], null])
  })

  it('is of no use to anybody else, and every byte of it counts', async () => {
    const taker = await newKeyTaker()
    const handover = await wrapFor(taker.publicKey, await messageKey(), null)
    const other = await newKeyTaker()
    const malformed = { code: 'malformed' }
    await expect(other.take(handover, suite, 'decrypt')).rejects.toMatchObject(malformed)
    for (let at = 0; at < handover.byteLength; at++) {
      const changed = handover.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(taker.take(changed, suite, 'decrypt')).rejects.toMatchObject(malformed)
      await expect(taker.take(handover.slice(0, at), suite, 'decrypt')).rejects.toMatchObject(
        malformed,
      )
    }
  })

  it('is made for points of the curve alone', async () => {
    for (const point of [new Uint8Array(65), new Uint8Array(65).fill(4), new Uint8Array(64)]) {
      await expect(wrapFor(point, await messageKey(), null)).rejects.toMatchObject({
        code: 'invalid',
      })
    }
  })
})
