// Questions and answers of OCSP, with openssl on the other side.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Certificate, readCertificate } from '../../src/certificates/certificate.ts'
import { readCrl } from '../../src/certificates/crl.ts'
import { checkOcsp, makeOcspRequest, readOcspResponse } from '../../src/certificates/ocsp.ts'
import { checkPath } from '../../src/certificates/path.ts'
import { encodeHex } from '../../src/codec/text.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyhearth-ocsp-'))
afterAll(() => rmSync(folder, { recursive: true }))
const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
if (!hasOpenssl) test.skip('openssl is not installed on this machine', () => {})

const openssl = (...args: readonly string[]) => {
  const { status, stderr, stdout } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  return `${stdout}${stderr}`
}
const file = (name: string) => new Uint8Array(readFileSync(join(folder, name)))

/** The answer about a certificate, by a responder of openssl whose index says so. */
function answer(index: string, signer: string, ...more: readonly string[]) {
  writeFileSync(join(folder, 'index.txt'), index)
  const by = [
    '-CA',
    'ca.pem',
    '-rsigner',
    `${signer}.pem`,
    '-rkey',
    `${signer}.key`,
    '-index',
    'index.txt',
  ]
  openssl('ocsp', ...by, '-reqin', 'request.der', '-respout', 'answer.der', '-ndays', '1', ...more)
  const response = readOcspResponse(file('answer.der'))
  if (typeof response === 'string') throw new Error(response)
  return response
}

describe.runIf(hasOpenssl)('openssl ocsp', () => {
  let ca: Certificate
  let leaf: Certificate
  let serial: string
  // A little later: the certificates are made first.
  const time = Date.now() + 30_000
  const nonce = crypto.getRandomValues(new Uint8Array(32))

  const read = (name: string) => {
    openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`)
    return readCertificate(file(`${name}.der`))
  }

  beforeAll(async () => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=CA',
      '-days',
      '9',
    )
    for (const [name, usage] of [
      ['leaf', 'emailProtection'],
      ['ocsp', 'OCSPSigning\nnoCheck=ignored'],
      ['asked', 'OCSPSigning'],
      ['other', 'clientAuth'],
    ]) {
      openssl(
        'req',
        ...key,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
      )
      writeFileSync(join(folder, 'ext'), `extendedKeyUsage=${usage}`)
      const by = [
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '9',
        '-extfile',
        'ext',
      ]
      openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...by)
    }
    ca = read('ca')
    leaf = read('leaf')
    // openssl leaves out the zero that keeps the number positive.
    serial = encodeHex(leaf.serialNumber).toUpperCase().replace(/^00/, '')
    writeFileSync(
      join(folder, 'request.der'),
      await makeOcspRequest({ certificate: leaf, issuer: ca }, nonce),
    )
  }, 60_000)

  const good = () => `V\t301231235959Z\t\t${serial}\tunknown\t/CN=leaf\n`
  const revoked = () =>
    `R\t301231235959Z\t260101000000Z,keyCompromise\t${serial}\tunknown\t/CN=leaf\n`
  const asked = () => ({ certificate: leaf, issuer: ca, time, nonce })

  test('reads the request', () => {
    expect(openssl('ocsp', '-reqin', 'request.der', '-req_text')).toContain(serial)
  })

  test.each(['ca', 'ocsp'])('good, by %s', async (signer) => {
    const response = answer(good(), signer)
    expect(await checkOcsp({ ...asked(), response })).toMatchObject({
      status: 'good',
      problem: null,
    })
    const path = { certificate: leaf, others: [], anchors: [ca], time, ocsp: [response] }
    expect(await checkPath({ ...path, revocation: 'required' })).toMatchObject({ reason: null })
  })

  test('revoked, with time and reason', async () => {
    const response = answer(revoked(), 'ocsp', '-resp_key_id')
    const verdict = await checkOcsp({ ...asked(), response })
    expect(verdict).toMatchObject({ status: 'revoked', reason: 'keyCompromise' })
    expect(verdict).toMatchObject({ revokedAt: Date.UTC(2026, 0, 1) })
    const path = { certificate: leaf, others: [], anchors: [ca], time, ocsp: [response] }
    expect((await checkPath(path)).reason).toBe('revoked')
  })

  test('an answer that revokes is heard whatever others say', async () => {
    const ocsp = [answer(good(), 'ocsp'), answer(revoked(), 'ocsp')]
    const path = { certificate: leaf, others: [], anchors: [ca], time }
    expect((await checkPath({ ...path, ocsp })).reason).toBe('revoked')
    expect((await checkPath({ ...path, ocsp: ocsp.toReversed() })).reason).toBe('revoked')
  })

  test('a responder that may be revoked must be cleared by a list', async () => {
    const response = answer(good(), 'asked')
    expect((await checkOcsp({ ...asked(), response })).problem).toBe('responder-not-cleared')
    const path = { certificate: leaf, others: [], anchors: [ca], time, ocsp: [response] }
    expect((await checkPath(path)).notChecked).toEqual(['revocation'])

    const serialOf = () => /serial=(\w+)/.exec(openssl('x509', '-in', 'asked.pem', '-serial'))?.[1]
    const listing = async (lines: string) => {
      writeFileSync(join(folder, 'list.txt'), lines)
      writeFileSync(join(folder, 'number'), '01\n')
      const settings = 'database=list.txt\ncrlnumber=number\ndefault_md=sha256\n'
      writeFileSync(join(folder, 'list.cnf'), `[ca]\ndefault_ca=own\n[own]\n${settings}`)
      const by = ['-config', 'list.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key']
      openssl('ca', '-gencrl', ...by, '-crldays', '1', '-out', 'list.pem')
      openssl('crl', '-in', 'list.pem', '-outform', 'DER', '-out', 'list.der')
      return readCrl(file('list.der'))
    }
    const gone = `R\t301231235959Z\t260101000000Z\t${serialOf()}\tunknown\t/CN=asked\n`
    // The lists say that the certificate in question is good; the answer, where it counts, says not.
    const ocsp = [answer(revoked(), 'asked')]
    const verdict = async (list: string) =>
      (await checkPath({ ...path, ocsp, crls: [await listing(list)] })).reason
    expect(await verdict('')).toBe('revoked')
    expect(await verdict(gone)).toBe(null)
    const byNoCheck = [answer(revoked(), 'ocsp')]
    const ofNoCheck = { ...path, ocsp: byNoCheck, crls: [await listing(gone)] }
    expect((await checkPath(ofNoCheck)).reason).toBe('revoked')
  })

  test('says nothing where the responder may not, is late, or answers something else', async () => {
    const problem = async (changes: object, signer = 'ocsp') =>
      (await checkOcsp({ ...asked(), response: answer(good(), signer), ...changes })).problem
    expect(await problem({}, 'other')).toBe('responder-not-authorized')
    expect(await problem({ time: time + 3 * 86_400_000 })).toBe('not-current')
    expect(await problem({ nonce: new Uint8Array(32) })).toBe('nonce-differs')
    expect(await problem({ certificate: ca })).toBe('another-certificate')
    const response = answer(good(), 'ocsp')
    const tbs = response.tbs.slice()
    tbs[tbs.byteLength - 1] = (tbs.at(-1) ?? 0) ^ 1
    expect(await problem({ response: { ...response, tbs } })).toBe('bad-signature')
  })

  test('unknown is not good', async () => {
    const response = answer('', 'ocsp')
    expect(await checkOcsp({ ...asked(), response })).toMatchObject({
      status: 'unknown',
      problem: null,
    })
  })

  test('a refusal is named', () => {
    expect(readOcspResponse(Uint8Array.of(0x30, 3, 0x0a, 1, 6))).toBe('unauthorized')
  })
})
