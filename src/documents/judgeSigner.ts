// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: the report of one signer of a CMS message.

import { type Evidence, judgeCertificate, type Trust, withEnclosed } from './judgeCertificate.ts'
import { judgeTimeStamp, proves } from './judgeTimeStamp.ts'
import {
  bareReport,
  type CounterSignatureReport,
  type NotChecked,
  noTrust,
  type SignatureReport,
  type TimeStampReport,
  verdictOf,
} from './report.ts'
import type { CmsSignerVerdict, CmsVerdict } from './verifyCms.ts'

export interface JudgeInput {
  readonly message: CmsVerdict
  readonly signer: CmsSignerVerdict
  readonly evidence: Evidence
  /** ms since 1970: of the question. */
  readonly now: number
  /** A later time stamp over all of it. */
  readonly proof?: LaterProof
}

/** That a signature was there by then. Never a claimed time. */
export interface LaterProof {
  /** ms since 1970. */
  readonly time: number
  /** Nothing of it was left unchecked. */
  readonly isComplete: boolean
}

/**
 * Whom the anchors vouch for: at the time of a time stamp that holds, else at the time of the question. Never throws for
 * what the message holds.
 */
export async function judgeSigner(input: JudgeInput): Promise<SignatureReport> {
  const { signer, message, now } = input
  const { certificate, integrity, signingTime, algorithm, weaknesses, problems } = signer
  const evidence = withEnclosed(input.evidence, message)
  const timeStamp = signer.timeStamp
    ? await judgeTimeStamp(signer.timeStamp, signer.signature, evidence, now)
    : null
  const own = provedTime(timeStamp)
  const time = own ?? input.proof?.time ?? now
  const trust = certificate ? await judgeCertificate(certificate, evidence, time, now) : noTrust
  const counterSignatures: CounterSignatureReport[] = []
  for (const one of signer.counterSignatures) {
    counterSignatures.push(await judgeCounter(one, evidence, now))
  }
  const notChecked = notCheckedOf(signer, trust, timeStamp)
  if (own === null && input.proof?.isComplete === false && !notChecked.includes('time-stamp')) {
    notChecked.push('time-stamp')
  }
  if (counterSignatures.some(({ verdict }) => verdict !== 'valid')) {
    notChecked.push('counter-signatures')
  }
  return {
    ...bareReport('cms', now),
    ...trust,
    verdict: verdictOf({ integrity, reason: trust.reason, notChecked, weaknesses, problems }),
    who: certificate?.subject.text ?? null,
    certificate,
    integrity,
    time,
    signingTime,
    timeStamp,
    counterSignatures,
    algorithm,
    weaknesses,
    notChecked,
    problems,
  }
}

const unreadable: CounterSignatureReport = {
  ...noTrust,
  verdict: 'incomplete',
  who: null,
  integrity: 'not-checked',
  signingTime: null,
  weaknesses: [],
  notChecked: ['signature', 'chain'],
  problems: ['malformed-attribute'],
}

/** @param signer `null`: it could not be read */
async function judgeCounter(
  signer: CmsSignerVerdict | null,
  evidence: Evidence,
  now: number,
): Promise<CounterSignatureReport> {
  if (!signer) return unreadable
  const { certificate, integrity, signingTime, weaknesses, problems } = signer
  const trust = certificate ? await judgeCertificate(certificate, evidence, now) : noTrust
  const notChecked = notCheckedOf(signer, trust, null)
  // Those over it, and its own time stamp, are not judged.
  if (signer.counterSignatures.length > 0) notChecked.push('counter-signatures')
  if (signer.timeStamp) notChecked.push('time-stamp')
  const found = { integrity, reason: trust.reason, notChecked, weaknesses, problems }
  return {
    ...trust,
    verdict: verdictOf(found),
    who: certificate?.subject.text ?? null,
    integrity,
    signingTime,
    weaknesses,
    notChecked,
    problems,
  }
}

const provedTime = (timeStamp: TimeStampReport | null): number | null =>
  timeStamp && proves(timeStamp) ? timeStamp.time : null

function notCheckedOf(
  signer: CmsSignerVerdict,
  trust: Trust,
  timeStamp: TimeStampReport | null,
): NotChecked[] {
  const found: NotChecked[] = []
  if (signer.problems.includes('content-missing')) found.push('content')
  if (signer.integrity === 'not-checked') found.push('signature')
  if (!signer.certificate) found.push('chain')
  if (trust.revocation === 'unknown') found.push('revocation')
  if (timeStamp && timeStamp.verdict !== 'valid') found.push('time-stamp')
  return found
}
