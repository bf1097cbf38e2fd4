// ui: what the person sees; speaks the protocol like any other client. This file: why a document could not be signed.

import { CmsError, SigningError, TextSignatureError } from '../documents/index.ts'
import { PdfError, type PdfErrorCode } from '../pdf/index.ts'
import { fileErrorWords } from './fileWords.ts'
import { TimeStampError } from './timeStamps.ts'
import { t } from './words.ts'

export function signingErrorWords(error: unknown): string {
  if (typeof error === 'string') return error
  if (error instanceof PdfError) return pdfErrorWords(error.code)
  if (error instanceof TextSignatureError) {
    return textWords.get(error.code)?.() ?? t('sign_failed')
  }
  if (error instanceof SigningError) return signingWords[error.code]()
  if (error instanceof CmsError) return t('sign_adds_damaged')
  if (error instanceof TimeStampError) return stampWords[error.code]()
  return fileErrorWords(error)
}

const textWords: ReadonlyMap<TextSignatureError['code'], () => string> = new Map([
  ['key-does-not-fit', () => t('sign_key_does_not_fit')],
  ['bad-namespace', () => t('ssh_purpose_bad')],
  ['not-a-signature', () => t('sign_adds_damaged')],
])

const signingWords = {
  'content-missing': () => t('sign_adds_missing'),
  altered: () => t('sign_adds_altered'),
  'digest-missing': () => t('sign_failed'),
  'not-the-certificate': () => t('sign_failed'),
  'bad-signature': () => t('sign_failed'),
} as const satisfies Record<SigningError['code'], () => string>

const stampWords = {
  'no-answer': () => t('sign_stamp_no_answer'),
  refused: () => t('sign_stamp_refused'),
  'wrong-answer': () => t('sign_stamp_wrong'),
} as const satisfies Record<TimeStampError['code'], () => string>

const pdfErrorWords = (code: PdfErrorCode): string => pdfWords[code]()

const pdfWords: Readonly<Record<PdfErrorCode, () => string>> = {
  'not-a-pdf': () => t('pdf_error_not_a_pdf'),
  malformed: () => t('pdf_error_malformed'),
  truncated: () => t('pdf_error_truncated'),
  encrypted: () => t('pdf_error_encrypted'),
  limit: () => t('pdf_error_limit'),
  unsupported: () => t('pdf_error_unsupported'),
  'broken-xref': () => t('pdf_error_broken_xref'),
  'no-such-page': () => t('pdf_error_no_such_page'),
  'no-such-field': () => t('pdf_error_no_such_field'),
  'field-in-use': () => t('pdf_error_field_in_use'),
  'field-name': () => t('pdf_error_field_name'),
  certified: () => t('pdf_error_certified'),
  'visible-after-certification': () => t('pdf_error_visible_after_certification'),
  'certification-not-first': () => t('pdf_error_certification_not_first'),
  locked: () => t('pdf_error_locked'),
  'seed-value': () => t('pdf_error_seed_value'),
  'reserved-too-small': () => t('pdf_error_reserved_too_small'),
  'bad-picture': () => t('pdf_error_bad_picture'),
  invalid: () => t('pdf_error_invalid'),
  'dynamic-form': () => t('pdf_error_dynamic_form'),
}
