// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: what a time stamp proves (RFC 3161): that it is over these bytes, and by an authority that the anchors
// vouch for, with a certificate for that alone.

import type { Certificate } from '../certificates/certificate.ts'
import { extendedKeyUsages } from '../certificates/extensions.ts'
import type { Bytes } from '../codec/bytes.ts'
import type { ContentDigests } from './contentDigests.ts'
import { type Evidence, judgeCertificate, withEnclosed } from './judgeCertificate.ts'
import { CmsError } from './readCms.ts'
import {
  type NotChecked,
  noTrust,
  remarks,
  type TimeStampProblem,
  type TimeStampReport,
  verdictOf,
} from './report.ts'
import { type TimeStampVerdict, verifyTimeStamp } from './timeStamp.ts'

const unreadable: TimeStampReport = {
  ...noTrust,
  verdict: 'incomplete',
  who: null,
  integrity: 'not-checked',
  time: null,
  weaknesses: [],
  notChecked: ['signature', 'chain'],
  problems: ['not-a-time-stamp'],
}

/**
 * Never throws for what the token holds.
 * @param stamped for a signature: its value
 * @param now ms since 1970: the authority is judged for this time, as nothing proves another
 */
export async function judgeTimeStamp(
  token: Bytes,
  stamped: Bytes | ContentDigests,
  evidence: Evidence,
  now: number,
): Promise<TimeStampReport> {
  let verdict: TimeStampVerdict
  try {
    verdict = await verifyTimeStamp(token, stamped, evidence.batch)
  } catch (error) {
    if (error instanceof CmsError) return unreadable
    throw error
  }
  const { integrity, time, signer, message } = verdict
  const { certificate, weaknesses } = signer
  const asked = { ...withEnclosed(evidence, message), extKeyUsage: ['timeStamping'] as const }
  const trust = certificate ? await judgeCertificate(certificate, asked, now) : noTrust
  const problems = [...problemsOf(verdict), ...(time > now + skewMs ? [future] : [])]
  const notChecked: NotChecked[] = []
  if (integrity === 'not-checked') notChecked.push('signature')
  if (!certificate) notChecked.push('chain')
  if (trust.revocation === 'unknown') notChecked.push('revocation')
  return {
    ...trust,
    verdict: verdictOf({ integrity, reason: trust.reason, notChecked, weaknesses, problems }),
    who: certificate?.subject.text ?? null,
    integrity,
    time,
    weaknesses,
    notChecked,
    problems,
  }
}

/** Clocks differ a little. */
const skewMs = 5 * 60_000
const future: TimeStampProblem = 'in-the-future'

function problemsOf({ signer, problems }: TimeStampVerdict): readonly TimeStampProblem[] {
  const { certificate } = signer
  const named = signer.problems.map((one) =>
    one === 'no-signing-certificate' ? 'certificate-not-named' : one,
  )
  const isAuthority = certificate === null || isForTimeStampsAlone(certificate)
  return [...problems, ...named, ...(isAuthority ? [] : (['not-an-authority'] as const))]
}

/** RFC 3161 section 2.3. */
const isForTimeStampsAlone = ({ extensions, extensionList }: Certificate): boolean =>
  extensions.extKeyUsage?.length === 1 &&
  extensions.extKeyUsage[0] === extendedKeyUsages.timeStamping &&
  extensionList.some(({ oid, critical }) => oid === '2.5.29.37' && critical)

/**
 * Whether the signature may be judged for the time of the stamp. Where the revocation of the authority is not known, it
 * may, too: the report then says so in `notChecked`, and no more than `incomplete`.
 */
export const proves = ({ verdict, notChecked, problems }: TimeStampReport): boolean =>
  verdict === 'valid' ||
  (verdict === 'incomplete' &&
    problems.every((one) => remarks.has(one)) &&
    notChecked.every((one) => one === 'revocation'))
