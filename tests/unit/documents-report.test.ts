// Nothing is called valid that was not checked: one test per part, and one where all of them were.

import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { testSigner } from './certificatesSigners.ts'
import { crlOf, day, makeAuthority, makePerson, now, serialOf } from './documentsPeople.ts'

const content = encodeUtf8('what I say')
const at = new Date(now)

async function signedByAda() {
  const authority = await makeAuthority()
  const ada = await makePerson(authority)
  const signature = await signCms({ signers: [ada], content, detached: true })
  const asked = {
    file: content,
    signature,
    anchors: [authority.certificate],
    crls: [await crlOf(authority)],
    at,
  }
  return { authority, ada, signature, asked }
}

test('a signature is valid through a chain, its revocation known, nothing left', async () => {
  const { authority, asked } = await signedByAda()
  const report = await verifyDocument(asked)
  expect(report).toMatchObject({ form: 'cms-der', verdict: 'valid', problem: null })
  expect(report.signatures).toHaveLength(1)
  expect(report.signatures[0]).toMatchObject({
    form: 'cms',
    who: 'CN=Ada',
    integrity: 'intact',
    anchor: authority.certificate,
    validity: 'valid',
    revocation: 'good',
    coverage: 'whole',
    notChecked: [],
    problems: [],
  })
})

describe('what was not checked is named, and never valid', () => {
  test('revocation', async () => {
    const { asked } = await signedByAda()
    const report = await verifyDocument({ ...asked, crls: [] })
    expect(report.verdict).toBe('incomplete')
    expect(report.signatures[0]).toMatchObject({
      revocation: 'unknown',
      notChecked: ['revocation'],
    })
  })

  test('content', async () => {
    const { signature, asked } = await signedByAda()
    const { signature: _, ...rest } = asked
    const report = await verifyDocument({ ...rest, file: signature })
    expect(report.verdict).toBe('incomplete')
    expect(report.signatures[0]?.notChecked).toEqual(['content', 'signature'])
  })

  test('the chain, where no anchor vouches for it', async () => {
    const { asked } = await signedByAda()
    const report = await verifyDocument({ ...asked, anchors: [] })
    expect(report).toMatchObject({ verdict: 'not-trusted' })
    expect(report.signatures[0]).toMatchObject({ reason: 'no-path', anchor: null })
  })
})

test('altered, revoked and expired are told apart', async () => {
  const { authority, ada, asked } = await signedByAda()
  expect(await verifyDocument({ ...asked, file: encodeUtf8('else') })).toMatchObject({
    verdict: 'altered',
  })
  const revoked = { serialNumber: serialOf(ada.certificate), revokedAt: now - day }
  const withdrawn = await verifyDocument({ ...asked, crls: [await crlOf(authority, [revoked])] })
  expect(withdrawn.signatures[0]).toMatchObject({ verdict: 'not-trusted', revocation: 'revoked' })
  const late = await verifyDocument({ ...asked, at: new Date(now + 20 * day) })
  expect(late.signatures[0]).toMatchObject({
    verdict: 'not-trusted',
    reason: 'expired',
    validity: 'expired',
  })
})

test('a self-signed certificate that the person trusts can be revoked by nobody', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const certificate = await makeSelfSigned(signer, {
    notBefore: now - day,
    notAfter: now + day,
    subject: [['CN', 'Ada']],
  })
  const signers = [{ signer, certificate, chain: [] }]
  const signature = await signCms({ signers, content, detached: true })
  const asked = { file: content, signature, at }
  const report = await verifyDocument({ ...asked, anchors: [readCertificate(certificate)] })
  expect(report.signatures[0]).toMatchObject({ verdict: 'valid', revocation: 'not-applicable' })
  const { signatures } = await verifyDocument({ ...asked, anchors: [] })
  expect(signatures[0]).toMatchObject({ verdict: 'not-trusted', reason: 'no-path' })
})

test('a file of any size is hashed, not held', async () => {
  const { asked } = await signedByAda()
  const pieces = [content, encodeUtf8(' and more')]
  const longer = await verifyDocument({ ...asked, file: new Blob(pieces) })
  expect(longer.verdict).toBe('altered')
  expect(await verifyDocument({ ...asked, file: new Blob([content]) })).toMatchObject({
    verdict: 'valid',
  })
})

test('what is no signature is said to be none', async () => {
  const { asked, signature } = await signedByAda()
  expect(await verifyDocument({ ...asked, signature: content })).toMatchObject({
    problem: 'not-a-signature',
    verdict: null,
    signatures: [],
  })
  const { signature: _, ...rest } = asked
  expect(await verifyDocument(rest)).toMatchObject({ problem: 'not-recognised', form: 'unknown' })
  const cut = signature.slice(0, -9)
  expect(await verifyDocument({ ...asked, signature: cut })).toMatchObject({ problem: 'not-cms' })
})
