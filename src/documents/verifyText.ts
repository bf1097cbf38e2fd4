// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: reports of signatures in text: JWS, SSHSIG, minisign.

import type { Certificate } from '../certificates/certificate.ts'
import { readPublicKey } from '../certificates/publicKeys.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { digestStream } from './contentDigests.ts'
import type { Evidence } from './judgeCertificate.ts'
import { judgeKey, type KeyFindings, type KnownKey } from './judgeKey.ts'
import { jwkThumbprint, toJwk } from './jwk.ts'
import type { JwsTextProblem } from './jwsText.ts'
import {
  type MinisignContent,
  type MinisignReport,
  minisignWants,
  verifyMinisign,
} from './minisign.ts'
import { keyIdText, minisignKeyOf } from './minisignKey.ts'
import type { SignatureReport } from './report.ts'
import { runningBlake2b } from './runningBlake2b.ts'
import { sshHashOf, verifySsh } from './sshSignature.ts'
import { memberOf } from './strictJson.ts'
import { type JwsReport, type JwsSignatureReport, verifyJws } from './verifyJws.ts'

export interface TextJudging {
  readonly evidence: Evidence
  readonly keys: readonly KnownKey[]
  /** ms since 1970. */
  readonly now: number
  /** What a signature of SSH must be for. */
  readonly sshNamespace: string
}

// JWS

/** @param payload where it is kept apart */
export async function verifyJwsDocument(
  text: string,
  payload: Bytes | undefined,
  judging: TextJudging,
): Promise<
  { readonly reports: readonly SignatureReport[]; readonly payload: Bytes | null } | JwsTextProblem
> {
  const { keys, evidence } = judging
  const given = payload === undefined ? {} : { payload }
  const own = await verifyJws(text, given)
  const [problem] = own.problems
  if (problem) return problem
  const byKeys = await withKeys(text, given, keys)
  const byOthers = await withKeys(text, given, evidence.others.map(ofCertificate))
  const reports: SignatureReport[] = []
  for (const [at, found] of own.signatures.entries()) {
    const best = await bestOf(found, byKeys?.signatures[at], byOthers?.signatures[at], keys)
    // As in CMS, what lies between the signer and an anchor comes with the signature (`x5c`).
    const others = [...best.certificates, ...evidence.others]
    const withChain = { ...judging, evidence: { ...evidence, others } }
    reports.push(await judgeKey(ofJws(best, others), withChain))
  }
  return { reports, payload: own.payload }
}

const ofCertificate = ({ publicKey, subject }: Certificate): KnownKey => ({
  name: subject.text,
  spki: publicKey,
  keyId: null,
})

const withKeys = async (
  text: string,
  given: { readonly payload?: Bytes },
  keys: readonly KnownKey[],
): Promise<JwsReport | null> =>
  keys.length > 0 ? verifyJws(text, { ...given, keys: keys.map(({ spki }) => spki) }) : null

/**
 * A key of the person's goes before what the header brings, and certificates at hand come last. That one of many keys
 * does not fit says nothing, unless the header names it (RFC 7515 section 4.1.4, as a thumbprint of RFC 7638).
 */
async function bestOf(
  own: JwsSignatureReport,
  byKeys: JwsSignatureReport | undefined,
  byOthers: JwsSignatureReport | undefined,
  keys: readonly KnownKey[],
): Promise<JwsSignatureReport> {
  if (byKeys?.intact) return byKeys
  const kid = own.header && memberOf(own.header, 'kid')
  for (const { spki } of typeof kid === 'string' ? keys : []) {
    const jwk = toJwk(spki)
    if (byKeys && jwk && (await jwkThumbprint(jwk)) === kid) return { ...byKeys, publicKey: spki }
  }
  return own.publicKey || !byOthers?.intact ? own : byOthers
}

/** What counts against the document itself, and not against who signed it. */
const ofAlteration: ReadonlySet<string> = new Set([
  'signature-mismatch',
  'payload-differs',
  'duplicate-members',
])

function ofJws(found: JwsSignatureReport, others: readonly Certificate[]): KeyFindings {
  const { intact, publicKey, thumbprint, algorithm } = found
  const problems = found.problems.filter((one) => one !== 'key-from-header')
  const isAltered = problems.some((one) => ofAlteration.has(one))
  const certificate = publicKey && others.find((one) => equalBytes(one.publicKey, publicKey))
  return {
    form: 'jws',
    integrity: isAltered ? 'altered' : intact ? 'intact' : 'not-checked',
    publicKey,
    certificate: certificate ?? null,
    keyName: thumbprint,
    algorithm: algorithm ?? '',
    isContentMissing: problems.includes('payload-missing'),
    problems,
  }
}

// SSH

export async function verifySshDocument(
  text: string,
  file: Blob | null,
  judging: TextJudging,
): Promise<SignatureReport> {
  const hash = sshHashOf(text)
  const name = hash === 'sha256' ? 'SHA-256' : 'SHA-512'
  const digests = file && hash ? await digestStream(file.stream(), [name]) : {}
  const value = digests[name]
  const found = await verifySsh(text, hash && value ? { [hash]: value } : {}, {
    namespace: judging.sshNamespace,
  })
  const isAltered = found.problems.includes('signature-mismatch')
  return judgeKey(
    {
      form: 'sshsig',
      integrity: found.intact ? 'intact' : isAltered ? 'altered' : 'not-checked',
      publicKey: found.publicKey?.spki ?? null,
      certificate: null,
      keyName: found.publicKey?.fingerprint ?? null,
      algorithm: found.publicKey?.line.split(' ')[0] ?? '',
      isContentMissing: found.problems.includes('digest-missing'),
      namespace: found.namespace,
      problems: found.problems,
    },
    judging,
  )
}

// minisign

/** Old signatures are over the content itself, which must then be held as a whole. */
const mostLegacyBytes = 512 * 1024 * 1024

export async function verifyMinisignDocument(
  text: string,
  file: Blob | null,
  judging: TextJudging,
): Promise<SignatureReport> {
  const wanted = minisignWants(text)
  const candidates = wanted ? await keysOf(wanted.keyId, judging.keys) : []
  const content = wanted && file ? await minisignContent(file, wanted.wants) : {}
  let first: KeyFindings | null = null
  for (const key of candidates) {
    const found = ofMinisign(await verifyMinisign(text, content, key), key)
    if (found.integrity === 'intact') return judgeKey(found, judging)
    first ??= key.isNamed ? found : null
  }
  return judgeKey(first ?? unknownMinisign(wanted?.keyId ?? null, file), judging)
}

interface Candidate extends KnownKey {
  /** The signature names it; else it is tried as any. */
  readonly isNamed: boolean
}

/** Those that the signature names by the id first. The id of a key that came without is the one that it has here. */
async function keysOf(keyId: Bytes, keys: readonly KnownKey[]): Promise<readonly Candidate[]> {
  const found: Candidate[] = []
  for (const key of keys) {
    if (readPublicKey(key.spki).kind !== 'ed25519') continue
    const ownId = key.keyId ?? (await minisignKeyOf(key.spki)).keyId
    const isNamed = equalBytes(ownId, keyId)
    if (isNamed) found.unshift({ ...key, isNamed })
    else if (!key.keyId) found.push({ ...key, isNamed })
  }
  return found
}

async function minisignContent(file: Blob, wants: 'digest' | 'content'): Promise<MinisignContent> {
  if (wants === 'content') {
    return file.size > mostLegacyBytes ? {} : { content: new Uint8Array(await file.arrayBuffer()) }
  }
  const hash = await runningBlake2b()
  const reader = file.stream().getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    hash.update(next.value)
  }
  return { digest: hash.digest() }
}

const minisignBase = {
  form: 'minisign',
  certificate: null,
  algorithm: 'Ed25519',
} as const

function ofMinisign(found: MinisignReport, key: Candidate): KeyFindings {
  const { intact, keyId, trustedComment, problems } = found
  const isAltered = problems.includes('signature-mismatch') || problems.includes('comment-mismatch')
  return {
    ...minisignBase,
    integrity: intact ? 'intact' : isAltered ? 'altered' : 'not-checked',
    publicKey: key.spki,
    keyName: keyId,
    isContentMissing: problems.includes('digest-missing') || problems.includes('content-missing'),
    comment: trustedComment,
    problems,
  }
}

/** The signature brings no key: without one that is known, nothing can be said. */
const unknownMinisign = (keyId: Bytes | null, file: Blob | null): KeyFindings => ({
  ...minisignBase,
  integrity: 'not-checked',
  publicKey: null,
  keyName: keyId && keyIdText(keyId),
  isContentMissing: file === null,
  problems: keyId ? ['another-key'] : ['not-recognised'],
})
