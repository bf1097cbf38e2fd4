// protocol: the contract every context speaks. This file: the operations of AWS KMS, all of them, in the
// order of its API reference. `differs` says where Keyhearth is not AWS; docs/kms.md is made from it.

import { changes, type OperationRow, reads } from './operationRow.ts'

export interface KmsOperationRow extends OperationRow {
  /** Absent where it does what AWS documents. One sentence otherwise. */
  readonly differs?: string
}

const anyone = { callers: ['extension', 'page'], right: 'keys' } as const
const reveals = { reveals: true } as const
const oneStore =
  'There is one custom key store, this device; it is always connected and cannot be changed.'
const oneRegion = 'There is one region, browser-1.'
const recipient = '`Recipient` (Nitro enclaves) is refused with UnsupportedOperationException.'

export const kmsOperations = {
  'kms:CancelKeyDeletion': { ...anyone, ...changes, record: ['KeyId'], respond: ['KeyId'] },
  'kms:ConnectCustomKeyStore': {
    ...anyone,
    ...changes,
    record: ['CustomKeyStoreId'],
    differs: oneStore,
  },
  'kms:CreateAlias': { ...anyone, ...changes, record: ['AliasName', 'TargetKeyId'] },
  'kms:CreateCustomKeyStore': {
    ...anyone,
    ...changes,
    record: ['CustomKeyStoreName', 'CustomKeyStoreType', 'CloudHsmClusterId'],
    differs: oneStore,
  },
  'kms:CreateGrant': {
    ...anyone,
    ...changes,
    record: [
      'KeyId',
      'GranteePrincipal',
      'RetiringPrincipal',
      'Operations',
      'Constraints',
      'Name',
      'Uses',
      'ExpiresAt',
      'AskEachTime',
      'MaySeePlaintext',
      'MaySignHashes',
    ],
    differs:
      'The grantee is a web origin or its account. The person can limit uses and time, be asked each time, and keep the plaintext back. Of hashes to be signed (DIGEST, EXTERNAL_MU) with a key of theirs they are always asked, but where the grant says that too.',
    respond: ['GrantId'],
  },
  'kms:CreateKey': {
    ...anyone,
    ...changes,
    record: [
      'Description',
      'KeySpec',
      'CustomerMasterKeySpec',
      'KeyUsage',
      'Origin',
      'CustomKeyStoreId',
      'MultiRegion',
      'Tags',
      'BypassPolicyLockoutSafetyCheck',
      'Exportable',
    ],
    differs:
      'SM2 and external key stores are refused with UnsupportedOperationException. Origin AWS_CLOUDHSM means this device. There are key specs and usages of Keyhearth’s own (docs/primitives.md). The person can let a key leave the vault.',
    respond: ['KeyMetadata'],
  },
  'kms:Decapsulate': {
    ...anyone,
    ...reads,
    ...reveals,
    record: ['KeyId', 'EncapsulationAlgorithm'],
  },
  'kms:Decrypt': {
    ...anyone,
    ...reads,
    ...reveals,
    record: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm'],
    differs: recipient,
  },
  'kms:DeleteAlias': { ...anyone, ...changes, record: ['AliasName'] },
  'kms:DeleteCustomKeyStore': {
    ...anyone,
    ...changes,
    record: ['CustomKeyStoreId'],
    differs: oneStore,
  },
  'kms:DeleteImportedKeyMaterial': {
    ...anyone,
    ...changes,
    record: ['KeyId', 'KeyMaterialId'],
    respond: ['KeyId', 'KeyMaterialId'],
  },
  'kms:DeriveSharedSecret': {
    ...anyone,
    ...reads,
    ...reveals,
    record: ['KeyId', 'KeyAgreementAlgorithm'],
    differs: recipient,
  },
  'kms:DescribeCustomKeyStores': {
    ...anyone,
    ...reads,
    record: ['CustomKeyStoreId', 'CustomKeyStoreName'],
    differs: oneStore,
  },
  'kms:DescribeKey': {
    ...anyone,
    ...reads,
    record: ['KeyId'],
    differs:
      'KeyMetadata also says who computes with the key (`Implementation`: WebCrypto or JavaScript), whether it can leave the vault (`Exportable`) and what else it does (`Mechanisms`).',
  },
  'kms:DisableKey': { ...anyone, ...changes, record: ['KeyId'] },
  'kms:DisableKeyRotation': { ...anyone, ...changes, record: ['KeyId'] },
  'kms:DisconnectCustomKeyStore': {
    ...anyone,
    ...changes,
    record: ['CustomKeyStoreId'],
    differs: oneStore,
  },
  'kms:EnableKey': { ...anyone, ...changes, record: ['KeyId'] },
  'kms:EnableKeyRotation': { ...anyone, ...changes, record: ['KeyId', 'RotationPeriodInDays'] },
  'kms:Encapsulate': {
    ...anyone,
    ...reads,
    ...reveals,
    record: ['KeyId', 'EncapsulationAlgorithm'],
  },
  'kms:Encrypt': {
    ...anyone,
    ...reads,
    record: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm'],
  },
  'kms:GenerateDataKey': {
    ...anyone,
    ...reads,
    ...reveals,
    record: ['KeyId', 'EncryptionContext', 'KeySpec', 'NumberOfBytes'],
    differs: recipient,
  },
  'kms:GenerateDataKeyPair': {
    ...anyone,
    ...reads,
    ...reveals,
    record: ['KeyId', 'EncryptionContext', 'KeyPairSpec'],
    differs: recipient,
  },
  'kms:GenerateDataKeyPairWithoutPlaintext': {
    ...anyone,
    ...reads,
    record: ['KeyId', 'EncryptionContext', 'KeyPairSpec'],
  },
  'kms:GenerateDataKeyWithoutPlaintext': {
    ...anyone,
    ...reads,
    record: ['KeyId', 'EncryptionContext', 'KeySpec', 'NumberOfBytes'],
  },
  'kms:GenerateMac': { ...anyone, ...reads, record: ['KeyId', 'MacAlgorithm'] },
  'kms:GenerateRandom': {
    ...anyone,
    ...reads,
    record: ['NumberOfBytes', 'CustomKeyStoreId'],
    differs: recipient,
  },
  'kms:GetKeyLastUsage': { ...anyone, ...reads, record: ['KeyId'] },
  'kms:GetKeyPolicy': { ...anyone, ...reads, record: ['KeyId', 'PolicyName'] },
  'kms:GetKeyRotationStatus': { ...anyone, ...reads, record: ['KeyId'] },
  'kms:GetParametersForImport': {
    ...anyone,
    ...reads,
    record: ['KeyId', 'WrappingAlgorithm', 'WrappingKeySpec'],
    differs: 'SM2 wrapping is refused with UnsupportedOperationException.',
  },
  'kms:GetPublicKey': { ...anyone, ...reads, record: ['KeyId'] },
  'kms:ImportKeyMaterial': {
    ...anyone,
    ...changes,
    record: ['KeyId', 'ExpirationModel', 'ValidTo', 'ImportType', 'KeyMaterialId'],
    respond: ['KeyId', 'KeyMaterialId'],
  },
  'kms:ListAliases': { ...anyone, ...reads, record: ['KeyId', 'Limit', 'Marker'] },
  'kms:ListGrants': {
    ...anyone,
    ...reads,
    record: ['KeyId', 'GrantId', 'GranteePrincipal', 'Limit', 'Marker'],
    differs: 'Entries also show the uses left, the expiry and whether the person is asked.',
  },
  'kms:ListKeyPolicies': { ...anyone, ...reads, record: ['KeyId', 'Limit', 'Marker'] },
  'kms:ListKeyRotations': {
    ...anyone,
    ...reads,
    record: ['KeyId', 'IncludeKeyMaterial', 'Limit', 'Marker'],
  },
  'kms:ListKeys': { ...anyone, ...reads, record: ['Limit', 'Marker'] },
  'kms:ListResourceTags': { ...anyone, ...reads, record: ['KeyId', 'Limit', 'Marker'] },
  'kms:ListRetirableGrants': {
    ...anyone,
    ...reads,
    record: ['RetiringPrincipal', 'Limit', 'Marker'],
  },
  'kms:PutKeyPolicy': {
    ...anyone,
    ...changes,
    record: ['KeyId', 'PolicyName', 'Policy', 'BypassPolicyLockoutSafetyCheck'],
    differs:
      'Principals are the person and web origins. The person can always read and replace a policy.',
  },
  'kms:ReEncrypt': {
    ...anyone,
    ...reads,
    record: [
      'SourceKeyId',
      'SourceEncryptionContext',
      'SourceEncryptionAlgorithm',
      'DestinationKeyId',
      'DestinationEncryptionContext',
      'DestinationEncryptionAlgorithm',
    ],
  },
  'kms:ReplicateKey': {
    ...anyone,
    ...changes,
    record: ['KeyId', 'ReplicaRegion'],
    differs: oneRegion,
  },
  'kms:RetireGrant': { ...anyone, ...changes, record: ['KeyId', 'GrantId'] },
  'kms:RevokeGrant': { ...anyone, ...changes, record: ['KeyId', 'GrantId'] },
  'kms:RotateKeyOnDemand': { ...anyone, ...changes, record: ['KeyId'], respond: ['KeyId'] },
  'kms:ScheduleKeyDeletion': {
    ...anyone,
    ...changes,
    record: ['KeyId', 'PendingWindowInDays'],
    respond: ['KeyId', 'DeletionDate', 'KeyState', 'PendingWindowInDays'],
  },
  'kms:Sign': { ...anyone, ...reads, record: ['KeyId', 'SigningAlgorithm', 'MessageType'] },
  'kms:TagResource': { ...anyone, ...changes, record: ['KeyId', 'Tags'] },
  'kms:UntagResource': { ...anyone, ...changes, record: ['KeyId', 'TagKeys'] },
  'kms:UpdateAlias': { ...anyone, ...changes, record: ['AliasName', 'TargetKeyId'] },
  'kms:UpdateCustomKeyStore': {
    ...anyone,
    ...changes,
    record: ['CustomKeyStoreId', 'NewCustomKeyStoreName'],
    differs: oneStore,
  },
  'kms:UpdateKeyDescription': { ...anyone, ...changes, record: ['KeyId', 'Description'] },
  'kms:UpdatePrimaryRegion': {
    ...anyone,
    ...changes,
    record: ['KeyId', 'PrimaryRegion'],
    differs: oneRegion,
  },
  'kms:Verify': { ...anyone, ...reads, record: ['KeyId', 'SigningAlgorithm', 'MessageType'] },
  'kms:VerifyMac': { ...anyone, ...reads, record: ['KeyId', 'MacAlgorithm'] },
} as const satisfies Record<`kms:${string}`, KmsOperationRow>
