// ui: what the person sees; speaks the protocol like any other client. This file: why somebody may or may
// not, in words.

import type { AccessReason } from '../protocol/outputs.ts'
import { t } from './words.ts'

export function reasonWords(reason: AccessReason): string {
  switch (reason.Kind) {
    case 'policy-allows':
      return t('access_policy_allows', [reason.Statement])
    case 'policy-denies':
      return t('access_policy_denies', [reason.Statement])
    case 'grant-allows':
      return reason.Asks ? t('access_grant_asks') : t('access_grant_allows')
    case 'plaintext-withheld':
      return t('access_plaintext_withheld')
    case 'service':
      return t('access_service')
    case 'person-always':
      return t('access_person_always')
    case 'other-account':
      return t('access_other_account')
    case 'nothing-allows':
      return t('access_nothing_allows')
  }
}
