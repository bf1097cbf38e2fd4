// kms: keys, their states and what is done under them; one file per family of operations.
// This file: what is told of a key (API reference, KeyMetadata).

import { implementationOf } from '../hsm/algorithms.ts'
import type { Context } from '../hsm/context.ts'
import type { KeyUsageType } from '../protocol/keySpecs.ts'
import { specRow } from '../protocol/keySpecs.ts'
import type { Implementation, KeyMetadata } from '../protocol/kmsOutputs.ts'
import { region } from './arns.ts'
import { arnOf, currentMaterial, type KeyRecord, stateOf } from './keys.ts'
import { thisDevice } from './thisDevice.ts'

type Algorithms = Pick<
  KeyMetadata,
  | 'EncryptionAlgorithms'
  | 'SigningAlgorithms'
  | 'KeyAgreementAlgorithms'
  | 'EncapsulationAlgorithms'
  | 'MacAlgorithms'
  | 'Mechanisms'
>

/** The lists of algorithms that fit the key's usage. */
export function algorithmsOf({ keySpec, keyUsage }: KeyRecord): Algorithms {
  const { encryption, signing = [], mac, mechanisms } = specRow(keySpec)
  const lists = {
    ENCRYPT_DECRYPT: encryption ? { EncryptionAlgorithms: encryption } : {},
    SIGN_VERIFY: { SigningAlgorithms: signing },
    GENERATE_VERIFY_MAC: mac ? { MacAlgorithms: [mac] } : {},
    KEY_AGREEMENT: { KeyAgreementAlgorithms: ['ECDH'] },
    ENCAPSULATE_DECAPSULATE: { EncapsulationAlgorithms: ['ML_KEM'] },
    WRAP_UNWRAP: {},
    DERIVE_KEYS: {},
  } as const satisfies Record<KeyUsageType, Algorithms>
  const Mechanisms = mechanisms?.[keyUsage]
  return Mechanisms ? { ...lists[keyUsage], Mechanisms } : lists[keyUsage]
}

function regionsOf(key: KeyRecord): Pick<KeyMetadata, 'MultiRegionConfiguration'> {
  if (!key.multiRegion) return {}
  return {
    MultiRegionConfiguration: {
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: arnOf(key), Region: region },
      ReplicaKeys: [],
    },
  }
}

function deletionOf({ deletion, multiRegion }: KeyRecord): Partial<KeyMetadata> {
  if (!deletion) return {}
  const window = multiRegion ? { PendingDeletionWindowInDays: deletion.windowInDays } : {}
  return { DeletionDate: deletion.at / 1000, ...window }
}

function importOf(key: KeyRecord): Partial<KeyMetadata> {
  const current = currentMaterial(key)
  if (key.origin !== 'EXTERNAL' || !current?.present) return {}
  return {
    ...(current.expirationModel ? { ExpirationModel: current.expirationModel } : {}),
    ...(current.validTo === undefined ? {} : { ValidTo: current.validTo / 1000 }),
  }
}

function storeOf(context: Context, key: KeyRecord): Partial<KeyMetadata> {
  if (key.origin !== 'AWS_CLOUDHSM') return {}
  const { CustomKeyStoreId, CloudHsmClusterId } = thisDevice(context, key.account)
  return { CustomKeyStoreId, CloudHsmClusterId }
}

/** Symmetric keys name their current material; others have one material and no id for it. */
function materialOf(key: KeyRecord): Partial<KeyMetadata> {
  const current = currentMaterial(key)
  if (key.keySpec !== 'SYMMETRIC_DEFAULT' || !current) return {}
  return { CurrentKeyMaterialId: current.materialId }
}

/** A key that was made by a library once, or that this browser leaves to one, was or is bytes in JavaScript. */
const implementation = ({ keySpec, keyUsage, implementation: made }: KeyRecord): Implementation =>
  made === 'WebCrypto' ? implementationOf(keySpec, keyUsage) : made

export const metadataOf = (context: Context, key: KeyRecord): KeyMetadata => ({
  AWSAccountId: key.account,
  KeyId: key.keyId,
  Arn: arnOf(key),
  CreationDate: key.createdAt / 1000,
  Enabled: stateOf(key, context.now) === 'Enabled',
  Description: key.description,
  KeyUsage: key.keyUsage,
  KeyState: stateOf(key, context.now),
  ...deletionOf(key),
  ...importOf(key),
  Origin: key.origin,
  ...storeOf(context, key),
  KeyManager: 'CUSTOMER',
  CustomerMasterKeySpec: key.keySpec,
  KeySpec: key.keySpec,
  ...algorithmsOf(key),
  MultiRegion: key.multiRegion,
  ...regionsOf(key),
  ...materialOf(key),
  Implementation: implementation(key),
  Exportable: key.exportable ?? false,
})
