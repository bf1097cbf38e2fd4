// What a file is, told by its first bytes: of files that are made here, of openssl's, and of what people do to them.

import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { makeCrl } from '../../src/certificates/makeCrl.ts'
import { writePem } from '../../src/certificates/pem.ts'
import { makeRequest } from '../../src/certificates/request.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { encodeBase64Url, encodeUtf8 } from '../../src/codec/text.ts'
import { toJwk } from '../../src/documents/jwk.ts'
import { signJws } from '../../src/documents/jws.ts'
import { signMinisign } from '../../src/documents/minisign.ts'
import { minisignKeyOf, writeMinisignKey } from '../../src/documents/minisignKey.ts'
import { recognise } from '../../src/documents/recognise.ts'
import { signSsh } from '../../src/documents/sshSignature.ts'
import { testSigner } from './certificatesSigners.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const hasOpenssl = hasTool('openssl')
const folder = testFolder('recognise')
const of = (content: Bytes | string, name?: string) => {
  const bytes = typeof content === 'string' ? encodeUtf8(content) : content
  return recognise(bytes, bytes.byteLength, name)
}

/** As it is, with a byte order mark, with other ends of lines, with blank lines before it. */
const mistreated = (text: string) => [
  text,
  `\u{feff}${text}`,
  text.replaceAll('\n', '\r\n'),
  `${text}\n\n`,
]

async function ours() {
  const signer = await testSigner('ED25519_SHA_512')
  const digest = new Uint8Array(64)
  const payload = encodeUtf8('hearth')
  const day = 86_400_000
  const now = Math.floor(Date.now() / 1000) * 1000
  const subject = [['CN', 'Ada']] as const
  const validity = { notBefore: now, notAfter: now + day }
  const root = { ...validity, subject, isCa: true, keyUsage: ['cRLSign', 'keyCertSign'] } as const
  const certificate = await makeSelfSigned(signer, root)
  const issuer = { signer, certificate: readCertificate(certificate) }
  const sign = (form: 'compact' | 'flattened' | 'general') =>
    signJws(payload, [{ signer }], { form })
  return {
    signer,
    certificate,
    request: await makeRequest(signer, { subject }),
    list: await makeCrl(issuer, { thisUpdate: now, nextUpdate: now + day, number: 1, revoked: [] }),
    ssh: await signSsh(signer, { sha512: digest }, 'file'),
    minisign: await signMinisign(signer, digest, { trustedComment: 'a' }),
    compact: await sign('compact'),
    flattened: await sign('flattened'),
    general: await sign('general'),
    jwk: JSON.stringify(toJwk(signer.publicKey)),
  }
}

test('what is made here is recognised, however people send it on', async () => {
  const made = await ours()
  expect(of(made.certificate)).toBe('certificate')
  expect(of(made.request)).toBe('certificate-request')
  expect(of(made.list)).toBe('certificate-list')
  expect(of(made.signer.publicKey)).toBe('key-file')
  const texts = {
    'ssh-signature': [made.ssh, `Here it is:\n\n${made.ssh}`],
    minisign: [made.minisign],
    'jws-compact': [made.compact],
    'jws-json': [made.flattened, made.general, JSON.stringify(JSON.parse(made.general), null, 2)],
    certificate: [writePem('CERTIFICATE', made.certificate)],
    'certificate-request': [writePem('NEW CERTIFICATE REQUEST', made.request)],
    'certificate-list': [writePem('X509 CRL', made.list)],
    'key-file': [
      made.jwk,
      `{"keys":[${made.jwk}]}`,
      writePem('PUBLIC KEY', made.signer.publicKey),
      `${writePem('CERTIFICATE', made.certificate)}${writePem('EC PRIVATE KEY', Uint8Array.of(1))}`,
    ],
    'cms-pem': [writePem('CMS', Uint8Array.of(1)), writePem('PKCS7', Uint8Array.of(1))],
  }
  for (const [kind, list] of Object.entries(texts)) {
    for (const text of list.flatMap(mistreated)) expect([text, of(text)]).toEqual([text, kind])
  }
})

test('what is not signed, or not in a form that is read here, is unknown', async () => {
  const made = await ours()
  const encrypted = encodeBase64Url(encodeUtf8('{"alg":"dir","enc":"A256GCM"}'))
  const unknown = [
    '',
    'Hearth and home.',
    '{}',
    '{"a":1}',
    '{"ciphertext":"a","protected":"b","signature":"c"',
    'a.b.c',
    `${made.compact}.a.b`,
    `${encrypted}.a.b`,
    made.compact.slice(0, -90),
    made.minisign.split('\n').slice(0, 2).join('\n'),
    writeMinisignKey(await minisignKeyOf(made.signer.publicKey)),
    'text %PDF-1.7',
    '> -----BEGIN CMS-----',
    'Content-Type: text/plain\n\nContent-Type: multipart/signed; protocol=application/pkcs7-signature',
    'Content-Type: multipart/signed; protocol="application/pgp-signature"\n\n',
  ]
  for (const text of unknown) expect([text, of(text)]).toEqual([text, 'unknown'])
  for (const bytes of [[0x30], [0x30, 0x80], [0x30, 0x84, 1], [0x30, 3, 2, 1, 5], [0, 1, 2]]) {
    expect(of(Uint8Array.from(bytes))).toBe('unknown')
  }
})

test('PDF by its header; elsewhere than at the beginning, by its name too', () => {
  expect(of('%PDF-1.7\n')).toBe('pdf')
  expect(of('x\n%PDF-1.7\n', 'a.PDF')).toBe('pdf')
  expect(of('x\n%PDF-1.7\n', 'a.txt')).toBe('unknown')
  expect(of(`${' '.repeat(1030)}%PDF-1.7\n`, 'a.pdf')).toBe('unknown')
})

test('a mail that is signed in the clear', () => {
  const mail = [
    'From: ada@example.org',
    'content-type: multipart/signed;',
    '\tprotocol="application/x-pkcs7-signature"; micalg=sha-256; boundary=b',
    '',
    '--b',
  ].join('\n')
  for (const text of mistreated(mail)) expect(of(text)).toBe('smime-clear')
})

test('a mail that is nothing but CMS, signed or encrypted', () => {
  const mail = [
    'From: ada@example.org',
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data;',
    ' name="smime.p7m"',
    'Content-Transfer-Encoding: base64',
    '',
    'MAA=',
  ].join('\n')
  for (const text of mistreated(mail)) expect(of(text)).toBe('smime-opaque')
  expect(of(mail.replaceAll(/^/gm, '> '))).toBe('smime-opaque')
  expect(of(mail.replace('pkcs7-mime', 'pkcs7-mimes'))).toBe('unknown')
})

test('the beginning of a large file is enough', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const payload = new Uint8Array(300_000)
  for (const form of ['compact', 'flattened', 'general'] as const) {
    const text = encodeUtf8(await signJws(payload, [{ signer }], { form }))
    const kind = form === 'compact' ? 'jws-compact' : 'jws-json'
    expect(recognise(text.slice(0, 4096), text.byteLength)).toBe(kind)
    expect(recognise(text, text.byteLength)).toBe(kind)
  }
  const { certificate } = await ours()
  expect(recognise(certificate.slice(0, 120), certificate.byteLength)).toBe('certificate')
})

describe.runIf(hasOpenssl)('openssl', () => {
  test('its files are recognised', async () => {
    const path = (name: string) => folder.path(name)
    const openssl = (...args: readonly string[]) =>
      expect(run('openssl', args)).toMatchObject({ status: 0 })
    const data = folder.write('data', 'Hearth and home.\n')
    const pair = ['-keyout', path('key.pem'), '-out', path('cert.pem'), '-subj', '/CN=Ada']
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...pair)
    const signing = ['-sign', '-in', data, '-signer', path('cert.pem'), '-inkey', path('key.pem')]
    openssl('cms', ...signing, '-outform', 'DER', '-out', path('a.p7s'))
    openssl('cms', ...signing, '-outform', 'DER', '-nodetach', '-stream', '-out', path('b.p7m'))
    openssl('cms', ...signing, '-outform', 'PEM', '-out', path('c.pem'))
    openssl('cms', ...signing, '-outform', 'SMIME', '-out', path('d.eml'))
    openssl(
      'cms',
      '-encrypt',
      '-in',
      data,
      '-outform',
      'DER',
      '-out',
      path('e.p7m'),
      path('cert.pem'),
    )
    openssl(
      'req',
      '-new',
      '-key',
      path('key.pem'),
      '-subj',
      '/',
      '-outform',
      'DER',
      '-out',
      path('f.csr'),
    )
    const key = ['-in', path('key.pem'), '-outform', 'DER', '-out']
    openssl('pkcs8', '-topk8', '-nocrypt', ...key, path('g.der'))
    openssl('pkcs8', '-topk8', '-passout', 'pass:a', ...key, path('h.der'))
    openssl('rsa', '-traditional', ...key, path('i.der'))
    openssl('rsa', '-traditional', '-in', path('key.pem'), '-out', path('j.pem'))
    openssl(
      'ecparam',
      '-name',
      'P-256',
      '-genkey',
      '-noout',
      '-outform',
      'DER',
      '-out',
      path('k.der'),
    )
    const bag = ['-in', path('cert.pem'), '-inkey', path('key.pem'), '-passout', 'pass:a']
    openssl('pkcs12', '-export', ...bag, '-out', path('l.p12'))
    const bundle = ['-nocrl', '-certfile', path('cert.pem'), '-outform', 'DER']
    openssl('crl2pkcs7', ...bundle, '-out', path('m.p7b'))
    const kinds = {
      'cert.pem': 'certificate',
      'key.pem': 'key-file',
      'a.p7s': 'cms-der',
      'b.p7m': 'cms-der',
      'c.pem': 'cms-pem',
      'd.eml': 'smime-clear',
      'e.p7m': 'cms-der',
      'f.csr': 'certificate-request',
      'g.der': 'key-file',
      'h.der': 'key-file',
      'i.der': 'key-file',
      'j.pem': 'key-file',
      'k.der': 'key-file',
      'l.p12': 'key-file',
      'm.p7b': 'cms-der',
    }
    for (const [name, kind] of Object.entries(kinds)) {
      expect([name, of(folder.bytes(name), name)]).toEqual([name, kind])
    }
  })
})
