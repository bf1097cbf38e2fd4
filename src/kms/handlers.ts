// kms: keys, their states and what is done under them; one file per family of operations.
// This file: which function does which operation.

import type { Handlers } from '../hsm/context.ts'
import type { KmsOutputs } from '../protocol/kmsOutputs.ts'
import * as agreement from './agreement.ts'
import * as aliases from './aliases.ts'
import * as creation from './createKey.ts'
import * as dataKeys from './dataKeys.ts'
import * as deletion from './deletion.ts'
import * as encryption from './encryptDecrypt.ts'
import * as grants from './grants.ts'
import * as imports from './import.ts'
import * as keyStores from './keyStores.ts'
import * as lifecycle from './lifecycle.ts'
import * as macs from './macs.ts'
import * as policies from './policies.ts'
import * as regions from './regions.ts'
import * as rotation from './rotation.ts'
import * as signing from './signing.ts'
import * as tags from './tags.ts'
import * as usage from './usage.ts'

type KmsHandlers = Pick<Handlers, keyof KmsOutputs>

export const kmsHandlers = {
  'kms:CreateKey': creation.createKey,
  'kms:DescribeKey': creation.describeKey,
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
  'kms:ListKeys': lifecycle.listKeys,
  'kms:UpdateKeyDescription': lifecycle.updateKeyDescription,
  'kms:EnableKey': lifecycle.enableKey,
  'kms:DisableKey': lifecycle.disableKey,
  'kms:ScheduleKeyDeletion': deletion.scheduleKeyDeletion,
  'kms:CancelKeyDeletion': deletion.cancelKeyDeletion,
  'kms:EnableKeyRotation': rotation.enableKeyRotation,
  'kms:DisableKeyRotation': rotation.disableKeyRotation,
  'kms:GetKeyRotationStatus': rotation.getKeyRotationStatus,
  'kms:RotateKeyOnDemand': rotation.rotateKeyOnDemand,
  'kms:ListKeyRotations': rotation.listKeyRotations,
  'kms:GetKeyLastUsage': usage.getKeyLastUsage,
  'kms:DescribeCustomKeyStores': keyStores.describeCustomKeyStores,
  'kms:CreateCustomKeyStore': keyStores.createCustomKeyStore,
  'kms:ConnectCustomKeyStore': keyStores.connectCustomKeyStore,
  'kms:DisconnectCustomKeyStore': keyStores.disconnectCustomKeyStore,
  'kms:UpdateCustomKeyStore': keyStores.updateCustomKeyStore,
  'kms:DeleteCustomKeyStore': keyStores.deleteCustomKeyStore,
  'kms:ReplicateKey': regions.replicateKey,
  'kms:UpdatePrimaryRegion': regions.updatePrimaryRegion,
  'kms:GetKeyPolicy': policies.getKeyPolicy,
  'kms:PutKeyPolicy': policies.putKeyPolicy,
  'kms:ListKeyPolicies': policies.listKeyPolicies,
  'kms:CreateGrant': grants.createGrant,
  'kms:ListGrants': grants.listGrants,
  'kms:ListRetirableGrants': grants.listRetirableGrants,
  'kms:RetireGrant': grants.retireGrant,
  'kms:RevokeGrant': grants.revokeGrant,
} satisfies KmsHandlers
