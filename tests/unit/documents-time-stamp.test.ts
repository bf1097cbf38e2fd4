// A time stamp of openssl's own authority is read, verified and put beside a signature.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { digest } from '../../src/certificates/algorithms.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { signCms } from '../../src/documents/signCms.ts'
import {
  addTimeStamp,
  makeTimeStampRequest,
  readTimeStampResponse,
  verifyTimeStamp,
} from '../../src/documents/timeStamp.ts'
import { verifyCms } from '../../src/documents/verifyCms.ts'
import { testSigner } from './certificatesSigners.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyhearth-stamp-'))
afterAll(() => rmSync(folder, { recursive: true }))
const openssl = (...args: readonly string[]) => {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
if (!hasOpenssl) test.skip('openssl is not installed on this machine', () => {})

const config = `[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
`

function stamp(request: Uint8Array): Uint8Array<ArrayBuffer> {
  writeFileSync(join(folder, 'tsa.cnf'), config)
  writeFileSync(join(folder, 'serial'), '01\n')
  writeFileSync(join(folder, 'q.tsq'), request)
  const making = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'k.pem', '-out', 'c.pem']
  const purpose = ['-addext', 'extendedKeyUsage=critical,timeStamping']
  openssl('req', '-x509', ...making, '-subj', '/CN=TSA', ...purpose)
  const reply = ['-queryfile', 'q.tsq', '-signer', 'c.pem', '-inkey', 'k.pem', '-out', 'r.tsr']
  openssl('ts', '-reply', '-config', 'tsa.cnf', '-section', 'one', ...reply)
  return new Uint8Array(readFileSync(join(folder, 'r.tsr')))
}

test.runIf(hasOpenssl)('a signature is stamped', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const validity = { notBefore: Date.now() - 1000, notAfter: Date.now() + 86_400_000 }
  const certificate = await makeSelfSigned(signer, { ...validity, subject: [['CN', 'Ada']] })
  const signers = [{ signer, certificate, chain: [] }]
  const cms = await signCms({ signers, content: encodeUtf8('words'), detached: false })
  const signature = (await verifyCms({ cms })).signers[0]?.signature ?? new Uint8Array(0)
  const nonce = Uint8Array.of(0x12, 0x34)
  const request = makeTimeStampRequest(await digest('SHA-256', signature), nonce)
  const token = readTimeStampResponse(stamp(request)) ?? new Uint8Array(0)
  const good = await verifyTimeStamp(token, signature)
  expect(good).toMatchObject({ integrity: 'intact', nonce })
  expect(Math.abs(good.time - Date.now())).toBeLessThan(60_000)
  expect(await verifyTimeStamp(token, nonce)).toMatchObject({ integrity: 'altered' })
  const both = (await verifyCms({ cms: addTimeStamp(cms, 0, token) })).signers[0]
  expect(both).toMatchObject({ integrity: 'intact', timeStamp: token })
})
