// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: the algorithms of
// JWS (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 8812 section 3.2, RFC 9864 section 2.2), and the keys they want.

import { type Curve, curves } from '../certificates/curves.ts'
import { type PublicKey, readPublicKey } from '../certificates/publicKeys.ts'
import type { Signer } from '../certificates/signer.ts'
import type { Bytes } from '../codec/bytes.ts'
import { ecdsaFromDer, ecdsaToDer } from '../codec/ecdsa.ts'
import type { SigningAlgorithm } from '../protocol/keySpecs.ts'

interface Row {
  readonly signing: SigningAlgorithm
  readonly kinds: readonly PublicKey['kind'][]
  readonly curve: Curve | null
}

const rows = {
  ES256: { signing: 'ECDSA_SHA_256', kinds: ['ec'], curve: 'P-256' },
  ES384: { signing: 'ECDSA_SHA_384', kinds: ['ec'], curve: 'P-384' },
  ES512: { signing: 'ECDSA_SHA_512', kinds: ['ec'], curve: 'P-521' },
  ES256K: { signing: 'ECDSA_SHA_256', kinds: ['ec'], curve: 'secp256k1' },
  RS256: { signing: 'RSASSA_PKCS1_V1_5_SHA_256', kinds: ['rsa'], curve: null },
  RS384: { signing: 'RSASSA_PKCS1_V1_5_SHA_384', kinds: ['rsa'], curve: null },
  RS512: { signing: 'RSASSA_PKCS1_V1_5_SHA_512', kinds: ['rsa'], curve: null },
  PS256: { signing: 'RSASSA_PSS_SHA_256', kinds: ['rsa', 'rsa-pss'], curve: null },
  PS384: { signing: 'RSASSA_PSS_SHA_384', kinds: ['rsa', 'rsa-pss'], curve: null },
  PS512: { signing: 'RSASSA_PSS_SHA_512', kinds: ['rsa', 'rsa-pss'], curve: null },
  EdDSA: { signing: 'ED25519_SHA_512', kinds: ['ed25519'], curve: null },
  Ed25519: { signing: 'ED25519_SHA_512', kinds: ['ed25519'], curve: null },
} as const satisfies Record<string, Row>

export type JwsAlgorithm = keyof typeof rows

/** `none` and the ones with a shared secret (HMAC), which prove nothing to anybody else, are not among them. */
export const isJwsAlgorithm = (name: unknown): name is JwsAlgorithm =>
  typeof name === 'string' && Object.hasOwn(rows, name)

export const signingAlgorithmOf = (name: JwsAlgorithm): SigningAlgorithm => rows[name].signing

export function fitsKey(name: JwsAlgorithm, spki: Bytes): boolean {
  const { kinds, curve }: Row = rows[name]
  const key = readPublicKey(spki)
  return kinds.includes(key.kind) && key.curve === curve
}

/** `EdDSA` for Ed25519: what every verifier knows. `null` where JWS has no algorithm for the signer. */
export function jwsAlgorithmOf({ algorithm, publicKey }: Signer): JwsAlgorithm | null {
  const names = Object.keys(rows).filter(isJwsAlgorithm)
  return names.find((name) => rows[name].signing === algorithm && fitsKey(name, publicKey)) ?? null
}

/** RFC 7518 section 3.4: r and s side by side. `null` where the bytes are no such signature. */
export function toJwsForm(name: JwsAlgorithm, signature: Bytes): Bytes | null {
  const { curve } = rows[name]
  return curve ? ecdsaFromDer(signature, curves[curve].coordinateBytes) : signature
}

export function fromJwsForm(name: JwsAlgorithm, signature: Bytes): Bytes | null {
  const { curve } = rows[name]
  if (!curve) return signature
  return signature.byteLength === 2 * curves[curve].coordinateBytes ? ecdsaToDer(signature) : null
}
