// PDFs made by code for the tests of the room pdf, and the tools of others that judge them.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, test } from 'vitest'
import type { Bytes } from '../../src/codec/bytes.ts'
import { readSignatures, type SignPdfOptions, signPdf } from '../../src/pdf/index.ts'

export const bytesOf = (text: string): Bytes => Uint8Array.from(text, (char) => char.charCodeAt(0))

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

export type Objects = Readonly<Record<number, string>>

function objectsAndTable(objects: Objects, base: number): { text: string; table: string } {
  let text = ''
  const lines: string[] = []
  for (const [number, body] of Object.entries(objects)) {
    const offset = String(base + text.length).padStart(10, '0')
    lines.push(`${number} 1\n${offset} 00000 n\r\n`)
    text += `${number} 0 obj\n${body}\nendobj\n`
  }
  return { text, table: `xref\n${lines.join('')}` }
}

/** A whole file of those objects; object 1 is the catalog. */
export function makePdf(objects: Objects): Bytes {
  const header = '%PDF-1.7\n'
  const { text, table } = objectsAndTable(objects, header.length)
  const size = Math.max(...Object.keys(objects).map(Number)) + 1
  const at = header.length + text.length
  const start = table.replace('xref\n', 'xref\n0 1\n0000000000 65535 f\r\n')
  return bytesOf(
    `${header}${text}${start}trailer\n<</Root 1 0 R /Size ${size}>>\nstartxref\n${at}\n%%EOF\n`,
  )
}

/** Those objects behind the file, as an attacker would put them. */
export function appendObjects(bytes: Bytes, objects: Objects, trailerExtra = ''): Bytes {
  const base = bytes.byteLength
  const { text, table } = objectsAndTable(objects, base)
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(textOf(bytes))?.[1]
  const sizes = [...textOf(bytes).matchAll(/\/Size (\d+)/g)].map((found) => Number(found[1]))
  const size = Math.max(...sizes, ...Object.keys(objects).map((number) => Number(number) + 1))
  const root = /\/Root (\d+ 0 R)/.exec(textOf(bytes))?.[1]
  const trailer = `<</Root ${root} /Size ${size} /Prev ${previous} ${trailerExtra}>>`
  const ending = `${table}trailer\n${trailer}\nstartxref\n${base + text.length}\n%%EOF\n`
  return bytesOf(textOf(bytes) + text + ending)
}

export const stream = (content: string, entries = ''): string =>
  `<</Length ${content.length} ${entries}>>\nstream\n${content}\nendstream`

/** Two pages, a text field, a check box, an empty signature field, a font, an image. */
export const sample: Objects = {
  1: '<</Type /Catalog /Pages 2 0 R /AcroForm 8 0 R>>',
  2: '<</Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 300 200]>>',
  3: '<</Type /Page /Parent 2 0 R /Contents 5 0 R /Resources <</Font <</F1 6 0 R>>>> /Annots [9 0 R 10 0 R 11 0 R 14 0 R]>>',
  4: '<</Type /Page /Parent 2 0 R /Contents 7 0 R /Resources <</Font <</F1 6 0 R>>>> /Rotate 90>>',
  5: stream('BT /F1 18 Tf 20 150 Td (Pay 100) Tj ET'),
  6: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
  7: stream('BT /F1 18 Tf 20 150 Td (Page two) Tj ET'),
  8: '<</Fields [9 0 R 10 0 R 11 0 R] /DA (/F1 0 Tf) /DR <</Font <</F1 6 0 R>>>>>>',
  9: '<</Type /Annot /Subtype /Widget /FT /Tx /T (Name) /Rect [10 10 100 30] /P 3 0 R>>',
  10: '<</Type /Annot /Subtype /Widget /FT /Btn /T (Agree) /Rect [110 10 120 20] /P 3 0 R /AS /Off /AP <</N <</Yes 12 0 R /Off 13 0 R>>>>>>',
  11: '<</Type /Annot /Subtype /Widget /FT /Sig /T (Author) /Rect [10 40 100 80] /P 3 0 R /F 4>>',
  12: stream('0 0 10 10 re f', '/Type /XObject /Subtype /Form /BBox [0 0 10 10]'),
  13: stream('', '/Type /XObject /Subtype /Form /BBox [0 0 10 10]'),
  14: '<</Type /Annot /Subtype /Text /Rect [200 10 220 30] /Contents (A note)>>',
}

/** A DER element in the place of a CMS, for tests that are not about the CMS. */
export const someCms = async (): Promise<Bytes> => Uint8Array.of(0x30, 3, 2, 1, 1)

export const signedAt = new Date('2026-03-01T12:00:00Z')

export const sign = (bytes: Bytes, options: Partial<SignPdfOptions> = {}): Promise<Bytes> =>
  signPdf({ bytes, time: signedAt, makeCms: someCms, ...options })

export function firstSignature(bytes: Bytes) {
  const [signature] = readSignatures(bytes)
  if (!signature) throw new Error('no signature')
  return signature
}

const missing = (tool: string): boolean => spawnSync(tool, ['--help']).error !== undefined

/** The test, or a skipped one that says which tools are not there. */
export function testWith(tools: readonly string[], name: string, body: () => Promise<void>): void {
  const absent = tools.filter(missing)
  if (absent.length === 0) test(name, body)
  else {
    console.log(`skipped: ${name}: not installed: ${absent.join(', ')}`)
    test.skip(`${name} (not installed: ${absent.join(', ')})`, () => {})
  }
}

/** A folder of its own, with an OpenSSL key and certificate in it. */
export function workshop() {
  const folder = mkdtempSync(join(tmpdir(), 'keyhearth-pdf-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const run = (tool: string, ...args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(tool, args, { cwd: folder, encoding: 'utf8' })
    return stdout + stderr
  }
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const makeKey = () => {
    const curve = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'key.pem',
    ]
    openssl(
      'req',
      '-x509',
      ...curve,
      '-out',
      'certificate.pem',
      '-subj',
      '/CN=Somebody',
      '-days',
      '30',
    )
  }
  const write = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes)
  const read = (name: string): Bytes => new Uint8Array(readFileSync(join(folder, name)))
  /** Needs `makeKey` first. */
  const makeCms = async (pieces: readonly Bytes[]): Promise<Bytes> => {
    write('signed', Buffer.concat(pieces))
    const signer = ['-signer', 'certificate.pem', '-inkey', 'key.pem', '-md', 'sha256', '-cades']
    openssl('cms', '-sign', '-binary', '-in', 'signed', ...signer, '-outform', 'DER', '-out', 'cms')
    return new Uint8Array(readFileSync(join(folder, 'cms')))
  }
  const verifyCms = (cms: Uint8Array, pieces: readonly Bytes[]): string => {
    write('signed', Buffer.concat(pieces))
    write('cms', cms)
    const trust = ['-CAfile', 'certificate.pem', '-purpose', 'any', '-cades']
    return run(
      'openssl',
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'cms',
      '-content',
      'signed',
      ...trust,
      '-out',
      'verified',
    )
  }
  return { run, makeKey, makeCms, verifyCms, write, read }
}
