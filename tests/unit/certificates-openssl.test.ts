// What is made here is read and verified by openssl and certtool; what was revoked is refused.

import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { readCertificates } from '../../src/certificates/certificateFiles.ts'
import { readCrl } from '../../src/certificates/crl.ts'
import { issueCertificate, makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { makeCrl } from '../../src/certificates/makeCrl.ts'
import { checkPath } from '../../src/certificates/path.ts'
import { writePem } from '../../src/certificates/pem.ts'
import { isProved, makeRequest, readRequest } from '../../src/certificates/request.ts'
import { encodeHex } from '../../src/codec/text.ts'
import { testAlgorithms, testSigner } from './certificatesSigners.ts'
import { hasTool, run as runTool, testFolder } from './foreignTools.ts'

const { path: file, write, bytes } = testFolder('certificates')
const run = (tool: string, ...args: readonly string[]) => runTool(tool, args)
const hasOpenssl = hasTool('openssl')

const day = 86_400_000
const now = Math.floor(Date.now() / 1000) * 1000
const validity = { notBefore: now - day, notAfter: now + day }

async function authority(algorithm: (typeof testAlgorithms)[number]) {
  const signer = await testSigner(algorithm)
  const der = await makeSelfSigned(signer, {
    ...validity,
    subject: [
      ['C', 'DE'],
      ['O', 'Käthe, Söhne + Co'],
      ['CN', 'Root'],
    ],
    isCa: true,
    pathLength: 0,
    keyUsage: ['keyCertSign', 'cRLSign'],
  })
  return { signer, certificate: readCertificate(der) }
}

describe.runIf(hasOpenssl).each(testAlgorithms)('%s', (algorithm) => {
  test('root, request, certificate and list pass openssl; the revoked certificate does not', async () => {
    const root = await authority(algorithm)
    const holder = await testSigner(algorithm)
    const csr = await makeRequest(holder, {
      subject: [['CN', 'Ada']],
      altNames: [{ kind: 'email', text: 'ada@example.org' }],
      keyUsage: ['digitalSignature', 'nonRepudiation'],
      extKeyUsage: ['emailProtection', 'documentSigning'],
    })
    write('ada.csr', csr)
    const shown = run(
      'openssl',
      'req',
      '-inform',
      'DER',
      '-in',
      file('ada.csr'),
      '-verify',
      '-text',
    )
    expect(shown.text).toMatch(/verify OK/)
    expect(shown.text).toMatch(/email:ada@example.org/)
    expect(shown.text).toMatch(/1\.3\.6\.1\.5\.5\.7\.3\.36/)

    const request = readRequest(csr)
    const grant = { ...validity, altNames: [{ kind: 'email', text: 'ada@example.org' }] } as const
    const leaf = readCertificate(await issueCertificate(root, request, grant))
    expect(leaf.serialNumber.byteLength).toBe(16)
    write('root.pem', writePem('CERTIFICATE', root.certificate.der))
    write('leaf.pem', writePem('CERTIFICATE', leaf.der))
    const verify = ['verify', '-x509_strict', '-CAfile', file('root.pem')]
    expect(run('openssl', ...verify, file('leaf.pem')).text).toMatch(/OK/)

    const revoked = [
      { serialNumber: leaf.serialNumber, revokedAt: now, reason: 'keyCompromise' },
    ] as const
    const times = { number: 1, thisUpdate: now - day, nextUpdate: now + day }
    const crl = await makeCrl(root, { ...times, revoked })
    write('root.crl', writePem('X509 CRL', crl))
    expect(
      run('openssl', 'crl', '-in', file('root.crl'), '-CAfile', file('root.pem'), '-noout').text,
    ).toMatch(/verify OK/)
    const refused = run(
      'openssl',
      ...verify,
      '-crl_check',
      '-CRLfile',
      file('root.crl'),
      file('leaf.pem'),
    )
    expect(refused.text).toMatch(/certificate revoked/)

    const asked = { certificate: leaf, others: [], anchors: [root.certificate], time: now }
    expect((await checkPath(asked)).reason).toBe(null)
    expect((await checkPath(asked)).notChecked).toEqual(['revocation'])
    const crls = [readCrl(crl)]
    expect((await checkPath({ ...asked, crls })).reason).toBe('revoked')
    const empty = [readCrl(await makeCrl(root, { ...times, revoked: [] }))]
    expect(await checkPath({ ...asked, crls: empty })).toMatchObject({
      reason: null,
      notChecked: [],
    })
  })

  test('a request whose subject was altered proves nothing, and is refused', async () => {
    const root = await authority(algorithm)
    const csr = await makeRequest(await testSigner(algorithm), { subject: [['CN', 'Ada']] })
    const at = csr.findIndex(
      (_, i) => csr[i] === 0x41 && csr[i + 1] === 0x64 && csr[i + 2] === 0x61,
    )
    csr[at] = 0x42
    expect(await isProved(readRequest(csr))).toBe(false)
    await expect(issueCertificate(root, readRequest(csr), validity)).rejects.toMatchObject({
      code: 'no-proof-of-possession',
    })
  })
})

test.runIf(hasOpenssl)(
  'certificates of openssl are read from DER, PEM bundles and PKCS #7',
  async () => {
    const { certificate } = await authority('ECDSA_SHA_256')
    const pem = writePem('CERTIFICATE', certificate.der)
    write('two.pem', `Bag Attributes\n${pem}and\r\n${pem}`)
    const args = ['crl2pkcs7', '-nocrl', '-certfile', file('two.pem')]
    run('openssl', ...args, '-out', file('two.p7b'))
    run('openssl', ...args, '-outform', 'DER', '-out', file('two.p7c'))
    for (const name of ['two.pem', 'two.p7b', 'two.p7c']) {
      const read = readCertificates(bytes(name))
      expect(read.map(({ der }) => encodeHex(der))).toContain(encodeHex(certificate.der))
    }
    expect(certificate.subject.text).toBe('CN=Root,O=Käthe\\, Söhne \\+ Co,C=DE')
  },
)

test.runIf(hasTool('certtool'))('certtool verifies a chain made here', async () => {
  const root = await authority('ECDSA_SHA_256')
  const csr = await makeRequest(await testSigner('ED25519_SHA_512'), { subject: [['CN', 'Ada']] })
  const leaf = await issueCertificate(root, readRequest(csr), validity)
  write('chain.pem', writePem('CERTIFICATE', leaf) + writePem('CERTIFICATE', root.certificate.der))
  const chain = run('certtool', '--verify-chain', '--infile', file('chain.pem'))
  expect(chain.text).toMatch(/Chain verification output: Verified/)
})

test('every byte of a certificate that is altered is noticed', async () => {
  const root = await authority('ECDSA_SHA_256')
  const csr = await makeRequest(await testSigner('ECDSA_SHA_256'), { subject: [['CN', 'Ada']] })
  const leaf = await issueCertificate(root, readRequest(csr), validity)
  for (let at = 0; at < leaf.byteLength; at++) {
    const altered = leaf.slice()
    altered[at] = (altered[at] ?? 0) ^ 1
    const reason = await read(altered)
    expect(reason, `byte ${at}`).not.toBe(null)
  }
  async function read(der: typeof leaf) {
    try {
      const certificate = readCertificate(der)
      return (await checkPath({ certificate, others: [], anchors: [root.certificate], time: now }))
        .reason
    } catch (error) {
      return (error as { readonly code: string }).code
    }
  }
})

test('certificates that issue each other in a full circle end in a verdict', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const other = await testSigner('ECDSA_SHA_256')
  const same = { ...validity, isCa: true, subject: [['CN', 'Circle']] } as const
  const signers = [signer, other]
  const others = []
  for (let at = 0; at < 30; at++) {
    const by = signers[at % 2] ?? signer
    const requested = readRequest(await makeRequest(await testSigner('ECDSA_SHA_256'), same))
    const issuer = readCertificate(await makeSelfSigned(by, same))
    others.push(
      readCertificate(await issueCertificate({ certificate: issuer, signer: by }, requested, same)),
    )
  }
  const anchor = (await authority('ECDSA_SHA_256')).certificate
  const [certificate] = others
  if (!certificate) throw new Error('none made')
  const verdict = await checkPath({ certificate, others, anchors: [anchor], time: now })
  expect(verdict.reason).toBe('too-much-work')
})
