// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: OCSP (RFC 6960): the question whether a certificate is revoked, and the answer, read and judged.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { DerFields, derElement, type Element, onlyElement, tags } from '../codec/der.ts'
import {
  derNull,
  derOctets,
  derOid,
  derSequence,
  readBits,
  readInteger,
  readNumber,
  readOctets,
  readOid,
  readTime,
} from '../codec/derValues.ts'
import {
  type DigestName,
  digest,
  digestOid,
  readDigestAlgorithm,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
} from './algorithms.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { type RevocationReason, reasonCodes } from './crl.ts'
import { malformed, readStrictly } from './errors.ts'
import { extendedKeyUsages, readExtensionList } from './extensions.ts'
import { type Name, readName } from './names.ts'
import { readPublicKey } from './publicKeys.ts'
import type { Signed } from './readSigned.ts'
import type { RevocationStatus } from './revocation.ts'
import { checkSignature } from './signatures.ts'
import { isWeakKey } from './strength.ts'
import { writeExtension } from './writeExtensions.ts'

const nonceOid = '1.3.6.1.5.5.7.48.1.2'

interface Asked {
  readonly certificate: Certificate
  readonly issuer: Certificate
}

/**
 * SHA-1 only names the certificate here, and is the one hash that every responder knows (RFC 5019 section 2.1.1).
 * @param nonce 1 to 32 bytes by chance (RFC 8954 section 2.1)
 * @returns OCSPRequest, DER, to be sent as `application/ocsp-request`
 */
export async function makeOcspRequest(
  { certificate, issuer }: Asked,
  nonce?: Bytes,
): Promise<Bytes> {
  const id = derSequence(
    derSequence(derOid(digestOid('SHA-1')), derNull()),
    derOctets(await digest('SHA-1', issuer.subject.der)),
    derOctets(await digest('SHA-1', readPublicKey(issuer.publicKey).key)),
    derElement(tags.integer, certificate.serialNumber),
  )
  const extension = nonce ? [writeExtension(nonceOid, false, derOctets(nonce))] : []
  const extensions = extension.map((one) => derElement(tags.explicit2, derSequence(one)))
  return derSequence(derSequence(derSequence(derSequence(id)), ...extensions))
}

interface CertId {
  readonly hash: DigestName | null
  readonly nameHash: Bytes
  readonly keyHash: Bytes
  readonly serialNumber: Bytes
}

interface SingleResponse {
  readonly id: CertId
  readonly status: RevocationStatus
  /** ms since 1970. */
  readonly thisUpdate: number
  readonly nextUpdate: number | null
  readonly hasUnknownCritical: boolean
}

export interface OcspResponse {
  /** By name, or by SHA-1 of the key. */
  readonly responder: Name | Bytes
  /** ms since 1970. */
  readonly producedAt: number
  readonly responses: readonly SingleResponse[]
  readonly nonce: Bytes | null
  readonly hasUnknownCritical: boolean
  readonly tbs: Bytes
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly signature: Bytes
  readonly certificates: readonly Certificate[]
}

/** Section 4.2.1. */
const failures = [
  'successful',
  'malformed-request',
  'internal-error',
  'try-later',
  'unused',
  'signature-required',
  'unauthorized',
] as const
export type OcspFailure = Exclude<(typeof failures)[number], 'successful'>

const mostBytes = 256 * 1024

/**
 * @returns the answer, or why the responder gives none
 * @throws CertificateError
 */
export function readOcspResponse(der: Bytes): OcspResponse | OcspFailure {
  return readStrictly(der, mostBytes, () => {
    const fields = DerFields.whole(der.slice())
    const failure = failures[readNumber(fields.any(), tags.enumerated)]
    if (!failure) return malformed('a status that is not known')
    if (failure !== 'successful') return failure
    const wrapped = fields.open(tags.explicit0).open()
    fields.end()
    if (readOid(wrapped.any()) !== '1.3.6.1.5.5.7.48.1.1') return malformed('no basic answer')
    return readBasic(readOctets(wrapped.any()))
  })
}

function readBasic(der: Bytes): OcspResponse {
  const fields = DerFields.whole(der)
  const tbs = fields.take(tags.sequence).der
  const signatureAlgorithm = readSignatureAlgorithm(fields.take(tags.sequence).der)
  const signature = readBits(fields.any())
  const list = fields.openOptional(tags.explicit0)?.open().rest() ?? []
  fields.end()
  if (list.length > 16) malformed('too many certificates')
  const certificates = list.map((one) => readCertificate(one.der))
  return { tbs, signatureAlgorithm, signature, certificates, ...readData(tbs) }
}

function readData(tbs: Bytes) {
  const fields = DerFields.whole(tbs)
  const version = fields.openOptional(tags.explicit0)
  if (version && readNumber(version.any()) !== 0) malformed('a version that is not known')
  const { tag, content } = fields.any()
  if (tag !== tags.explicit1 && tag !== tags.explicit2) malformed('no responder')
  const named = onlyElement(content)
  const responder = tag === tags.explicit1 ? readName(named) : readOctets(named)
  const producedAt = readTime(fields.any())
  const responses = fields.open().rest().map(readSingle)
  const wrapped = fields.openOptional(tags.explicit1)
  fields.end()
  const extensions = wrapped ? readExtensionList(wrapped.open()) : []
  const nonce = extensions.find(({ oid }) => oid === nonceOid)
  return {
    responder,
    producedAt,
    responses,
    nonce: nonce ? readOctets(onlyElement(nonce.value)) : null,
    hasUnknownCritical: extensions.some(({ oid, critical }) => critical && oid !== nonceOid),
  }
}

function readSingle({ der }: Element): SingleResponse {
  const fields = DerFields.whole(der)
  const id = fields.open()
  const certId = {
    hash: readDigestAlgorithm(id.any()),
    nameHash: readOctets(id.any()),
    keyHash: readOctets(id.any()),
    serialNumber: readInteger(id.any()),
  }
  id.end()
  const status = readStatus(fields.any())
  const thisUpdate = readTime(fields.any())
  const next = fields.openOptional(tags.explicit0)
  const nextUpdate = next ? readTime(next.any()) : null
  const wrapped = fields.openOptional(tags.explicit1)
  fields.end()
  const extensions = wrapped ? readExtensionList(wrapped.open()) : []
  const hasUnknownCritical = extensions.some(({ critical }) => critical)
  return { id: certId, status, thisUpdate, nextUpdate, hasUnknownCritical }
}

function readStatus({ tag, content }: Element): RevocationStatus {
  if (tag === 0x80) return { status: 'good' }
  if (tag === 0x82) return { status: 'unknown' }
  if (tag !== 0xa1) return malformed('a status that is not known')
  const fields = DerFields.in(content)
  const revokedAt = readTime(fields.any())
  const code = fields.openOptional(tags.explicit0)
  fields.end()
  const reason: RevocationReason | undefined =
    reasonCodes[code ? readNumber(code.any(), tags.enumerated) : 0]
  return { status: 'revoked', revokedAt, reason: reason ?? malformed('a reason not known') }
}

/** Why an answer says nothing of the certificate. */
export type OcspProblem =
  | 'another-certificate'
  | 'not-current'
  | 'nonce-differs'
  | 'responder-not-authorized'
  | 'responder-not-cleared'
  | 'bad-signature'
  | 'unknown-critical-extension'

export type OcspVerdict = RevocationStatus & {
  readonly problem: OcspProblem | null
  /** ms since 1970: from when this is; 0 where it says nothing. */
  readonly thisUpdate: number
}

export interface OcspInput extends Asked {
  readonly response: OcspResponse
  /** ms since 1970. */
  readonly time: number
  /** Of the request; an answer without any is taken, as most are made ahead (RFC 5019 section 4). */
  readonly nonce?: Bytes
  /** Of a delegated responder, by the lists at hand; unknown where it is absent. */
  readonly statusOf?: (responder: Certificate) => Promise<RevocationStatus>
  /** For whoever counts the work. */
  readonly check?: typeof checkSignature
}

/** Clocks differ a little. */
const skewMs = 5 * 60_000

export async function checkOcsp(input: OcspInput): Promise<OcspVerdict> {
  const { response, time, nonce } = input
  const unknown = (problem: OcspProblem): OcspVerdict => ({
    status: 'unknown',
    problem,
    thisUpdate: 0,
  })
  const single = await findSingle(input)
  if (!single) return unknown('another-certificate')
  if (response.hasUnknownCritical || single.hasUnknownCritical) {
    return unknown('unknown-critical-extension')
  }
  if (nonce && response.nonce && !equalBytes(nonce, response.nonce)) return unknown('nonce-differs')
  const until = single.nextUpdate ?? single.thisUpdate + 24 * 3_600_000
  if (time < single.thisUpdate - skewMs || time > until + skewMs) return unknown('not-current')
  const responder = await findResponder(input)
  if (!responder) return unknown('responder-not-authorized')
  if (!(await signs(responder.publicKey, response, input))) return unknown('bad-signature')
  if (!(await isCleared(responder, input))) return unknown('responder-not-cleared')
  return { ...single.status, problem: null, thisUpdate: single.thisUpdate }
}

/** Section 4.2.2.2.1: its own certificate says that it need not be asked about, or a list clears it. */
async function isCleared(
  responder: Certificate,
  { issuer, statusOf }: OcspInput,
): Promise<boolean> {
  if (responder === issuer) return true
  const { status } = (await statusOf?.(responder)) ?? { status: 'unknown' }
  return status === 'good' || (status === 'unknown' && responder.extensions.ocspNoCheck === true)
}

const signs = async (
  publicKey: Bytes,
  { tbs, signature, signatureAlgorithm }: Pick<Signed, 'tbs' | 'signature' | 'signatureAlgorithm'>,
  { check = checkSignature }: OcspInput,
): Promise<boolean> =>
  (await check({ publicKey, algorithm: signatureAlgorithm.der, message: tbs, signature })) ===
  'good'

async function findSingle({
  response,
  certificate,
  issuer,
}: OcspInput): Promise<SingleResponse | null> {
  const { key } = readPublicKey(issuer.publicKey)
  for (const single of response.responses) {
    const { hash, nameHash, keyHash, serialNumber } = single.id
    if (!hash || hash === 'MD5' || hash === 'SHA-224') continue
    const fits =
      equalBytes(serialNumber, certificate.serialNumber) &&
      equalBytes(nameHash, await digest(hash, issuer.subject.der)) &&
      equalBytes(keyHash, await digest(hash, key))
    if (fits) return single
  }
  return null
}

/** Section 4.2.2.2: the issuer itself, or whom it has named with a certificate for just that. */
async function findResponder(input: OcspInput): Promise<Certificate | null> {
  const { response, issuer } = input
  for (const candidate of [issuer, ...response.certificates]) {
    if (!(await isNamed(candidate, response.responder))) continue
    if (equalBytes(candidate.publicKey, issuer.publicKey)) return issuer
    if (await isDelegated(candidate, input)) return candidate
  }
  return null
}

async function isNamed(
  { subject, publicKey }: Certificate,
  responder: Name | Bytes,
): Promise<boolean> {
  if (!(responder instanceof Uint8Array)) return responder.key === subject.key
  return equalBytes(responder, await digest('SHA-1', readPublicKey(publicKey).key))
}

async function isDelegated(candidate: Certificate, input: OcspInput): Promise<boolean> {
  const { issuer, time } = input
  const { extensions, notBefore, notAfter, unknownCritical } = candidate
  return (
    candidate.issuer.key === issuer.subject.key &&
    (extensions.extKeyUsage?.includes(extendedKeyUsages.ocspSigning) ?? false) &&
    unknownCritical.length === 0 &&
    !isWeakKey(candidate.key) &&
    notBefore <= time &&
    time <= notAfter &&
    (await signs(issuer.publicKey, candidate, input))
  )
}
