// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: private keys as JSON (RFC 7517, 7518 section 6, 8037): one, or a set of them.

import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { writePkcs8 } from '../codec/keyInfo.ts'
import { decodeBase64Url, decodeUtf8 } from '../codec/text.ts'
import { curves, isCurve } from './curves.ts'
import { refuse } from './keyFileError.ts'
import { fromRsaNumbers, fromScalar } from './privateKeys.ts'

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** @throws KeyFileError `damaged`, `public-key`, `not-recognised` */
export function readJwks(
  bytes: Bytes,
): readonly { readonly pkcs8: Bytes; readonly name: string }[] {
  const read: unknown = parse(bytes)
  const set = isObject(read) && Array.isArray(read['keys']) ? (read['keys'] as unknown[]) : [read]
  return set.map((jwk) => {
    if (!isObject(jwk) || typeof jwk['kty'] !== 'string') return refuse('not-recognised')
    const name = typeof jwk['kid'] === 'string' ? jwk['kid'] : ''
    return { pkcs8: readJwk(jwk), name }
  })
}

function parse(bytes: Bytes): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes))
  } catch {
    return refuse('damaged')
  }
}

function readJwk(jwk: Json): Bytes {
  if (!('d' in jwk) && jwk['kty'] !== 'oct') return refuse('public-key')
  const member = (name: string): Bytes => {
    const value = jwk[name]
    return typeof value === 'string' ? decodeBase64Url(value) : refuse('damaged')
  }
  if (jwk['kty'] === 'RSA') {
    return fromRsaNumbers(['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'].map(member))
  }
  if (jwk['kty'] === 'OKP' && jwk['crv'] === 'Ed25519') {
    return writePkcs8('Ed25519', member('d'), member('x'))
  }
  if (jwk['kty'] === 'OKP' || jwk['kty'] === 'oct') return refuse('unknown-kind')
  const curve = jwk['crv']
  if (!isCurve(curve)) return refuse('not-recognised')
  const length = curves[curve].coordinateBytes
  const [d, x, y] = [member('d'), member('x'), member('y')]
  if ([d, x, y].some(({ byteLength }) => byteLength !== length)) refuse('damaged')
  return fromScalar(curve, d, concatBytes(Uint8Array.of(4), x, y))
}
