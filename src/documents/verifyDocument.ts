// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: one question for every signed document: what it is, and what each of its signatures is worth.

import type { Batch } from '../certificates/batch.ts'
import type { Certificate } from '../certificates/certificate.ts'
import type { Crl } from '../certificates/crl.ts'
import type { OcspResponse } from '../certificates/ocsp.ts'
import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { PdfError, type PdfErrorCode } from '../pdf/errors.ts'
import { withoutContent } from './attachedCms.ts'
import { cmsIn } from './cmsBytes.ts'
import type { Evidence } from './judgeCertificate.ts'
import type { KnownKey } from './judgeKey.ts'
import { judgeSigner } from './judgeSigner.ts'
import type { JwsTextProblem } from './jwsText.ts'
import { Pace } from './pace.ts'
import { readClearSigned } from './readClearSigned.ts'
import { CmsError } from './readCms.ts'
import { type Recognised, recognise, recogniseBytes } from './recognise.ts'
import { gravest, type SignatureReport, type Verdict } from './report.ts'
import { signedContent } from './signedContent.ts'
import { verifyCms } from './verifyCms.ts'
import { verifyPdf } from './verifyPdf.ts'
import {
  type TextJudging,
  verifyJwsDocument,
  verifyMinisignDocument,
  verifySshDocument,
} from './verifyText.ts'

export interface VerifyDocumentInput {
  /** The document: signed in itself, or what `signature` is over. A Blob of any size where it is the latter. */
  readonly file: Bytes | Blob
  /** What it is called; counts only where the bytes leave open what it is. */
  readonly name?: string
  /** Kept apart from the file: `.p7s`, PEM, `.sig`, `.minisig`, a JWS without its payload. */
  readonly signature?: Bytes | string
  /** Certificates that the person trusts: of authorities, or self-signed ones of signers. */
  readonly anchors: readonly Certificate[]
  /** Further certificates: in between, or of signers whose signature brings none. */
  readonly others?: readonly Certificate[]
  /** Keys that the person knows, for SSHSIG, minisign and JWS: see `readKnownKey`. */
  readonly keys?: readonly KnownKey[]
  /** Beside those that the document brings. */
  readonly crls?: readonly Crl[]
  readonly ocsp?: readonly OcspResponse[]
  /** The time of the question. Signatures with a time stamp that holds are judged for that. */
  readonly at: Date
  /** What a signature of SSH must be for (`ssh-keygen -Y sign -n`); `file` where it is absent. */
  readonly sshNamespace?: string
  /** What signers' certificates must be for; documents, mail or code where it is absent. */
  readonly extKeyUsage?: NonNullable<Evidence['extKeyUsage']>
  /** Shared by the documents of one batch: what is judged for the same time of the question is judged once. */
  readonly batch?: Batch
  /** Ends long work; a Blob whose stream ends does that, too. */
  readonly signal?: AbortSignal
}

/** Why there are no signatures to report. */
export type DocumentProblem =
  /** No signed form that is known here; `form` may still say what it is. */
  | 'not-recognised'
  /** `signature` is no signature. */
  | 'not-a-signature'
  | 'no-signatures'
  | 'too-large'
  | CmsError['code']
  | JwsTextProblem
  | PdfErrorCode

export interface DocumentReport {
  /** Of the signature, where that is kept apart, else of the file. */
  readonly form: Recognised
  /** The gravest of all signatures; `null` where there are none. */
  readonly verdict: Verdict | null
  /** In the order in which they were made (PDF) or stand. */
  readonly signatures: readonly SignatureReport[]
  /**
   * What was signed, where the signed document holds it inside (CMS, JWS): what to show instead of the file. `null` for
   * more of it than can be held.
   */
  readonly content: Bytes | null
  readonly problem: DocumentProblem | null
}

/**
 * Never throws for what the bytes hold; rejects where the Blob cannot be read, or with the signal's reason.
 *
 * `valid` is said of a signature only where everything was checked: content, value, chain to an anchor (or a known key),
 * revocation of the chain, time stamp, counter-signatures, and for a PDF, all that came later. What was not stands in
 * `notChecked`. The network is never asked: revocation lists and answers are those in the document and those given.
 */
export async function verifyDocument(input: VerifyDocumentInput): Promise<DocumentReport> {
  const { signature } = input
  const isApart = signature !== undefined
  const signed = new Source(isApart ? signature : input.file)
  if (signed.size > mostBytes) return isApart ? tooLarge : verifyLarge(input)
  const { first, whole } = await signed.read()
  const form = recognise(first, signed.size, isApart ? '' : input.name)
  const check = checks.get(form)
  if (!check || (isApart && !apart.has(form))) {
    return failed(form, isApart ? 'not-a-signature' : 'not-recognised')
  }
  const file = isApart ? blobOf(input.file) : null
  try {
    const found = await check(await whole(), file, judgingOf(input))
    return typeof found === 'string' ? failed(form, found) : reported(form, found)
  } catch (error) {
    if (error instanceof CmsError || error instanceof PdfError) return failed(form, error.code)
    throw error
  }
}

const blobOf = (file: Bytes | Blob): Blob => (file instanceof Blob ? file : new Blob([file]))

/** A document that is signed in itself, or a signature: a Blob takes its time to read, so a small one is read once. */
class Source {
  readonly size: number
  readonly #given: Bytes | Blob

  /** @param given bytes are copied: later writes to them change nothing */
  constructor(given: Bytes | Blob | string) {
    this.#given = given instanceof Blob ? given : held(given)
    this.size = this.#given instanceof Blob ? this.#given.size : this.#given.byteLength
  }

  /** Enough to tell what it is, and the way to all of it. */
  async read(): Promise<{ readonly first: Bytes; readonly whole: () => Promise<Bytes> }> {
    const given = this.#given
    if (given instanceof Blob && given.size > recogniseBytes) {
      const first = await bytesOf(given.slice(0, recogniseBytes))
      return { first, whole: () => bytesOf(given) }
    }
    const all = given instanceof Blob ? await bytesOf(given) : given
    return { first: all, whole: async () => all }
  }
}

const bytesOf = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer())

const held = (given: Bytes | string): Bytes =>
  typeof given === 'string' ? encodeUtf8(given) : given.slice()

/** What a document that is signed in itself may be to be held as a whole. */
const mostBytes = 512 * 1024 * 1024

/** CMS with more inside than can be held: checked as if the content were beside it. */
async function verifyLarge(input: VerifyDocumentInput): Promise<DocumentReport> {
  const parts = await withoutContent(blobOf(input.file))
  if (!parts) return tooLarge
  const { detached: signature, content: file } = parts
  return verifyDocument({ ...input, file, signature })
}

const failed = (form: Recognised, problem: DocumentProblem): DocumentReport => ({
  form,
  verdict: null,
  signatures: [],
  content: null,
  problem,
})

const tooLarge = failed('unknown', 'too-large')

interface Found {
  readonly signatures: readonly SignatureReport[]
  readonly content: Bytes | null
}

const reported = (form: Recognised, { signatures, content }: Found): DocumentReport => ({
  form,
  verdict: gravest(signatures.map(({ verdict }) => verdict)),
  signatures,
  content,
  problem: signatures.length === 0 ? 'no-signatures' : null,
})

type Judging = TextJudging & { readonly pace: Pace }

const judgingOf = (input: VerifyDocumentInput): Judging => {
  const { anchors, crls = [], ocsp = [], extKeyUsage, batch } = input
  // A signer whom the person trusts need not bring the certificate.
  const others = [...(input.others ?? []), ...anchors]
  const evidence = {
    anchors,
    others,
    crls,
    ocsp,
    ...(extKeyUsage ? { extKeyUsage } : {}),
    batch,
  }
  const { keys = [], sshNamespace = 'file' } = input
  const pace = new Pace(input.signal)
  return { evidence, keys, sshNamespace, pace, now: input.at.getTime() }
}

/** @param file what the signature is over; `null` where it must be inside */
type Check = (bytes: Bytes, file: Blob | null, judging: Judging) => Promise<Found | DocumentProblem>

const checks: ReadonlyMap<Recognised, Check> = new Map<Recognised, Check>([
  ['pdf', checkPdf],
  ['cms-der', checkCms],
  ['cms-pem', checkCarried],
  ['smime-clear', checkClear],
  ['smime-opaque', checkCarried],
  ['jws-compact', checkJws],
  ['jws-json', checkJws],
  ['ssh-signature', checkSsh],
  ['minisign', checkMinisign],
])

/** Forms that can stand beside what they sign. */
const apart: ReadonlySet<Recognised> = new Set([
  'cms-der',
  'cms-pem',
  'jws-compact',
  'jws-json',
  'ssh-signature',
  'minisign',
])

async function checkPdf(bytes: Bytes, _file: null | Blob, judging: Judging) {
  const signatures = await verifyPdf(bytes, judging)
  return signatures === 'too-many' ? signatures : { signatures, content: null }
}

async function checkCms(cms: Bytes, file: Blob | null, { evidence, now }: TextJudging) {
  const content = file && (await signedContent(file, cms))
  const message = await verifyCms({
    cms,
    others: evidence.others,
    ...(content ? { content } : {}),
    batch: evidence.batch,
  })
  const signatures: SignatureReport[] = []
  for (const signer of message.signers) {
    signatures.push(await judgeSigner({ message, signer, evidence, now }))
  }
  return { signatures, content: message.content }
}

async function checkCarried(bytes: Bytes, file: Blob | null, judging: TextJudging) {
  const cms = cmsIn(bytes)
  return typeof cms === 'string' ? cms : checkCms(cms, file, judging)
}

/** Of the ways in which the text may have been signed, the first that fits; else the likeliest. */
async function checkClear(bytes: Bytes, _file: Blob | null, judging: TextJudging) {
  const read = readClearSigned(textOf(bytes) ?? '')
  if (!read) return 'malformed'
  let first: Found | null = null
  for (const content of read.candidates) {
    const { signatures } = await checkCms(read.cms, new Blob([content]), judging)
    const found = { signatures, content }
    if (signatures.every(({ integrity }) => integrity === 'intact')) return found
    first ??= found
  }
  return first ?? 'malformed'
}

/** `null`: these bytes are no text. */
function textOf(bytes: Bytes): string | null {
  try {
    return decodeUtf8(bytes)
  } catch {
    return null
  }
}

async function checkJws(bytes: Bytes, file: Blob | null, judging: TextJudging) {
  const text = textOf(bytes)
  if (text === null) return 'malformed'
  if (file && file.size > mostBytes) return 'too-large'
  const payload = file ? new Uint8Array(await file.arrayBuffer()) : undefined
  const found = await verifyJwsDocument(text, payload, judging)
  if (typeof found === 'string') return found
  return { signatures: found.reports, content: file ? null : found.payload }
}

async function checkSsh(bytes: Bytes, file: Blob | null, judging: TextJudging) {
  const text = textOf(bytes)
  if (text === null) return 'malformed'
  return { signatures: [await verifySshDocument(text, file, judging)], content: null }
}

async function checkMinisign(bytes: Bytes, file: Blob | null, judging: TextJudging) {
  const text = textOf(bytes)
  if (text === null) return 'malformed'
  return { signatures: [await verifyMinisignDocument(text, file, judging)], content: null }
}
