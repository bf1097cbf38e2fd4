// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: CMS SignedData (RFC 5652 section 5) with the attributes of CAdES-BES (RFC 5126 section 5.7), by one
// or several signers.

import { digest, digestAlgorithm, digestNameOf } from '../certificates/algorithms.ts'
import { type Certificate, readCertificate } from '../certificates/certificate.ts'
import { signerAlgorithm } from '../certificates/makeSigned.ts'
import { verifySignature } from '../certificates/signatures.ts'
import type { Signer } from '../certificates/signer.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { DerFields, derElement, onlyElement, tags } from '../codec/der.ts'
import {
  derNumber,
  derOctets,
  derOid,
  derSequence,
  derSetOf,
  derTime,
  readNumber,
} from '../codec/derValues.ts'
import { encodeHex } from '../codec/text.ts'
import { issuerAndSerial } from './certificateId.ts'
import { cmsOids } from './cmsNames.ts'
import { type ContentDigests, contentDigest } from './contentDigests.ts'
import { type Cms, readCms } from './readCms.ts'

export interface CmsSigning {
  readonly signer: Signer
  /** DER, of the signer's key. */
  readonly certificate: Bytes
  /** DER, of those above it. */
  readonly chain: readonly Bytes[]
}

export interface SignCmsInput {
  readonly signers: readonly CmsSigning[]
  /** Digests are enough for a detached signature: those of `digestNameOf` of each signer. */
  readonly content: Bytes | ContentDigests
  readonly detached: boolean
  /** Claimed, not proved. */
  readonly signingTime?: Date
  /** ETSI EN 319 142-1 section 6.3: no signing-time, which stands in the PDF itself. */
  readonly pades?: boolean
}

const causes = {
  'digest-missing': 'The digest that this signer needs was not given.',
  'content-missing': 'A message that holds its content needs the content.',
  altered: 'A signature that is there does not fit the content.',
  'not-the-certificate': 'This certificate is not that of the signing key.',
  'bad-signature': 'What signed is not the key it says it is.',
} as const

export class SigningError extends Error {
  override readonly name = 'SigningError'
  readonly code: keyof typeof causes

  constructor(code: keyof typeof causes) {
    super(causes[code])
    this.code = code
  }
}

export const attribute = (oid: string, ...values: readonly Bytes[]): Bytes =>
  derSequence(derOid(oid), derSetOf(...values))

/** @throws SigningError, MakingError `no-algorithm`, CertificateError; what the signer throws */
export async function signCms(input: SignCmsInput): Promise<Bytes> {
  const { content, detached } = input
  if (!detached && !(content instanceof Uint8Array)) throw new SigningError('content-missing')
  const infos: Bytes[] = []
  // One after the other: each may ask the person.
  for (const signing of input.signers) infos.push(await signerInfo(signing, input))
  return writeCms({
    digestAlgorithms: input.signers.map(({ signer }) =>
      digestAlgorithm(digestNameOf(signer.algorithm)),
    ),
    contentType: cmsOids.data,
    content: !detached && content instanceof Uint8Array ? content : null,
    certificateChoices: input.signers.flatMap(({ certificate, chain }) => [certificate, ...chain]),
    revocationChoices: [],
    signers: infos,
  })
}

/**
 * How long such a message of one signer is at the most, detached: certificates, the issuer's name once more, attributes,
 * and a signature, which is shorter than twice the key with every algorithm there is (ML-DSA-87: 4,627 bytes to 2,614).
 */
export const mostCmsBytes = ({ signer, certificate, chain }: CmsSigning): number =>
  [certificate, certificate, signer.publicKey, signer.publicKey, ...chain].reduce(
    (sum, one) => sum + one.byteLength,
    2048,
  )

/**
 * A further signature beside those that are there, over the same content.
 * @param content where the message does not hold it
 * @throws as `signCms`, CmsError
 */
export async function addSigner(
  message: Bytes,
  signing: CmsSigning,
  options: Pick<SignCmsInput, 'signingTime' | 'pades'> & {
    readonly content?: Bytes | ContentDigests
  },
): Promise<Bytes> {
  const cms = readCms(message)
  const content = cms.content ?? options.content
  if (!content) throw new SigningError('content-missing')
  const info = await signerInfo(signing, { ...options, content }, cms.contentType)
  const name = digestNameOf(signing.signer.algorithm)
  return writeCms({
    ...cms,
    digestAlgorithms: [...cms.digestAlgorithms.map(({ der }) => der), digestAlgorithm(name)],
    certificateChoices: [...cms.certificateChoices, signing.certificate, ...signing.chain],
    signers: [...cms.signers.map(({ der }) => der), info],
  })
}

export type CmsParts = Pick<
  Cms,
  'contentType' | 'content' | 'certificateChoices' | 'revocationChoices'
> & {
  /** DER, of both. */
  readonly digestAlgorithms: readonly Bytes[]
  readonly signers: readonly Bytes[]
}

const once = (members: readonly Bytes[]): readonly Bytes[] => [
  ...new Map(members.map((one) => [encodeHex(one), one])).values(),
]

export function writeCms(parts: CmsParts): Bytes {
  const { content, contentType } = parts
  const encapsulated = content ? [derElement(tags.explicit0, derOctets(content))] : []
  const certificates = once(parts.certificateChoices)
  const revocation = once(parts.revocationChoices)
  return derSequence(
    derOid(cmsOids.signedData),
    derElement(
      tags.explicit0,
      derSequence(
        derNumber(versionOf(parts)),
        derSetOf(...once(parts.digestAlgorithms)),
        derSequence(derOid(contentType), ...encapsulated),
        ...(certificates.length > 0 ? [implicitSet(tags.explicit0, certificates)] : []),
        ...(revocation.length > 0 ? [implicitSet(tags.explicit1, revocation)] : []),
        derSetOf(...parts.signers),
      ),
    ),
  )
}

/** Section 5.1; the tags are those of section 10.2. */
function versionOf(parts: CmsParts): number {
  const has = (choices: readonly Bytes[], tag: number) => choices.some(([first]) => first === tag)
  const { certificateChoices, revocationChoices } = parts
  if (has(certificateChoices, tags.explicit3) || has(revocationChoices, tags.explicit1)) return 5
  if (has(certificateChoices, tags.explicit2)) return 4
  const isThird = (info: Bytes) => readNumber(DerFields.whole(info).any()) === 3
  const isOther = parts.contentType !== cmsOids.data
  return has(certificateChoices, tags.explicit1) || isOther || parts.signers.some(isThird) ? 3 : 1
}

/** The content of a sorted SET OF under another tag. */
export const implicitSet = (tag: number, members: readonly Bytes[]): Bytes =>
  derElement(tag, onlyElement(derSetOf(...members), tags.set).content)

async function signerInfo(
  { signer, certificate: der }: CmsSigning,
  { content, signingTime, pades = false }: Pick<SignCmsInput, 'content' | 'signingTime' | 'pades'>,
  contentType: string = cmsOids.data,
): Promise<Bytes> {
  const certificate = readCertificate(der)
  if (!equalBytes(certificate.publicKey, signer.publicKey)) {
    throw new SigningError('not-the-certificate')
  }
  const name = digestNameOf(signer.algorithm)
  const hash = await contentDigest(content, name)
  if (!hash) throw new SigningError('digest-missing')
  const attributes = [
    attribute(cmsOids.contentType, derOid(contentType)),
    attribute(cmsOids.messageDigest, derOctets(hash)),
    attribute(cmsOids.signingCertificateV2, await signingCertificate(certificate)),
    ...(signingTime && !pades
      ? [attribute(cmsOids.signingTime, derTime(signingTime.getTime()))]
      : []),
  ]
  const message = derSetOf(...attributes)
  const algorithm = signerAlgorithm(signer)
  const signature = await signer.sign(message)
  const { publicKey } = signer
  // What nobody would accept is noticed before it leaves.
  if (!(await verifySignature({ publicKey, algorithm, message, signature }))) {
    throw new SigningError('bad-signature')
  }
  return derSequence(
    derNumber(1),
    issuerAndSerial(certificate.issuer.der, certificate.serialNumber),
    digestAlgorithm(name),
    implicitSet(tags.explicit0, attributes),
    algorithm,
    derOctets(signature),
  )
}

/** RFC 5035 section 4: SHA-256 is the default, and not written in DER. */
const signingCertificate = async ({ der }: Certificate): Promise<Bytes> =>
  derSequence(derSequence(derSequence(derOctets(await digest('SHA-256', der)))))
