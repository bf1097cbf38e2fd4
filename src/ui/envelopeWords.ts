// ui: what the person sees; speaks the protocol like any other client. This file: why a message encrypted to certificates
// is not made, or does not open.

import { CertificateError } from '../certificates/index.ts'
import { EnvelopeError, type EnvelopeErrorCode } from '../documents/index.ts'
import { fileErrorWords } from './fileWords.ts'
import { t } from './words.ts'

const words = {
  'not-enveloped': t('envelope_error_not_enveloped'),
  'too-large': t('envelope_error_too_large'),
  'too-many': t('envelope_error_too_many'),
  'not-a-recipient': t('envelope_error_not_a_recipient'),
  unsupported: t('envelope_error_unsupported'),
  'not-opened': t('envelope_error_not_opened'),
  'no-recipients': t('envelope_error_no_recipients'),
  'unfit-certificate': t('envelope_error_unfit_certificate'),
} as const satisfies Record<EnvelopeErrorCode, string>

export function envelopeErrorWords(error: unknown): string {
  if (typeof error === 'string') return error
  if (error instanceof EnvelopeError) return words[error.code]
  return error instanceof CertificateError ? t('certificates_file_damaged') : fileErrorWords(error)
}
