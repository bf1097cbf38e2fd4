// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: what is too weak today (NIST SP 800-131A, sections 3 and 9).

import type { SignatureAlgorithm } from './algorithms.ts'
import type { PublicKey } from './publicKeys.ts'

export type Weakness =
  | 'md5'
  | 'sha-1'
  | 'rsa-below-2048'
  | 'dsa'
  | 'curve-not-known'
  | 'key-not-known'

/** In no order; empty where nothing is known against key and signature. */
export function weaknessesOf(
  key: PublicKey,
  { digest, scheme }: Pick<SignatureAlgorithm, 'digest' | 'scheme'>,
): readonly Weakness[] {
  const weaknesses: Weakness[] = []
  if (digest === 'MD5') weaknesses.push('md5')
  if (digest === 'SHA-1') weaknesses.push('sha-1')
  if ((key.kind === 'rsa' || key.kind === 'rsa-pss') && key.bits < 2048) {
    weaknesses.push('rsa-below-2048')
  }
  if (key.kind === 'dsa' || scheme === 'dsa') weaknesses.push('dsa')
  if (key.kind === 'ec' && !key.curve) weaknesses.push('curve-not-known')
  if (key.kind === 'unknown') weaknesses.push('key-not-known')
  return weaknesses
}

/** Of a length, or a kind, that can be forged: whoever it vouches for could be anybody. */
export const isWeakKey = (key: PublicKey): boolean =>
  weaknessesOf(key, { digest: null, scheme: null }).some(
    (one) => one === 'rsa-below-2048' || one === 'dsa',
  )
