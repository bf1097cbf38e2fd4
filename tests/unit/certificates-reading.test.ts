// Certificates of openssl are read as they are; what is weak is said; hostile bytes end in a named error.

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { fingerprintOf, readCertificate, serialText } from '../../src/certificates/certificate.ts'
import { readCertificates } from '../../src/certificates/certificateFiles.ts'
import { generalNameText } from '../../src/certificates/generalNames.ts'
import { weaknessesOf } from '../../src/certificates/strength.ts'
import { encodeHex, encodeUtf8 } from '../../src/codec/text.ts'

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
if (!hasOpenssl) test.skip('openssl is not installed on this machine', () => {})

const openssl = (args: readonly string[], input = '') => {
  const { stdout, stderr, status } = spawnSync('openssl', args, { encoding: 'utf8', input })
  if (status !== 0) throw new Error(stderr)
  return stdout
}
const make = (...args: readonly string[]) =>
  openssl(['req', '-x509', '-nodes', '-keyout', '/dev/null', '-days', '9', ...args])

test.runIf(hasOpenssl)('serial, fingerprint, names and times are what openssl says', async () => {
  const pem = make(
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-subj', '/O=A, B/CN=Ada+UID=7'],
    ...['-addext', 'subjectAltName=DNS:a.example,IP:10.0.0.1,IP:2001:db8::1,email:a@b.example'],
  )
  const [certificate] = readCertificates(encodeUtf8(pem))
  if (!certificate) throw new Error('none read')
  const show = (...args: readonly string[]) => openssl(['x509', '-noout', ...args], pem)
  const hex = show('-fingerprint', '-sha256').replaceAll(/.*=|:|\n/g, '')
  expect(encodeHex(await fingerprintOf(certificate)).toUpperCase()).toBe(hex)
  const serial = show('-serial').replaceAll(/.*=|\n/g, '')
  expect(serialText(certificate).toUpperCase().replace(/^00/, '')).toBe(serial)
  const subject = show('-subject', '-nameopt', 'RFC2253').replaceAll(/^subject=|\n/g, '')
  expect(certificate.subject.text.split(',').length).toBe(subject.split(',').length)
  expect(certificate.subject.text).toContain('O=A\\, B')
  expect(certificate.notAfter).toBe(Date.parse(show('-enddate').replace('notAfter=', '')))
  expect(certificate.extensions.subjectAltName?.map(generalNameText)).toEqual([
    'a.example',
    '10.0.0.1',
    '2001:db8:0:0:0:0:0:1',
    'a@b.example',
  ])
  expect(weaknessesOf(certificate.key, certificate.signatureAlgorithm)).toEqual([])
})

test.runIf(hasOpenssl)('a short RSA key and SHA-1 are weak', () => {
  const pem = make('-newkey', 'rsa:1024', '-sha1', '-subj', '/CN=old')
  const [certificate] = readCertificates(encodeUtf8(pem))
  if (!certificate) throw new Error('none read')
  const weaknesses = weaknessesOf(certificate.key, certificate.signatureAlgorithm)
  expect(weaknesses).toEqual(['sha-1', 'rsa-below-2048'])
})

test.runIf(hasOpenssl)('cut at any length, or written as BER, it is refused by name', () => {
  const pem = make('-newkey', 'ed25519', '-subj', '/CN=a')
  const [certificate] = readCertificates(encodeUtf8(pem))
  if (!certificate) throw new Error('none read')
  const { der } = certificate
  const code = (bytes: typeof der) => {
    try {
      readCertificate(bytes)
      return 'read'
    } catch (error) {
      return (error as { readonly code: string }).code
    }
  }
  for (let length = 0; length < der.byteLength; length++) {
    expect(code(der.slice(0, length))).toBe('not-der')
  }
  // The same length in three bytes instead of two (X.690 section 10.1).
  const long = Uint8Array.of(0x30, 0x83, 0, ...der.subarray(2))
  expect(code(long)).toBe('not-der')
  expect(code(Uint8Array.of(0x30, 0x80, ...der.subarray(4), 0, 0))).toBe('not-der')
  expect(code(new Uint8Array(2_000_000))).toBe('too-large')
})
