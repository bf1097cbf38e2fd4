// protocol: the contract every context speaks. This file: what the operations of AWS KMS answer. Names as
// AWS's; bytes are Uint8Array, times seconds since 1970.

import type {
  DataKeyPairSpec,
  EncryptionAlgorithm,
  KeySpec,
  KeyUsageType,
  MacAlgorithm,
  Mechanism,
  SigningAlgorithm,
} from './keySpecs.ts'
import type { GrantOperation } from './kmsInputs.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Nothing = Readonly<Record<string, never>>

/** AWS's other states (Creating, Updating, PendingReplicaDeletion) do not occur here. */
export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport'
export type KeyOrigin = 'AWS_KMS' | 'EXTERNAL' | 'AWS_CLOUDHSM'
export type ExpirationModel = 'KEY_MATERIAL_EXPIRES' | 'KEY_MATERIAL_DOES_NOT_EXPIRE'

/**
 * `WebCrypto`: the browser computes, and the key was never bytes in JavaScript (unless it was imported).
 * `JavaScript`: this browser lacks the algorithm; a library computes, with the key's bytes for that call.
 */
export type Implementation = 'WebCrypto' | 'JavaScript'

interface MultiRegionKey {
  readonly Arn: string
  readonly Region: string
}

export interface KeyMetadata {
  readonly AWSAccountId: string
  readonly KeyId: string
  readonly Arn: string
  readonly CreationDate: number
  readonly Enabled: boolean
  readonly Description: string
  readonly KeyUsage: KeyUsageType
  readonly KeyState: KeyState
  readonly DeletionDate?: number
  readonly ValidTo?: number
  readonly Origin: KeyOrigin
  readonly CustomKeyStoreId?: string
  readonly CloudHsmClusterId?: string
  readonly ExpirationModel?: ExpirationModel
  readonly KeyManager: 'CUSTOMER'
  readonly CustomerMasterKeySpec: KeySpec
  readonly KeySpec: KeySpec
  readonly EncryptionAlgorithms?: readonly EncryptionAlgorithm[]
  readonly SigningAlgorithms?: readonly SigningAlgorithm[]
  readonly KeyAgreementAlgorithms?: readonly 'ECDH'[]
  readonly EncapsulationAlgorithms?: readonly 'ML_KEM'[]
  readonly MacAlgorithms?: readonly MacAlgorithm[]
  readonly MultiRegion: boolean
  readonly MultiRegionConfiguration?: {
    readonly MultiRegionKeyType: 'PRIMARY'
    readonly PrimaryKey: MultiRegionKey
    readonly ReplicaKeys: readonly MultiRegionKey[]
  }
  readonly PendingDeletionWindowInDays?: number
  readonly CurrentKeyMaterialId?: string
  /** Keyhearth's own. */
  readonly Implementation: Implementation
  /** Keyhearth's own: whether the person made it so that it can leave the vault. */
  readonly Exportable: boolean
  /** Keyhearth's own: what the security module's own operations do with it. */
  readonly Mechanisms?: readonly Mechanism[]
}

export interface KmsTag {
  readonly TagKey: string
  readonly TagValue: string
}

export interface AliasListEntry {
  readonly AliasName: string
  readonly AliasArn: string
  readonly TargetKeyId: string
  readonly CreationDate: number
  readonly LastUpdatedDate: number
}

export interface GrantConstraints {
  readonly EncryptionContextSubset?: Readonly<Record<string, string>>
  readonly EncryptionContextEquals?: Readonly<Record<string, string>>
  readonly SourceArn?: string
}

export interface GrantListEntry {
  readonly KeyId: string
  readonly GrantId: string
  readonly Name?: string
  readonly CreationDate: number
  readonly GranteePrincipal: string
  readonly RetiringPrincipal?: string
  readonly IssuingAccount: string
  readonly Operations: readonly GrantOperation[]
  readonly Constraints?: GrantConstraints
  /** Keyhearth's own. */
  readonly UsesLeft?: number
  readonly ExpiresAt?: number
  readonly AskEachTime?: boolean
  /** Absent: the grantee gets what is decrypted. */
  readonly MaySeePlaintext?: false
  /** Absent: of `kms:Sign` over a hash the person is asked each time. */
  readonly MaySignHashes?: true
}

export interface RotationsListEntry {
  readonly KeyId: string
  readonly KeyMaterialId: string
  readonly KeyMaterialDescription?: string
  readonly ImportState?: 'IMPORTED' | 'PENDING_IMPORT'
  readonly KeyMaterialState: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION'
  readonly ExpirationModel?: ExpirationModel
  readonly ValidTo?: number
  readonly RotationDate?: number
  readonly RotationType?: 'AUTOMATIC' | 'ON_DEMAND'
}

export interface CustomKeyStoresListEntry {
  readonly CustomKeyStoreId: string
  readonly CustomKeyStoreName: string
  readonly CustomKeyStoreType: 'AWS_CLOUDHSM'
  readonly CloudHsmClusterId: string
  readonly ConnectionState: 'CONNECTED'
  /** Told to the person alone. */
  readonly CreationDate?: number
}

interface Page {
  readonly NextMarker?: string
  readonly Truncated: boolean
}
interface DataKey {
  readonly CiphertextBlob: Bytes
  readonly KeyId: string
  readonly KeyMaterialId: string
}
interface DataKeyPair {
  readonly PrivateKeyCiphertextBlob: Bytes
  readonly PublicKey: Bytes
  readonly KeyId: string
  readonly KeyPairSpec: DataKeyPairSpec
  readonly KeyMaterialId: string
}
interface KeyOnly {
  readonly KeyId: string
}

export interface KmsOutputs {
  'kms:CancelKeyDeletion': KeyOnly
  'kms:ConnectCustomKeyStore': Nothing
  'kms:CreateAlias': Nothing
  'kms:CreateCustomKeyStore': { readonly CustomKeyStoreId: string }
  'kms:CreateGrant': { readonly GrantToken: string; readonly GrantId: string }
  'kms:CreateKey': { readonly KeyMetadata: KeyMetadata }
  'kms:Decapsulate': KeyOnly & {
    readonly SharedSecret: Bytes
    readonly EncapsulationAlgorithm: 'ML_KEM'
  }
  'kms:Decrypt': KeyOnly & {
    readonly Plaintext: Bytes
    readonly EncryptionAlgorithm: EncryptionAlgorithm
    readonly KeyMaterialId?: string
  }
  'kms:DeleteAlias': Nothing
  'kms:DeleteCustomKeyStore': Nothing
  'kms:DeleteImportedKeyMaterial': KeyOnly & { readonly KeyMaterialId?: string }
  'kms:DeriveSharedSecret': KeyOnly & {
    readonly SharedSecret: Bytes
    readonly KeyAgreementAlgorithm: 'ECDH'
    readonly KeyOrigin: KeyOrigin
  }
  'kms:DescribeCustomKeyStores': Page & {
    readonly CustomKeyStores: readonly CustomKeyStoresListEntry[]
  }
  'kms:DescribeKey': { readonly KeyMetadata: KeyMetadata }
  'kms:DisableKey': Nothing
  'kms:DisableKeyRotation': Nothing
  'kms:DisconnectCustomKeyStore': Nothing
  'kms:EnableKey': Nothing
  'kms:EnableKeyRotation': Nothing
  'kms:Encapsulate': KeyOnly & {
    readonly SharedSecret: Bytes
    readonly SharedSecretCiphertextBlob: Bytes
    readonly EncapsulationAlgorithm: 'ML_KEM'
  }
  'kms:Encrypt': KeyOnly & {
    readonly CiphertextBlob: Bytes
    readonly EncryptionAlgorithm: EncryptionAlgorithm
  }
  'kms:GenerateDataKey': DataKey & { readonly Plaintext: Bytes }
  'kms:GenerateDataKeyPair': DataKeyPair & { readonly PrivateKeyPlaintext: Bytes }
  'kms:GenerateDataKeyPairWithoutPlaintext': DataKeyPair
  'kms:GenerateDataKeyWithoutPlaintext': DataKey
  'kms:GenerateMac': KeyOnly & { readonly Mac: Bytes; readonly MacAlgorithm: MacAlgorithm }
  'kms:GenerateRandom': { readonly Plaintext: Bytes }
  'kms:GetKeyLastUsage': KeyOnly & {
    readonly KeyLastUsage: {
      readonly Operation?: string
      readonly Timestamp?: number
      readonly CloudTrailEventId?: string
      readonly KmsRequestId?: string
    }
    readonly TrackingStartDate: number
    readonly KeyCreationDate: number
  }
  'kms:GetKeyPolicy': { readonly Policy: string; readonly PolicyName: string }
  'kms:GetKeyRotationStatus': KeyOnly & {
    readonly KeyRotationEnabled: boolean
    readonly RotationPeriodInDays?: number
    readonly NextRotationDate?: number
  }
  'kms:GetParametersForImport': KeyOnly & {
    readonly ImportToken: Bytes
    readonly PublicKey: Bytes
    readonly ParametersValidTo: number
  }
  'kms:GetPublicKey': KeyOnly & {
    readonly PublicKey: Bytes
    readonly CustomerMasterKeySpec: KeySpec
    readonly KeySpec: KeySpec
    readonly KeyUsage: KeyUsageType
    readonly EncryptionAlgorithms?: readonly EncryptionAlgorithm[]
    readonly SigningAlgorithms?: readonly SigningAlgorithm[]
    readonly KeyAgreementAlgorithms?: readonly 'ECDH'[]
    readonly EncapsulationAlgorithms?: readonly 'ML_KEM'[]
    readonly Mechanisms?: readonly Mechanism[]
  }
  'kms:ImportKeyMaterial': KeyOnly & { readonly KeyMaterialId?: string }
  'kms:ListAliases': Page & { readonly Aliases: readonly AliasListEntry[] }
  'kms:ListGrants': Page & { readonly Grants: readonly GrantListEntry[] }
  'kms:ListKeyPolicies': Page & { readonly PolicyNames: readonly string[] }
  'kms:ListKeyRotations': Page & { readonly Rotations: readonly RotationsListEntry[] }
  'kms:ListKeys': Page & {
    readonly Keys: readonly { readonly KeyId: string; readonly KeyArn: string }[]
  }
  'kms:ListResourceTags': Page & { readonly Tags: readonly KmsTag[] }
  'kms:ListRetirableGrants': Page & { readonly Grants: readonly GrantListEntry[] }
  'kms:PutKeyPolicy': Nothing
  'kms:ReEncrypt': KeyOnly & {
    readonly CiphertextBlob: Bytes
    readonly SourceKeyId: string
    readonly SourceEncryptionAlgorithm: EncryptionAlgorithm
    readonly DestinationEncryptionAlgorithm: EncryptionAlgorithm
    readonly SourceKeyMaterialId?: string
    readonly DestinationKeyMaterialId?: string
  }
  'kms:ReplicateKey': {
    readonly ReplicaKeyMetadata: KeyMetadata
    readonly ReplicaPolicy: string
    readonly ReplicaTags: readonly KmsTag[]
  }
  'kms:RetireGrant': Nothing
  'kms:RevokeGrant': Nothing
  'kms:RotateKeyOnDemand': KeyOnly
  'kms:ScheduleKeyDeletion': KeyOnly & {
    readonly DeletionDate: number
    readonly KeyState: KeyState
    readonly PendingWindowInDays: number
  }
  'kms:Sign': KeyOnly & {
    readonly Signature: Bytes
    readonly SigningAlgorithm: SigningAlgorithm
  }
  'kms:TagResource': Nothing
  'kms:UntagResource': Nothing
  'kms:UpdateAlias': Nothing
  'kms:UpdateCustomKeyStore': Nothing
  'kms:UpdateKeyDescription': Nothing
  'kms:UpdatePrimaryRegion': Nothing
  'kms:Verify': KeyOnly & {
    readonly SignatureValid: boolean
    readonly SigningAlgorithm: SigningAlgorithm
  }
  'kms:VerifyMac': KeyOnly & { readonly MacValid: boolean; readonly MacAlgorithm: MacAlgorithm }
}
