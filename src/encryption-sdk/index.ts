// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// The room's public face, named as AWS's own JavaScript library names it.

export { type BranchKey, type BranchKeyStore, importBranchKey } from './branchKeys.ts'
export { type CachingCmmOptions, cachingCmm } from './cachingCmm.ts'
export {
  buildClient,
  type Client,
  type ClientOptions,
  decrypt,
  decryptStream,
  encrypt,
  encryptStream,
  rekey,
} from './client.ts'
export { CommitmentPolicy } from './commitmentPolicy.ts'
export type { DecryptOptions, DecryptResult } from './decrypt.ts'
export type { DecryptStreamOptions } from './decryptStream.ts'
export {
  type BodyDescription,
  describeMessage,
  type MessageDescription,
  type Recipient,
} from './describe.ts'
export type { EncryptOptions, EncryptResult } from './encrypt.ts'
export type { EncryptionContext } from './encryptionContext.ts'
export type { EncryptStreamOptions } from './encryptStream.ts'
export { DataKeyError, EncryptionSdkError, type EncryptionSdkErrorCode } from './errors.ts'
export type { HandedOpening, HandedStart, HandedStartOptions } from './handingOver.ts'
export { beginsMessage, type EncryptedDataKey, type MessageHeader } from './header.ts'
export type { KmsAnswer, KmsClient } from './kmsDataKeys.ts'
export { type KmsEcdhClient, type KmsEcdhKeyringOptions, kmsEcdhKeyring } from './kmsEcdhKeyring.ts'
export {
  type BranchKeyIdSupplier,
  hierarchyProviderId,
  type KmsHierarchicalKeyringOptions,
  kmsHierarchicalKeyring,
} from './kmsHierarchicalKeyring.ts'
export { type DiscoveryFilter, type KmsKeyringOptions, kmsKeyring } from './kmsKeyring.ts'
export {
  type KmsMrkDiscoveryKeyringOptions,
  type KmsMrkDiscoveryMultiKeyringOptions,
  type KmsMrkKeyringOptions,
  type KmsMrkMultiKeyringOptions,
  kmsMrkDiscoveryKeyring,
  kmsMrkDiscoveryMultiKeyring,
  kmsMrkKeyring,
  kmsMrkMultiKeyring,
} from './kmsMrkKeyrings.ts'
export { type KmsRsaClient, type KmsRsaKeyringOptions, kmsRsaKeyring } from './kmsRsaKeyring.ts'
export type { Cmm, DecryptionMaterials, EncryptionMaterials, Keyring } from './materials.ts'
export { getLocalCryptographicMaterialsCache, type MaterialsCache } from './materialsCache.ts'
export { type MultiKeyringOptions, multiKeyring } from './multiKeyring.ts'
export { passphraseContext, passphraseKeyName, passphraseKeyring } from './passphraseKeyring.ts'
export { type RawAesKeyringOptions, rawAesKeyring } from './rawAesKeyring.ts'
export { type RawEcdhKeyringOptions, rawEcdhKeyring } from './rawEcdhKeyring.ts'
export { type RawRsaKeyringOptions, rawRsaKeyring } from './rawRsaKeyring.ts'
export type { RekeyOptions, RekeyResult } from './rekey.ts'
export {
  type RequiredEncryptionContextCmmOptions,
  requiredEncryptionContextCmm,
} from './requiredEncryptionContextCmm.ts'
export { prepareSigningKey } from './signature.ts'
export { type Suite, type SuiteId, suites } from './suites.ts'
