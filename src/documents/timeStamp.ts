// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: time stamps (RFC 3161): asked for, read, verified, and put beside a signature (RFC 5126 section 6.1.1).

import { digestAlgorithm, readDigestAlgorithm } from '../certificates/algorithms.ts'
import type { Batch } from '../certificates/batch.ts'
import { CertificateError } from '../certificates/errors.ts'
import { readExtensionList } from '../certificates/extensions.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { DerError, DerFields, derElement, tags } from '../codec/der.ts'
import {
  derBoolean,
  derNumber,
  derOctets,
  derSequence,
  derUnsigned,
  readInteger,
  readNumber,
  readOctets,
  readOid,
  readTime,
} from '../codec/derValues.ts'
import { cmsOids } from './cmsNames.ts'
import { type ContentDigests, contentDigest } from './contentDigests.ts'
import { CmsError, readCms } from './readCms.ts'
import { attribute, implicitSet, writeCms } from './signCms.ts'
import { type CmsSignerVerdict, type CmsVerdict, verifyCms } from './verifyCms.ts'

/**
 * @param hashed SHA-256 of what is to be stamped
 * @param nonce that the answer must repeat
 * @returns TimeStampReq, DER, which asks for the certificate, too
 */
export const makeTimeStampRequest = (hashed: Bytes, nonce: Bytes): Bytes =>
  derSequence(
    derNumber(1),
    derSequence(digestAlgorithm('SHA-256'), derOctets(hashed)),
    derUnsigned(nonce),
    derBoolean(true),
  )

/**
 * @returns TimeStampToken, DER; `null` where the authority refused
 * @throws CmsError `not-cms`
 */
export const readTimeStampResponse = (der: Bytes): Bytes | null =>
  strictly(() => {
    const fields = DerFields.whole(der)
    const status = readNumber(fields.open().any())
    // Section 2.4.2: granted, or granted with changes.
    if (status > 1) return null
    const token = fields.take(tags.sequence).der
    fields.end()
    return token
  })

function strictly<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError || error instanceof CertificateError) {
      throw new CmsError('not-cms', error.message)
    }
    throw error
  }
}

export interface TimeStampVerdict {
  /** Whether the token is whole, and over these bytes. Nothing is said of trust. */
  readonly integrity: 'intact' | 'altered' | 'not-checked'
  /** ms since 1970. */
  readonly time: number
  /** INTEGER content. */
  readonly nonce: Bytes | null
  readonly signer: CmsSignerVerdict
  /** With the certificates and revocation data that the token brings. */
  readonly message: CmsVerdict
  readonly problems: readonly TimeStampInfoProblem[]
}

/** What speaks against the token beside its signature. */
type TimeStampInfoProblem =
  | 'imprint-mismatch'
  | 'unknown-imprint'
  | 'unknown-version'
  | 'unknown-critical-extension'

/**
 * The authority's certificate must still be judged: see `judgeTimeStamp`.
 * @param stamped for a signature: its value
 * @throws CmsError
 */
export async function verifyTimeStamp(
  token: Bytes,
  stamped: Bytes | ContentDigests,
  batch?: Batch,
): Promise<TimeStampVerdict> {
  const message = await verifyCms({ cms: token, batch })
  const { contentType, content, signers } = message
  const [signer, ...more] = signers
  if (contentType !== cmsOids.timeStampInfo || !content || !signer || more.length > 0) {
    throw new CmsError('not-cms', 'no time stamp')
  }
  const { name, hashed, time, nonce, version, hasUnknownCritical } = strictly(() =>
    readInfo(content),
  )
  const isKnown = name !== null && name !== 'MD5' && name !== 'SHA-224'
  const found = isKnown ? await contentDigest(stamped, name) : null
  const isOther = found !== null && !equalBytes(found, hashed)
  const problems: TimeStampInfoProblem[] = []
  if (!found) problems.push('unknown-imprint')
  if (isOther) problems.push('imprint-mismatch')
  if (version !== 1) problems.push('unknown-version')
  if (hasUnknownCritical) problems.push('unknown-critical-extension')
  const integrity = isOther ? 'altered' : found ? signer.integrity : notCheckedYet(signer)
  return { integrity, time, nonce, signer, message, problems }
}

const notCheckedYet = ({ integrity }: CmsSignerVerdict): CmsSignerVerdict['integrity'] =>
  integrity === 'altered' ? integrity : 'not-checked'

/** TSTInfo, section 2.4.2. */
function readInfo(der: Bytes) {
  const fields = DerFields.whole(der)
  const version = readNumber(fields.any())
  readOid(fields.any())
  const imprint = fields.open()
  const name = readDigestAlgorithm(imprint.any())
  const hashed = readOctets(imprint.any())
  imprint.end()
  readInteger(fields.any())
  const time = readTime(fields.take(tags.generalizedTime))
  fields.optional(tags.sequence)
  fields.optional(tags.boolean)
  const nonce = fields.optional(tags.integer)
  fields.optional(tags.explicit0)
  const extensions = fields.openOptional(tags.explicit1)
  fields.end()
  return {
    version,
    name,
    hashed,
    time,
    nonce: nonce && readInteger(nonce),
    // None is known here (section 2.4.2).
    hasUnknownCritical: extensions
      ? readExtensionList(extensions).some(({ critical }) => critical)
      : false,
  }
}

/** @throws CmsError, RangeError where there is no such signer */
export function addTimeStamp(message: Bytes, signerIndex: number, token: Bytes): Bytes {
  const cms = readCms(message)
  if (!cms.signers[signerIndex]) throw new RangeError('no such signer')
  const signers = cms.signers.map(({ der }, at) => (at === signerIndex ? stamped(der, token) : der))
  const digestAlgorithms = cms.digestAlgorithms.map((algorithm) => algorithm.der)
  return writeCms({ ...cms, digestAlgorithms, signers })
}

function stamped(info: Bytes, token: Bytes): Bytes {
  const fields = DerFields.whole(info).rest()
  const isUnsigned = ({ tag }: { tag: number }) => tag === tags.explicit1
  const present = fields.filter(isUnsigned).flatMap((one) => DerFields.in(one.content).rest())
  const attributes = [...present.map(({ der }) => der), attribute(cmsOids.timeStampToken, token)]
  const kept = fields.filter((one) => !isUnsigned(one)).map(({ der }) => der)
  return derElement(tags.sequence, ...kept, implicitSet(tags.explicit1, attributes))
}
