// Signatures in text, with a bit turned anywhere: refused here, and by the tools of others; and texts of a bad person:
// each ends in a verdict.

import fc from 'fast-check'
import { compactVerify, importSPKI } from 'jose'
import { describe, expect, test } from 'vitest'
import { writePem } from '../../src/certificates/pem.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { decodeBase64, encodeBase64, encodeUtf8 } from '../../src/codec/text.ts'
import { signJws } from '../../src/documents/jws.ts'
import { minisignWants, signMinisign, verifyMinisign } from '../../src/documents/minisign.ts'
import {
  minisignKeyOf,
  readMinisignKey,
  writeMinisignKey,
} from '../../src/documents/minisignKey.ts'
import { recognise } from '../../src/documents/recognise.ts'
import { fromSshKey, readOpenSshPublicKey } from '../../src/documents/sshPublicKey.ts'
import { signSsh, sshHashOf, verifySsh } from '../../src/documents/sshSignature.ts'
import { verifyJws } from '../../src/documents/verifyJws.ts'
import { testSigner } from '../unit/certificatesSigners.ts'
import { hasTool, run, testFolder } from '../unit/foreignTools.ts'

const long = process.env['SLOW'] === '1'
const numRuns = long ? 5000 : 150
const timeout = long ? 3_600_000 : 120_000
const [hasSshKeygen, hasMinisign] = [hasTool('ssh-keygen'), hasTool('minisign')]
const folder = testFolder('flips')
const digest = new Uint8Array(await crypto.subtle.digest('SHA-512', encodeUtf8('hearth')))

const flip = (bytes: Bytes, bit: number): Bytes => {
  const flipped = bytes.slice()
  const at = Math.floor(bit / 8) % bytes.byteLength
  flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit % 8))
  return flipped
}

/** Every bit of it when there is time, else some. */
const bitsOf = (bytes: Bytes): readonly number[] =>
  Array.from({ length: bytes.byteLength * 8 }, (_, bit) => bit).filter(
    (bit) => long || bit % 5 === 0,
  )

describe.each(['ED25519_SHA_512', 'ECDSA_SHA_256', 'ECDSA_SHA_512'] as const)('SSH, %s', (kind) => {
  const armour = (bytes: Bytes) =>
    `-----BEGIN SSH SIGNATURE-----\n${encodeBase64(bytes)}\n-----END SSH SIGNATURE-----\n`
  const made = async () => {
    const text = await signSsh(await testSigner(kind), { sha512: digest }, 'file')
    return decodeBase64(text.replaceAll(/-----.*-----|\s/g, ''))
  }
  const verdict = (bytes: Bytes, sha512 = digest) =>
    verifySsh(armour(bytes), { sha512 }, { namespace: 'file' })

  test('no bit of it can be another', { timeout }, async () => {
    const bytes = await made()
    expect((await verdict(bytes)).problems).toEqual([])
    for (const bit of bitsOf(bytes)) {
      const { intact, problems } = await verdict(flip(bytes, bit))
      expect([bit, intact]).toEqual([bit, false])
      expect(problems).not.toEqual([])
    }
    const { problems } = await verdict(bytes, flip(digest, 77))
    expect(problems).toEqual(['signature-mismatch'])
  })

  test.runIf(hasSshKeygen)('ssh-keygen refuses some of them too', { timeout }, async () => {
    const bytes = await made()
    const passes = (changed: Bytes) => {
      const signature = folder.write(`${kind}.sig`, armour(changed))
      const args = ['-Y', 'check-novalidate', '-n', 'file', '-s', signature]
      return run('ssh-keygen', args, 'hearth').status === 0
    }
    expect(passes(bytes)).toBe(true)
    for (let bit = 3; bit < bytes.byteLength * 8; bit += 61) {
      expect([bit, passes(flip(bytes, bit))]).toEqual([bit, false])
    }
  })
})

describe('minisign', () => {
  const made = async () => {
    const signer = await testSigner('ED25519_SHA_512')
    const text = await signMinisign(signer, digest, { trustedComment: 'hearth, signed' })
    return { key: await minisignKeyOf(signer.publicKey), lines: text.split('\n') }
  }
  /** Lines 1 and 3 are base64, line 2 is signed as it is. */
  const changed = (lines: readonly string[], at: number, change: (bytes: Bytes) => Bytes) =>
    lines.with(at, encodeBase64(change(decodeBase64(lines[at] ?? '')))).join('\n')

  test('no bit of it can be another', { timeout }, async () => {
    const { key, lines } = await made()
    expect((await verifyMinisign(lines.join('\n'), { digest }, key)).problems).toEqual([])
    for (const at of [1, 3]) {
      for (const bit of bitsOf(decodeBase64(lines[at] ?? ''))) {
        const text = changed(lines, at, (bytes) => flip(bytes, bit))
        const { intact, problems } = await verifyMinisign(text, { digest, content: digest }, key)
        // `ED` and `Ed` are one bit apart; what one signs, the other does not, but for content that is a digest.
        const isOldForm = minisignWants(text)?.wants === 'content'
        expect([at, bit, intact && !isOldForm]).toEqual([at, bit, false])
        if (!isOldForm) expect(problems).not.toEqual([])
      }
    }
    const comment = encodeUtf8(lines[2] ?? '')
    for (const bit of bitsOf(comment)) {
      const text = lines.with(2, new TextDecoder('latin1').decode(flip(comment, bit))).join('\n')
      expect([bit, (await verifyMinisign(text, { digest }, key)).intact]).toEqual([bit, false])
    }
  })

  test.runIf(hasMinisign)('minisign refuses some of them too', { timeout }, async () => {
    const { key, lines } = await made()
    const { blake2b } = await import('@noble/hashes/blake2.js')
    const signer = await testSigner('ED25519_SHA_512')
    const data = folder.write('data', 'hearth')
    const ours = await signMinisign(signer, blake2b(encodeUtf8('hearth')), { trustedComment: 'x' })
    const keyOf = folder.write('k.pub', writeMinisignKey(await minisignKeyOf(signer.publicKey)))
    const passes = (text: string) => {
      const signature = folder.write('m.minisig', text)
      return run('minisign', ['-V', '-p', keyOf, '-x', signature, '-m', data]).status === 0
    }
    expect(passes(ours)).toBe(true)
    expect(passes(lines.join('\n'))).toBe(false)
    expect(key.keyId.byteLength).toBe(8)
    for (const at of [1, 3]) {
      for (let bit = 1; bit < 512; bit += 41) {
        const text = changed(ours.split('\n'), at, (bytes) => flip(bytes, bit))
        expect([at, bit, passes(text)]).toEqual([at, bit, false])
      }
    }
  })
})

describe.each(['ED25519_SHA_512', 'ECDSA_SHA_256', 'RSASSA_PSS_SHA_256'] as const)(
  'JWS, %s',
  (kind) => {
    const names = { ED25519_SHA_512: 'EdDSA', ECDSA_SHA_256: 'ES256', RSASSA_PSS_SHA_256: 'PS256' }

    test('no character can be another, here and with jose', { timeout }, async () => {
      const signer = await testSigner(kind)
      const text = await signJws(encodeUtf8('hearth'), [{ signer }], { form: 'compact' })
      const flat = await signJws(encodeUtf8('hearth'), [{ signer }], { form: 'flattened' })
      const keys = [signer.publicKey]
      const key = await importSPKI(writePem('PUBLIC KEY', signer.publicKey), names[kind])
      for (const whole of [text, flat]) {
        const bytes = encodeUtf8(whole)
        for (const bit of bitsOf(bytes)) {
          if (!long && bit % 3 !== 0) continue
          const changed = new TextDecoder('latin1').decode(flip(bytes, bit))
          const { signatures } = await verifyJws(changed, { keys })
          expect([changed, signatures.some(({ intact }) => intact)]).toEqual([changed, false])
          if (whole === text && bit % 7 === 0) {
            await expect(compactVerify(changed, key)).rejects.toThrow()
          }
        }
      }
    })
  },
)

/** Of any kind: noise, pieces of the true thing among noise, one piece many times over. */
const pieces = [
  ...['{', '}', '[', ']', '"', '\\', ',', ':', '.', '\n', '\r\n', ' ', '-', '=', '\u{feff}', '\0'],
  ...['-----BEGIN SSH SIGNATURE-----\n', '-----END SSH SIGNATURE-----\n', '-----BEGIN CMS-----'],
  ...['untrusted comment: ', 'trusted comment: ', 'Content-Type: multipart/signed;', '\n\n'],
  ...['"payload":"', '"signatures":[', '"protected":"', 'eyJhbGciOiJFUzI1NiJ9', '"__proto__":{}'],
  ...['U1NIU0lH', 'RWQ', 'AAAA', '%PDF-', '0\u{80}', '0\u{82}\u{1}\u{1}', '\u{6}\u{9}*'],
]
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.base64String({ maxLength: 80 })), {
      maxLength: 40,
    })
    .map((parts) => parts.join('')),
)

async function everyVerdict(text: string): Promise<void> {
  const key = { spki: fromKey, keyId: null }
  const content = { digest, content: digest }
  const report = await verifyJws(text, { payload: digest })
  const bytes = encodeUtf8(text)
  const intact = [
    (await verifySsh(text, { sha512: digest, sha256: digest.slice(32) }, { namespace: 'file' }))
      .intact,
    (await verifyMinisign(text, content, key)).intact,
    ...report.signatures.map((one) => one.intact),
  ]
  expect(intact.includes(true)).toBe(false)
  expect(report.problems.length + report.signatures.length).toBeGreaterThan(0)
  sshHashOf(text)
  minisignWants(text)
  readMinisignKey(text)
  readOpenSshPublicKey(text)
  fromSshKey(bytes)
  expect(typeof recognise(bytes, bytes.byteLength, text.slice(-4))).toBe('string')
}

const fromKey = (await testSigner('ED25519_SHA_512')).publicKey

test('any text ends in a verdict', { timeout }, async () => {
  await fc.assert(fc.asyncProperty(hostileText, everyVerdict), { numRuns })
})

test('any bytes are recognised as something, or as nothing', { timeout }, () => {
  const hostile = fc.uint8Array({ maxLength: 200 }).map((tail) => Uint8Array.of(0x30, ...tail))
  fc.assert(
    fc.property(fc.oneof(hostile, fc.uint8Array({ maxLength: 200 })), (tail) => {
      const bytes = new Uint8Array(tail)
      expect(typeof recognise(bytes, bytes.byteLength * 2, '')).toBe('string')
    }),
    { numRuns: numRuns * 10 },
  )
})

test('a million of the same are refused at once', { timeout }, async () => {
  for (const piece of [...pieces, '{"a":', '[[', '\\"', '{"":0,', 'eyJ', '-----BEGIN X-----\n']) {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    for (const whole of [
      text,
      `{${text}`,
      `eyJhbGciOiJFUzI1NiJ9.${text}`,
      `untrusted comment: ${text}`,
    ]) {
      const before = performance.now()
      await everyVerdict(whole)
      // Seconds on a crowded machine; hours where work grows with the square.
      expect([piece, performance.now() - before < 20_000]).toEqual([piece, true])
    }
  }
})
