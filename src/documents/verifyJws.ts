// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: JSON Web
// Signatures (RFC 7515, 7797) are verified: each signature by itself, with what is wrong with it.

import { algorithmIdentifierOf } from '../certificates/algorithms.ts'
import { type Certificate, readCertificate } from '../certificates/certificate.ts'
import { readPublicKey } from '../certificates/publicKeys.ts'
import { checkSignature } from '../certificates/signatures.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { decodeBase64, decodeBase64Url, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import { fromJwk, jwkThumbprint, toJwk } from './jwk.ts'
import { jwsSigningInput, mostCertificates } from './jws.ts'
import {
  fitsKey,
  fromJwsForm,
  isJwsAlgorithm,
  type JwsAlgorithm,
  signingAlgorithmOf,
} from './jwsAlgorithms.ts'
import { type JwsPart, type JwsText, type JwsTextProblem, readJwsText } from './jwsText.ts'
import { isJsonObject, type Json, memberOf } from './strictJson.ts'

export type JwsProblem =
  | 'malformed-header'
  /** In the header, or in both headers together. */
  | 'duplicate-members'
  /** The header wants something understood that is not. */
  | 'unknown-critical'
  /** The algorithm stands outside of what is signed, or nowhere. */
  | 'unprotected-algorithm'
  /** `none`, or one with a shared secret: it proves nothing. */
  | 'refused-algorithm'
  | 'unknown-algorithm'
  /** The payload is kept apart, and was not given. */
  | 'payload-missing'
  /** The payload inside is not the one that was given. */
  | 'payload-differs'
  /** Signatures that take the one payload as two. */
  | 'mixed-encodings'
  /** No key was given, and the header brings none. */
  | 'no-key'
  /** Whoever signed brought the key: without its thumbprint from elsewhere, it says nothing of who that is. */
  | 'key-from-header'
  | 'malformed-key'
  | 'malformed-certificate'
  /** The certificate is not the one whose thumbprint stands beside it. */
  | 'another-certificate'
  /** The certificate is that of another key than the one that verifies. */
  | 'certificate-of-another-key'
  /** The algorithm is not one for this key. */
  | 'key-does-not-fit'
  /** RSA below 2048 bits: it may be forged. */
  | 'weak-key'
  /** Payload or header are others, or the signature was changed. */
  | 'signature-mismatch'

export interface JwsSignatureReport {
  /** The signature is that of the key over header and payload. It counts only where there are no `problems`. */
  readonly intact: boolean
  readonly algorithm: JwsAlgorithm | null
  /** What is signed of the header, by whom ever; `null` where it cannot be read. */
  readonly header: Json | null
  /** `certificate`: nothing is said yet of its chain, which is for the caller to check. */
  readonly keyFrom: 'given' | 'certificate' | 'header' | null
  /** From the header, the signer's first; they prove nothing by themselves. */
  readonly certificates: readonly Certificate[]
  /** Of the key that was tried: SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes | null
  /** RFC 7638, SHA-256. */
  readonly thumbprint: string | null
  readonly problems: readonly JwsProblem[]
}

export interface JwsReport {
  readonly form: JwsText['form'] | null
  readonly payload: Bytes | null
  /** The payload is not in the text. */
  readonly detached: boolean
  readonly signatures: readonly JwsSignatureReport[]
  /** Of the text as a whole: then there are no signatures. */
  readonly problems: readonly JwsTextProblem[]
}

export interface JwsGiven {
  /** Where it is kept apart; else it is compared. */
  readonly payload?: Bytes
  /** SubjectPublicKeyInfo, DER. Where there is one, no key that the header brings is tried. */
  readonly keys?: readonly Bytes[]
}

/** Each signature hashes the whole payload. */
const mostHashedBytes = 1024 * 1024 * 1024

/**
 * Never throws for what stands in the text: that is told in `problems`. Nothing is fetched (`jku`, `x5u`).
 * @throws DerError where a key that was given is none
 */
export async function verifyJws(text: string, given: JwsGiven = {}): Promise<JwsReport> {
  const read = readJwsText(text)
  if (typeof read === 'string') return failed(null, read)
  const { form, parts } = read
  const isEncoded = parts.map(({ protectedHeader }) => !isUnencoded(protectedHeader))
  const payload = payloadOf(read, isEncoded[0] ?? true, given.payload)
  if (payload === 'malformed') return failed(form, 'malformed')
  if (payload.signed.byteLength * parts.length > mostHashedBytes) return failed(form, 'too-large')
  const isMixed = new Set(isEncoded).size > 1
  const problem = isMixed ? 'mixed-encodings' : payload.problem
  const signatures: JwsSignatureReport[] = []
  for (const part of parts) {
    const report = await verifyPart(part, problem, payload.signed, given.keys ?? [])
    signatures.push(payload.isAssumed ? withoutPayload(report) : report)
  }
  const { bytes } = payload
  return { form, payload: bytes, detached: read.payload === null, signatures, problems: [] }
}

/** Nothing between the dots was not an empty payload, then. */
const withoutPayload = (report: JwsSignatureReport): JwsSignatureReport => ({
  ...report,
  problems: report.problems.map((one) => (one === 'signature-mismatch' ? 'payload-missing' : one)),
})

const failed = (form: JwsText['form'] | null, problem: JwsTextProblem): JwsReport => ({
  form,
  payload: null,
  detached: false,
  signatures: [],
  problems: [problem],
})

/** RFC 7797 section 3. What else stands there is looked at with the header. */
const isUnencoded = (header: JwsPart['protectedHeader']): boolean =>
  typeof header !== 'string' && memberOf(header, 'b64') === false

interface Payload {
  readonly bytes: Bytes | null
  /** As it goes into what is signed. */
  readonly signed: Bytes
  readonly problem: JwsProblem | null
  /** Between two dots, nothing is an empty payload too: so it is tried where none was given. */
  readonly isAssumed: boolean
}

function payloadOf(
  { payload, form }: JwsText,
  isEncoded: boolean,
  given: Bytes | undefined,
): Payload | 'malformed' {
  if (payload === null) {
    const isAssumed = given === undefined && form === 'compact'
    const bytes = given ?? new Uint8Array()
    const signed = isEncoded ? encodeUtf8(encodeBase64Url(bytes)) : bytes
    if (given || isAssumed) return { bytes, signed, problem: null, isAssumed }
    return { bytes: null, signed, problem: 'payload-missing', isAssumed }
  }
  const bytes = decodePayload(payload, isEncoded)
  if (!bytes) return 'malformed'
  const differs = given !== undefined && !equalBytes(given, bytes)
  const problem = differs ? 'payload-differs' : null
  return { bytes, signed: encodeUtf8(payload), problem, isAssumed: false }
}

function decodePayload(payload: string, isEncoded: boolean): Bytes | null {
  if (!isEncoded) return payload.isWellFormed() ? encodeUtf8(payload) : null
  try {
    return decodeBase64Url(payload)
  } catch {
    return null
  }
}

async function verifyPart(
  part: JwsPart,
  payloadProblem: JwsProblem | null,
  signed: Bytes,
  keys: readonly Bytes[],
): Promise<JwsSignatureReport> {
  const problems = new Set<JwsProblem>(payloadProblem ? [payloadProblem] : [])
  const header = readHeader(part, problems)
  const algorithm = header && algorithmOf(header.signed, problems)
  const found = header ? await findKeys(header.all, keys, problems) : noKeys
  const isSound = problems.size === 0 || [...problems].every((one) => one === 'key-from-header')
  const verdict =
    algorithm && isSound
      ? await tryKeys(
          algorithm,
          found.keys,
          jwsSigningInput(part.protected, signed),
          part.signature,
        )
      : { key: found.keys[0] ?? null, problem: null }
  if (verdict.problem) problems.add(verdict.problem)
  const [own] = found.certificates
  if (own && verdict.key && !equalBytes(own.publicKey, verdict.key)) {
    problems.add('certificate-of-another-key')
  }
  if (verdict.key && isWeak(verdict.key)) problems.add('weak-key')
  return {
    intact: algorithm !== null && isSound && verdict.problem === null,
    algorithm,
    header: header?.signed ?? null,
    keyFrom: found.from,
    certificates: found.certificates,
    publicKey: verdict.key,
    thumbprint: verdict.key && (await thumbprintOf(verdict.key)),
    problems: [...problems],
  }
}

const isWeak = (spki: Bytes): boolean => {
  const { kind, bits } = readPublicKey(spki)
  return (kind === 'rsa' || kind === 'rsa-pss') && bits < 2048
}

async function thumbprintOf(spki: Bytes): Promise<string | null> {
  const jwk = toJwk(spki)
  return jwk && jwkThumbprint(jwk)
}

interface Headers {
  readonly signed: Json
  readonly all: Json
}

/** RFC 7515 sections 4 and 4.1.11, RFC 7797 section 6. */
function readHeader(part: JwsPart, problems: Set<JwsProblem>): Headers | null {
  const { protectedHeader: signed, unprotectedHeader: free } = part
  if (typeof signed === 'string') {
    problems.add(signed === 'malformed' ? 'malformed-header' : signed)
    return null
  }
  if (Object.keys(free).some((name) => Object.hasOwn(signed, name))) {
    problems.add('duplicate-members')
  }
  const crit = memberOf(signed, 'crit')
  const b64 = memberOf(signed, 'b64')
  const isCritical = Array.isArray(crit) && crit.includes('b64')
  if (crit !== undefined && !isListOfNames(crit)) problems.add('malformed-header')
  else if (Array.isArray(crit) && crit.some((name) => name !== 'b64'))
    problems.add('unknown-critical')
  const isMisplaced = memberOf(free, 'crit') !== undefined || memberOf(free, 'b64') !== undefined
  const isB64 = b64 === undefined ? !isCritical : typeof b64 === 'boolean' && isCritical
  if (isMisplaced || !isB64) problems.add('malformed-header')
  return { signed, all: { ...free, ...signed } }
}

const isListOfNames = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((name) => typeof name === 'string') &&
  new Set(value).size === value.length

function algorithmOf(signed: Json, problems: Set<JwsProblem>): JwsAlgorithm | null {
  const name = memberOf(signed, 'alg')
  if (isJwsAlgorithm(name)) return name
  if (typeof name !== 'string') problems.add('unprotected-algorithm')
  // In any case of letters: "nOnE" has deceived others.
  else if (/^(none|HS\d+)$/i.test(name)) problems.add('refused-algorithm')
  else problems.add('unknown-algorithm')
  return null
}

interface Found {
  readonly keys: readonly Bytes[]
  readonly from: JwsSignatureReport['keyFrom']
  readonly certificates: readonly Certificate[]
}

const noKeys: Found = { keys: [], from: null, certificates: [] }

async function findKeys(
  header: Json,
  given: readonly Bytes[],
  problems: Set<JwsProblem>,
): Promise<Found> {
  const certificates = await readChain(header, problems)
  if (given.length > 0) return { keys: given, from: 'given', certificates }
  const [own] = certificates
  if (own) return { keys: [own.publicKey], from: 'certificate', certificates }
  const jwk = memberOf(header, 'jwk')
  const key = isJsonObject(jwk) ? fromJwk(jwk) : null
  if (key) {
    problems.add('key-from-header')
    return { keys: [key], from: 'header', certificates }
  }
  problems.add(jwk === undefined ? 'no-key' : 'malformed-key')
  return { ...noKeys, certificates }
}

/** RFC 7515 sections 4.1.6 and 4.1.8. */
async function readChain(header: Json, problems: Set<JwsProblem>): Promise<readonly Certificate[]> {
  const [x5c, thumbprint] = [memberOf(header, 'x5c'), memberOf(header, 'x5t#S256')]
  if (x5c === undefined) return []
  const list: readonly unknown[] = Array.isArray(x5c) ? x5c : []
  const certificates = list.slice(0, mostCertificates).map(readOne)
  const read = certificates.filter((one) => one !== null)
  const [own] = read
  if (!own || read.length !== list.length) {
    problems.add('malformed-certificate')
    return []
  }
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', own.der))
  if (thumbprint !== undefined && thumbprint !== encodeBase64Url(hash)) {
    problems.add('another-certificate')
  }
  return read
}

function readOne(text: unknown): Certificate | null {
  try {
    return typeof text === 'string' ? readCertificate(decodeBase64(text)) : null
  } catch {
    return null
  }
}

interface Verdict {
  /** The one that verifies, else the first that could. */
  readonly key: Bytes | null
  readonly problem: JwsProblem | null
}

async function tryKeys(
  algorithm: JwsAlgorithm,
  keys: readonly Bytes[],
  message: Bytes,
  text: string,
): Promise<Verdict> {
  const fitting = keys.filter((key) => fitsKey(algorithm, key))
  const [first] = fitting
  if (!first) return { key: keys[0] ?? null, problem: 'key-does-not-fit' }
  const signature = decodeSignature(algorithm, text)
  for (const publicKey of signature ? fitting : []) {
    const identifier = algorithmIdentifierOf(signingAlgorithmOf(algorithm), publicKey)
    if (!identifier || !signature) continue
    const input = { publicKey, algorithm: identifier, message, signature }
    if ((await checkSignature(input)) === 'good') return { key: publicKey, problem: null }
  }
  return { key: first, problem: 'signature-mismatch' }
}

function decodeSignature(algorithm: JwsAlgorithm, text: string): Bytes | null {
  try {
    return fromJwsForm(algorithm, decodeBase64Url(text))
  } catch {
    return null
  }
}
