// ui: what the person sees; speaks the protocol like any other client. This file: checking one document with all that is
// known: whom the person trusts, and what else was given.

import { Batch, type Certificate, readCertificate } from '../certificates/index.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import {
  bodyOfPart,
  type DocumentReport,
  type KnownKey,
  readKnownKey,
  type VerifyDocumentInput,
  verifyDocument,
} from '../documents/index.ts'
import type { CertificateEntry } from '../protocol/outputs.ts'
import { call } from './call.ts'
import type { Evidence } from './verifyEvidence.ts'
import type { ToCheck } from './verifyParts.ts'

interface Kept {
  readonly certificate: Certificate
  readonly entry: CertificateEntry
}

/** Whom the person trusts, and who they are themselves. */
export interface Known {
  readonly anchors: readonly Certificate[]
  readonly others: readonly Certificate[]
  readonly keys: readonly KnownKey[]
  /** Of the person's keys, or of their own authority. */
  readonly ours: readonly Kept[]
}

export async function whomToTrust(): Promise<Known> {
  const { Certificates } = await call('keyhearth:ListCertificates', {})
  const signers = Certificates.filter(({ Kind }) => Kind === 'signer')
  const kept = Certificates.filter(({ Kind }) => Kind !== 'signer').flatMap((entry) => {
    const [certificate] = readable(entry.Chain.slice(0, 1))
    return certificate ? [{ certificate, entry }] : []
  })
  // One's own that somebody else issued has its trust from them, as any.
  const isAnchor = ({ certificate: { subject, issuer }, entry: { Kind } }: Kept) =>
    Kind === 'trusted' || (Kind === 'own' && subject.key === issuer.key)
  return {
    anchors: kept.filter(isAnchor).map(({ certificate }) => certificate),
    others: kept.flatMap(({ entry }) => readable(entry.Chain)),
    keys: signers.flatMap(({ Chain: [text], Name }) => (text ? keyOf(text, Name) : [])),
    ours: kept.filter(({ entry: { Kind } }) => Kind === 'own' || Kind === 'issued'),
  }
}

/** Kept ones were read before; one that a later reader refuses helps nobody. */
const readable = (chain: readonly Bytes[]): readonly Certificate[] =>
  chain.flatMap((der) => {
    try {
      return [readCertificate(der)]
    } catch {
      return []
    }
  })

function keyOf(text: Bytes, name: string): readonly KnownKey[] {
  try {
    const key = readKnownKey(decodeUtf8(text).trim(), name)
    return key ? [key] : []
  } catch {
    return []
  }
}

export const oursOf = (known: Known, certificate: Certificate | null): CertificateEntry | null =>
  known.ours.find((one) => certificate && equalBytes(one.certificate.der, certificate.der))
    ?.entry ?? null

/** Of documents that are checked one after another: one time, and what is known of certificates for it. */
export interface Question {
  readonly at: Date
  readonly batch: Batch
}

/** Longer than that ago, a certificate may have expired since. */
const freshMs = 60_000

/** The same, or a new one where it is no longer of now. */
export const questionOfNow = (question: Question | null): Question =>
  question && Date.now() - question.at.getTime() < freshMs
    ? question
    : { at: new Date(), batch: new Batch() }

interface CheckOptions {
  readonly question: Question
  readonly known: Known
  readonly evidence: readonly Evidence[]
  /** What signatures of SSH must be for. */
  readonly sshNamespace: string
  readonly signal: AbortSignal
  /** Of a file that is read as a stream. */
  readonly onBytes: (bytes: number) => void
}

/** Rejects where a file cannot be read, or with the signal's reason. */
export async function check(
  { file, signature }: ToCheck,
  options: CheckOptions,
): Promise<DocumentReport> {
  const judging = { ...judgingOf(options), sshNamespace: options.sshNamespace }
  const document = file ?? signature
  if (!document) throw new Error('nothing to check')
  const beside = signature && file ? new Uint8Array(await signature.blob.arrayBuffer()) : null
  const source = beside ? new WatchedBlob(document.blob, options) : document.blob
  const { name } = document
  const report = await verifyDocument({
    ...judging,
    file: source,
    name,
    ...(beside ? { signature: beside } : {}),
  })
  return report.form === 'smime-clear' && report.content
    ? { ...report, content: bodyOfPart(report.content) }
    : report
}

type Judging = Omit<VerifyDocumentInput, 'file' | 'name' | 'signature'>

function judgingOf({ known, evidence, question, signal }: CheckOptions): Judging {
  const given = evidence.flatMap((one) => (one.is === 'certificates' ? one.certificates : []))
  return {
    anchors: known.anchors,
    others: [...given, ...known.others],
    keys: known.keys,
    crls: evidence.flatMap((one) => (one.is === 'crl' ? [one.crl] : [])),
    ocsp: evidence.flatMap((one) => (one.is === 'ocsp' ? [one.ocsp] : [])),
    ...question,
    signal,
  }
}

/** A file that says how much of it was read, and stops where the signal says so. */
class WatchedBlob extends Blob {
  readonly #options: CheckOptions

  constructor(blob: Blob, options: CheckOptions) {
    super([blob])
    this.#options = options
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { signal, onBytes } = this.#options
    let bytes = 0
    const watching = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, output) {
        bytes += piece.byteLength
        onBytes(bytes)
        output.enqueue(piece)
      },
    })
    return super.stream().pipeThrough(watching, { signal })
  }
}
