// ui: what the person sees; speaks the protocol like any other client. This file: what can be done with a
// key, in words.

import type { Input } from '../protocol/schemas.ts'
import { t } from './words.ts'

type Operation = Input<'keyhearth:ExplainAccess'>['Operation']

const words = {
  'kms:CreateGrant': t('do_create_grant'),
  'kms:Decapsulate': t('do_decapsulate'),
  'kms:Decrypt': t('do_decrypt'),
  'kms:DeriveSharedSecret': t('do_derive'),
  'kms:DescribeKey': t('do_describe'),
  'kms:DisableKey': t('do_disable'),
  'kms:Encapsulate': t('do_encapsulate'),
  'kms:Encrypt': t('do_encrypt'),
  'kms:GenerateDataKey': t('do_data_key'),
  'kms:GenerateDataKeyPair': t('do_data_key_pair'),
  'kms:GenerateDataKeyPairWithoutPlaintext': t('do_sealed_pair'),
  'kms:GenerateDataKeyWithoutPlaintext': t('do_sealed_key'),
  'kms:GenerateMac': t('do_mac'),
  'kms:GetPublicKey': t('do_public_key'),
  'kms:PutKeyPolicy': t('do_put_policy'),
  'kms:ReEncryptFrom': t('do_reencrypt_from'),
  'kms:ReEncryptTo': t('do_reencrypt_to'),
  'kms:RetireGrant': t('do_retire_grant'),
  'kms:ScheduleKeyDeletion': t('do_delete'),
  'kms:Sign': t('do_sign'),
  'kms:Verify': t('do_verify'),
  'kms:VerifyMac': t('do_verify_mac'),
} as const satisfies Record<Operation, string>

export const operationWords = (operation: Operation): string => words[operation]
