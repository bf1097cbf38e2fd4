// CMS messages that deceive, or that only look wrong: each has its name.

import { describe, expect, test } from 'vitest'
import { digest, digestAlgorithm } from '../../src/certificates/algorithms.ts'
import { readCertificate } from '../../src/certificates/certificate.ts'
import type { KeyUsage } from '../../src/certificates/extensions.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { berToDer } from '../../src/codec/ber.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { DerError, DerFields, derElement, tags } from '../../src/codec/der.ts'
import {
  derNumber,
  derOctets,
  derOid,
  derSequence,
  derSetOf,
  readOid,
} from '../../src/codec/derValues.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { cmsOids } from '../../src/documents/cmsNames.ts'
import { CmsError, readCms } from '../../src/documents/readCms.ts'
import {
  addSigner,
  attribute,
  implicitSet,
  signCms,
  writeCms,
} from '../../src/documents/signCms.ts'
import { addTimeStamp } from '../../src/documents/timeStamp.ts'
import { verifyCms } from '../../src/documents/verifyCms.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { testSigner } from './certificatesSigners.ts'
import { day, now, serialOf } from './documentsPeople.ts'

const content = encodeUtf8('what I say')

async function person(name = 'Ada') {
  const signer = await testSigner('ECDSA_SHA_256')
  const certificate = await makeSelfSigned(signer, {
    notBefore: now - day,
    notAfter: now + day,
    subject: [['CN', name]],
  })
  return { signer, certificate, chain: [] as Bytes[] }
}

const partsOf = (cms: Bytes) => {
  const read = readCms(cms)
  return {
    ...read,
    digestAlgorithms: read.digestAlgorithms.map(({ der }) => der),
    signers: read.signers.map(({ der }) => der),
  }
}

const membersOf = (info: Bytes) => DerFields.whole(info).rest()

test('signed attributes passed off as content are refused by name', async () => {
  const cms = await signCms({ signers: [await person()], content, detached: true })
  const [signer] = readCms(cms).signers
  if (!signer?.signedBytes) throw new Error('no signed attributes')
  const bare = membersOf(signer.der).filter(({ tag }) => tag !== tags.explicit0)
  const info = derSequence(...bare.map(({ der }) => der))
  const forged = writeCms({ ...partsOf(cms), content: signer.signedBytes, signers: [info] })
  const [found] = (await verifyCms({ cms: forged })).signers
  expect(found?.problems).toContain('content-is-attributes')
  expect(found?.integrity).toBe('altered')
})

test('of two certificates with one name and number, that of the signer is found', async () => {
  const [ada, eve] = [await person(), await person()]
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const [own, others] = [serialOf(ada.certificate), serialOf(eve.certificate)].map(hex)
  const bent = hex(eve.certificate).replaceAll(others ?? '', own ?? '')
  const twin = new Uint8Array(Buffer.from(bent, 'hex'))
  const cms = await signCms({ signers: [ada], content, detached: false })
  const certificateChoices = [twin, ada.certificate]
  const verdictOf = async (signers: readonly Bytes[]) =>
    (await verifyCms({ cms: writeCms({ ...partsOf(cms), certificateChoices, signers }) })).signers
  expect(await verdictOf(partsOf(cms).signers)).toMatchObject([
    { integrity: 'intact', problems: [] },
  ])
  // Where no attribute names the certificate, the key that fits tells.
  const [info] = readCms(cms).signers
  const [version, id, digestAlgorithm, signed, algorithm] = membersOf(info?.der ?? content)
  const attributes = DerFields.in(signed?.content ?? content)
    .rest()
    .map(({ der }) => der)
    .filter((one) => !readOidOf(one).startsWith('1.2.840.113549.1.9.16'))
  const bare = derSequence(
    ...[version, id, digestAlgorithm].map((one) => one?.der ?? content),
    implicitSet(tags.explicit0, attributes),
    algorithm?.der ?? content,
    derOctets(await ada.signer.sign(derSetOf(...attributes))),
  )
  const [found] = await verdictOf([bare])
  expect(found).toMatchObject({ integrity: 'intact', problems: ['no-signing-certificate'] })
  expect(found?.certificate?.der).toEqual(ada.certificate)
})

const readOidOf = (attribute: Bytes) => readOid(DerFields.whole(attribute).any())

test('a set of very many empty members is refused', () => {
  const empty = Uint8Array.of(tags.set, 0)
  const many = derElement(tags.set, ...Array.from({ length: 20_000 }, () => empty))
  expect(() => DerFields.whole(many, tags.set)).toThrow(DerError)
  const signedData = derSequence(derNumber(1), many, derSequence(derOid(cmsOids.data)), derSetOf())
  const message = derSequence(derOid(cmsOids.signedData), derElement(tags.explicit0, signedData))
  expect(() => readCms(message)).toThrow(CmsError)
  const open = new Uint8Array(2_200_004).fill(0)
  open.set([tags.sequence, 0x80])
  for (let at = 2; at < open.length - 2; at += 2) open[at] = tags.null
  expect(() => berToDer(open)).toThrow('more elements than')
})

test('a further signer or time stamp keeps the version, and what is not read here', async () => {
  const cms = await signCms({ signers: [await person()], content, detached: false })
  const [info] = readCms(cms).signers
  if (!info) throw new Error('no signer')
  const [, , ...rest] = membersOf(info.der)
  const third = derSequence(
    derNumber(3),
    derElement(tags.implicit0, encodeUtf8('key')),
    ...rest.map(({ der }) => der),
    implicitSet(tags.explicit1, [derSequence(derOid('1.2.3.4'), derSetOf(derOctets(content)))]),
  )
  const attributeCertificate = derElement(tags.explicit2, derOctets(content))
  const otherRevocation = derElement(tags.explicit1, derOid('1.2.3.5'), derOctets(content))
  const parts = partsOf(cms)
  const versionOf = (message: Bytes) => readCms(message).version
  expect(versionOf(writeCms({ ...parts, signers: [third] }))).toBe(3)
  const choices = { certificateChoices: [...parts.certificateChoices, attributeCertificate] }
  expect(versionOf(writeCms({ ...parts, ...choices }))).toBe(4)
  const full = writeCms({
    ...parts,
    ...choices,
    revocationChoices: [otherRevocation],
    signers: [third],
  })
  const both = addTimeStamp(await addSigner(full, await person('Bob'), {}), 0, derSequence())
  expect(versionOf(both)).toBe(5)
  const kept = readCms(both)
  expect(kept.certificateChoices).toContainEqual(attributeCertificate)
  expect(kept.revocationChoices).toContainEqual(otherRevocation)
  expect(kept.signers).toHaveLength(2)
  expect(
    kept.signers.flatMap((one) => one.unsignedAttributes.map(({ oid }) => oid)).sort(),
  ).toEqual(['1.2.3.4', cmsOids.timeStampToken].sort())
})

test('a wrong version and an unlisted digest are remarks, not alterations', async () => {
  const cms = await signCms({ signers: [await person()], content, detached: false })
  const parts = partsOf(cms)
  const [found] = (await verifyCms({ cms: writeCms({ ...parts, digestAlgorithms: [] }) })).signers
  expect(found).toMatchObject({ integrity: 'intact', problems: ['digest-not-listed'] })
  const [info] = parts.signers
  const [, ...rest] = membersOf(info ?? concatBytes())
  const odd = derSequence(derNumber(2), ...rest.map(({ der }) => der))
  const [told] = (await verifyCms({ cms: writeCms({ ...parts, signers: [odd] }) })).signers
  expect(told).toMatchObject({ integrity: 'intact', problems: ['wrong-version'] })
})

describe('signed attributes, made anew and signed by the very key', () => {
  interface Made {
    /** Members of the SET, as they are to stand. */
    readonly attributes: (
      good: Readonly<Record<'type' | 'digest' | 'id', Bytes>>,
    ) => readonly Bytes[]
    readonly isUnsorted?: boolean
    /** AlgorithmIdentifier of the digest. */
    readonly digestAlgorithm?: Bytes
    readonly contentType?: string
  }

  async function verdictOf({ attributes, isUnsorted, digestAlgorithm, contentType }: Made) {
    const ada = await person()
    const cms = await signCms({ signers: [ada], content, detached: false })
    const parts = partsOf(cms)
    const [version, id, hash, , algorithm] = membersOf(parts.signers[0] ?? content)
    const good = {
      type: attribute(cmsOids.contentType, derOid(cmsOids.data)),
      digest: attribute(cmsOids.messageDigest, derOctets(await digest('SHA-256', content))),
      id: await namedBy(ada.certificate),
    }
    const members = attributes(good)
    const set = isUnsorted ? derElement(tags.set, ...members) : derSetOf(...members)
    const signed = DerFields.whole(set, tags.set)
      .rest()
      .map(({ der }) => der)
    const info = derSequence(
      ...[version, id].map((one) => one?.der ?? content),
      digestAlgorithm ?? hash?.der ?? content,
      derElement(tags.explicit0, ...signed),
      algorithm?.der ?? content,
      derOctets(await ada.signer.sign(set)),
    )
    const type = contentType ?? parts.contentType
    const message = writeCms({ ...parts, contentType: type, signers: [info] })
    const [found] = (await verifyCms({ cms: message })).signers
    const anchors = [readCertificate(ada.certificate)]
    const report = await verifyDocument({ file: message, anchors, at: new Date(now) })
    const { integrity, problems = [] } = found ?? {}
    return { integrity, problems, verdict: report.verdict }
  }

  /** RFC 5035 section 4. */
  const namedBy = async (certificate: Bytes) =>
    attribute(
      cmsOids.signingCertificateV2,
      derSequence(derSequence(derSequence(derOctets(await digest('SHA-256', certificate))))),
    )
  const altered = { integrity: 'altered', verdict: 'altered' }

  test('are sound as they are', async () => {
    const attributes: Made['attributes'] = ({ type, digest: hash, id }) => [type, hash, id]
    expect(await verdictOf({ attributes })).toEqual({
      integrity: 'intact',
      problems: [],
      verdict: 'valid',
    })
  })

  const odd: readonly (readonly [problem: string, made: Made])[] = [
    ['no-message-digest', { attributes: ({ type, id }) => [type, id] }],
    ['no-content-type', { attributes: ({ digest: hash, id }) => [hash, id] }],
    [
      'content-type-mismatch',
      {
        attributes: ({ digest: hash, id }) => [
          attribute(cmsOids.contentType, derOid('1.2.3.4')),
          hash,
          id,
        ],
      },
    ],
    [
      'content-type-mismatch',
      {
        attributes: ({ type, digest: hash, id }) => [type, hash, id],
        contentType: cmsOids.timeStampInfo,
      },
    ],
    [
      'digest-mismatch',
      {
        attributes: ({ type, id }) => [
          type,
          attribute(cmsOids.messageDigest, derOctets(new Uint8Array(32))),
          id,
        ],
      },
    ],
    [
      'digest-algorithm-mismatch',
      {
        attributes: ({ type, digest: hash, id }) => [type, hash, id],
        digestAlgorithm: digestAlgorithm('SHA-384'),
      },
    ],
    ['repeated-attribute', { attributes: ({ type, digest: hash, id }) => [type, hash, hash, id] }],
    [
      'repeated-attribute',
      {
        attributes: ({ type, id }) => [
          type,
          attribute(
            cmsOids.messageDigest,
            derOctets(new Uint8Array(32)),
            derOctets(new Uint8Array(32)),
          ),
          id,
        ],
      },
    ],
    [
      'malformed-attribute',
      {
        attributes: ({ type, id }) => [type, attribute(cmsOids.messageDigest, derNumber(1)), id],
      },
    ],
  ]
  test.each(odd)('%s', async (problem, made) => {
    const found = await verdictOf(made)
    expect(found).toMatchObject(altered)
    expect(found.problems).toContain(problem)
  })

  test('signing-certificate-mismatch', async () => {
    const others = await namedBy((await person('Eve')).certificate)
    const found = await verdictOf({ attributes: ({ type, digest: hash }) => [type, hash, others] })
    expect(found).toEqual({ ...altered, problems: ['signing-certificate-mismatch'] })
  })

  test('unsorted-attributes: signed as they stand, it is a remark', async () => {
    const attributes: Made['attributes'] = ({ type, digest: hash, id }) => [id, hash, type]
    const found = { integrity: 'intact', problems: ['unsorted-attributes'], verdict: 'valid' }
    expect(await verdictOf({ attributes, isUnsorted: true })).toEqual(found)
  })
})

test('ber: a message of indefinite lengths is a remark', async () => {
  const ada = await person()
  const cms = await signCms({ signers: [ada], content, detached: false })
  const [oid, wrapped] = DerFields.whole(cms).rest()
  const open = concatBytes(
    Uint8Array.of(tags.sequence, 0x80),
    oid?.der ?? content,
    Uint8Array.of(tags.explicit0, 0x80),
    wrapped?.content ?? content,
    new Uint8Array(4),
  )
  const [found] = (await verifyCms({ cms: open })).signers
  expect(found).toMatchObject({ integrity: 'intact', problems: ['ber'] })
  const anchors = [readCertificate(ada.certificate)]
  const report = await verifyDocument({ file: open, anchors, at: new Date(now) })
  expect(report).toMatchObject({ form: 'cms-der', verdict: 'valid' })
})

test('wrong-key-usage: a certificate to encrypt with signs nothing', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const certificateFor = async (keyUsage: readonly KeyUsage[]) => ({
    signer,
    certificate: await makeSelfSigned(signer, {
      notBefore: now - day,
      notAfter: now + day,
      subject: [['CN', 'Ada']],
      keyUsage,
    }),
    chain: [],
  })
  const verdictOf = async (...keyUsage: readonly KeyUsage[]) => {
    const ada = await certificateFor(keyUsage)
    const file = await signCms({ signers: [ada], content, detached: false })
    const anchors = [readCertificate(ada.certificate)]
    return (await verifyDocument({ file, anchors, at: new Date(now) })).signatures[0]
  }
  expect(await verdictOf('keyEncipherment', 'keyCertSign')).toMatchObject({
    verdict: 'not-trusted',
    integrity: 'intact',
    reason: 'wrong-key-usage',
  })
  expect(await verdictOf('nonRepudiation')).toMatchObject({ verdict: 'valid' })
  expect(await verdictOf('digitalSignature')).toMatchObject({ verdict: 'valid' })
})
