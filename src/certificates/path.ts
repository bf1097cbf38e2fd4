// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: paths from a certificate to an anchor are looked for and judged, revocation included. Whatever the
// certificates say, the work is limited: chains that run in circles or fan out end in a verdict.

import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { type Certificate, sameCertificate } from './certificate.ts'
import type { Crl } from './crl.ts'
import { revocationReasonFlags } from './distributionPoints.ts'
import { type ExtendedKeyUsage, extendedKeyUsages, type KeyUsage } from './extensions.ts'
import { checkOcsp, type OcspInput, type OcspResponse } from './ocsp.ts'
import { checkRevocation, type RevocationStatus, type Statement } from './revocation.ts'
import {
  checkSignature,
  type SignatureInput,
  type SignatureVerdict,
  withParametersOf,
} from './signatures.ts'
import { isWeakKey } from './strength.ts'
import { type PathOptions, type PathReason, validatePath } from './validatePath.ts'

export interface PathInput extends PathOptions {
  readonly certificate: Certificate
  /** In any order, and more than are needed. */
  readonly others: readonly Certificate[]
  /** Trusted for their name and key, and those of authorities for whom they issue, as their constraints and usages say. */
  readonly anchors: readonly Certificate[]
  readonly crls?: readonly Crl[]
  /** Answers about any of the certificates. */
  readonly ocsp?: readonly OcspResponse[]
  /**
   * ms since 1970: when the lists and answers must be current, where that is later than `time`. A certificate that was
   * revoked after `time` was good then; one that has expired since is no longer spoken of (RFC 5280 section 5.1).
   */
  readonly revocationTime?: number
  /** `required`: unknown is a failure. `checked`: only revoked is one (the default). */
  readonly revocation?: 'required' | 'checked' | 'ignored'
  /** One of them, or any use at all, must be allowed. */
  readonly extKeyUsage?: readonly ExtendedKeyUsage[]
  /** One of them must be allowed, where the certificate limits the usage of its key. */
  readonly keyUsage?: readonly KeyUsage[]
}

export type VerdictReason =
  | PathReason
  | 'no-path'
  | 'revoked'
  | 'revocation-unknown'
  | 'wrong-key-usage'
  | 'wrong-extended-key-usage'

export interface PathVerdict {
  /** `null`: the certificate is good, as far as `notChecked` says nothing else. */
  readonly reason: VerdictReason | null
  /** Of which certificate in `chain` the reason speaks; `null` where of none. */
  readonly at: Certificate | null
  /** From the certificate in question up, without the anchor. */
  readonly chain: readonly Certificate[]
  readonly anchor: Certificate | null
  /** Beside each certificate of `chain`; empty where it was not looked at. */
  readonly revocation: readonly RevocationStatus[]
  readonly policies: ReadonlySet<string>
  /** Never to be called valid without these words. */
  readonly notChecked: readonly 'revocation'[]
}

/** Longest path: PKITS has seven, the web four. */
const mostCertificates = 16
/** Steps of looking for paths, and signatures verified, for one question. */
const mostSteps = 4_000
const mostSignatures = 400
/** Signers of revocation lists are themselves checked for revocation, this deep. */
const mostDepth = 4

class OutOfWork extends Error {}

/** What one question may spend, and what it already knows. */
class Work {
  #steps = mostSteps
  #signatures = mostSignatures
  readonly #known = new Map<string, Promise<SignatureVerdict>>()
  readonly #ids = new WeakMap<object, number>()
  #nextId = 0

  step(): void {
    if (this.#steps-- <= 0) throw new OutOfWork()
  }

  #id(bytes: object): number {
    const id = this.#ids.get(bytes) ?? this.#nextId++
    this.#ids.set(bytes, id)
    return id
  }

  /** Each pair of signed bytes and key once. */
  readonly check = (input: SignatureInput): Promise<SignatureVerdict> => {
    const key = `${this.#id(input.message)} ${this.#id(input.publicKey)}`
    const known = this.#known.get(key)
    if (known) return known
    if (this.#signatures-- <= 0) throw new OutOfWork()
    const verdict = checkSignature(input)
    this.#known.set(key, verdict)
    return verdict
  }
}

const failed = (reason: VerdictReason, chain: readonly Certificate[] = []): PathVerdict => ({
  reason,
  at: chain[0] ?? null,
  chain,
  anchor: null,
  revocation: [],
  policies: new Set(),
  notChecked: ['revocation'],
})

/** Never throws for what the certificates hold. */
export async function checkPath(input: PathInput): Promise<PathVerdict> {
  try {
    return await bestPath(input, new Work(), 0)
  } catch (error) {
    if (error instanceof OutOfWork) return failed('too-much-work', [input.certificate])
    throw error
  }
}

/** The first path that is good; or why the first of the others is not. */
async function bestPath(input: PathInput, work: Work, depth: number): Promise<PathVerdict> {
  let first: PathVerdict | null = null
  for (const { chain, anchor } of paths([input.certificate], input, work)) {
    const verdict = await judge(chain, anchor, input, work, depth)
    if (verdict.reason === null) return verdict
    first = nearer(first, verdict)
  }
  return first ?? failed('no-path', [input.certificate])
}

/** A path that chains tells more than one that only seemed to. */
const nearer = (first: PathVerdict | null, next: PathVerdict): PathVerdict =>
  !first || (first.reason === 'bad-signature' && next.reason !== 'bad-signature') ? next : first

/** Depth first; the shortest way to an anchor goes before longer ones. */
function* paths(
  chain: readonly Certificate[],
  input: PathInput,
  work: Work,
): Generator<{ readonly chain: readonly Certificate[]; readonly anchor: Certificate }> {
  const top = chain.at(-1)
  if (!top) return
  for (const anchor of input.anchors) {
    work.step()
    if (anchor.subject.key === top.issuer.key) yield { chain, anchor }
  }
  if (chain.length >= mostCertificates) return
  for (const issuer of issuersOf(top, input.others)) {
    work.step()
    if (!chain.some((member) => repeats(member, issuer)))
      yield* paths([...chain, issuer], input, work)
  }
}

/** One name and key twice make a circle, whatever else differs. */
const repeats = (member: Certificate, next: Certificate): boolean =>
  sameCertificate(member, next) ||
  (member.subject.key === next.subject.key && equalBytes(member.publicKey, next.publicKey))

/** Those with the key that the certificate names first. */
function issuersOf(
  { issuer, extensions }: Certificate,
  others: readonly Certificate[],
): readonly Certificate[] {
  const wanted = extensions.authorityKeyId?.keyId
  const fits = (other: Certificate) => {
    const own = other.extensions.subjectKeyId
    return wanted && own && equalBytes(own, wanted) ? 0 : 1
  }
  return others
    .filter(({ subject }) => subject.key === issuer.key)
    .sort((left, right) => fits(left) - fits(right))
}

async function judge(
  chain: readonly Certificate[],
  anchor: Certificate,
  input: PathInput,
  work: Work,
  depth: number,
): Promise<PathVerdict> {
  const result = await validatePath(anchor, chain.toReversed(), input, work.check)
  const base = { ...failed('no-path', chain), anchor }
  if (result.reason !== null) {
    return { ...base, reason: result.reason, at: chain[chain.length - 1 - result.at] ?? anchor }
  }
  const { policies } = result
  const usage = checkUsage(input)
  if (usage) return { ...base, reason: usage, policies }
  if (input.revocation === 'ignored') return { ...base, reason: null, at: null, policies }
  const revocation = await revocations(chain, anchor, input, work, depth)
  const revokedAt = revocation.findIndex(({ status }) => status === 'revoked')
  const unknownAt = revocation.findIndex(({ status }) => status === 'unknown')
  const notChecked = unknownAt >= 0 ? (['revocation'] as const) : []
  const told = { ...base, policies, revocation, notChecked }
  if (revokedAt >= 0) return { ...told, reason: 'revoked', at: chain[revokedAt] ?? null }
  if (unknownAt >= 0 && input.revocation === 'required') {
    return { ...told, reason: 'revocation-unknown', at: chain[unknownAt] ?? null }
  }
  return { ...told, reason: null, at: null }
}

function checkUsage({ certificate, keyUsage, extKeyUsage }: PathInput): VerdictReason | null {
  const { extensions } = certificate
  const own = extensions.keyUsage
  if (keyUsage && own && !keyUsage.some((usage) => own.has(usage))) return 'wrong-key-usage'
  const allowed = extensions.extKeyUsage
  if (!extKeyUsage || !allowed || allowed.includes(extendedKeyUsages.any)) return null
  const isAllowed = extKeyUsage.some((usage) => allowed.includes(extendedKeyUsages[usage]))
  return isAllowed ? null : 'wrong-extended-key-usage'
}

async function revocations(
  chain: readonly Certificate[],
  anchor: Certificate,
  input: PathInput,
  work: Work,
  depth: number,
): Promise<readonly RevocationStatus[]> {
  const { crls = [], revocationTime } = input
  const time = Math.max(input.time, revocationTime ?? 0)
  const statuses: RevocationStatus[] = []
  const isAuthentic = (crl: Crl) => isSigned(crl, { anchor, chain, input, work, depth })
  for (const [at, certificate] of chain.entries()) {
    const issuer = chain[at + 1] ?? anchor
    const statusOf = (responder: Certificate) =>
      checkRevocation({ certificate: responder, crls, answers: [], time, isAuthentic })
    const asked = { certificate, issuer, time, statusOf, check: work.check }
    const answers = await answersOf(input.ocsp ?? [], asked, work)
    const status = await checkRevocation({ certificate, crls, answers, time, isAuthentic })
    statuses.push(asOf(input.time, time, certificate, status))
  }
  return statuses
}

/** What was known at `known`, of a certificate at `time`. */
function asOf(
  time: number,
  known: number,
  { notAfter }: Certificate,
  status: RevocationStatus,
): RevocationStatus {
  if (known <= time) return status
  if (status.status === 'revoked') return status.revokedAt > time ? { status: 'good' } : status
  return known > notAfter ? { status: 'unknown' } : status
}

/** What those of OCSP say that know the certificate. */
async function answersOf(
  responses: readonly OcspResponse[],
  asked: Omit<OcspInput, 'response'>,
  work: Work,
): Promise<readonly Statement[]> {
  const statements: Statement[] = []
  for (const response of responses) {
    work.step()
    const { problem, thisUpdate, ...status } = await checkOcsp({ response, ...asked })
    if (problem || status.status === 'unknown') continue
    const revocation = status.status === 'revoked' ? status : null
    statements.push({ revocation, thisUpdate, reasons: revocationReasonFlags })
  }
  return statements
}

interface CrlContext {
  readonly anchor: Certificate
  readonly chain: readonly Certificate[]
  readonly input: PathInput
  readonly work: Work
  readonly depth: number
}

/** RFC 5280 section 6.3.3 (f) and (g): under the anchor that the path itself ends in. */
async function isSigned(crl: Crl, context: CrlContext): Promise<boolean> {
  const { anchor, chain, input, work, depth } = context
  const mayAnchor = anchor.subject.key === crl.issuer.key && maySignLists(anchor)
  if (mayAnchor && (await signs(anchor.publicKey, crl, context))) return true
  const candidates = [...chain, ...input.others].filter(
    ({ subject }) => subject.key === crl.issuer.key,
  )
  for (const signer of candidates) {
    work.step()
    const isTooWeak = !input.allowWeakKeys && isWeakKey(signer.key)
    if (isTooWeak || !maySignLists(signer)) continue
    if (!(await signs(keyOf(signer, context), crl, context))) continue
    // Those of the path are judged where they stand in it.
    if (chain.some((member) => sameCertificate(member, signer))) return true
    if (depth >= mostDepth) continue
    const { extKeyUsage: _, keyUsage: __, ...rest } = input
    const verdict = await bestPath(
      { ...rest, certificate: signer, anchors: [anchor] },
      work,
      depth + 1,
    )
    if (verdict.reason === null) return true
  }
  return false
}

const maySignLists = ({ extensions: { keyUsage } }: Certificate): boolean =>
  keyUsage === null || keyUsage.has('cRLSign')

/** A key without parameters has those of the key above it in the path. */
function keyOf(signer: Certificate, { chain, anchor }: CrlContext): Bytes {
  const at = chain.findIndex((member) => sameCertificate(member, signer))
  if (at < 0) return signer.publicKey
  return chain
    .slice(at)
    .reduceRight((key, { publicKey }) => withParametersOf(publicKey, key), anchor.publicKey)
}

const signs = async (
  publicKey: Bytes,
  { tbs, signature, signatureAlgorithm }: Crl,
  { work, input }: CrlContext,
): Promise<boolean> =>
  (await work.check({
    publicKey,
    algorithm: signatureAlgorithm.der,
    message: tbs,
    signature,
    allowInsecureSha1: input.allowInsecureSha1 ?? false,
  })) === 'good'
