// Nothing is called valid that was not checked.

import { expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { judgeSigner } from '../../src/documents/report.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { verifyCms } from '../../src/documents/verifyCms.ts'
import { testSigner } from './certificatesSigners.ts'

const now = Math.floor(Date.now() / 1000) * 1000
const content = encodeUtf8('what I say')

async function judged(given: Uint8Array<ArrayBuffer>, isTrusted: boolean, time = now) {
  const signer = await testSigner('ECDSA_SHA_256')
  const certificate = await makeSelfSigned(signer, {
    notBefore: now - 1000,
    notAfter: now + 86_400_000,
    subject: [['CN', 'Ada']],
    isCa: true,
    keyUsage: ['digitalSignature', 'keyCertSign'],
  })
  const signers = [{ signer, certificate, chain: [] }]
  const cms = await signCms({ signers, content, detached: true })
  const message = await verifyCms({ cms, content: given })
  const [one] = message.signers
  if (!one) throw new Error('no signer')
  const anchors = isTrusted ? [readCertificate(certificate)] : []
  return judgeSigner({ message, signer: one, anchors, time })
}

test('without revocation lists a signature is incomplete, not valid', async () => {
  const report = await judged(content, true)
  expect(report).toMatchObject({ verdict: 'incomplete', who: 'CN=Ada', revocation: 'unknown' })
  expect(report.notChecked).toEqual(['revocation'])
})

test('altered, untrusted and expired are told apart', async () => {
  expect(await judged(encodeUtf8('else'), true)).toMatchObject({ verdict: 'altered' })
  expect(await judged(content, false)).toMatchObject({ verdict: 'not-trusted', reason: 'no-path' })
  const late = await judged(content, true, now + 10 * 86_400_000)
  expect(late).toMatchObject({ verdict: 'not-trusted', reason: 'expired', validity: 'expired' })
})
