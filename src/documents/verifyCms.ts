// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: whether each signature of a CMS message fits its content and certificate (RFC 5652 section 5.6).
// Whom to trust is not asked here.

import {
  type DigestName,
  digest,
  readDigestAlgorithm,
  readSignatureAlgorithm,
} from '../certificates/algorithms.ts'
import type { Batch } from '../certificates/batch.ts'
import { type Certificate, readCertificate } from '../certificates/certificate.ts'
import { CertificateError } from '../certificates/errors.ts'
import { checkSignature } from '../certificates/signatures.ts'
import { type Weakness, weaknessesOf } from '../certificates/strength.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { DerError, DerFields, type Element, onlyElement, tags } from '../codec/der.ts'
import { readOctets, readOid, readTime } from '../codec/derValues.ts'
import { isNamedBy } from './certificateId.ts'
import { cmsOids } from './cmsNames.ts'
import { type ContentDigestName, type ContentDigests, contentDigest } from './contentDigests.ts'
import {
  type Cms,
  type CmsAttribute,
  CmsError,
  type CmsSigner,
  readAttributes,
  readCms,
  readSigner,
} from './readCms.ts'

export type CmsProblem =
  | 'ber'
  | 'unsorted-attributes'
  | 'repeated-attribute'
  | 'malformed-attribute'
  | 'no-signed-attributes'
  /** The content is what another signature is over: signed attributes, without being told as such. */
  | 'content-is-attributes'
  | 'no-content-type'
  | 'no-message-digest'
  | 'no-signing-certificate'
  | 'content-type-mismatch'
  | 'digest-mismatch'
  | 'digest-algorithm-mismatch'
  | 'signing-certificate-mismatch'
  | 'no-signer-certificate'
  | 'unknown-algorithm'
  | 'weak-digest'
  | 'bad-signature'
  | 'content-missing'
  | 'wrong-version'
  | 'digest-not-listed'

export interface CmsSignerVerdict {
  /** `intact`: content, attributes and signature fit the key of `certificate`; nothing is said of trust. */
  readonly integrity: 'intact' | 'altered' | 'not-checked'
  readonly problems: readonly CmsProblem[]
  readonly certificate: Certificate | null
  /** ms since 1970, as the signer claims. */
  readonly signingTime: number | null
  readonly digest: DigestName | null
  /** For people; the identifier where it is not known. */
  readonly algorithm: string
  readonly weaknesses: readonly Weakness[]
  /** What a time stamp over this signature is made of. */
  readonly signature: Bytes
  /** TimeStampToken, DER; not verified. */
  readonly timeStamp: Bytes | null
  /** Over this signature (section 11.4); `null` for what cannot be read, or is too much. */
  readonly counterSignatures: readonly (CmsSignerVerdict | null)[]
}

export interface CmsVerdict {
  readonly signers: readonly CmsSignerVerdict[]
  readonly certificates: readonly Certificate[]
  /** DER, not verified. */
  readonly crls: readonly Bytes[]
  readonly ocsp: readonly Bytes[]
  readonly contentType: string
  /** `null`: detached. */
  readonly content: Bytes | null
}

export interface VerifyCmsInput {
  readonly cms: Bytes
  /** Of a detached signature; where the message holds content of its own, both must be the same. */
  readonly content?: Bytes | ContentDigests
  /** Where the message does not bring those of its signers. */
  readonly others?: readonly Certificate[]
  readonly batch?: Batch | undefined
}

/** @throws CmsError where the bytes are no SignedData at all */
export async function verifyCms(input: VerifyCmsInput): Promise<CmsVerdict> {
  const cms = readCms(input.cms)
  const certificates = cms.certificates.flatMap((der) => certificateOf(der, input.batch))
  const signers: CmsSignerVerdict[] = []
  for (const signer of cms.signers) {
    signers.push(
      await verifySigner(signer, cms, [...certificates, ...(input.others ?? [])], input.content),
    )
  }
  const { crls, ocsp, contentType, content } = cms
  return { signers, certificates, crls, ocsp, contentType, content }
}

/** One that cannot be read is none of the signer's. */
export function certificateOf(der: Bytes, batch: Batch | undefined): readonly Certificate[] {
  try {
    return [batch ? batch.readCertificate(der) : readCertificate(der)]
  } catch (error) {
    if (error instanceof CertificateError) return []
    throw error
  }
}

/** Section 5.1; 2 was never one. */
const versions: ReadonlySet<number> = new Set([1, 3, 4, 5])

/** Section 5.1: the message names beforehand what digests its signers use. */
const isListed = ({ digestAlgorithm: { oid } }: CmsSigner, { digestAlgorithms }: Cms): boolean =>
  digestAlgorithms.some((listed) => listed.oid === oid)

type Note = (problem: CmsProblem) => void

/** Departures from the letter of a specification that change nothing in who signed what. */
export const cmsRemarks: ReadonlySet<CmsProblem> = new Set([
  'ber',
  'unsorted-attributes',
  'no-signed-attributes',
  'no-signing-certificate',
  'wrong-version',
  'digest-not-listed',
])
const ofNoCheck: ReadonlySet<CmsProblem> = new Set([
  'no-signer-certificate',
  'unknown-algorithm',
  'weak-digest',
  'content-missing',
])

function integrityOf(problems: ReadonlySet<CmsProblem>): CmsSignerVerdict['integrity'] {
  const grave = [...problems].filter((one) => !cmsRemarks.has(one))
  if (grave.length === 0) return 'intact'
  return grave.every((one) => ofNoCheck.has(one)) ? 'not-checked' : 'altered'
}

async function verifySigner(
  signer: CmsSigner,
  cms: Cms,
  certificates: readonly Certificate[],
  given: Bytes | ContentDigests | undefined,
  depth = 0,
): Promise<CmsSignerVerdict> {
  const problems = new Set<CmsProblem>()
  const note: Note = (problem) => void problems.add(problem)
  if (cms.isBer) note('ber')
  if (!signer.isSorted) note('unsorted-attributes')
  if (!versions.has(cms.version) || !signer.isRightVersion) note('wrong-version')
  if (!isListed(signer, cms)) note('digest-not-listed')
  const candidates = certificates
    .filter((one) => isNamedBy(one, signer.id))
    .slice(0, mostCandidates)
  const certificate = await choose(candidates, signer, cms, given)
  if (!certificate) note('no-signer-certificate')
  const algorithm = algorithmOf(signer)
  const name = nameOfDigest(signer)
  if (!algorithm?.scheme || !name || name === 'MD5' || name === 'SHA-224') note('unknown-algorithm')
  else {
    if (algorithm.digest && algorithm.digest !== name) note('digest-algorithm-mismatch')
    await checkContent(signer, cms, name, given, note)
    await checkCertificateAttribute(signer, certificate, note)
    if (certificate) await checkValue(signer, cms, certificate, name, given, note)
  }
  const signingTime = signingTimeOf(signer, note)
  const hash = { scheme: algorithm?.scheme ?? null, digest: algorithm?.digest ?? name }
  return {
    integrity: integrityOf(problems),
    problems: [...problems],
    certificate,
    signingTime,
    digest: name,
    algorithm: algorithm?.name ?? '',
    weaknesses: certificate ? weaknessesOf(certificate.key, hash) : [],
    signature: signer.signature,
    timeStamp: unsigned(signer, cmsOids.timeStampToken)[0] ?? null,
    counterSignatures: await verifyCounterSignatures(signer, cms, certificates, depth),
  }
}

/** Of one signature, and how deep they may stand over one another. */
const mostCounterSignatures = 16
const mostDepth = 3

/** Each is a SignerInfo whose content is the value of the signature that it is in. */
async function verifyCounterSignatures(
  signer: CmsSigner,
  cms: Cms,
  certificates: readonly Certificate[],
  depth: number,
): Promise<readonly (CmsSignerVerdict | null)[]> {
  const found: (CmsSignerVerdict | null)[] = []
  for (const der of unsigned(signer, cmsOids.counterSignature)) {
    const one = found.length < mostCounterSignatures && depth < mostDepth ? readCounter(der) : null
    const digestAlgorithms = one ? [one.digestAlgorithm] : []
    const around = { ...cms, digestAlgorithms, content: signer.signature, contentType: '' }
    found.push(one && (await verifySigner(one, around, certificates, undefined, depth + 1)))
  }
  return found
}

function readCounter(der: Bytes): CmsSigner | null {
  try {
    return readSigner(onlyElement(der, tags.sequence))
  } catch (error) {
    if (error instanceof DerError || error instanceof CmsError) return null
    throw error
  }
}

/** Certificates with one name and serial number, or one key id, for each of which a signature may be checked. */
const mostCandidates = 16

/**
 * The identifier in a message is not signed, and two certificates can have the same: the one that is named in the signed
 * attributes goes first (RFC 5035 section 5), then one whose key fits.
 */
async function choose(
  candidates: readonly Certificate[],
  signer: CmsSigner,
  cms: Cms,
  given: Bytes | ContentDigests | undefined,
): Promise<Certificate | null> {
  const [first = null] = candidates
  if (candidates.length < 2) return first
  const name = nameOfDigest(signer)
  const isFound = async (check: (note: Note) => Promise<void>) => {
    const problems: CmsProblem[] = []
    await check((problem) => void problems.push(problem))
    return problems.length === 0
  }
  for (const one of candidates) {
    if (await isFound((note) => checkCertificateAttribute(signer, one, note))) return one
  }
  if (!name || name === 'MD5' || name === 'SHA-224') return first
  for (const one of candidates) {
    if (await isFound((note) => checkValue(signer, cms, one, name, given, note))) return one
  }
  return first
}

const unsigned = ({ unsignedAttributes }: CmsSigner, oid: string): readonly Bytes[] =>
  unsignedAttributes.filter((one) => one.oid === oid).flatMap(({ values }) => values.map(derOf))
const derOf = ({ der }: Element): Bytes => der

function algorithmOf({ signatureAlgorithm }: CmsSigner) {
  try {
    return readSignatureAlgorithm(signatureAlgorithm)
  } catch {
    return null
  }
}

function nameOfDigest({ digestAlgorithm }: CmsSigner): DigestName | null {
  try {
    return readDigestAlgorithm(onlyElement(digestAlgorithm.der))
  } catch {
    return null
  }
}

/** `undefined`: it is not there. More than one, or several values: RFC 5652 section 11 allows neither. */
function single(signer: CmsSigner, oid: string, note: Note): Element | undefined {
  const found = signer.signedAttributes?.filter((one: CmsAttribute) => one.oid === oid) ?? []
  const [first] = found
  if (found.length > 1 || (first && first.values.length !== 1)) note('repeated-attribute')
  return first?.values[0]
}

function attributeValue<T>(
  element: Element | undefined,
  note: Note,
  read: (element: Element) => T,
): T | null {
  if (!element) return null
  try {
    return read(element)
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    note('malformed-attribute')
    return null
  }
}

/** Section 5.4: content type and digest of the signed attributes are those of the content. */
async function checkContent(
  signer: CmsSigner,
  cms: Cms,
  name: ContentDigestName,
  given: Bytes | ContentDigests | undefined,
  note: Note,
): Promise<void> {
  // What a counter-signature is over has no type (section 11.4); some state one all the same.
  const hasType = cms.contentType !== ''
  const content = cms.content ?? given
  const found = content ? await contentDigest(content, name) : null
  if (!found) note('content-missing')
  // A message with content of its own, beside a document: they must be one.
  const beside = cms.content && given ? await contentDigest(given, name) : found
  if (found && beside && !equalBytes(found, beside)) note('digest-mismatch')
  if (!signer.signedAttributes) {
    note('no-signed-attributes')
    // Section 5.3: then the content must be plain data.
    if (hasType && cms.contentType !== cmsOids.data) note('content-type-mismatch')
    if (content instanceof Uint8Array && isAttributes(content)) note('content-is-attributes')
    return
  }
  const type = single(signer, cmsOids.contentType, note)
  if (!type && hasType) note('no-content-type')
  else if (type && hasType && attributeValue(type, note, readOid) !== cms.contentType)
    note('content-type-mismatch')
  const stated = single(signer, cmsOids.messageDigest, note)
  if (!stated) return note('no-message-digest')
  const value = attributeValue(stated, note, readOctets)
  if (found && value && !equalBytes(value, found)) note('digest-mismatch')
}

/**
 * A signature over signed attributes is one over content that looks like them, and the other way round (RFC 5652 section
 * 5.3 tells them apart by an unsigned field alone): whoever moves the attributes of a message into the content would
 * have it signed. No honest content is a SET of attributes with a digest among them.
 */
function isAttributes(content: Bytes): boolean {
  if (content[0] !== tags.set) return false
  try {
    const attributes = readAttributes(onlyElement(content, tags.set).content)
    return attributes.some(({ oid }) => oid === cmsOids.messageDigest)
  } catch (error) {
    if (error instanceof DerError || error instanceof CmsError) return false
    throw error
  }
}

/** RFC 5035 section 5: the first certificate named is the signer's. */
async function checkCertificateAttribute(
  signer: CmsSigner,
  certificate: Certificate | null,
  note: Note,
): Promise<void> {
  const second = single(signer, cmsOids.signingCertificateV2, note)
  const first = single(signer, cmsOids.signingCertificate, note)
  if (!second && !first) return note('no-signing-certificate')
  for (const [value, isSecond] of [[second, true] as const, [first, false] as const]) {
    const stated = attributeValue(value, note, (element) => readCertificateId(element, isSecond))
    if (!stated || !certificate) continue
    if (!equalBytes(await digest(stated.name, certificate.der), stated.hash)) {
      note('signing-certificate-mismatch')
    }
  }
}

function readCertificateId({ der }: Element, isSecond: boolean) {
  const id = DerFields.whole(der).open().open()
  const algorithm = isSecond ? id.optional(tags.sequence) : null
  const named = algorithm ? readDigestAlgorithm(algorithm) : isSecond ? 'SHA-256' : 'SHA-1'
  if (!named || named === 'MD5' || named === 'SHA-224') throw new DerError('a hash not known')
  return { name: named, hash: readOctets(id.take(tags.octetString)) }
}

async function checkValue(
  signer: CmsSigner,
  cms: Cms,
  { publicKey }: Certificate,
  name: ContentDigestName,
  given: Bytes | ContentDigests | undefined,
  note: Note,
): Promise<void> {
  const content = cms.content ?? given
  const message = signer.signedBytes ?? (content instanceof Uint8Array ? content : null)
  if (!message) return note('content-missing')
  const { signatureAlgorithm: algorithm, signature } = signer
  const verdict = await checkSignature({ publicKey, algorithm, message, signature, digest: name })
  if (verdict === 'bad') note('bad-signature')
  if (verdict === 'weak-digest') note('weak-digest')
  if (verdict === 'unsupported') note('unknown-algorithm')
}

const signingTimeOf = (signer: CmsSigner, note: Note): number | null =>
  attributeValue(single(signer, cmsOids.signingTime, note), note, readTime)
