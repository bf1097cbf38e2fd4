// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: what signs. The private key stays where it is: a KMS key of the vault, behind `kms:Sign`.

import type { Bytes } from '../codec/bytes.ts'
import type { SigningAlgorithm } from '../protocol/keySpecs.ts'

export interface Signer {
  readonly algorithm: SigningAlgorithm
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes
  /**
   * Over the whole message, however long, as `kms:Sign` gives it: ECDSA as DER (RFC 3279 section 2.2.3), RSA and
   * Ed25519 as they are. Fails where the person refuses, or the key cannot be used.
   */
  sign(message: Bytes): Promise<Bytes>
}
