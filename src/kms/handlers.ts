// kms: keys, their states and what is done under them; one file per family of operations.
// This file: which function does which operation.

import type { Handlers } from '../hsm/context.ts'
import type { KmsOutputs } from '../protocol/kmsOutputs.ts'
import * as agreement from './agreement.ts'
import * as aliases from './aliases.ts'
import * as creation from './createKey.ts'
import * as dataKeys from './dataKeys.ts'
import * as encryption from './encryptDecrypt.ts'
import * as imports from './import.ts'
import * as lifecycle from './lifecycle.ts'
import * as macs from './macs.ts'
import * as signing from './signing.ts'
import * as tags from './tags.ts'

type KmsHandlers = Pick<Handlers, keyof KmsOutputs>

// The families are being added; once all are here the cast goes.
export const kmsHandlers = {
  'kms:CreateKey': creation.createKey,
  'kms:DescribeKey': creation.describeKey,
  'kms:ListKeys': lifecycle.listKeys,
  'kms:Encrypt': encryption.encrypt,
  'kms:Decrypt': encryption.decrypt,
  'kms:ReEncrypt': encryption.reEncrypt,
  'kms:GenerateDataKey': dataKeys.generateDataKey,
  'kms:GenerateDataKeyWithoutPlaintext': dataKeys.generateDataKeyWithoutPlaintext,
  'kms:GenerateDataKeyPair': dataKeys.generateDataKeyPair,
  'kms:GenerateDataKeyPairWithoutPlaintext': dataKeys.generateDataKeyPairWithoutPlaintext,
  'kms:GenerateRandom': dataKeys.generateRandom,
  'kms:Sign': signing.sign,
  'kms:Verify': signing.verify,
  'kms:GetPublicKey': signing.getPublicKey,
  'kms:GenerateMac': macs.generateMac,
  'kms:VerifyMac': macs.verifyMac,
  'kms:DeriveSharedSecret': agreement.deriveSharedSecret,
  'kms:Encapsulate': agreement.encapsulate,
  'kms:Decapsulate': agreement.decapsulate,
  'kms:GetParametersForImport': imports.getParametersForImport,
  'kms:ImportKeyMaterial': imports.importKeyMaterial,
  'kms:DeleteImportedKeyMaterial': imports.deleteImportedKeyMaterial,
  'kms:CreateAlias': aliases.createAlias,
  'kms:UpdateAlias': aliases.updateAlias,
  'kms:DeleteAlias': aliases.deleteAlias,
  'kms:ListAliases': aliases.listAliases,
  'kms:TagResource': tags.tagResource,
  'kms:UntagResource': tags.untagResource,
  'kms:ListResourceTags': tags.listResourceTags,
} as unknown as KmsHandlers
