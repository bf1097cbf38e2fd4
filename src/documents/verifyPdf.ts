// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: the signatures of a PDF. One counts where its form is sound, its CMS fits what it covers, and all that came
// later is what it allows.

import type { Bytes } from '../codec/bytes.ts'
import { type Changes, LaterChanges } from '../pdf/changes.ts'
import type { PdfFile } from '../pdf/file.ts'
import { openPdf } from '../pdf/open.ts'
import { type PdfSignature, signaturesOf } from '../pdf/signatures.ts'
import { readValidationData } from '../pdf/validationData.ts'
import { type Evidence, withEnclosed } from './judgeCertificate.ts'
import { judgeSigner, type LaterProof } from './judgeSigner.ts'
import { judgeTimeStamp, proves } from './judgeTimeStamp.ts'
import { Pace } from './pace.ts'
import { CmsError } from './readCms.ts'
import { bareReport, type SignatureReport, type TimeStampReport } from './report.ts'
import { signedContent } from './signedContent.ts'
import { certificateOf, verifyCms } from './verifyCms.ts'

interface Judging {
  readonly evidence: Evidence
  /** ms since 1970. */
  readonly now: number
  readonly pace?: Pace
}

/** For each, all that it covers is read. */
const mostSignatures = 100

/**
 * The newest is judged first: a document time stamp proves that the signatures it covers were there by then (ISO 32000-2
 * section 12.8.5).
 * @returns in the order in which they were signed; `too-many` where nobody looked
 * @throws PdfError where the file cannot be read at all; rejects where the pace's signal says so
 */
export async function verifyPdf(
  bytes: Bytes,
  judging: Judging,
): Promise<readonly SignatureReport[] | 'too-many'> {
  const { pace = new Pace() } = judging
  const file = openPdf(bytes)
  const signatures = signaturesOf(file)
  if (signatures.length > mostSignatures) return 'too-many'
  const later = new LaterChanges(file, signatures)
  await compareAll(later, file, signatures, pace)
  const evidence = withStore(judging.evidence, file)
  const reports: SignatureReport[] = []
  let proof: LaterProof | undefined
  for (const signature of signatures.toReversed()) {
    await pace.rest()
    const changes = later.after(signature)
    const found = await judgeOne(signature, { ...judging, evidence, pace }, proof)
    reports.unshift(...found.map((report) => inFile(report, signature, changes)))
    if (signature.kind === 'time stamp') proof = proofOf(found) ?? proof
  }
  return reports
}

/** With the document security store (ISO 32000-2 section 12.8.4.3), as of the whole file: it is added after signing. */
function withStore(evidence: Evidence, { latest }: PdfFile): Evidence {
  const { certificates, ocspResponses, revocationLists } = readValidationData(latest)
  return withEnclosed(evidence, {
    certificates: certificates.flatMap((der) => certificateOf(der, evidence.batch)),
    crls: revocationLists,
    ocsp: ocspResponses,
  })
}

/** Each pair of revisions that a signature asks for, in pieces. */
async function compareAll(
  later: LaterChanges,
  { revisions }: PdfFile,
  signatures: readonly PdfSignature[],
  pace: Pace,
): Promise<void> {
  const sound = signatures.filter(({ problems }) => problems.length === 0)
  const oldest = Math.min(...sound.map(({ revision }) => revision ?? Infinity))
  for (let number = revisions.length; number > oldest; number--) {
    await pace.rest()
    later.compareFrom(number)
  }
}

function proofOf([report]: readonly SignatureReport[]): LaterProof | null {
  const stamp = report?.timeStamp
  if (!stamp || stamp.time === null || report.integrity !== 'intact' || !proves(stamp)) return null
  return { time: stamp.time, isComplete: stamp.verdict === 'valid' }
}

/** None where the CMS holds no signer. */
async function judgeOne(
  signature: PdfSignature,
  { evidence, now, pace }: Judging,
  proof: LaterProof | undefined,
): Promise<readonly SignatureReport[]> {
  if (signature.problems.length > 0) return [unsound(now)]
  try {
    const content = await signedContent(signature.ranges, signature.cms, [], pace)
    if (signature.kind === 'time stamp') {
      return [ofTimeStamp(await judgeTimeStamp(signature.cms, content, evidence, now), now)]
    }
    const { others, batch } = evidence
    const message = await verifyCms({ cms: signature.cms, content, others, batch })
    const shared = { message, evidence, now, ...(proof ? { proof } : {}) }
    return message.signers.length === 0
      ? [unsound(now)]
      : Promise.all(message.signers.map((signer) => judgeSigner({ ...shared, signer })))
  } catch (error) {
    if (error instanceof CmsError) return [unsound(now)]
    throw error
  }
}

const unsound = (now: number): SignatureReport => ({
  ...bareReport('pdf', now),
  verdict: 'unsound',
})

/** The authority is the one who signs, and the time is all it says. */
function ofTimeStamp(timeStamp: TimeStampReport, now: number): SignatureReport {
  const { time: _, problems: __, ...shared } = timeStamp
  const certificate = timeStamp.chain[0] ?? null
  return { ...bareReport('pdf', now), ...shared, certificate, timeStamp }
}

function inFile(
  report: SignatureReport,
  signature: PdfSignature,
  changes: Changes,
): SignatureReport {
  const { fieldName, kind, revision, docMdp, name, reason, location, contactInfo } = signature
  const isWhole = signature.coverage === 'whole file'
  const isChanged = report.integrity === 'intact' && !changes.isAllowed
  return {
    ...report,
    form: 'pdf',
    verdict: isChanged && report.verdict !== 'unsound' ? 'changed-later' : report.verdict,
    signingTime: report.signingTime ?? signature.time?.getTime() ?? null,
    coverage: isWhole ? 'whole' : 'part',
    pdf: { fieldName, kind, revision, docMdp, name, reason, location, contactInfo, changes },
    problems: [...signature.problems, ...report.problems],
  }
}
