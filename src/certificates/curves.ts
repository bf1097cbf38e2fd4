// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: the elliptic curves that are known here (RFC 5480 section 2.1.1.1; SEC 2 for secp256k1).

/** `coordinateBytes`: of r, of s, of a scalar, and of each coordinate of a point. `ssh`: its name in RFC 5656. */
export const curves = {
  'P-256': { oid: '1.2.840.10045.3.1.7', bits: 256, coordinateBytes: 32, ssh: 'nistp256' },
  'P-384': { oid: '1.3.132.0.34', bits: 384, coordinateBytes: 48, ssh: 'nistp384' },
  'P-521': { oid: '1.3.132.0.35', bits: 521, coordinateBytes: 66, ssh: 'nistp521' },
  secp256k1: { oid: '1.3.132.0.10', bits: 256, coordinateBytes: 32, ssh: null },
} as const

export type Curve = keyof typeof curves
export type SshCurve = Exclude<Curve, 'secp256k1'>

export const isCurve = (name: unknown): name is Curve =>
  typeof name === 'string' && Object.hasOwn(curves, name)

const all = Object.keys(curves).filter(isCurve)

export const curveOfOid = (oid: string): Curve | null =>
  all.find((curve) => curves[curve].oid === oid) ?? null

/** OpenSSH has no other curves. */
export const isSshCurve = (curve: Curve | null): curve is SshCurve =>
  curve !== null && curve !== 'secp256k1'

/** By the type of an SSH key. */
export const curveOfSshType = (type: string): SshCurve | null =>
  all.filter(isSshCurve).find((curve) => type === `ecdsa-sha2-${curves[curve].ssh}`) ?? null
