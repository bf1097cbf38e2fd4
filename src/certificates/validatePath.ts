// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: one path from an anchor to a certificate, judged (RFC 5280 section 6.1).

import type { Bytes } from '../codec/bytes.ts'
import { type Certificate, isSelfIssued, sameCertificate } from './certificate.ts'
import { anyPolicy } from './certificatePolicies.ts'
import { NameLimits } from './nameConstraints.ts'
import { PolicyTree } from './policyTree.ts'
import { checkSignature, type SignatureVerdict, withParametersOf } from './signatures.ts'
import { isWeakKey } from './strength.ts'

/** Section 6.1.1. */
export interface PolicyDemands {
  /** Identifiers; absent: any policy. */
  readonly policies?: readonly string[]
  readonly requireExplicitPolicy?: boolean
  readonly inhibitPolicyMapping?: boolean
  readonly inhibitAnyPolicy?: boolean
}

export type PathReason =
  | 'not-chained'
  | 'bad-signature'
  | 'weak-digest'
  | 'weak-key'
  | 'unsupported-algorithm'
  | 'not-yet-valid'
  | 'expired'
  | 'not-a-ca'
  | 'path-too-long'
  | 'may-not-sign-certificates'
  | 'unknown-critical-extension'
  | 'names-not-permitted'
  | 'too-much-work'
  | 'bad-policy-mapping'
  | 'no-accepted-policy'

export type PathResult =
  | { readonly reason: null; readonly policies: ReadonlySet<string>; readonly publicKey: Bytes }
  /** @property at place in the path, 0 for the one below the anchor, -1 for the anchor */
  | { readonly reason: PathReason; readonly at: number }

export interface PathOptions extends PolicyDemands {
  /** ms since 1970. */
  readonly time: number
  readonly allowInsecureSha1?: boolean
  /** Of authorities: RSA of less than 2048 bits, and DSA. */
  readonly allowWeakKeys?: boolean
}

type CheckSignature = typeof checkSignature

const signatureReasons: Readonly<Record<Exclude<SignatureVerdict, 'good'>, PathReason>> = {
  bad: 'bad-signature',
  'weak-digest': 'weak-digest',
  unsupported: 'unsupported-algorithm',
}

const lower = (value: number): number => Math.max(0, value - 1)
const least = (value: number, limit: number | null | undefined): number =>
  Math.min(value, limit ?? value)

/** The variables of section 6.1.2 that change from certificate to certificate. */
class PathState {
  readonly tree = new PolicyTree()
  readonly names = new NameLimits()
  publicKey: Bytes
  issuerKey: string
  explicitPolicy: number
  inhibitAnyPolicy: number
  policyMapping: number
  pathLength: number

  constructor(anchor: Certificate, length: number, options: PathOptions) {
    const open = length + 1
    this.publicKey = anchor.publicKey
    this.issuerKey = anchor.subject.key
    this.explicitPolicy = options.requireExplicitPolicy ? 0 : open
    this.inhibitAnyPolicy = options.inhibitAnyPolicy ? 0 : open
    this.policyMapping = options.inhibitPolicyMapping ? 0 : open
    this.pathLength = least(length, anchor.extensions.basicConstraints?.pathLength)
  }
}

/**
 * Revocation is not looked at here.
 * @param path from the certificate below the anchor to the one in question
 */
export async function validatePath(
  anchor: Certificate,
  path: readonly Certificate[],
  options: PathOptions,
  check: CheckSignature = checkSignature,
): Promise<PathResult> {
  const state = new PathState(anchor, path.length, options)
  for (const [at, certificate] of path.entries()) {
    const isLast = at === path.length - 1
    const basic = await checkBasics(certificate, state, options, check)
    const isFirst = basic === null && at === 0
    const issuing = isFirst ? anchorFault(anchor, certificate, options) : null
    if (issuing) return { reason: issuing, at: -1 }
    const reason =
      basic ??
      checkNamesAndPolicies(certificate, state, isLast) ??
      (isLast ? null : (prepareNext(certificate, state) ?? keyFault(certificate, options))) ??
      (certificate.unknownCritical.length > 0 ? 'unknown-critical-extension' : null)
    if (reason) return { reason, at }
    state.publicKey = withParametersOf(certificate.publicKey, state.publicKey)
    state.issuerKey = certificate.subject.key
  }
  return wrapUp(path, state, options)
}

/** Section 6.1.3 (a), less (3). */
async function checkBasics(
  certificate: Certificate,
  { publicKey, issuerKey }: PathState,
  { time, allowInsecureSha1 = false }: PathOptions,
  check: CheckSignature,
): Promise<PathReason | null> {
  if (certificate.issuer.key !== issuerKey) return 'not-chained'
  const verdict = await check({
    publicKey,
    algorithm: certificate.signatureAlgorithm.der,
    message: certificate.tbs,
    signature: certificate.signature,
    allowInsecureSha1,
  })
  if (verdict !== 'good') return signatureReasons[verdict]
  if (time < certificate.notBefore) return 'not-yet-valid'
  return time > certificate.notAfter ? 'expired' : null
}

/**
 * Why an anchor may vouch for nobody but itself. RFC 5280 leaves what anchors say to whoever trusts them; a person who
 * trusts somebody's own certificate trusts that key, and does not make it an authority. Certificates of versions 1 and 2
 * cannot say that they are one, and are none.
 */
function anchorFault(
  anchor: Certificate,
  first: Certificate,
  options: PathOptions,
): PathReason | null {
  if (sameCertificate(anchor, first)) return null
  const { basicConstraints, keyUsage } = anchor.extensions
  if (!basicConstraints?.isCa) return 'not-a-ca'
  if (keyUsage && !keyUsage.has('keyCertSign')) return 'may-not-sign-certificates'
  return keyFault(anchor, options)
}

/** Of whoever issues; what is to be said of the key of the certificate in question, whoever asks says. */
const keyFault = ({ key }: Certificate, { allowWeakKeys }: PathOptions): PathReason | null =>
  !allowWeakKeys && isWeakKey(key) ? 'weak-key' : null

/** Section 6.1.3 (b) to (f). */
function checkNamesAndPolicies(
  certificate: Certificate,
  state: PathState,
  isLast: boolean,
): PathReason | null {
  const isOwn = isSelfIssued(certificate) && !isLast
  const names = isOwn ? 'good' : state.names.check(certificate)
  if (names !== 'good') return names === 'outside' ? 'names-not-permitted' : names
  state.tree.add(certificate.extensions.policies, state.inhibitAnyPolicy > 0 || isOwn)
  return state.explicitPolicy === 0 && state.tree.isNull ? 'no-accepted-policy' : null
}

/** Section 6.1.4. */
function prepareNext(certificate: Certificate, state: PathState): PathReason | null {
  const { extensions } = certificate
  const { policyMappings, policyConstraints, basicConstraints, keyUsage } = extensions
  const isAny = (policy: string) => policy === anyPolicy
  if (policyMappings?.some((one) => isAny(one.issuerDomain) || isAny(one.subjectDomain))) {
    return 'bad-policy-mapping'
  }
  if (policyMappings) state.tree.map(policyMappings, state.policyMapping > 0)
  if (extensions.nameConstraints) state.names.add(extensions.nameConstraints)
  const isOwn = isSelfIssued(certificate)
  const next = isOwn ? (value: number) => value : lower
  state.explicitPolicy = least(next(state.explicitPolicy), policyConstraints?.requireExplicitPolicy)
  state.policyMapping = least(next(state.policyMapping), policyConstraints?.inhibitPolicyMapping)
  state.inhibitAnyPolicy = least(next(state.inhibitAnyPolicy), extensions.inhibitAnyPolicy)
  if (certificate.version !== 3 || !basicConstraints?.isCa) return 'not-a-ca'
  if (!isOwn && state.pathLength === 0) return 'path-too-long'
  state.pathLength = least(next(state.pathLength), basicConstraints.pathLength)
  return keyUsage && !keyUsage.has('keyCertSign') ? 'may-not-sign-certificates' : null
}

/** Section 6.1.5. */
function wrapUp(
  path: readonly Certificate[],
  state: PathState,
  { policies }: PathOptions,
): PathResult {
  const constraint = path.at(-1)?.extensions.policyConstraints?.requireExplicitPolicy
  const explicitPolicy = constraint === 0 ? 0 : lower(state.explicitPolicy)
  const accepted = state.tree.accepted(policies ? new Set(policies) : null)
  if (explicitPolicy === 0 && accepted.size === 0) {
    return { reason: 'no-accepted-policy', at: path.length - 1 }
  }
  return { reason: null, policies: accepted, publicKey: state.publicKey }
}
