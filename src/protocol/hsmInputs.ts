// protocol: the contract every context speaks. This file: the requests of the security module's own operations.

import * as v from 'valibot'
import { bytes, integer, keyId, optional, text } from './fields.ts'
import type { hsmOperations } from './hsmOperations.ts'
import {
  decryptionMechanisms,
  derivationMechanisms,
  digestAlgorithms,
  encryptionMechanisms,
  keySpecNames,
  keyUsages,
  secretSpecs,
  wrappingMechanisms,
} from './keySpecs.ts'
import { hsmMaxBytes } from './limits.ts'

const use = {
  KeyId: keyId,
  GrantTokens: optional(v.pipe(v.array(text(8192)), v.maxLength(10))),
  DryRun: optional(v.boolean()),
}
/** A tag, or a whole block of padding. */
const mostAdded = 16
/** By RSA 4096 with eleven bytes around it. */
const mostTransported = 501
const data = bytes(hsmMaxBytes)
const additionalData = optional(bytes(hsmMaxBytes))
/** The longest are private keys of RSA 4096. */
const secret = bytes(4096, 1)
const newKey = {
  KeyUsage: v.picklist(keyUsages),
  Description: optional(text(8192, 0)),
  /** As CreateKey's. */
  Exportable: optional(v.boolean()),
}

export const hsmInputs = {
  'keyhearth:HsmEncrypt': v.strictObject({
    ...use,
    Mechanism: v.picklist(encryptionMechanisms),
    AdditionalData: additionalData,
    Data: data,
  }),
  'keyhearth:HsmDecrypt': v.strictObject({
    ...use,
    Mechanism: v.picklist(decryptionMechanisms),
    /** Of ciphers. */
    Iv: optional(bytes(16, 8)),
    AdditionalData: additionalData,
    Data: bytes(hsmMaxBytes + mostAdded),
    /** Of RSAES_PKCS1_V1_5: how long the plaintext is. */
    NumberOfBytes: optional(integer(1, mostTransported)),
  }),
  'keyhearth:HsmWrapKey': v.strictObject({
    ...use,
    Mechanism: v.picklist(wrappingMechanisms),
    Secret: secret,
  }),
  'keyhearth:HsmUnwrapKey': v.strictObject({
    ...use,
    Mechanism: v.picklist(wrappingMechanisms),
    WrappedKey: bytes(6144, 16),
    NewKey: optional(v.strictObject({ ...newKey, KeySpec: v.picklist(keySpecNames) })),
  }),
  'keyhearth:HsmDerive': v.strictObject({
    ...use,
    Mechanism: v.picklist(derivationMechanisms),
    /** Subject public key info, DER, of the other; where the key is one that agrees. */
    PublicKey: optional(bytes(8192, 1)),
    Salt: optional(bytes(1024)),
    Info: optional(bytes(1024)),
    /** Absent where a new key is made of them. */
    NumberOfBytes: optional(integer(1, 1024)),
    NewKey: optional(v.strictObject({ ...newKey, KeySpec: v.picklist(secretSpecs) })),
  }),
  'keyhearth:HsmDigest': v.strictObject({
    DigestAlgorithm: v.picklist(digestAlgorithms),
    Data: data,
  }),
} as const satisfies Record<keyof typeof hsmOperations, v.GenericSchema>
