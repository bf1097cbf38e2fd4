// ui: what the person sees; speaks the protocol like any other client. This file: why a file is refused, in words.

import { type RefusalCode, RefusedExport } from '../interchange/refusal.ts'
import { t } from './words.ts'

const refusalWords = {
  empty: t('refused_empty'),
  'not-recognised': t('refused_not_recognised'),
  truncated: t('refused_truncated'),
  damaged: t('refused_damaged'),
  'bad-encoding': t('refused_bad_encoding'),
  'too-large': t('refused_too_large'),
  'too-deep': t('refused_too_deep'),
  'too-many': t('refused_too_many'),
  'needs-password': t('refused_needs_password'),
  'wrong-password': t('refused_wrong_password'),
  'wrong-password-or-needs-key-file': t('refused_wrong_password_or_needs_key_file'),
  'wrong-password-or-key-file': t('refused_wrong_password_or_key_file'),
  'bad-key-file': t('refused_bad_key_file'),
  'account-encrypted': t('refused_account_encrypted'),
  'openpgp-encrypted': t('refused_openpgp_encrypted'),
  'encrypted-zip': t('refused_encrypted_zip'),
  'old-keepass': t('refused_old_keepass'),
  'unknown-encryption': t('refused_unknown_encryption'),
  'needs-argon2': t('refused_needs_argon2'),
  'too-costly': t('refused_too_costly'),
} as const satisfies Record<RefusalCode, string>

/** In words, whatever stopped an import: the file, the background, or the browser that cannot read the file. */
export function importError(error: unknown): unknown {
  if (error instanceof RefusedExport) return refusalWords[error.code]
  return error instanceof DOMException ? t('import_unreadable') : error
}
