// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: the report of one signer of a CMS message.

import { type Evidence, judgeCertificate, type Trust, withEnclosed } from './judgeCertificate.ts'
import { judgeTimeStamp, proves } from './judgeTimeStamp.ts'
import {
  bareReport,
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
  /** ms since 1970, by which the signature was there: a later time stamp over all of it says so. Never a claimed one. */
  readonly provedTime?: number
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
  const time = provedTime(timeStamp) ?? input.provedTime ?? now
  const trust = certificate ? await judgeCertificate(certificate, evidence, time) : noTrust
  const notChecked = notCheckedOf(signer, trust, timeStamp)
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
    algorithm,
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
): readonly NotChecked[] {
  const found: NotChecked[] = []
  if (signer.problems.includes('content-missing')) found.push('content')
  if (signer.integrity === 'not-checked') found.push('signature')
  if (!signer.certificate) found.push('chain')
  if (trust.revocation === 'unknown') found.push('revocation')
  if (timeStamp && timeStamp.verdict !== 'valid') found.push('time-stamp')
  if (signer.counterSignatures.length > 0) found.push('counter-signatures')
  return found
}
