// The walk of one PDF: signed by a key that cannot be taken out, with a visible mark; verified here and by poppler and
// OpenSSL; altered, and told.

import { expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { writePem } from '../../src/certificates/pem.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { digestStream } from '../../src/documents/contentDigests.ts'
import type { SignatureReport } from '../../src/documents/report.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { verifyCms } from '../../src/documents/verifyCms.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { readSignatures, signPdf, whatChanged } from '../../src/pdf/index.ts'
import { type TestAlgorithm, testSigner } from './certificatesSigners.ts'
import { appendObjects, makePdf, sample, stream, testWith, workshop } from './pdfFiles.ts'

const { run, write, read } = workshop()
const now = Math.floor(Date.now() / 1000) * 1000

async function signedPdf(algorithm: TestAlgorithm, bytes: Bytes) {
  const signer = await testSigner(algorithm)
  const certificate = await makeSelfSigned(signer, {
    notBefore: now - 1000,
    notAfter: now + 86_400_000,
    subject: [['CN', 'Ada Lovelace']],
  })
  const signed = await signPdf({
    bytes,
    time: new Date(now),
    appearance: { page: 1, rect: [150, 20, 280, 60], lines: ['Signed by Ada Lovelace', 'I agree'] },
    makeCms: (pieces) =>
      signCms({
        signers: [{ signer, certificate, chain: [] }],
        content: concatBytes(...pieces),
        detached: true,
        pades: true,
      }),
  })
  return { signed, certificate }
}

async function verdictOf(bytes: Bytes) {
  const [signature] = readSignatures(bytes)
  if (!signature) throw new Error('no signature')
  const content = concatBytes(...signature.ranges)
  const message = await verifyCms({ cms: signature.cms, content })
  const [signer] = message.signers
  if (!signer) throw new Error('no signer')
  return { signature, signer, changes: whatChanged(bytes, signature) }
}

const algorithms = ['ECDSA_SHA_256', 'ECDSA_SHA_384', 'RSASSA_PKCS1_V1_5_SHA_256'] as const

for (const algorithm of algorithms) {
  testWith(['pdfsig', 'openssl'], `a PDF signed by ${algorithm} is whole to all`, async () => {
    const { signed, certificate } = await signedPdf(algorithm, makePdf(sample))
    const { signature, signer, changes } = await verdictOf(signed)
    expect(signature).toMatchObject({ problems: [], coverage: 'whole file' })
    expect(signer).toMatchObject({ integrity: 'intact', problems: [], signingTime: null })
    expect(changes.kind).toBe('nothing')
    const anchors = [readCertificate(certificate)]
    const report = await verifyDocument({ file: signed, anchors, at: new Date(now) })
    expect(report).toMatchObject({ form: 'pdf', verdict: 'valid', problem: null })
    expect(report.signatures).toMatchObject([
      { coverage: 'whole', reason: null, problems: [], signingTime: now },
    ])

    write('walk.pdf', signed)
    expect(run('pdfsig', '-nocert', 'walk.pdf')).toMatch(/Signature is Valid/)
    write('walk.p7s', signature.cms)
    write('walk.bin', concatBytes(...signature.ranges))
    write('walk.pem', encodeUtf8(writePem('CERTIFICATE', certificate)))
    const trust = ['-CAfile', 'walk.pem', '-purpose', 'any']
    const verify = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', ...trust]
    const files = ['-in', 'walk.p7s', '-content', 'walk.bin', '-out', 'walk.out']
    expect(run('openssl', ...verify, ...files)).toMatch(/verification successful/i)
  })
}

testWith(['qpdf'], 'a linearised PDF is signed behind its end, and judged as any', async () => {
  write('plain.pdf', makePdf(sample))
  run('qpdf', '--linearize', 'plain.pdf', 'linear.pdf')
  const linear = read('linear.pdf')
  expect(Buffer.from(linear).toString('latin1')).toContain('/Linearized')
  const { signed, certificate } = await signedPdf('ECDSA_SHA_256', linear)
  expect(signed.subarray(0, linear.byteLength)).toEqual(linear)
  const anchors = [readCertificate(certificate)]
  const verdictOf = async (file: Bytes) => {
    const report = await verifyDocument({ file, anchors, at: new Date(now) })
    return { verdict: report.verdict, codes: codesOf(report.signatures) }
  }
  expect(await verdictOf(signed)).toEqual({ verdict: 'valid', codes: [] })
  // Both sections of its table are one revision, which the signature is over.
  expect(readSignatures(signed)).toMatchObject([{ revision: 2, coverage: 'whole file' }])
  const bent = signed.slice()
  const at = Buffer.from(bent).indexOf('/Linearized')
  bent[at + 1] = 'M'.charCodeAt(0)
  expect((await verdictOf(bent)).verdict).toBe('altered')
  const [, number] = /\/Contents (\d+) 0 R/.exec(Buffer.from(linear).toString('latin1')) ?? []
  const replaced = { [Number(number)]: stream('BT /F1 18 Tf 20 150 Td (Pay 900) Tj ET') }
  const later = await verdictOf(appendObjects(signed, replaced))
  expect(later.verdict).toBe('changed-later')
  expect(later.codes).toContain('page-changed')
})

const codesOf = (signatures: readonly SignatureReport[]) =>
  signatures.flatMap(
    ({ pdf }) =>
      pdf?.changes.revisions.flatMap(({ changes }) => changes.map(({ code }) => code)) ?? [],
  )

test('a byte of a signed page altered is told, and so is what an update puts over it', async () => {
  const { signed, certificate } = await signedPdf('ECDSA_SHA_256', makePdf(sample))
  const report = async (file: Bytes) =>
    verifyDocument({ file, anchors: [readCertificate(certificate)], at: new Date(now) })
  const bent = signed.slice()
  const at = Buffer.from(bent).indexOf('Pay 100')
  bent[at + 4] = '9'.charCodeAt(0)
  expect(await report(bent)).toMatchObject({ verdict: 'altered' })
  expect((await verdictOf(bent)).signer).toMatchObject({
    integrity: 'altered',
    problems: ['digest-mismatch'],
  })
  const replaced = stream('BT /F1 18 Tf 20 150 Td (Pay 900) Tj ET')
  const updated = appendObjects(signed, { 5: replaced })
  const told = await report(updated)
  expect(told).toMatchObject({ verdict: 'changed-later' })
  expect(told.signatures[0]).toMatchObject({ integrity: 'intact', coverage: 'part' })
  expect(told.signatures[0]?.pdf?.changes).toMatchObject({ kind: 'page content' })
  const later = await verdictOf(updated)
  // The signature itself still holds: over what it covers.
  expect(later.signer.integrity).toBe('intact')
  expect(later.changes).toMatchObject({ kind: 'page content', isAllowed: false })
})

test('a stream is hashed as its whole, in any pieces, by every digest at once', async () => {
  const whole = Uint8Array.from({ length: 300_001 }, (_, at) => (at * 7) % 256)
  const pieces = [whole.subarray(0, 1), whole.subarray(1, 70_000), whole.subarray(70_000)]
  const names = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const
  const digests = await digestStream(new Blob(pieces.map((one) => one.slice())).stream(), names)
  for (const name of names) {
    const expected = new Uint8Array(await crypto.subtle.digest(name, whole))
    expect(digests[name]).toEqual(expected)
  }
  const broken = new ReadableStream<Uint8Array>({
    pull: () => Promise.reject(new Error(String(encodeUtf8('gone').byteLength))),
  })
  await expect(digestStream(broken, ['SHA-256'])).rejects.toThrow('4')
})
