// What is signed here, openssl, and certtool for Ed25519, verify; what was altered is refused.

import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { certifyKey, makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { writePem } from '../../src/certificates/pem.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { cosign } from '../../src/documents/cosign.ts'
import { addSigner, mostCmsBytes, signCms } from '../../src/documents/signCms.ts'
import { clearSigned, clearTextPart } from '../../src/documents/smime.ts'
import { verifyCms } from '../../src/documents/verifyCms.ts'
import { readSignatures, signPdf } from '../../src/pdf/index.ts'
import { mlDsaSigner, testAlgorithms, testSigner } from './certificatesSigners.ts'
import { hasTool, run as runTool, testFolder } from './foreignTools.ts'
import { makePdf, sample } from './pdfFiles.ts'

const folder = testFolder('cms')
const put = folder.write
const run = (tool: string, ...args: readonly string[]) => runTool(tool, args)
const hasOpenssl = hasTool('openssl')
const hasCerttool = hasTool('certtool')

const day = 86_400_000
const now = Math.floor(Date.now() / 1000) * 1000
const content = encodeUtf8('Dear reader,\r\nthis is what I say.\r\n')

async function person(algorithm: (typeof testAlgorithms)[number]) {
  const signer = await testSigner(algorithm)
  const certificate = await makeSelfSigned(signer, {
    notBefore: now - day,
    notAfter: now + day,
    subject: [['CN', algorithm]],
    isCa: true,
    keyUsage: ['digitalSignature', 'keyCertSign'],
  })
  return { signer, certificate, chain: [] }
}

describe.runIf(hasOpenssl)('openssl verifies', () => {
  // OpenSSL 3.0 has no Ed25519 in CMS: certtool below.
  const known = testAlgorithms.filter((name) => name !== 'ED25519_SHA_512')
  test.each(known)('a signature by %s', async (algorithm) => {
    const one = await person(algorithm)
    const detached = true
    const cms = await signCms({ signers: [one], content, detached, signingTime: new Date(now) })
    const pem = put('one.pem', writePem('CERTIFICATE', one.certificate))
    const args = ['-inform', 'DER', '-in', put('one.p7s', cms), '-CAfile', pem, '-purpose', 'any']
    const checking = ['cms', '-verify', '-cades', '-binary', ...args]
    const good = run('openssl', ...checking, '-content', put('good', content))
    expect(good.text).toContain('successful')
    const bad = run('openssl', ...checking, '-content', put('bad', encodeUtf8('Other words')))
    expect(bad.status).not.toBe(0)
  })

  test('a message of two signers, the second added later', async () => {
    const [first, second] = [await person('ECDSA_SHA_256'), await person('RSASSA_PSS_SHA_256')]
    const cms = await signCms({ signers: [first], content, detached: false })
    const both = await addSigner(cms, second, {})
    const pems = [first, second].map((one) => writePem('CERTIFICATE', one.certificate)).join('\n')
    const args = ['-inform', 'DER', '-in', put('two.p7m', both), '-CAfile', put('two.pem', pems)]
    const checked = run('openssl', 'cms', '-verify', '-binary', ...args, '-purpose', 'any')
    expect(checked.text).toContain('successful')
  })
})

test.runIf(hasOpenssl)(
  'a signature of openssl’s gets one more, over the same file alone',
  async () => {
    const ours = await person('ECDSA_SHA_384')
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', folder.path('their.key')]
    const certificate = folder.path('their.pem')
    run('openssl', 'req', '-x509', ...key, '-out', certificate, '-subj', '/CN=Bob')
    const signer = ['-signer', certificate, '-inkey', folder.path('their.key'), '-md', 'sha512']
    const files = ['-in', put('letter', content), '-out', folder.path('theirs')]
    for (const form of [[], ['-nodetach'], ['-nodetach', '-stream']]) {
      const made = ['cms', '-sign', '-binary', '-outform', 'DER', ...form, ...signer, ...files]
      expect(run('openssl', ...made).status).toBe(0)
      const theirs = folder.bytes('theirs')
      const file = form.length === 0 ? new Blob([content]) : null
      const { cms, at } = await cosign(theirs, ours, { file, signingTime: new Date(now) })
      const { signers } = await verifyCms({ cms, content })
      expect(signers.map(({ integrity }) => integrity)).toEqual(['intact', 'intact'])
      expect(signers[at]?.certificate?.der).toEqual(ours.certificate)
      const pems = `${folder.read('their.pem')}\n${writePem('CERTIFICATE', ours.certificate)}`
      const trust = ['-CAfile', put('both.pem', pems), '-purpose', 'any', '-binary']
      const input = ['-inform', 'DER', '-in', put('both', cms)]
      const beside = file ? ['-content', put('letter', content)] : []
      const checked = run('openssl', 'cms', '-verify', ...input, ...trust, ...beside)
      expect(checked.text).toContain('successful')
      if (!file) continue
      const other = new Blob([encodeUtf8('Other words')])
      const adding = cosign(theirs, ours, { file: other, signingTime: new Date(now) })
      await expect(adding).rejects.toMatchObject({ code: 'altered' })
      const without = cosign(theirs, ours, { file: null, signingTime: new Date(now) })
      await expect(without).rejects.toMatchObject({ code: 'content-missing' })
    }
  },
)

test.runIf(hasOpenssl)('openssl verifies a text that stays readable', async () => {
  const one = await person('ECDSA_SHA_256')
  const text = 'Grüße,\nein Brief.\n'
  const cms = await signCms({ signers: [one], content: clearTextPart(text), detached: true })
  const message = clearSigned(text, cms, 'SHA-256')
  const pem = put('clear.pem', writePem('CERTIFICATE', one.certificate))
  const check = (name: string, mail: string) =>
    run('openssl', 'smime', '-verify', '-in', put(name, mail), '-CAfile', pem, '-purpose', 'any')
  expect(check('clear', message).text).toContain('successful')
  expect(check('bent', message.replace('Brief', 'Buch')).status).not.toBe(0)
})

describe.runIf(hasCerttool)('certtool verifies', () => {
  test.each(['ED25519_SHA_512', 'ECDSA_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256'] as const)(
    'a signature by %s',
    async (algorithm) => {
      const one = await person(algorithm)
      const cms = await signCms({ signers: [one], content, detached: true })
      const pem = put('tool.pem', writePem('CERTIFICATE', one.certificate))
      const checking = ['--p7-verify', '--inder', '--infile', put('tool.p7s', cms)]
      const args = [...checking, '--load-ca-certificate', pem, '--load-data']
      expect(run('certtool', ...args, put('tool-good', content)).status).toBe(0)
      expect(run('certtool', ...args, put('tool-bad', encodeUtf8('Other'))).status).not.toBe(0)
    },
  )
})

test.each([
  ['ML-DSA-87', () => mlDsaSigner('ML-DSA-87')],
  ['RSA', () => testSigner('RSASSA_PKCS1_V1_5_SHA_256')],
  ['P-521', () => testSigner('ECDSA_SHA_512')],
  ['Ed25519', () => testSigner('ED25519_SHA_512')],
] as const)('the room that is left for a message is enough: %s with a chain', async (_, make) => {
  const root = await make()
  const signer = await make()
  const validity = { notBefore: now - day, notAfter: now + day }
  const long = [
    ['CN', 'x'.repeat(64)],
    ['O', 'y'.repeat(64)],
  ] as const
  const above = await makeSelfSigned(root, { ...validity, subject: long, isCa: true })
  const authority = { signer: root, certificate: readCertificate(above) }
  const subject = { subject: long, publicKey: signer.publicKey }
  const certificate = await certifyKey(authority, subject, validity)
  const signing = { signer, certificate, chain: [above] }
  const cms = await signCms({ signers: [signing], content, detached: true, pades: true })
  expect(cms.byteLength).toBeLessThanOrEqual(mostCmsBytes(signing))
  expect(mostCmsBytes(signing) - cms.byteLength).toBeLessThan(12 * 1024)
  const bytes = makePdf(sample)
  const reservedBytes = mostCmsBytes(signing)
  const makeCms = async (pieces: readonly Bytes[]) =>
    signCms({ signers: [signing], content: concatBytes(...pieces), detached: true, pades: true })
  const signed = await signPdf({ bytes, time: new Date(now), reservedBytes, makeCms })
  expect(readSignatures(signed)).toMatchObject([{ problems: [] }])
})
