// Files of pyHanko's own tests: what each is, whether it may be signed, what its signatures say, and what came after them.
// Where pyHanko has a verdict (its test_diff_analysis.py and test_xref.py), ours is the same.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PdfError, readSignatures, signPdf, whatChanged } from '../../src/pdf/index.ts'
import { openPdf } from '../../src/pdf/open.ts'
import { describeVectors, readVector, vectorsFolder } from './folder.ts'

const folder = 'documents/pdf'

interface Expected {
  /** `sound`, or why the file is not opened, or what stands against signing it. */
  readonly file: string
  /** Field, coverage, and what changed after: kind, then `allowed` or the codes of what is not. */
  readonly signatures?: readonly string[]
}

const sound: Expected = { file: 'sound' }
const encrypted: Expected = { file: 'encrypted' }
const signedLater = (...fields: readonly [string, string]): Expected => ({
  file: 'sound',
  signatures: [
    `${fields[0]}: whole revision, later signature, allowed`,
    `${fields[1]}: whole file, nothing, allowed`,
  ],
})
const clobbered = (codes: string): Expected => ({
  file: 'sound',
  signatures: [`Sig1: whole revision, other, ${codes}`, 'Sig2: whole file, nothing, allowed'],
})

const expected: Readonly<Record<string, Expected>> = {
  // The page tree is in an object stream that does not hold what it says; a search finds the rest.
  'broken-objstream1.pdf': { file: 'rebuilt' },
  // The stream lacks an object that nothing names.
  'broken-objstream4.pdf': sound,
  'broken-objstream6.pdf': { file: 'object-stream, rebuilt' },
  'extensions-direct.pdf': signedLater('Sig1', 'Sig2'),
  'extensions-indirect.pdf': signedLater('Sig1', 'Sig2'),
  'fontembed.pdf': sound,
  // The field that was signed later shares its looks with something else of the file.
  'form-update-ap-indirect-sneaky-trailer.pdf': clobbered('appearance-shared at FooBar'),
  'form-update-no-override-appearance-stream-ap-indirect-sneaky.pdf': clobbered(
    'appearance-shared at Root.FooBar',
  ),
  'form-update-override-appearance-stream-ap-indirect.pdf': signedLater('Sig1', 'Sig2'),
  'form-update-override-appearance-stream-sneaky.pdf': clobbered(
    [
      'document-changed at Root.FooBar',
      'document-changed at Root.FooBar.Resources.Font',
      'document-changed at Root.FooBar.Resources.ExtGState',
      'appearance-shared at Root.FooBar',
    ].join(' + '),
  ),
  'leaky-graphics-state-doc.pdf': sound,
  'minimal-aes256-empty-encrypted-string.pdf': encrypted,
  'minimal-aes256.pdf': encrypted,
  // Lines of 19 bytes, and no object 0: nobody reads that differently.
  'minimal-badxref.pdf': sound,
  'minimal-broken-xref-size.pdf': { file: 'xref-size' },
  'minimal-hybrid-xref-mswordstyle.pdf': sound,
  'minimal-hybrid-xref-weirdgen.pdf': sound,
  'minimal-illegal-header.pdf': { file: 'header' },
  'minimal-pubkey-rc4-envelope.pdf': encrypted,
  'minimal-pubkey-unknown-envelope-alg.pdf': encrypted,
  'minimal-signed-twice-no-sig-type.pdf': signedLater('Sig1', 'Sig2'),
  'minimal-signed-twice-second-created.pdf': signedLater('Sig1', 'Signature3'),
  'minimal-startxref-hopeless2.pdf': { file: 'startxref' },
  'minimal-startxref-obo1.pdf': sound,
  'minimal-startxref-obo4.pdf': { file: 'rebuilt' },
  'minimal-two-fields-aes256.pdf': encrypted,
  'minimal-two-fields-pubkey-aes256.pdf': encrypted,
  'minimal-two-fields-pubkey-rc4.pdf': encrypted,
  'minimal-two-fields-signed-twice.pdf': signedLater('Sig2', 'Sig1'),
  'minimal-two-fields-tagged.pdf': sound,
  'minimal-two-fields.pdf': sound,
  'minimal-two-pages.pdf': sound,
  'minimal-with-nonexistent-refs.pdf': sound,
  'minimal-with-orphaned-xrefs.pdf': sound,
  'minimal-xref.pdf': sound,
  'minimal.pdf': sound,
  'pades-lta-dss-indirect-arrs-test.pdf': {
    file: 'sound',
    signatures: [
      'Sig1: whole revision, validation data, allowed',
      'Timestamp-977301ad-bec9-4cae-a0cd-f6a674c6e465: whole revision, nothing, allowed',
    ],
  },
  'pades-with-old-style-signing-cert-attr-issser.pdf': {
    file: 'sound',
    signatures: ['Sig1: whole file, nothing, allowed'],
  },
  'pades-with-old-style-signing-cert-attr.pdf': {
    file: 'sound',
    signatures: ['Sig1: whole file, nothing, allowed'],
  },
  'pubkey-3des-test.pdf': encrypted,
  'pubkey-rc2-test.pdf': encrypted,
  'separate-annots-kids-indir.pdf': signedLater('Sig1', 'Sig2'),
  'simple-acroform-states-ap-indirect.pdf': sound,
}

function fileVerdict(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    const file = openPdf(bytes)
    file.latest.readAll()
    const codes = new Set(file.problems.map(({ code }) => code))
    return file.isSound ? 'sound' : [...codes].sort().join(', ')
  } catch (error) {
    if (error instanceof PdfError) return error.code
    throw error
  }
}

function signatureVerdicts(bytes: Uint8Array<ArrayBuffer>): string[] {
  return readSignatures(bytes).map((signature) => {
    expect(signature.problems, signature.fieldName).toEqual([])
    const { kind, isAllowed, revisions } = whatChanged(bytes, signature)
    const bad = revisions.flatMap(({ changes }) => changes.filter((change) => !change.isAllowed))
    const verdict = isAllowed
      ? 'allowed'
      : bad.map(({ code, path }) => `${code} at ${path}`).join(' + ')
    return `${signature.fieldName}: ${signature.coverage}, ${kind}, ${verdict}`
  })
}

describeVectors(folder, () => {
  test('every file has a verdict', () => {
    const files = readdirSync(join(vectorsFolder, folder)).filter((name) => name.endsWith('.pdf'))
    expect(Object.keys(expected).sort()).toEqual(files.sort())
  })

  test.each(Object.entries(expected))('%s', async (name, { file, signatures = [] }) => {
    const bytes = readVector(`${folder}/${name}`)
    expect(fileVerdict(bytes)).toBe(file)
    if (file === 'encrypted') {
      expect(() => readSignatures(bytes)).toThrow(expect.objectContaining({ code: 'encrypted' }))
    } else expect(signatureVerdicts(bytes)).toEqual(signatures)
    const makeCms = async () => Uint8Array.of(0x30, 3, 2, 1, 1)
    const signed = signPdf({ bytes, time: new Date(0), makeCms })
    if (file === 'sound') {
      const all = readSignatures(await signed)
      expect(all.length).toBe(signatures.length + 1)
      expect(all.flatMap(({ problems }) => problems)).toEqual([])
    } else {
      const code = file === 'encrypted' ? 'encrypted' : 'broken-xref'
      await expect(signed).rejects.toMatchObject({ code })
    }
  })
})
