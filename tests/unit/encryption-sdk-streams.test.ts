// Streams: the same messages as in one piece, however the bytes come; nothing out that is not proven.

import { beforeAll, describe, expect, test } from 'vitest'
import { concatBytes, equalBytes } from '../../src/codec/bytes.ts'
import {
  buildClient,
  type Client,
  CommitmentPolicy,
  type Keyring,
  type MessageHeader,
  rawAesKeyring,
  type SuiteId,
  suites,
} from '../../src/encryption-sdk/index.ts'
import { pieces, throughStream } from './throughStream.ts'

const clientFor = (suiteId: SuiteId) =>
  buildClient({
    commitmentPolicy:
      suites[suiteId].commitmentBytes > 0
        ? CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
        : CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT,
  })
const client = clientFor(0x0578)
const frameLength = 100
const content = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff)

let keyring: Keyring
beforeAll(async () => {
  const algorithm = { name: 'AES-GCM', length: 256 }
  const wrappingKey = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
  keyring = rawAesKeyring({ keyNamespace: 'tests', keyName: 'one', wrappingKey })
})

const all = Object.values(suites)
const sizes = [0, 1, 99, 100, 101, 200, 5000]

describe.each(all)('$name', ({ id: suiteId, signature }) => {
  const { encrypt, decrypt, encryptStream, decryptStream }: Client = clientFor(suiteId)
  const options = { suiteId, frameLength }

  test.each(sizes)('%i bytes, in pieces of any size, come back', async (size) => {
    for (const piece of [1, 7, 100, 10_000]) {
      const made = await throughStream(
        encryptStream(keyring, options),
        pieces(content(size), piece),
      )
      expect(made.code).toBe('whole')
      expect((await decrypt(keyring, made.out)).plaintext).toEqual(content(size))
      const read = await throughStream(decryptStream(keyring), pieces(made.out, piece))
      expect(read).toEqual({ out: content(size), code: 'whole' })
    }
  })

  test('a stream makes as many bytes as are made in one piece', async () => {
    const whole = await encrypt(keyring, content(500), options)
    const { out } = await throughStream(encryptStream(keyring, options), [content(500)])
    // A DER signature is some bytes longer or shorter.
    expect(Math.abs(out.byteLength - whole.result.byteLength)).toBeLessThan(signature ? 8 : 1)
  })

  test('no cut passes, and none lets out what a signature should have proven', async () => {
    const { result } = await encrypt(keyring, content(250), options)
    for (let length = 0; length < result.byteLength; length++) {
      const { out, code } = await throughStream(decryptStream(keyring), [result.slice(0, length)])
      expect(code).toBe('truncated')
      expect(out.byteLength % frameLength, 'only whole frames').toBe(0)
      if (signature) expect(out.byteLength).toBe(0)
    }
  })

  test('bytes behind the end are refused', async () => {
    const { result } = await encrypt(keyring, content(250), options)
    const { code } = await throughStream(decryptStream(keyring), [result, Uint8Array.of(0)])
    expect(code).toBe('malformed')
  })
})

const signed = 0x0578
const unsigned = 0x0478

/** A message whose last byte of signature, or of tag, is another. */
async function spoilt(suiteId: SuiteId): Promise<Uint8Array> {
  const { result } = await client.encrypt(keyring, content(250), { suiteId, frameLength })
  result[result.byteLength - 1] = (result.at(-1) ?? 0) ^ 1
  return result
}

describe('the plaintext of a signed message', () => {
  test('stays inside when the signature does not hold', async () => {
    const read = await throughStream(client.decryptStream(keyring), [await spoilt(signed)])
    expect(read).toEqual({ out: new Uint8Array(0), code: 'signature' })
  })

  test('comes out before, where that is asked for, and the stream still fails', async () => {
    const options = { releasePlaintextBeforeSignature: true }
    const message = await spoilt(signed)
    const read = await throughStream(client.decryptStream(keyring, options), [message])
    expect(read).toEqual({ out: content(250), code: 'signature' })
  })

  test('is refused before, and after, when a frame is not authentic', async () => {
    const { result } = await client.encrypt(keyring, content(250), { suiteId: signed, frameLength })
    const at = result.byteLength - 200
    result[at] = (result[at] ?? 0) ^ 1
    for (const releasePlaintextBeforeSignature of [false, true]) {
      const options = { releasePlaintextBeforeSignature }
      const { code } = await throughStream(client.decryptStream(keyring, options), [result])
      expect(code).toBe('authentication')
    }
  })
})

test('frames of an unsigned message come out as they come in', async () => {
  const options = { suiteId: unsigned, frameLength } as const
  const { result } = await client.encrypt(keyring, content(250), options)
  const { readable, writable } = client.decryptStream(keyring)
  const [writer, reader] = [writable.getWriter(), readable.getReader()]
  const lastFrame = 4 + 4 + 12 + 4 + 50 + 16
  await writer.write(result.slice(0, -lastFrame))
  expect((await reader.read()).value).toEqual(content(250).subarray(0, 200))
  void writer.write(result.slice(-lastFrame))
  expect((await reader.read()).value).toEqual(content(250).subarray(200))
})

test('the header is told before any plaintext', async () => {
  const encryptionContext = { purpose: 'test' }
  const { result } = await client.encrypt(keyring, content(250), { encryptionContext })
  const told: MessageHeader[] = []
  const onMessageHeader = (header: MessageHeader) => void told.push(header)
  const { code } = await throughStream(client.decryptStream(keyring, { onMessageHeader }), [result])
  expect(code).toBe('whole')
  expect(told).toMatchObject([{ suiteId: signed, encryptionContext }])
})

test('a context other than the demanded is refused', async () => {
  const { result } = await client.encrypt(keyring, content(250))
  const through = client.decryptStream(keyring, { encryptionContext: { purpose: 'test' } })
  expect((await throughStream(through, [result])).code).toBe('context')
})

test.each([131_071, 131_072, 131_073, 262_144, 1_500_000])(
  '%i bytes in frames of the default length come back',
  async (length) => {
    const plaintext = content(length)
    for (const size of [10_000, 131_072, 1_000_000]) {
      const made = await throughStream(client.encryptStream(keyring), pieces(plaintext, size))
      const { messageHeader, plaintext: read } = await client.decrypt(keyring, made.out)
      expect(messageHeader.frameLength).toBe(131_072)
      expect(equalBytes(read, plaintext)).toBe(true)
      const streamed = await throughStream(client.decryptStream(keyring), pieces(made.out, size))
      expect(streamed.code).toBe('whole')
      expect(equalBytes(streamed.out, plaintext)).toBe(true)
    }
  },
)

test.each([
  [100, 1000, 333],
  [40_000, 500_000, 333_333],
])(
  'frames of %i: what is written may be written over when the write is done',
  async (frame, length, piece) => {
    const options = { suiteId: unsigned, frameLength: frame } as const
    const { result } = await client.encrypt(keyring, content(length), options)
    for (const [through, bytes] of [
      [client.encryptStream(keyring, options), content(length)],
      [client.decryptStream(keyring), result],
    ] as const) {
      const writer = through.writable.getWriter()
      const output = new Response(through.readable).bytes()
      const buffer = new Uint8Array(piece)
      for (const part of pieces(bytes, piece)) {
        buffer.set(part)
        await writer.write(buffer.subarray(0, part.byteLength))
        buffer.fill(0)
      }
      await writer.close()
      const made = await output
      const read = bytes === result ? made : (await client.decrypt(keyring, made)).plaintext
      expect(equalBytes(read, content(length))).toBe(true)
    }
  },
)

describe('back-pressure', () => {
  const mib = 1024 * 1024
  const readable = (length: number) => {
    let left = length
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left === 0) return controller.close()
        left -= mib / 16
        controller.enqueue(new Uint8Array(mib / 16))
      },
    })
  }

  test('nothing is taken that nobody wants, whichever way', async () => {
    const options = { suiteId: unsigned } as const
    const big = await client.encrypt(keyring, new Uint8Array(64 * mib), options)
    const sides = [
      [client.encryptStream(keyring, options), () => new Uint8Array(mib / 16)],
      [
        client.decryptStream(keyring),
        (i: number) => big.result.subarray((i * mib) / 16, ((i + 1) * mib) / 16),
      ],
    ] as const
    for (const [{ writable, readable: output }, piece] of sides) {
      const writer = writable.getWriter()
      let taken = 0
      const feed = async () => {
        for (let i = 0; i < 1024; i++) {
          await writer.ready
          writer.write(piece(i)).catch(() => {})
          taken += mib / 16
        }
      }
      void feed().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(taken).toBeGreaterThan(mib)
      expect(taken).toBeLessThan(8 * mib)
      await output.cancel()
    }
  })

  test('there and back again holds little of 256 MiB', async () => {
    const length = 256 * mib
    const through = readable(length)
      .pipeThrough(client.encryptStream(keyring, { suiteId: signed }))
      .pipeThrough(client.decryptStream(keyring, { releasePlaintextBeforeSignature: true }))
    const [start, peaks] = [process.memoryUsage().arrayBuffers, [0]]
    let read = 0
    for await (const chunk of through) {
      if (read % (4 * mib) < chunk.byteLength) globalThis.gc?.()
      read += chunk.byteLength
      peaks.push(process.memoryUsage().arrayBuffers - start)
    }
    expect(read).toBe(length)
    expect(Math.max(...peaks)).toBeLessThan(128 * mib)
  }, 60_000)

  test('a reader that leaves stops the writer', async () => {
    const { readable: output, writable } = client.encryptStream(keyring)
    const writer = writable.getWriter()
    void writer.write(content(10)).catch(() => {})
    await output.cancel('enough')
    await expect(writer.write(content(10))).rejects.toBe('enough')
  })
})

describe('a stream fails with a reason', () => {
  const codeOf = async (through: Promise<{ readonly code: string }>) => (await through).code

  test('when there is more than was announced', async () => {
    const through = client.encryptStream(keyring, { plaintextLength: 10 })
    expect(await codeOf(throughStream(through, [content(6), content(6)]))).toBe('limit')
  })

  test.each([0, -1, 2 ** 32])('when frames are to be of %d bytes', async (length) => {
    const through = client.encryptStream(keyring, { frameLength: length })
    expect(await codeOf(throughStream(through, [content(6)]))).toBe('invalid')
  })

  test('when a frame is too long to be held', async () => {
    const options = { suiteId: unsigned, frameLength: 2 ** 31 } as const
    const { result } = await client.encrypt(keyring, content(0), options)
    const header = result.slice(0, -(4 + 4 + 12 + 4 + 16))
    const start = concatBytes(header, Uint8Array.of(0, 0, 0, 1))
    expect(await codeOf(throughStream(client.decryptStream(keyring), [start]))).toBe('limit')
  })

  test('when no key makes or opens it, and at once', async () => {
    const none: Keyring = {
      onEncrypt: async (materials) => materials,
      onDecrypt: async (materials) => materials,
    }
    expect(await codeOf(throughStream(client.encryptStream(none), []))).toBe('no-key')
    const { result } = await client.encrypt(keyring, content(10))
    const { readable, writable } = client.decryptStream(none)
    void writable
      .getWriter()
      .write(result)
      .catch(() => {})
    await expect(readable.getReader().read()).rejects.toMatchObject({ code: 'no-key' })
  })

  test('when its signing key cannot be read', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-384' }
    const { privateKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    const closed: Keyring = {
      ...keyring,
      onEncrypt: async (materials) => ({
        ...(await keyring.onEncrypt(materials)),
        signingKey: privateKey,
      }),
    }
    expect(await codeOf(throughStream(client.encryptStream(closed), []))).toBe('invalid')
  })
})
