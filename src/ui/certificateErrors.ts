// ui: what the person sees; speaks the protocol like any other client. This file: why a file of certificates or keys is
// refused, in words.

import { CertificateError, KeyFileError, type KeyFileErrorCode } from '../certificates/index.ts'
import { t } from './words.ts'

const keyFileWords = {
  'not-recognised': t('certificates_file_unknown'),
  'public-key': t('certificates_file_public'),
  damaged: t('certificates_file_damaged'),
  'needs-password': t('certificates_file_locked'),
  'wrong-password': t('certificates_file_wrong_password'),
  'unknown-encryption': t('certificates_file_encryption'),
  'too-costly': t('certificates_file_costly'),
  'too-weak': t('certificates_key_weak'),
  'unknown-kind': t('certificates_key_unfit'),
  'not-a-pair': t('certificates_key_torn'),
  'too-large': t('certificates_file_large'),
  cancelled: t('certificates_file_cancelled'),
} as const satisfies Record<KeyFileErrorCode, string>

/** In words, whatever stopped it: the file, the background, or the browser that cannot read the file. */
export function fileWordsOf(error: unknown, wanted: 'any' | 'request'): unknown {
  if (error instanceof KeyFileError) return keyFileWords[error.code]
  if (error instanceof CertificateError) {
    if (error.code === 'too-large') return t('certificates_file_large')
    return wanted === 'request' ? t('certificates_request_bad') : t('certificates_file_damaged')
  }
  return error instanceof DOMException ? t('import_unreadable') : error
}
