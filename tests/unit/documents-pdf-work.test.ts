// What a PDF may cost whoever verifies it: many signatures over many pages, and large files.

import { describe, expect, test, vi } from 'vitest'
import type { Bytes } from '../../src/codec/bytes.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { PdfFile, PdfView } from '../../src/pdf/file.ts'
import { makePdf, type Objects, sign } from './pdfFiles.ts'

const at = new Date()
const file = (bytes: Bytes, signal?: AbortSignal) =>
  verifyDocument({ file: bytes, anchors: [], at, ...(signal ? { signal } : {}) })

async function signedOften(pages: number, signatures: number): Promise<Bytes> {
  const numbers = Array.from({ length: pages }, (_, page) => 100 + page)
  const objects: Objects = {
    1: '<</Type /Catalog /Pages 2 0 R /AcroForm 8 0 R>>',
    2: `<</Type /Pages /Kids [${numbers.map((one) => `${one} 0 R`).join(' ')}] /Count ${pages} /MediaBox [0 0 300 200]>>`,
    8: '<</Fields []>>',
    ...Object.fromEntries(numbers.map((one) => [one, '<</Type /Page /Parent 2 0 R>>'])),
  }
  let bytes = makePdf(objects)
  for (let count = 0; count < signatures; count++) bytes = await sign(bytes)
  return bytes
}

describe('many signatures', () => {
  test('are compared by each revision once, so that twice as many cost twice as much', async () => {
    const lookUps = async (signatures: number) => {
      const bytes = await signedOften(200, signatures)
      const counted = vi.spyOn(PdfFile.prototype, 'view')
      const entries = vi.spyOn(PdfView.prototype, 'entry')
      const report = await file(bytes)
      expect(report.signatures).toHaveLength(signatures)
      const found = [entries.mock.calls.length, counted.mock.calls.length]
      vi.restoreAllMocks()
      return found
    }
    const [few, many] = [await lookUps(6), await lookUps(24)]
    for (const which of [0, 1]) expect((many[which] ?? 0) / (few[which] ?? 1)).toBeLessThan(6)
  })

  test('end where whoever asked no longer wants to know, and let others run meanwhile', async () => {
    const bytes = await signedOften(2000, 12)
    const reason = new Error('enough')
    await expect(file(bytes, AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const asked = file(bytes, controller.signal)
    setTimeout(() => controller.abort(reason))
    await expect(asked).rejects.toBe(reason)
  })
})
