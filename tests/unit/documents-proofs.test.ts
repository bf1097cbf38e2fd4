// What time stamps, later revocation lists and counter-signatures prove, and when they prove nothing.

import { describe, expect, test } from 'vitest'
import { digest, digestAlgorithm } from '../../src/certificates/algorithms.ts'
import { readCertificate } from '../../src/certificates/certificate.ts'
import type { Crl } from '../../src/certificates/crl.ts'
import type { ExtendedKeyUsage } from '../../src/certificates/extensions.ts'
import { issueCertificate } from '../../src/certificates/makeCertificate.ts'
import { makeRequest, readRequest } from '../../src/certificates/request.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { DerFields, derElement, tags } from '../../src/codec/der.ts'
import { derBoolean, derNumber, derOctets, derOid, derSequence } from '../../src/codec/derValues.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { cmsOids } from '../../src/documents/cmsNames.ts'
import { readCms } from '../../src/documents/readCms.ts'
import {
  addSigner,
  attribute,
  type CmsSigning,
  implicitSet,
  signCms,
  writeCms,
} from '../../src/documents/signCms.ts'
import { addTimeStamp } from '../../src/documents/timeStamp.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import {
  addValidationData,
  readSignatures,
  signPdf,
  type ValidationData,
} from '../../src/pdf/index.ts'
import { testSigner } from './certificatesSigners.ts'
import {
  crlOf,
  day,
  makeAuthority,
  makePerson,
  now,
  serialOf,
  type TestAuthority,
} from './documentsPeople.ts'
import { makePdf, sample } from './pdfFiles.ts'

const content = encodeUtf8('what I say')
const signatureOf = (cms: Bytes) => readCms(cms).signers[0]?.signature ?? content

interface Stamping {
  readonly time?: number
  readonly version?: number
  readonly extension?: Bytes
}

/** TimeStampToken (RFC 3161 section 2.4.2). */
async function stampBy(tsa: CmsSigning, stamped: Bytes, { time = now, ...odd }: Stamping = {}) {
  const digits = `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
  const info = derSequence(
    derNumber(odd.version ?? 1),
    derOid('1.2.3.4'),
    derSequence(digestAlgorithm('SHA-256'), derOctets(await digest('SHA-256', stamped))),
    derNumber(1),
    derElement(tags.generalizedTime, encodeUtf8(digits)),
    ...(odd.extension ? [derElement(tags.explicit1, odd.extension)] : []),
  )
  const empty = writeCms({
    digestAlgorithms: [],
    contentType: cmsOids.timeStampInfo,
    content: info,
    certificateChoices: [],
    revocationChoices: [],
    signers: [],
  })
  return addSigner(empty, tsa, {})
}

async function stampedByAda(purposes: readonly ExtendedKeyUsage[] = ['timeStamping']) {
  const authority = await makeAuthority()
  // Ada's certificate has expired; it had not when the stamp was made.
  const ada = await makePerson(authority, 'Ada', { notBefore: now - 9 * day, notAfter: now - day })
  const tsa = await makePerson(authority, 'Clock', { extKeyUsage: purposes })
  const cms = await signCms({ signers: [ada], content, detached: false })
  const time = now - 3 * day
  const then = await crlOf(authority, [], time - day)
  const current = [then, await crlOf(authority)]
  const verdictOf = async (token: Bytes, crls = current) =>
    verdictOfCms(addTimeStamp(cms, 0, token), crls)
  const verdictOfCms = async (file: Bytes, crls = [then]) => {
    const anchors = [authority.certificate]
    const { signatures } = await verifyDocument({ file, anchors, crls, at: new Date(now) })
    return signatures[0]
  }
  return { authority, ada, tsa, cms, time, verdictOf, verdictOfCms }
}

/** A PDF that Ada signed, with a time stamp over it. */
async function stampedPdf(ada: CmsSigning, tsa: CmsSigning, time: number) {
  const bytes = await signPdf({
    bytes: makePdf(sample),
    time: new Date(time),
    makeCms: (pieces) =>
      signCms({ signers: [ada], content: concatBytes(...pieces), detached: true, pades: true }),
  })
  return signPdf({
    bytes,
    time: new Date(time),
    subFilter: 'ETSI.RFC3161',
    makeCms: (pieces) => stampBy(tsa, concatBytes(...pieces), { time }),
  })
}

describe('a time stamp of a PDF', () => {
  test('that nobody could check in full leaves the signature incomplete', async () => {
    const { authority, ada, tsa, time } = await stampedByAda()
    const file = await stampedPdf(ada, tsa, time)
    const then = await crlOf(authority, [], time - 6 * day)
    const signatures = async (crls: readonly Crl[]) => {
      const anchors = [authority.certificate]
      return (await verifyDocument({ file, anchors, crls, at: new Date(now) })).signatures
    }
    expect(await signatures([then])).toMatchObject([
      { verdict: 'incomplete', time, revocation: 'good', notChecked: ['time-stamp'] },
      { verdict: 'incomplete', notChecked: ['revocation'] },
    ])
    expect(await signatures([then, await crlOf(authority)])).toMatchObject([
      { verdict: 'valid', time, notChecked: [] },
      { verdict: 'valid' },
    ])
  })
})

describe('what the store of a PDF holds', () => {
  async function stored(put: (authority: TestAuthority, ada: CmsSigning) => Promise<Held>) {
    const authority = await makeAuthority()
    const between = await makeBetween(authority)
    const ada = await makePerson(between)
    const signed = await signPdf({
      bytes: makePdf(sample),
      time: new Date(now),
      makeCms: (pieces) =>
        signCms({ signers: [ada], content: concatBytes(...pieces), detached: true, pades: true }),
    })
    const { isOwn = false, ...held } = await put(between, ada)
    const none = { certificates: [], ocspResponses: [], revocationLists: [] }
    const contents = readSignatures(signed)[0]?.contents ?? content
    const data = { ...none, ...held }
    const file = isOwn
      ? await addValidationData(signed, none, [{ ...data, contents }])
      : await addValidationData(signed, data)
    const crls = [await crlOf(authority)]
    const anchors = [authority.certificate]
    return (await verifyDocument({ file, anchors, crls, at: new Date(now) })).signatures[0]
  }
  interface Held extends Partial<ValidationData> {
    readonly isOwn?: boolean
  }

  test.each([false, true])('is heard as if it were given, in a VRI: %s', async (isOwn) => {
    const found = await stored(async (between) => ({
      isOwn,
      certificates: [between.certificate.der],
      revocationLists: [(await crlOf(between)).der],
    }))
    expect(found).toMatchObject({ verdict: 'valid', revocation: 'good', notChecked: [] })
    expect(found?.pdf?.changes).toMatchObject({ kind: 'validation data', isAllowed: true })
  })

  test('is not trusted for that, and what revokes is heard', async () => {
    const found = await stored(async (between, { certificate }) => {
      const revoked = [{ serialNumber: serialOf(certificate), revokedAt: now - day }]
      const lists = [await crlOf(between), await crlOf(between, revoked)]
      return {
        certificates: [between.certificate.der],
        revocationLists: lists.map(({ der }) => der),
      }
    })
    expect(found).toMatchObject({ verdict: 'not-trusted', reason: 'revoked' })
    const stranger = await makeAuthority()
    const forged = await stored(async (between) => ({
      certificates: [between.certificate.der, stranger.certificate.der],
      // By somebody of the same name.
      revocationLists: [(await crlOf({ ...stranger, certificate: asOf(between, stranger) })).der],
    }))
    expect(forged).toMatchObject({ verdict: 'incomplete', notChecked: ['revocation'] })
  })

  const asOf = (between: TestAuthority, { certificate }: TestAuthority) => ({
    ...certificate,
    subject: between.certificate.subject,
  })

  test('is passed over where it cannot be read', async () => {
    const found = await stored(async (between) => ({
      certificates: [content, between.certificate.der],
      ocspResponses: [content],
      revocationLists: [content, (await crlOf(between)).der],
    }))
    expect(found).toMatchObject({ verdict: 'valid' })
  })
})

/** An authority below another. */
async function makeBetween(root: TestAuthority): Promise<TestAuthority> {
  const signer = await testSigner('ECDSA_SHA_256')
  const request = readRequest(await makeRequest(signer, { subject: [['CN', 'Between']] }))
  const times = { notBefore: now - 50 * day, notAfter: now + 50 * day }
  const der = await issueCertificate(root, request, { ...times, isCa: true })
  return { signer, certificate: readCertificate(der) }
}

describe('time stamps', () => {
  test('a signature with one is valid after its certificate expired; without, it is not', async () => {
    const { tsa, cms, time, verdictOf, verdictOfCms } = await stampedByAda()
    const found = await verdictOf(await stampBy(tsa, signatureOf(cms), { time }))
    expect(found).toMatchObject({
      verdict: 'valid',
      time,
      validity: 'valid',
      notChecked: [],
      timeStamp: { verdict: 'valid', who: 'CN=Clock', time, revocation: 'good', problems: [] },
    })
    expect(await verdictOfCms(cms)).toMatchObject({ verdict: 'not-trusted', reason: 'expired' })
  })

  test('one over something else proves nothing', async () => {
    const { tsa, time, verdictOf } = await stampedByAda()
    expect(await verdictOf(await stampBy(tsa, content, { time }))).toMatchObject({
      reason: 'expired',
      timeStamp: { verdict: 'altered', problems: ['imprint-mismatch'] },
    })
  })

  test('one by whoever is no authority for time stamps proves nothing', async () => {
    const purposes = [['timeStamping', 'emailProtection'], []] as const
    for (const one of purposes) {
      const { tsa, cms, time, verdictOf } = await stampedByAda(one)
      const found = await verdictOf(await stampBy(tsa, signatureOf(cms), { time }))
      expect(found).toMatchObject({ reason: 'expired', timeStamp: { verdict: 'not-trusted' } })
      expect(found?.timeStamp?.problems).toEqual(['not-an-authority'])
    }
  })

  test('odd versions, critical extensions and times to come are named', async () => {
    const { tsa, cms, verdictOf } = await stampedByAda()
    const critical = derSequence(derOid('1.2.3'), derBoolean(true), derOctets(content))
    const odd = [
      [{ version: 2 }, 'unknown-version'],
      [{ extension: critical }, 'unknown-critical-extension'],
      [{ time: now + day }, 'in-the-future'],
    ] as const
    for (const [stamping, problem] of odd) {
      const found = await verdictOf(await stampBy(tsa, signatureOf(cms), stamping))
      expect(found?.timeStamp).toMatchObject({ verdict: 'not-trusted', problems: [problem] })
      expect(found?.verdict).toBe('not-trusted')
    }
    const broken = await verdictOf(derSequence(derOctets(content)))
    expect(broken?.timeStamp).toMatchObject({ problems: ['not-a-time-stamp'] })
  })

  test('one whose authority may be revoked leaves the signature incomplete', async () => {
    const { tsa, cms, time, authority, verdictOf } = await stampedByAda()
    const then = await crlOf(authority, [], time - 6 * day)
    const token = await stampBy(tsa, signatureOf(cms), { time })
    const found = await verdictOf(token, [then])
    expect(found).toMatchObject({ verdict: 'incomplete', time, revocation: 'good' })
    expect(found?.notChecked).toEqual(['time-stamp'])
  })
})

test('revoked after the stamped time is good; before, it is not, in a later list, too', async () => {
  const authority = await makeAuthority()
  const ada = await makePerson(authority)
  const tsa = await makePerson(authority, 'Clock', { extKeyUsage: ['timeStamping'] })
  const cms = await signCms({ signers: [ada], content, detached: false })
  const time = now - 5 * day
  const file = addTimeStamp(cms, 0, await stampBy(tsa, signatureOf(cms), { time }))
  const ofThen = await crlOf(authority, [], time - day)
  const verdictOf = async (revokedAt: number, ...earlier: readonly Crl[]) => {
    const revoked = [{ serialNumber: serialOf(ada.certificate), revokedAt }]
    const crls = [...earlier, await crlOf(authority, revoked)]
    const anchors = [authority.certificate]
    const { signatures } = await verifyDocument({ file, anchors, crls, at: new Date(now) })
    return signatures[0]
  }
  expect(await verdictOf(time + day)).toMatchObject({ verdict: 'valid', revocation: 'good' })
  expect(await verdictOf(time - day)).toMatchObject({ verdict: 'not-trusted', reason: 'revoked' })
  // Those of then could not know.
  expect(await verdictOf(time + day, ofThen)).toMatchObject({ verdict: 'valid' })
  expect(await verdictOf(time - day, ofThen)).toMatchObject({ reason: 'revoked' })
})

test.each([
  [[], 'valid'],
  [['documentSigning'], 'valid'],
  [['adobeDocumentSigning'], 'valid'],
  [['microsoftDocumentSigning'], 'valid'],
  [['clientAuth', 'emailProtection'], 'valid'],
  [['codeSigning'], 'valid'],
  [['any'], 'valid'],
  [['serverAuth'], 'not-trusted'],
  [['clientAuth'], 'not-trusted'],
  [['timeStamping'], 'not-trusted'],
  [['ocspSigning'], 'not-trusted'],
] as const)('a certificate for %s is that of a signer: %s', async (extKeyUsage, verdict) => {
  const authority = await makeAuthority()
  const ada = await makePerson(authority, 'Ada', { extKeyUsage })
  const file = await signCms({ signers: [ada], content, detached: false })
  const asked = { anchors: [authority.certificate], crls: [await crlOf(authority)] }
  const report = await verifyDocument({ file, ...asked, at: new Date(now) })
  expect(report.verdict).toBe(verdict)
  const reason = verdict === 'valid' ? null : 'wrong-extended-key-usage'
  expect(report.signatures[0]?.reason).toBe(reason)
})

describe('counter-signatures', () => {
  async function countersigned(over: (signature: Bytes) => Bytes) {
    const authority = await makeAuthority()
    const [ada, bob] = [await makePerson(authority), await makePerson(authority, 'Bob')]
    const cms = await signCms({ signers: [ada], content, detached: false })
    const { signers, ...parts } = readCms(cms)
    const signed = signers[0]?.der ?? content
    const value = over(signatureOf(cms))
    // A SignerInfo over the value, as another message would have it (RFC 5652 section 11.4).
    const [info] = readCms(
      await signCms({ signers: [bob], content: value, detached: true }),
    ).signers
    const extra = implicitSet(tags.explicit1, [
      attribute(cmsOids.counterSignature, info?.der ?? content),
    ])
    const members = DerFields.whole(signed).rest()
    const file = writeCms({
      ...parts,
      digestAlgorithms: parts.digestAlgorithms.map(({ der }) => der),
      certificateChoices: [ada.certificate, bob.certificate],
      signers: [derSequence(...members.map(({ der }) => der), extra)],
    })
    const crls = [await crlOf(authority)]
    const anchors = [authority.certificate]
    const { signatures } = await verifyDocument({ file, anchors, crls, at: new Date(now) })
    return signatures[0]
  }

  test('one that holds is told, and hinders nothing', async () => {
    expect(await countersigned((signature) => signature)).toMatchObject({
      verdict: 'valid',
      counterSignatures: [{ verdict: 'valid', who: 'CN=Bob', integrity: 'intact' }],
    })
  })

  test('one over something else leaves the signature incomplete', async () => {
    expect(await countersigned((signature) => signature.slice(1))).toMatchObject({
      verdict: 'incomplete',
      integrity: 'intact',
      counterSignatures: [{ verdict: 'altered', problems: ['digest-mismatch'] }],
      notChecked: ['counter-signatures'],
    })
  })
})

test('a set that nobody signed is no signature', async () => {
  const file = writeCms({
    digestAlgorithms: [],
    contentType: cmsOids.data,
    content,
    certificateChoices: [],
    revocationChoices: [],
    signers: [],
  })
  const report = await verifyDocument({ file, anchors: [], at: new Date(now) })
  expect(report).toMatchObject({ verdict: null, problem: 'no-signatures' })
})
