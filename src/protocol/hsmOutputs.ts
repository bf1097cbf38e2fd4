// protocol: the contract every context speaks. This file: what the security module's own operations answer.

import type {
  DecryptionMechanism,
  DigestAlgorithm,
  EncryptionMechanism,
  Mechanism,
} from './keySpecs.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** `KeyId`: the ARN of the key that was used. */
interface Used<Name extends Mechanism> {
  readonly KeyId: string
  readonly Mechanism: Name
}

export interface HsmOutputs {
  'keyhearth:HsmEncrypt': Used<EncryptionMechanism> & {
    /** Chosen here, afresh. */
    readonly Iv: Bytes
    /** Of GCM, with the tag of 16 bytes at its end. */
    readonly Ciphertext: Bytes
  }
  /** By RSAES_PKCS1_V1_5, other bytes where padding or length are wrong: nothing tells of that. */
  'keyhearth:HsmDecrypt': Used<DecryptionMechanism> & { readonly Plaintext: Bytes }
  'keyhearth:HsmWrapKey': Used<Mechanism> & { readonly WrappedKey: Bytes }
  /** The secret, or the ARN of the key that it became. */
  'keyhearth:HsmUnwrapKey': Used<Mechanism> & {
    readonly Secret?: Bytes
    readonly NewKeyId?: string
  }
  'keyhearth:HsmDerive': Used<Mechanism> & {
    readonly Secret?: Bytes
    readonly NewKeyId?: string
  }
  'keyhearth:HsmDigest': { readonly Digest: Bytes; readonly DigestAlgorithm: DigestAlgorithm }
}
