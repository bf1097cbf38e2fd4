// The grammar of messages, written by somebody who holds the keys and follows the format mostly: each tag
// and signature is genuine, each field is now and then another than it should be.

import fc from 'fast-check'
import { type Bytes, concatBytes, uint16, uint32, uint64 } from '../../src/codec/bytes.ts'
import { encodeBase64, encodeUtf8 } from '../../src/codec/text.ts'
import { makeHeaderTag } from '../../src/encryption-sdk/headerTag.ts'
import { type Keyring, type Suite, suites } from '../../src/encryption-sdk/index.ts'
import { deriveMessageKey } from '../../src/encryption-sdk/messageKey.ts'
import { generateSigningKey, signMessage } from '../../src/encryption-sdk/signature.ts'
import type { AesGcm } from '../../src/encryption-sdk/webCryptoGcm.ts'

const dataKey = new Uint8Array(32).fill(7)
export const keyring: Keyring = {
  onEncrypt: async (materials) => materials,
  onDecrypt: async (materials) => ({
    ...materials,
    plaintextDataKey: dataKey.slice(0, materials.suite.dataKeyBytes),
  }),
}

const newSigner = (id: 0x0214 | 0x0578) => generateSigningKey(suites[id].signature)
const signers = { 'P-256': await newSigner(0x0214), 'P-384': await newSigner(0x0578) }

interface FrameShape {
  readonly final: boolean
  /** Away from where it belongs. */
  readonly shift: number
  readonly bytes: number
}

interface Shape {
  readonly suite: Suite
  readonly version: number
  readonly type: number
  readonly suiteId: number
  readonly pairs: readonly (readonly [string, string])[]
  readonly pairCount: number
  readonly contextBytes: number
  readonly publicKey: 'own' | 'none' | 'loose base64'
  readonly dataKeys: number
  readonly dataKeyCount: number
  readonly contentType: number
  readonly reserved: number
  readonly ivLength: number
  readonly frameLength: number
  readonly frames: readonly FrameShape[]
  readonly signatureBytes: number
  readonly trailing: number
}

/** The value that belongs there, and once in a while another one. */
const mostly = <T>(value: T, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: odd })

const edges16 = fc.constantFrom(0, 1, 2, 0x7fff, 0xfffe, 0xffff)
const edges32 = fc.constantFrom(0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff)
const byte = fc.integer({ min: 0, max: 255 })
const signed = (suite: Suite) => suite.signature !== null

const frames = (frameLength: number): fc.Arbitrary<readonly FrameShape[]> =>
  fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: frameLength }))
    .chain(([count, last]) => {
      const shift = mostly(0, fc.constantFrom(-1, 1, 2, -2))
      const regular = fc.record({
        final: mostly(false, fc.constant(true)),
        shift,
        bytes: mostly(frameLength, fc.integer({ min: 0, max: 2 * frameLength })),
      })
      const final = fc.record({
        final: mostly(true, fc.constant(false)),
        shift,
        bytes: mostly(last, fc.integer({ min: 0, max: 2 * frameLength })),
      })
      const rest = mostly(1, fc.constantFrom(0, 2))
      return fc
        .tuple(fc.array(regular, { minLength: count, maxLength: count }), rest)
        .chain(([head, finals]) =>
          fc
            .array(final, { minLength: finals, maxLength: finals })
            .map((tail) => [...head, ...tail]),
        )
    })

const text = fc.string({ unit: 'binary', maxLength: 12 })

export const shapes: fc.Arbitrary<Shape> = fc
  .record({
    suite: fc.constantFrom<Suite>(...Object.values(suites)),
    pairs: fc.array(fc.tuple(text, text), { maxLength: 4 }),
    dataKeys: mostly(1, fc.constantFrom(0, 2, 300)),
    frameLength: fc.integer({ min: 1, max: 60 }),
  })
  .chain(({ suite, pairs, dataKeys, frameLength }) =>
    fc.record({
      suite: fc.constant(suite),
      pairs: fc.constant(pairs),
      dataKeys: fc.constant(dataKeys),
      version: mostly<number>(suite.messageFormat, byte),
      type: mostly(0x80, byte),
      suiteId: mostly<number>(suite.id, fc.oneof(edges16, fc.constantFrom(0x0378, 0x0478, 0x0578))),
      // Behind the reserved pair of a signed message.
      pairCount: mostly(pairs.length + (signed(suite) ? 1 : 0), edges16),
      contextBytes: mostly(-1, edges16),
      publicKey: mostly<Shape['publicKey']>(
        signed(suite) ? 'own' : 'none',
        fc.constantFrom<Shape['publicKey']>('own', 'none', 'loose base64'),
      ),
      dataKeyCount: mostly(dataKeys, edges16),
      contentType: mostly(2, fc.constantFrom(0, 1, 3, 255)),
      reserved: mostly(0, byte),
      ivLength: mostly(12, byte),
      frameLength: mostly(frameLength, edges32),
      frames: frames(frameLength),
      signatureBytes: mostly(-1, edges16),
      trailing: mostly(0, fc.integer({ min: 1, max: 5 })),
    }),
  )

const field = (bytes: Uint8Array) => concatBytes(uint16(bytes.byteLength), bytes)

function contextOf({ suite, publicKey, pairs, pairCount, contextBytes }: Shape): Bytes {
  const { curve } = suite.signature ?? { curve: 'P-384' as const }
  const own = encodeBase64(signers[curve].publicKey)
  const value = publicKey === 'own' ? own : `${own.slice(0, -1)}\n`
  const named = publicKey === 'none' ? [] : [['aws-crypto-public-key', value] as const]
  const all = [...named, ...pairs].flatMap((pair) => pair.map((part) => field(encodeUtf8(part))))
  const bytes = all.length === 0 ? new Uint8Array(0) : concatBytes(uint16(pairCount), ...all)
  return concatBytes(uint16(contextBytes < 0 ? bytes.byteLength : contextBytes), bytes)
}

async function frameBytes(
  cipher: AesGcm,
  messageId: Bytes,
  { final, shift, bytes }: FrameShape,
  number: number,
): Promise<Bytes> {
  const sequence = uint32(Math.max(0, number + shift))
  const iv = concatBytes(new Uint8Array(8), sequence)
  const label = final ? 'AWSKMSEncryptionClient Final Frame' : 'AWSKMSEncryptionClient Frame'
  const additionalData = concatBytes(messageId, encodeUtf8(label), sequence, uint64(bytes))
  const sealed = await cipher.seal(iv, additionalData, contentOf(number, bytes))
  return final
    ? concatBytes(uint32(0xffff_ffff), sequence, iv, uint32(bytes), sealed)
    : concatBytes(sequence, iv, sealed)
}

const contentOf = (number: number, bytes: number): Bytes => new Uint8Array(bytes).fill(number)

/** What the message says if it is in order. */
export const plaintextOf = ({ frames }: Shape): Bytes =>
  concatBytes(...frames.map(({ bytes }, i) => contentOf(i + 1, bytes)))

export async function write(shape: Shape): Promise<Bytes> {
  const { suite } = shape
  const messageId = new Uint8Array(suite.messageIdBytes).fill(1)
  const key = dataKey.slice(0, suite.dataKeyBytes)
  const { cipher, commitment } = await deriveMessageKey(suite, key, messageId, 'encrypt')
  const old = suite.messageFormat === 1
  const dataKeyField = concatBytes(field(encodeUtf8('p')), field(messageId), field(messageId))
  const header = concatBytes(
    Uint8Array.of(shape.version, ...(old ? [shape.type] : [])),
    uint16(shape.suiteId),
    messageId,
    contextOf(shape),
    uint16(shape.dataKeyCount),
    ...Array.from({ length: shape.dataKeys }, () => dataKeyField),
    Uint8Array.of(shape.contentType),
    old ? Uint8Array.of(shape.reserved, 0, 0, 0, shape.ivLength) : new Uint8Array(0),
    uint32(shape.frameLength),
    commitment,
  )
  const body = await Promise.all(
    shape.frames.map((frame, i) => frameBytes(cipher, messageId, frame, i + 1)),
  )
  const signedBytes = concatBytes(header, await makeHeaderTag(suite, cipher, header), ...body)
  return concatBytes(
    signedBytes,
    await footerOf(shape, signedBytes),
    new Uint8Array(shape.trailing),
  )
}

async function footerOf({ suite: { signature }, signatureBytes }: Shape, signedBytes: Bytes) {
  if (!signature) return new Uint8Array(0)
  const der = await signMessage(signature, signers[signature.curve].privateKey, signedBytes)
  return concatBytes(uint16(signatureBytes < 0 ? der.byteLength : signatureBytes), der)
}
