// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: the tables of algorithm identifiers, and what each stands for.
//
// RFC 3279, 4055 (RSA), 5758 (ECDSA), 8410 (Ed25519), 9881 (ML-DSA).

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, derElement, type Element, onlyElement, tags } from '../codec/der.ts'
import { derNull, derNumber, derOid, derSequence, readNumber } from '../codec/derValues.ts'
import type { SigningAlgorithm } from '../protocol/keySpecs.ts'
import { type AlgorithmIdentifier, readAlgorithm } from './algorithmIdentifier.ts'
import { malformed } from './errors.ts'
import { readPublicKey } from './publicKeys.ts'

const digestNames = ['MD5', 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'] as const
export type DigestName = (typeof digestNames)[number]

const digestOids = {
  MD5: '1.2.840.113549.2.5',
  'SHA-1': '1.3.14.3.2.26',
  'SHA-224': '2.16.840.1.101.3.4.2.4',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
} as const satisfies Record<DigestName, string>

export const digestOid = (name: DigestName): string => digestOids[name]

/** `null`: an algorithm that is not known here. */
export const digestOfOid = (oid: string): DigestName | null =>
  digestNames.find((name) => digestOids[name] === oid) ?? null

/** As RFC 5754 section 2 wants it written: without parameters. */
export const digestAlgorithm = (name: DigestName): Bytes => derSequence(derOid(digestOids[name]))

/** Without parameters, or with NULL: both are in use (RFC 5754 section 2). */
export function readDigestAlgorithm(element: Element): DigestName | null {
  const { oid, parameters } = readAlgorithm(element)
  const isBare = parameters === null || parameters[0] === tags.null
  return isBare ? digestOfOid(oid) : null
}

/** One byte string through one of the digests of WebCrypto. */
export async function digest(
  name: Exclude<DigestName, 'MD5' | 'SHA-224'>,
  bytes: Bytes,
): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(name, bytes))
}

export type SignatureScheme =
  | 'rsa-pkcs1'
  | 'rsa-pss'
  | 'ecdsa'
  | 'dsa'
  | 'ed25519'
  | 'ml-dsa-44'
  | 'ml-dsa-65'
  | 'ml-dsa-87'

export interface SignatureAlgorithm extends AlgorithmIdentifier {
  /** For people; the identifier where it is not known. */
  readonly name: string
  /** `null`: not known here. */
  readonly scheme: SignatureScheme | null
  /** `null`: the scheme hashes by itself, or the identifier leaves it to another field (RSA in CMS). */
  readonly digest: DigestName | null
  /** RSA-PSS alone. */
  readonly saltBytes?: number
}

interface SignatureRow {
  readonly name: string
  readonly scheme: SignatureScheme
  readonly digest: DigestName | null
}

const signatureRows: ReadonlyMap<string, SignatureRow> = new Map(
  (
    [
      // CMS leaves the digest to another field (RFC 3370 section 3.2).
      ['1.2.840.113549.1.1.1', 'RSA', 'rsa-pkcs1', null],
      ['1.2.840.113549.1.1.4', 'RSA with MD5', 'rsa-pkcs1', 'MD5'],
      ['1.2.840.113549.1.1.5', 'RSA with SHA-1', 'rsa-pkcs1', 'SHA-1'],
      ['1.2.840.113549.1.1.14', 'RSA with SHA-224', 'rsa-pkcs1', 'SHA-224'],
      ['1.2.840.113549.1.1.11', 'RSA with SHA-256', 'rsa-pkcs1', 'SHA-256'],
      ['1.2.840.113549.1.1.12', 'RSA with SHA-384', 'rsa-pkcs1', 'SHA-384'],
      ['1.2.840.113549.1.1.13', 'RSA with SHA-512', 'rsa-pkcs1', 'SHA-512'],
      ['1.2.840.10045.4.1', 'ECDSA with SHA-1', 'ecdsa', 'SHA-1'],
      ['1.2.840.10045.4.3.1', 'ECDSA with SHA-224', 'ecdsa', 'SHA-224'],
      ['1.2.840.10045.4.3.2', 'ECDSA with SHA-256', 'ecdsa', 'SHA-256'],
      ['1.2.840.10045.4.3.3', 'ECDSA with SHA-384', 'ecdsa', 'SHA-384'],
      ['1.2.840.10045.4.3.4', 'ECDSA with SHA-512', 'ecdsa', 'SHA-512'],
      ['1.2.840.10040.4.3', 'DSA with SHA-1', 'dsa', 'SHA-1'],
      ['2.16.840.1.101.3.4.3.2', 'DSA with SHA-256', 'dsa', 'SHA-256'],
      ['1.3.101.112', 'Ed25519', 'ed25519', null],
      ['2.16.840.1.101.3.4.3.17', 'ML-DSA-44', 'ml-dsa-44', null],
      ['2.16.840.1.101.3.4.3.18', 'ML-DSA-65', 'ml-dsa-65', null],
      ['2.16.840.1.101.3.4.3.19', 'ML-DSA-87', 'ml-dsa-87', null],
    ] as const
  ).map(([oid, name, scheme, hash]) => [oid, { name, scheme, digest: hash }]),
)

const pssOid = '1.2.840.113549.1.1.10'
export const mgf1Oid = '1.2.840.113549.1.1.8'

/** @throws DerError, CertificateError `malformed` where the parameters are not those of the algorithm */
export function readSignatureAlgorithm(der: Bytes): SignatureAlgorithm {
  const identifier = readAlgorithm(onlyElement(der))
  if (identifier.oid === pssOid) return { ...identifier, ...readPss(identifier.parameters) }
  const row = signatureRows.get(identifier.oid)
  if (!row) return { ...identifier, name: identifier.oid, scheme: null, digest: null }
  const isNull = identifier.parameters?.[0] === tags.null && identifier.parameters.byteLength === 2
  // RSA has NULL (RFC 4055 section 5), or nothing, which is to be accepted; the others have nothing.
  const mayBeNull = row.scheme === 'rsa-pkcs1' || row.scheme === 'dsa' || row.scheme === 'ecdsa'
  if (identifier.parameters && !(isNull && mayBeNull)) malformed('parameters of the algorithm')
  return { ...identifier, ...row }
}

/** What a restriction or a signature with RSASSA-PSS says of itself. */
export interface Pss extends SignatureRow {
  readonly saltBytes: number
}

/** RFC 4055 section 3.1, its defaults included. One hash for both uses: WebCrypto knows no other. */
export function readPss(parameters: Bytes | null): Pss {
  if (!parameters) return malformed('RSASSA-PSS without parameters')
  const fields = DerFields.whole(parameters)
  const hash = fields.openOptional(tags.explicit0)
  const hashName = hash ? readDigestAlgorithm(hash.any()) : 'SHA-1'
  const mask = fields.openOptional(tags.explicit1)
  const maskName = mask ? maskDigest(mask.any()) : 'SHA-1'
  const salt = fields.openOptional(tags.explicit2)
  const saltBytes = salt ? readNumber(salt.any()) : 20
  const trailer = fields.openOptional(tags.explicit3)
  if (trailer && readNumber(trailer.any()) !== 1) malformed('RSASSA-PSS with another trailer')
  for (const opened of [hash, mask, salt, trailer]) opened?.end()
  fields.end()
  if (!hashName || hashName !== maskName)
    malformed('RSASSA-PSS with two hashes, or with what is not known')
  return { name: `RSA-PSS with ${hashName}`, scheme: 'rsa-pss', digest: hashName, saltBytes }
}

/** Of MGF1 (RFC 8017 appendix B.2.1). `null`: another mask function, or a hash that is not known here. */
export function maskDigest(element: Element): DigestName | null {
  const { oid, parameters } = readAlgorithm(element)
  return oid === mgf1Oid && parameters ? readDigestAlgorithm(onlyElement(parameters)) : null
}

const saltBytesOf = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 } as const

export const withNull = (oid: string): Bytes => derSequence(derOid(oid), derNull())

function pssIdentifier(hash: keyof typeof saltBytesOf): Bytes {
  const hashIdentifier = withNull(digestOids[hash])
  return derSequence(
    derOid(pssOid),
    derSequence(
      derElement(tags.explicit0, hashIdentifier),
      derElement(tags.explicit1, derSequence(derOid(mgf1Oid), hashIdentifier)),
      derElement(tags.explicit2, derNumber(saltBytesOf[hash])),
    ),
  )
}

const identifiers: Readonly<
  Record<Exclude<SigningAlgorithm, 'ED25519_PH_SHA_512' | 'ML_DSA_SHAKE_256'>, () => Bytes>
> = {
  RSASSA_PSS_SHA_256: () => pssIdentifier('SHA-256'),
  RSASSA_PSS_SHA_384: () => pssIdentifier('SHA-384'),
  RSASSA_PSS_SHA_512: () => pssIdentifier('SHA-512'),
  RSASSA_PKCS1_V1_5_SHA_256: () => withNull('1.2.840.113549.1.1.11'),
  RSASSA_PKCS1_V1_5_SHA_384: () => withNull('1.2.840.113549.1.1.12'),
  RSASSA_PKCS1_V1_5_SHA_512: () => withNull('1.2.840.113549.1.1.13'),
  ECDSA_SHA_256: () => derSequence(derOid('1.2.840.10045.4.3.2')),
  ECDSA_SHA_384: () => derSequence(derOid('1.2.840.10045.4.3.3')),
  ECDSA_SHA_512: () => derSequence(derOid('1.2.840.10045.4.3.4')),
  ED25519_SHA_512: () => derSequence(derOid('1.3.101.112')),
}

/**
 * AlgorithmIdentifier, DER, of what `kms:Sign` makes with this algorithm and key.
 * @returns `null` where X.509 and CMS have none: Ed25519ph, or an ML-DSA algorithm with another key
 */
export function algorithmIdentifierOf(algorithm: SigningAlgorithm, publicKey: Bytes): Bytes | null {
  if (algorithm === 'ED25519_PH_SHA_512') return null
  if (algorithm !== 'ML_DSA_SHAKE_256') return identifiers[algorithm]()
  const key = readPublicKey(publicKey)
  // The key and what it signs have one identifier (RFC 9881 section 3).
  return key.kind.startsWith('ml-dsa') ? key.algorithm.der : null
}

/** The digest a CMS signer states beside such a signature; SHA-512 where the scheme hashes by itself. */
export function digestNameOf(algorithm: SigningAlgorithm): 'SHA-256' | 'SHA-384' | 'SHA-512' {
  if (algorithm.endsWith('SHA_256') && !algorithm.startsWith('ML_DSA')) return 'SHA-256'
  return algorithm.endsWith('SHA_384') ? 'SHA-384' : 'SHA-512'
}
