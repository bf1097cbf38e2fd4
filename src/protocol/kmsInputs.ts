// protocol: the contract every context speaks. This file: the requests of AWS KMS, with its limits (KMS
// API reference). What is wrong only beside a key's state or spec is checked in kms, with AWS's own error.

import * as v from 'valibot'
import { bytes, encryptionContext, integer, keyId, optional, text } from './fields.ts'
import {
  dataKeyPairSpecs,
  encryptionAlgorithms,
  keySpecNames,
  keyUsages,
  macAlgorithms,
  signingAlgorithms,
  unsupportedSpec,
} from './keySpecs.ts'
import type { kmsOperations } from './kmsOperations.ts'

/** Operations a grant can allow (API reference, CreateGrant). */
const grantOperations = [
  'CreateGrant',
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'DescribeKey',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GetPublicKey',
  'ReEncryptFrom',
  'ReEncryptTo',
  'RetireGrant',
  'Sign',
  'Verify',
  'VerifyMac',
] as const
export type GrantOperation = (typeof grantOperations)[number]

const wrappingAlgorithms = [
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
  'RSAES_PKCS1_V1_5',
] as const

/** What ExplainAccess can be asked about: what a grant can allow, and what only a policy can. */
export const explainableOperations = [
  ...grantOperations.map((name) => `kms:${name}` as const),
  'kms:DisableKey',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
] as const

const grantTokens = v.pipe(v.array(text(8192)), v.maxLength(10))
const aliasName = text(256)
const principal = text(2048)
const storeId = text(64)
const region = text(32)
const marker = v.pipe(text(1024), v.regex(/^[ -ÿ]*$/, 'holds characters that no marker has'))
const materialId = v.pipe(text(64, 64), v.regex(/^[a-f0-9]+$/, 'must be 64 hexadecimal digits'))
const policyName = v.pipe(text(128), v.regex(/^\w+$/, 'may hold letters, digits and _ only'))
/** KMS: 32 KiB in all of Latin-1 and white space; measured where it is read. */
const policy = text(131072)
const tag = v.strictObject({ TagKey: text(128), TagValue: text(256, 0) })
const tags = v.pipe(v.array(tag), v.maxLength(200))
const keySpec = v.picklist([...keySpecNames, unsupportedSpec])
/** The message of a signature or MAC (API reference, Sign and GenerateMac). */
const message = bytes(4096, 1)
const publicKey = bytes(8192, 1)
/** Seconds since 1970, as on AWS's wire. */
const time = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(253_402_300_799))

const keyOnly = v.strictObject({ KeyId: keyId })
const storeOnly = v.strictObject({ CustomKeyStoreId: storeId })
const page = (most: number) => ({ Limit: optional(integer(1, most)), Marker: optional(marker) })
const context = { EncryptionContext: optional(encryptionContext) }
/** What every operation takes that a grant can allow and that uses the key. */
const use = {
  KeyId: keyId,
  GrantTokens: optional(grantTokens),
  DryRun: optional(v.boolean()),
}
const recipient = {
  Recipient: optional(
    v.strictObject({
      KeyEncryptionAlgorithm: optional(text(64)),
      AttestationDocument: optional(bytes(262_144, 1)),
    }),
  ),
}
const encryptionAlgorithm = optional(v.picklist([...encryptionAlgorithms, 'SM2PKE']))
const signingAlgorithm = v.picklist([...signingAlgorithms, 'SM2DSA'])
const macAlgorithm = v.picklist(macAlgorithms)
const messageType = optional(v.picklist(['RAW', 'DIGEST', 'EXTERNAL_MU']))
const dataKey = {
  ...use,
  ...context,
  KeySpec: optional(v.picklist(['AES_128', 'AES_256'])),
  NumberOfBytes: optional(integer(1, 1024)),
}
const dataKeyPair = {
  ...use,
  ...context,
  KeyPairSpec: v.picklist([...dataKeyPairSpecs, unsupportedSpec]),
}
const encapsulation = v.picklist(['ML_KEM'])
const constraint = optional(encryptionContext)
const xksCredential = v.strictObject({
  AccessKeyId: text(30, 20),
  RawSecretAccessKey: text(64, 43),
})
const xks = {
  XksProxyUriEndpoint: optional(text(128, 10)),
  XksProxyUriPath: optional(text(128, 10)),
  XksProxyVpcEndpointServiceName: optional(text(64, 20)),
  XksProxyVpcEndpointServiceOwner: optional(text(12, 12)),
  XksProxyAuthenticationCredential: optional(xksCredential),
  XksProxyConnectivity: optional(v.picklist(['PUBLIC_ENDPOINT', 'VPC_ENDPOINT_SERVICE'])),
}
const keyStorePassword = optional(text(32, 7))

export const kmsInputs = {
  'kms:CancelKeyDeletion': keyOnly,
  'kms:ConnectCustomKeyStore': storeOnly,
  'kms:CreateAlias': v.strictObject({ AliasName: aliasName, TargetKeyId: keyId }),
  'kms:CreateCustomKeyStore': v.strictObject({
    CustomKeyStoreName: text(256),
    CloudHsmClusterId: optional(text(24, 19)),
    TrustAnchorCertificate: optional(text(5000)),
    KeyStorePassword: keyStorePassword,
    CustomKeyStoreType: optional(v.picklist(['AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'])),
    ...xks,
  }),
  'kms:CreateGrant': v.strictObject({
    ...use,
    GranteePrincipal: optional(principal),
    RetiringPrincipal: optional(principal),
    GranteeServicePrincipal: optional(principal),
    RetiringServicePrincipal: optional(principal),
    Operations: v.pipe(v.array(v.picklist(grantOperations)), v.minLength(1), v.maxLength(32)),
    Constraints: optional(
      v.strictObject({
        EncryptionContextSubset: constraint,
        EncryptionContextEquals: constraint,
        SourceArn: optional(text(2048)),
      }),
    ),
    Name: optional(
      v.pipe(text(256), v.regex(/^[a-zA-Z0-9:/_-]+$/, 'may hold letters, digits and :/_- only')),
    ),
    /**
     * Keyhearth's own, from its own pages: how often, until when, whether to ask each time, whether the
     * grantee gets what is decrypted (which it does, unless told), and whether hashes are signed without asking
     * (which they are not, unless told: nobody sees what they are of).
     */
    Uses: optional(integer(1, 1_000_000)),
    ExpiresAt: optional(time),
    AskEachTime: optional(v.boolean()),
    MaySeePlaintext: optional(v.boolean()),
    MaySignHashes: optional(v.boolean()),
  }),
  'kms:CreateKey': v.strictObject({
    /** Keyhearth's own, from its own pages: whether the key may leave the vault. Absent: it may not, ever. */
    Exportable: optional(v.boolean()),
    Policy: optional(policy),
    Description: optional(text(8192, 0)),
    KeyUsage: optional(v.picklist(keyUsages)),
    CustomerMasterKeySpec: optional(keySpec),
    KeySpec: optional(keySpec),
    Origin: optional(v.picklist(['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'])),
    CustomKeyStoreId: optional(storeId),
    BypassPolicyLockoutSafetyCheck: optional(v.boolean()),
    Tags: optional(tags),
    MultiRegion: optional(v.boolean()),
    XksKeyId: optional(text(128)),
  }),
  'kms:Decapsulate': v.strictObject({
    ...use,
    SharedSecretCiphertextBlob: bytes(6144, 1),
    EncapsulationAlgorithm: encapsulation,
  }),
  'kms:Decrypt': v.strictObject({
    ...use,
    ...context,
    ...recipient,
    KeyId: optional(keyId),
    CiphertextBlob: optional(bytes(6144, 1)),
    EncryptionAlgorithm: encryptionAlgorithm,
    DryRunModifiers: optional(v.array(v.picklist(['IGNORE_CIPHERTEXT']))),
  }),
  'kms:DeleteAlias': v.strictObject({ AliasName: aliasName }),
  'kms:DeleteCustomKeyStore': storeOnly,
  'kms:DeleteImportedKeyMaterial': v.strictObject({
    KeyId: keyId,
    KeyMaterialId: optional(materialId),
  }),
  'kms:DeriveSharedSecret': v.strictObject({
    ...use,
    ...recipient,
    KeyAgreementAlgorithm: v.picklist(['ECDH']),
    PublicKey: publicKey,
  }),
  'kms:DescribeCustomKeyStores': v.strictObject({
    ...page(1000),
    CustomKeyStoreId: optional(storeId),
    CustomKeyStoreName: optional(text(256)),
  }),
  'kms:DescribeKey': v.strictObject({ KeyId: keyId, GrantTokens: optional(grantTokens) }),
  'kms:DisableKey': keyOnly,
  'kms:DisableKeyRotation': keyOnly,
  'kms:DisconnectCustomKeyStore': storeOnly,
  'kms:EnableKey': keyOnly,
  'kms:EnableKeyRotation': v.strictObject({
    KeyId: keyId,
    RotationPeriodInDays: optional(integer(90, 2560)),
  }),
  'kms:Encapsulate': v.strictObject({ ...use, EncapsulationAlgorithm: encapsulation }),
  'kms:Encrypt': v.strictObject({
    ...use,
    ...context,
    Plaintext: bytes(4096, 1),
    EncryptionAlgorithm: encryptionAlgorithm,
  }),
  'kms:GenerateDataKey': v.strictObject({ ...dataKey, ...recipient }),
  'kms:GenerateDataKeyPair': v.strictObject({ ...dataKeyPair, ...recipient }),
  'kms:GenerateDataKeyPairWithoutPlaintext': v.strictObject(dataKeyPair),
  'kms:GenerateDataKeyWithoutPlaintext': v.strictObject(dataKey),
  'kms:GenerateMac': v.strictObject({ ...use, Message: message, MacAlgorithm: macAlgorithm }),
  'kms:GenerateRandom': v.strictObject({
    NumberOfBytes: optional(integer(1, 1024)),
    CustomKeyStoreId: optional(storeId),
    ...recipient,
  }),
  'kms:GetKeyLastUsage': keyOnly,
  'kms:GetKeyPolicy': v.strictObject({ KeyId: keyId, PolicyName: optional(policyName) }),
  'kms:GetKeyRotationStatus': keyOnly,
  'kms:GetParametersForImport': v.strictObject({
    KeyId: keyId,
    WrappingAlgorithm: v.picklist([...wrappingAlgorithms, 'SM2PKE']),
    WrappingKeySpec: v.picklist(['RSA_2048', 'RSA_3072', 'RSA_4096', unsupportedSpec]),
  }),
  'kms:GetPublicKey': v.strictObject({ KeyId: keyId, GrantTokens: optional(grantTokens) }),
  'kms:ImportKeyMaterial': v.strictObject({
    KeyId: keyId,
    ImportToken: bytes(6144, 1),
    EncryptedKeyMaterial: bytes(6144, 1),
    ValidTo: optional(time),
    ExpirationModel: optional(v.picklist(['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE'])),
    ImportType: optional(v.picklist(['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'])),
    KeyMaterialDescription: optional(text(256, 0)),
    KeyMaterialId: optional(materialId),
  }),
  'kms:ListAliases': v.strictObject({ ...page(100), KeyId: optional(keyId) }),
  'kms:ListGrants': v.strictObject({
    ...page(100),
    KeyId: keyId,
    GrantId: optional(text(128)),
    GranteePrincipal: optional(principal),
    GranteeServicePrincipal: optional(principal),
  }),
  'kms:ListKeyPolicies': v.strictObject({ ...page(1000), KeyId: keyId }),
  'kms:ListKeyRotations': v.strictObject({
    ...page(1000),
    KeyId: keyId,
    IncludeKeyMaterial: optional(v.picklist(['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'])),
  }),
  'kms:ListKeys': v.strictObject(page(1000)),
  'kms:ListResourceTags': v.strictObject({ ...page(50), KeyId: keyId }),
  'kms:ListRetirableGrants': v.strictObject({
    ...page(100),
    RetiringPrincipal: optional(principal),
    RetiringServicePrincipal: optional(principal),
  }),
  'kms:PutKeyPolicy': v.strictObject({
    KeyId: keyId,
    PolicyName: optional(policyName),
    Policy: policy,
    BypassPolicyLockoutSafetyCheck: optional(v.boolean()),
  }),
  'kms:ReEncrypt': v.strictObject({
    CiphertextBlob: optional(bytes(6144, 1)),
    SourceEncryptionContext: optional(encryptionContext),
    SourceKeyId: optional(keyId),
    DestinationKeyId: keyId,
    DestinationEncryptionContext: optional(encryptionContext),
    SourceEncryptionAlgorithm: encryptionAlgorithm,
    DestinationEncryptionAlgorithm: encryptionAlgorithm,
    GrantTokens: optional(grantTokens),
    DryRun: optional(v.boolean()),
    DryRunModifiers: optional(v.array(v.picklist(['IGNORE_CIPHERTEXT']))),
  }),
  'kms:ReplicateKey': v.strictObject({
    KeyId: keyId,
    ReplicaRegion: region,
    Policy: optional(policy),
    BypassPolicyLockoutSafetyCheck: optional(v.boolean()),
    Description: optional(text(8192, 0)),
    Tags: optional(tags),
  }),
  'kms:RetireGrant': v.strictObject({
    GrantToken: optional(text(8192)),
    KeyId: optional(keyId),
    GrantId: optional(text(128)),
    DryRun: optional(v.boolean()),
  }),
  'kms:RevokeGrant': v.strictObject({
    KeyId: keyId,
    GrantId: text(128),
    DryRun: optional(v.boolean()),
  }),
  'kms:RotateKeyOnDemand': keyOnly,
  'kms:ScheduleKeyDeletion': v.strictObject({
    KeyId: keyId,
    PendingWindowInDays: optional(integer(7, 30)),
  }),
  'kms:Sign': v.strictObject({
    ...use,
    Message: message,
    MessageType: messageType,
    SigningAlgorithm: signingAlgorithm,
  }),
  'kms:TagResource': v.strictObject({ KeyId: keyId, Tags: tags }),
  'kms:UntagResource': v.strictObject({
    KeyId: keyId,
    TagKeys: v.pipe(v.array(text(128)), v.maxLength(200)),
  }),
  'kms:UpdateAlias': v.strictObject({ AliasName: aliasName, TargetKeyId: keyId }),
  'kms:UpdateCustomKeyStore': v.strictObject({
    CustomKeyStoreId: storeId,
    NewCustomKeyStoreName: optional(text(256)),
    KeyStorePassword: keyStorePassword,
    CloudHsmClusterId: optional(text(24, 19)),
    ...xks,
  }),
  'kms:UpdateKeyDescription': v.strictObject({ KeyId: keyId, Description: text(8192, 0) }),
  'kms:UpdatePrimaryRegion': v.strictObject({ KeyId: keyId, PrimaryRegion: region }),
  'kms:Verify': v.strictObject({
    ...use,
    Message: message,
    MessageType: messageType,
    Signature: bytes(6144, 1),
    SigningAlgorithm: signingAlgorithm,
  }),
  'kms:VerifyMac': v.strictObject({
    ...use,
    Message: message,
    MacAlgorithm: macAlgorithm,
    Mac: bytes(6144, 1),
  }),
} as const satisfies Record<keyof typeof kmsOperations, v.GenericSchema>
