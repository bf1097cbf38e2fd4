// Mutated PDFs: whatever is changed, reading ends in a verdict or an error with a code, and no covered byte can be changed
// without the bytes to hash changing too.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PdfError, type PdfSignature, readSignatures, whatChanged } from '../../src/pdf/index.ts'
import { makePdf, sample, sign } from '../unit/pdfFiles.ts'

const numRuns = process.env['KEYHEARTH_LONG'] === '1' ? 10_000 : 200
const twice = await sign(await sign(makePdf(sample), { reservedBytes: 64 }), { reservedBytes: 64 })

function verdictOf(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return readSignatures(bytes)
      .map((signature) => whatChanged(bytes, signature).kind)
      .join()
  } catch (error) {
    if (error instanceof PdfError) return error.code
    throw error
  }
}

test('bytes changed anywhere', () => {
  const change = fc.tuple(fc.nat(twice.byteLength - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = twice.slice()
      for (const [at, value] of changes) bytes[at] = value
      expect(typeof verdictOf(bytes)).toBe('string')
    }),
    { numRuns },
  )
})

test('cut anywhere', () => {
  fc.assert(
    fc.property(fc.nat(twice.byteLength - 1), (length) => {
      expect(typeof verdictOf(twice.slice(0, length))).toBe('string')
    }),
    { numRuns },
  )
})

test('parts put elsewhere', () => {
  const piece = fc.tuple(fc.nat(twice.byteLength - 1), fc.nat(200), fc.nat(twice.byteLength - 1))
  fc.assert(
    fc.property(piece, ([from, length, to]) => {
      const bytes = twice.slice()
      bytes.set(twice.subarray(from, Math.min(from + length, from + bytes.byteLength - to)), to)
      expect(typeof verdictOf(bytes)).toBe('string')
    }),
    { numRuns },
  )
})

test('a changed byte outside the gap is in the bytes to hash, or the form is broken', () => {
  const [, last] = readSignatures(twice)
  if (!last) throw new Error('two signatures expected')
  const [, gapStart = 0, gapEnd = 0] = last.byteRange
  const outside = fc.nat(twice.byteLength - 1).filter((at) => at < gapStart || at >= gapEnd)
  fc.assert(
    fc.property(outside, fc.integer({ min: 1, max: 255 }), (at, difference) => {
      const bytes = twice.slice()
      bytes[at] = (bytes[at] ?? 0) ^ difference
      const isTold = verdictsOf(bytes).every(
        ({ problems, coverage, ranges }) =>
          coverage !== 'whole file' || problems.length > 0 || !isSameAs(ranges, last.ranges),
      )
      expect(isTold).toBe(true)
    }),
    { numRuns },
  )
})

function verdictsOf(bytes: Uint8Array<ArrayBuffer>): PdfSignature[] {
  try {
    return readSignatures(bytes)
  } catch (error) {
    if (error instanceof PdfError) return []
    throw error
  }
}

const isSameAs = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  Buffer.concat(a).equals(Buffer.concat(b))
