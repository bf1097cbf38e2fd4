// What a PDF may cost whoever verifies it: many signatures over many pages, and large files.

import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdtempSync,
  openAsBlob,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { PdfFile, PdfView } from '../../src/pdf/file.ts'
import { signPdfUpdate } from '../../src/pdf/index.ts'
import { testSigner } from './certificatesSigners.ts'
import { day, now } from './documentsPeople.ts'
import { bytesOf, makePdf, type Objects, sample, sign, textOf } from './pdfFiles.ts'

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

describe('a file of 500 MB', () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const folder = mkdtempSync(join(tmpdir(), 'keyhearth-large-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const mebibyte = 1024 * 1024

  /** Before and behind a stream of zeros, which takes no room on the disk. */
  function around(zeros: number): { before: Bytes; behind: Bytes } {
    const page = (sample[3] ?? '').replace('/Contents 5 0 R', '/Contents [5 0 R 20 0 R]')
    const small = makePdf({ ...sample, 3: page })
    const previous = /startxref\s+(\d+)/.exec(textOf(small))?.[1]
    const before = concatBytes(small, bytesOf(`20 0 obj\n<</Length ${zeros}>>\nstream\n`))
    const end = '\nendstream\nendobj\n'
    const line = `${String(small.byteLength).padStart(10, '0')} 00000 n\r\n`
    const trailer = `trailer\n<</Root 1 0 R /Size 21 /Prev ${previous}>>`
    const table = before.byteLength + zeros + end.length
    const behind = bytesOf(`${end}xref\n20 1\n${line}${trailer}\nstartxref\n${table}\n%%EOF\n`)
    return { before, behind }
  }

  async function signedOnDisk(zeros: number) {
    const { before, behind } = around(zeros)
    const bytes = new Uint8Array(before.byteLength + zeros + behind.byteLength)
    bytes.set(before)
    bytes.set(behind, before.byteLength + zeros)
    const signer = await testSigner('ECDSA_SHA_256')
    const times = { notBefore: now - day, notAfter: now + day }
    const certificate = await makeSelfSigned(signer, { ...times, subject: [['CN', 'Ada']] })
    const { appended } = await signPdfUpdate({
      bytes,
      time: new Date(now),
      makeCms: (pieces) => {
        const hash = createHash('sha256')
        for (const piece of pieces) hash.update(piece)
        const content = { 'SHA-256': new Uint8Array(hash.digest()) }
        const signers = [{ signer, certificate, chain: [] }]
        return signCms({ signers, content, detached: true, pades: true })
      },
    })
    const path = join(folder, 'large.pdf')
    const opened = openSync(path, 'w')
    writeSync(opened, before, 0, before.byteLength, 0)
    const tail = concatBytes(behind, appended)
    writeSync(opened, tail, 0, tail.byteLength, before.byteLength + zeros)
    closeSync(opened)
    return { path, anchors: [readCertificate(certificate)] }
  }

  /** Read once as a whole: Node's own way of reading may hold a file twice. */
  class OnDisk extends Blob {
    readonly #path: string

    constructor(path: string) {
      super()
      this.#path = path
    }

    override get size(): number {
      return statSync(this.#path).size
    }

    #read(bytes: number): Bytes {
      const read = new Uint8Array(bytes)
      const opened = openSync(this.#path, 'r')
      readSync(opened, read, 0, bytes, 0)
      closeSync(opened)
      return read
    }

    override async arrayBuffer(): Promise<ArrayBuffer> {
      return this.#read(this.size).buffer
    }

    override slice(_start = 0, end = this.size): Blob {
      return new Blob([this.#read(end)])
    }
  }

  /** The most that was held while that ran, in bytes. */
  async function peakOf(work: () => Promise<unknown>): Promise<number> {
    let most = 0
    const look = () => {
      most = Math.max(most, process.memoryUsage().arrayBuffers)
    }
    collect()
    const before = process.memoryUsage().arrayBuffers
    const timer = setInterval(look, 5)
    try {
      await work()
    } finally {
      look()
      clearInterval(timer)
    }
    return most - before
  }

  test('is judged in the memory that it takes itself', async () => {
    const { path, anchors } = await signedOnDisk(500 * mebibyte)
    const blob = new OnDisk(path)
    const peak = await peakOf(async () => {
      const report = await verifyDocument({ file: blob, anchors, at })
      expect(report).toMatchObject({ form: 'pdf', verdict: 'valid' })
    })
    expect(peak).toBeLessThan(blob.size + 64 * mebibyte)
  }, 120_000)

  test('and of more is refused unread', async () => {
    const path = join(folder, 'larger.pdf')
    closeSync(openSync(path, 'w'))
    truncateSync(path, 600 * mebibyte)
    const blob = await openAsBlob(path)
    const peak = await peakOf(async () => {
      const report = await verifyDocument({ file: blob, name: 'larger.pdf', anchors: [], at })
      expect(report).toMatchObject({ verdict: null, problem: 'too-large' })
    })
    expect(peak).toBeLessThan(mebibyte)
  })
})
