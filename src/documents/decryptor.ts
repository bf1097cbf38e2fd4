// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: what decrypts. The private key stays where it is: a KMS key of the vault, behind `kms:Decrypt`,
// `keyhearth:HsmDecrypt` or `kms:DeriveSharedSecret`. Each fails where the person refuses, or the key cannot be used.

import type { Bytes } from '../codec/bytes.ts'

interface Held {
  /** Certificate, DER: a message names its recipients by issuer and number, or by the subject key identifier. */
  readonly certificate: Bytes
}

/** What `kms:Decrypt` has: RSAES_OAEP_SHA_1 and RSAES_OAEP_SHA_256. */
export type OaepHash = 'SHA-1' | 'SHA-256'

export interface RsaDecryptor extends Held {
  readonly kind: 'rsa'
  /** RSAES-OAEP (RFC 8017 section 7.1.2) with an empty label. `null` where it does not open under this key. */
  decryptKey(encryptedKey: Bytes, how: { readonly hash: OaepHash }): Promise<Bytes | null>
  /**
   * RSAES-PKCS1-v1_5 (RFC 8017 section 7.2.2). Where padding or length are wrong, pseudorandom bytes of that length,
   * always the same for the same ciphertext: what went wrong cannot be told from a wrong key (RFC 3218 section 2.3.2).
   * `null` where everybody can see that it is not encrypted to this key.
   */
  decryptKeyPkcs1(encryptedKey: Bytes, bytes: number): Promise<Bytes | null>
}

export interface EcDecryptor extends Held {
  readonly kind: 'ec'
  /**
   * The x coordinate of the shared point (SEC 1 section 3.3.1), `null` where the other key is none of this curve.
   * @param publicKey SubjectPublicKeyInfo, DER
   */
  agree(publicKey: Bytes): Promise<Bytes | null>
}

export type Decryptor = RsaDecryptor | EcDecryptor
