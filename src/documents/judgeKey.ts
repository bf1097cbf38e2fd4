// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: signatures in text (JWS, SSHSIG, minisign), by keys that the person knows, or by a certificate (JWS).

import type { Certificate } from '../certificates/certificate.ts'
import { readPublicKey } from '../certificates/publicKeys.ts'
import { weaknessesOf } from '../certificates/strength.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { type Evidence, judgeCertificate, type Trust } from './judgeCertificate.ts'
import { fromJwk } from './jwk.ts'
import { readMinisignKey } from './minisignKey.ts'
import {
  bareReport,
  type NotChecked,
  noTrust,
  type ReportProblem,
  type SignatureReport,
  verdictOf,
} from './report.ts'
import { readOpenSshPublicKey } from './sshPublicKey.ts'
import { readJsonObject } from './strictJson.ts'

/** A key that the person has from somewhere else, and trusts. */
export interface KnownKey {
  /** Whose it is, in the person's words. */
  readonly name: string
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes
  /** Of minisign, 8 bytes; `null` where only the key is known. */
  readonly keyId: Bytes | null
}

/**
 * Of a line as in `id_ed25519.pub`, a file of minisign, or a JWK; `null` where the text is none of them. Private keys are
 * none either: what is known of others is kept as it was given.
 */
export function readKnownKey(text: string, name: string): KnownKey | null {
  const minisign = readMinisignKey(text)
  if (minisign) return { name, ...minisign }
  const spki = readOpenSshPublicKey(text) ?? readPublicJwk(text)
  return spki && { name, spki, keyId: null }
}

/** SubjectPublicKeyInfo, DER. */
function readPublicJwk(text: string): Bytes | null {
  if (!text.trimStart().startsWith('{')) return null
  const jwk = readJsonObject(text)
  return typeof jwk === 'string' ? null : fromJwk(jwk)
}

export interface KeyFindings {
  readonly form: 'jws' | 'sshsig' | 'minisign'
  readonly integrity: SignatureReport['integrity']
  /** SubjectPublicKeyInfo, DER, of the key that signed, as far as it is known. */
  readonly publicKey: Bytes | null
  /** The key stands behind this certificate, which is judged then. */
  readonly certificate: Certificate | null
  readonly keyName: string | null
  readonly algorithm: string
  readonly isContentMissing: boolean
  readonly namespace?: string | null
  readonly comment?: string | null
  readonly problems: readonly ReportProblem[]
}

interface Judging {
  readonly evidence: Evidence
  readonly keys: readonly KnownKey[]
  readonly now: number
}

/** A known key goes before a certificate: it needs nobody else's word. */
export async function judgeKey(
  found: KeyFindings,
  { evidence, keys, now }: Judging,
): Promise<SignatureReport> {
  const { form, integrity, publicKey, certificate, keyName, algorithm, problems } = found
  const known = publicKey && keys.find(({ spki }) => equalBytes(spki, publicKey))
  const trust = known
    ? byKey
    : certificate
      ? await judgeCertificate(certificate, evidence, now)
      : publicKey
        ? { ...byKey, reason: 'key-not-known' as const }
        : noTrust
  const weaknesses = publicKey
    ? weaknessesOf(readPublicKey(publicKey), { digest: null, scheme: null })
    : []
  const notChecked: NotChecked[] = []
  if (found.isContentMissing) notChecked.push('content')
  if (integrity === 'not-checked') notChecked.push('signature')
  if (!publicKey) notChecked.push('chain')
  if (publicKey && trust.revocation === 'unknown') notChecked.push('revocation')
  return {
    ...bareReport(form, now),
    ...trust,
    verdict: verdictOf({ integrity, reason: trust.reason, notChecked, weaknesses, problems }),
    who: known?.name ?? certificate?.subject.text ?? keyName,
    certificate: known ? null : certificate,
    keyName,
    integrity,
    algorithm,
    weaknesses,
    namespace: found.namespace ?? null,
    comment: found.comment ?? null,
    notChecked,
    problems,
  }
}

const byKey: Trust = { ...noTrust, validity: 'not-applicable', revocation: 'not-applicable' }
