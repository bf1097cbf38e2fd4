// protocol: the contract every context speaks. This file: what a page may ask for, and the members of each
// answer that cross to it. The relay runs in every page, so this is names alone: the gate holds the rest.

import type { OperationName, operations } from './operations.ts'
import type { Output } from './outputs.ts'

/** Every operation whose row names `page` as a caller. */
export type PageOperation = {
  [Name in OperationName]: 'page' extends (typeof operations)[Name]['callers'][number]
    ? Name
    : never
}[OperationName]

/** By operation, the members of its answer; AWS's own where the operation is AWS's. */
export const pageAnswers: { readonly [Name in PageOperation]: readonly string[] } = {
  'keyhearth:EncryptMessage': ['Message', 'KeyId'],
  'keyhearth:DecryptMessage': ['Plaintext', 'KeyId', 'EncryptionContext'],
  'keyhearth:StartMessage': ['Header', 'MessageKey', 'KeyId'],
  'keyhearth:OpenMessage': ['MessageKey', 'KeyId', 'EncryptionContext'],
  'keyhearth:CreateBranchKey': ['BranchKeyId', 'BranchKeyVersion', 'KeyId'],
  'keyhearth:VersionBranchKey': ['BranchKeyId', 'BranchKeyVersion', 'KeyId'],
  'keyhearth:ListBranchKeys': ['BranchKeys', 'NextMarker', 'Truncated'],

  'kms:CancelKeyDeletion': ['KeyId'],
  'kms:ConnectCustomKeyStore': [],
  'kms:CreateAlias': [],
  'kms:CreateCustomKeyStore': ['CustomKeyStoreId'],
  'kms:CreateGrant': ['GrantToken', 'GrantId'],
  'kms:CreateKey': ['KeyMetadata'],
  'kms:Decapsulate': ['KeyId', 'SharedSecret', 'EncapsulationAlgorithm'],
  'kms:Decrypt': ['KeyId', 'Plaintext', 'EncryptionAlgorithm', 'KeyMaterialId'],
  'kms:DeleteAlias': [],
  'kms:DeleteCustomKeyStore': [],
  'kms:DeleteImportedKeyMaterial': ['KeyId', 'KeyMaterialId'],
  'kms:DeriveSharedSecret': ['KeyId', 'SharedSecret', 'KeyAgreementAlgorithm', 'KeyOrigin'],
  'kms:DescribeCustomKeyStores': ['CustomKeyStores', 'NextMarker', 'Truncated'],
  'kms:DescribeKey': ['KeyMetadata'],
  'kms:DisableKey': [],
  'kms:DisableKeyRotation': [],
  'kms:DisconnectCustomKeyStore': [],
  'kms:EnableKey': [],
  'kms:EnableKeyRotation': [],
  'kms:Encapsulate': [
    'KeyId',
    'SharedSecret',
    'SharedSecretCiphertextBlob',
    'EncapsulationAlgorithm',
  ],
  'kms:Encrypt': ['CiphertextBlob', 'KeyId', 'EncryptionAlgorithm'],
  'kms:GenerateDataKey': ['CiphertextBlob', 'Plaintext', 'KeyId', 'KeyMaterialId'],
  'kms:GenerateDataKeyPair': [
    'PrivateKeyCiphertextBlob',
    'PrivateKeyPlaintext',
    'PublicKey',
    'KeyId',
    'KeyPairSpec',
    'KeyMaterialId',
  ],
  'kms:GenerateDataKeyPairWithoutPlaintext': [
    'PrivateKeyCiphertextBlob',
    'PublicKey',
    'KeyId',
    'KeyPairSpec',
    'KeyMaterialId',
  ],
  'kms:GenerateDataKeyWithoutPlaintext': ['CiphertextBlob', 'KeyId', 'KeyMaterialId'],
  'kms:GenerateMac': ['Mac', 'MacAlgorithm', 'KeyId'],
  'kms:GenerateRandom': ['Plaintext'],
  'kms:GetKeyLastUsage': ['KeyId', 'KeyLastUsage', 'TrackingStartDate', 'KeyCreationDate'],
  'kms:GetKeyPolicy': ['Policy', 'PolicyName'],
  'kms:GetKeyRotationStatus': [
    'KeyRotationEnabled',
    'KeyId',
    'RotationPeriodInDays',
    'NextRotationDate',
  ],
  'kms:GetParametersForImport': ['KeyId', 'ImportToken', 'PublicKey', 'ParametersValidTo'],
  'kms:GetPublicKey': [
    'KeyId',
    'PublicKey',
    'CustomerMasterKeySpec',
    'KeySpec',
    'KeyUsage',
    'EncryptionAlgorithms',
    'SigningAlgorithms',
    'KeyAgreementAlgorithms',
    'EncapsulationAlgorithms',
  ],
  'kms:ImportKeyMaterial': ['KeyId', 'KeyMaterialId'],
  'kms:ListAliases': ['Aliases', 'NextMarker', 'Truncated'],
  'kms:ListGrants': ['Grants', 'NextMarker', 'Truncated'],
  'kms:ListKeyPolicies': ['PolicyNames', 'NextMarker', 'Truncated'],
  'kms:ListKeyRotations': ['Rotations', 'NextMarker', 'Truncated'],
  'kms:ListKeys': ['Keys', 'NextMarker', 'Truncated'],
  'kms:ListResourceTags': ['Tags', 'NextMarker', 'Truncated'],
  'kms:ListRetirableGrants': ['Grants', 'NextMarker', 'Truncated'],
  'kms:PutKeyPolicy': [],
  'kms:ReEncrypt': [
    'CiphertextBlob',
    'SourceKeyId',
    'KeyId',
    'SourceEncryptionAlgorithm',
    'DestinationEncryptionAlgorithm',
    'SourceKeyMaterialId',
    'DestinationKeyMaterialId',
  ],
  'kms:ReplicateKey': ['ReplicaKeyMetadata', 'ReplicaPolicy', 'ReplicaTags'],
  'kms:RetireGrant': [],
  'kms:RevokeGrant': [],
  'kms:RotateKeyOnDemand': ['KeyId'],
  'kms:ScheduleKeyDeletion': ['KeyId', 'DeletionDate', 'KeyState', 'PendingWindowInDays'],
  'kms:Sign': ['KeyId', 'Signature', 'SigningAlgorithm'],
  'kms:TagResource': [],
  'kms:UntagResource': [],
  'kms:UpdateAlias': [],
  'kms:UpdateCustomKeyStore': [],
  'kms:UpdateKeyDescription': [],
  'kms:UpdatePrimaryRegion': [],
  'kms:Verify': ['KeyId', 'SignatureValid', 'SigningAlgorithm'],
  'kms:VerifyMac': ['KeyId', 'MacValid', 'MacAlgorithm'],

  'secretsmanager:CreateSecret': ['ARN', 'Name', 'VersionId'],
  'secretsmanager:UpdateSecret': ['ARN', 'Name', 'VersionId'],
  'secretsmanager:GetSecretValue': [
    'ARN',
    'Name',
    'VersionId',
    'SecretBinary',
    'SecretString',
    'VersionStages',
    'CreatedDate',
  ],
  'secretsmanager:DescribeSecret': [
    'ARN',
    'Name',
    'Description',
    'KmsKeyId',
    'LastChangedDate',
    'LastAccessedDate',
    'DeletedDate',
    'Tags',
    'VersionIdsToStages',
    'CreatedDate',
  ],
  'secretsmanager:ListSecrets': ['SecretList', 'NextToken'],
  'secretsmanager:DeleteSecret': ['ARN', 'Name', 'DeletionDate'],
  'secretsmanager:RestoreSecret': ['ARN', 'Name'],
  'secretsmanager:TagResource': [],
} satisfies { [Name in PageOperation]: readonly (keyof Output<Name>)[] }

/** Of a name from outside; `"__proto__"` is none. */
export const isPageOperation = (name: unknown): name is PageOperation =>
  typeof name === 'string' && Object.hasOwn(pageAnswers, name)
