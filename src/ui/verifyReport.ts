// ui: what the person sees; speaks the protocol like any other client. This file: what was found, to be kept or passed on:
// as PDF for people, as JSON for programs.

import { type Certificate, fingerprintOf, serialText } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import {
  type DocumentReport,
  digestStream,
  type SignatureReport,
  type Trust,
} from '../documents/index.ts'
import { isShownExactly, textReportPdf } from '../pdf/index.ts'
import { sizeWords } from './fileWords.ts'
import { changeWords, detailsOf, factsOf, revisionWords, whyOf } from './verifyFacts.ts'
import { type Headline, headlineOf } from './verifyHeadline.ts'
import type { ToCheck } from './verifyParts.ts'
import {
  changeKindWords,
  documentProblemWords,
  formWords,
  headlineHints,
  headlineWords,
  notCheckedWords,
} from './verifyWords.ts'
import { type Known, oursOf } from './verifyWork.ts'
import { dateWords, t } from './words.ts'

export interface Checked {
  readonly document: ToCheck
  readonly report: DocumentReport
  /** ms since 1970. */
  readonly at: number
}

const sha256Of = async (blob: Blob): Promise<string> =>
  encodeHex((await digestStream(blob.stream(), ['SHA-256']))['SHA-256'] ?? new Uint8Array())

function headed(
  report: SignatureReport,
  known: Known,
): { headline: Headline; withdrawnAt: number | null } {
  const withdrawnAt = oursOf(known, report.certificate)?.RevokedAt ?? null
  return { headline: headlineOf(report, withdrawnAt !== null), withdrawnAt }
}

// For people

export async function reportPdf(all: readonly Checked[], known: Known): Promise<Bytes> {
  const title = t('verify_doc_report_title')
  const lines = [title, t('verify_doc_report_made', [dateWords(Date.now() / 1000)])]
  for (const checked of all) lines.push('', ...(await documentLines(checked, known)))
  if (!lines.every(isShownExactly)) lines.push('', t('verify_doc_report_marks'))
  return textReportPdf(lines, title)
}

async function documentLines({ document, report }: Checked, known: Known): Promise<string[]> {
  const { file, signature } = document
  const part = file ?? signature
  if (!part) return []
  const lines = [
    t('verify_doc_report_file', [part.name]),
    ...(signature && file ? [t('verify_doc_report_signature_file', [signature.name])] : []),
    t('verify_doc_report_size', [sizeWords(part.blob.size)]),
    t('verify_doc_report_sha256', [await sha256Of(part.blob)]),
    t('verify_doc_report_form', [formWords[report.form]]),
    ...(report.problem ? [documentProblemWords[report.problem]] : []),
  ]
  for (const [at, one] of report.signatures.entries()) {
    const place: [string, string] = [String(at + 1), String(report.signatures.length)]
    lines.push('', t('verify_doc_signature_n', place), ...(await signatureLines(one, known)))
  }
  return lines
}

const line = (label: string, value: string): string =>
  label === '' ? value : t('verify_doc_fact_line', [label, value])

const points = (heading: string, found: readonly string[]): readonly string[] =>
  found.length > 0 ? [line(heading, ''), ...found.map((one) => `  - ${one}`)] : []

async function signatureLines(report: SignatureReport, known: Known): Promise<string[]> {
  const { headline, withdrawnAt } = headed(report, known)
  const facts = factsOf(report, oursOf(known, report.certificate))
  const changes = report.pdf?.changes
  const later = changes?.revisions.flatMap((one) => [
    revisionWords(one),
    ...one.changes.map(changeWords),
  ])
  const details = (await detailsOf(report)).flatMap(({ heading, facts: of }) => [
    '',
    heading,
    ...of.map(({ label, value }) => `  ${line(label, value)}`),
  ])
  return [
    headlineWords[headline],
    headlineHints[headline],
    ...points(
      t('verify_doc_open'),
      report.notChecked.map((one) => notCheckedWords[one]),
    ),
    ...(headline === 'trusted' ? [] : points(t('verify_doc_why'), whyOf(report, withdrawnAt))),
    ...facts.map(({ label, value }) => line(label, value)),
    ...(changes && later?.length
      ? [changeKindWords[changes.kind], ...points(t('verify_doc_changes'), later)]
      : []),
    ...details,
  ]
}

// For programs

export async function reportJson(all: readonly Checked[], known: Known): Promise<string> {
  const documents = await Promise.all(all.map((checked) => documentJson(checked, known)))
  return `${JSON.stringify({ madeBy: 'Keyhearth', madeAt: new Date().toISOString(), documents }, null, 2)}\n`
}

async function documentJson({ document, report, at }: Checked, known: Known) {
  const { file, signature } = document
  const part = file ?? signature
  return {
    name: part?.name ?? null,
    bytes: part?.blob.size ?? null,
    sha256: part ? await sha256Of(part.blob) : null,
    signatureFile: file && signature ? signature.name : null,
    checkedAt: isoOf(at),
    form: report.form,
    verdict: report.verdict,
    problem: report.problem,
    signatures: await Promise.all(report.signatures.map((one) => signatureJson(one, known))),
  }
}

async function signatureJson(report: SignatureReport, known: Known) {
  const { certificate, time, signingTime, timeStamp, counterSignatures, ...rest } = report
  return {
    ...rest,
    headline: headed(report, known).headline,
    time: isoOf(time),
    signingTime: isoOf(signingTime),
    certificate: await certificateJson(certificate),
    ...(await trustJson(report)),
    timeStamp: timeStamp && {
      ...timeStamp,
      time: isoOf(timeStamp.time),
      ...(await trustJson(timeStamp)),
    },
    counterSignatures: await Promise.all(
      counterSignatures.map(async (one) => ({
        ...one,
        signingTime: isoOf(one.signingTime),
        ...(await trustJson(one)),
      })),
    ),
  }
}

const isoOf = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString()

const trustJson = async ({ chain, anchor, at }: Trust) => ({
  chain: await Promise.all(chain.map(certificateJson)),
  anchor: await certificateJson(anchor),
  at: await certificateJson(at),
})

const certificateJson = async (certificate: Certificate | null) =>
  certificate && {
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serialNumber: serialText(certificate),
    notBefore: isoOf(certificate.notBefore),
    notAfter: isoOf(certificate.notAfter),
    sha256: encodeHex(await fingerprintOf(certificate)),
  }
