// CMS messages that deceive, or that only look wrong: each has its name.

import { expect, test } from 'vitest'
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
import { addSigner, implicitSet, signCms, writeCms } from '../../src/documents/signCms.ts'
import { addTimeStamp } from '../../src/documents/timeStamp.ts'
import { verifyCms } from '../../src/documents/verifyCms.ts'
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
