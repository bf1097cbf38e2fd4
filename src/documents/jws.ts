// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: JSON Web
// Signatures (RFC 7515) are made, of one signer or several, with the payload inside or apart, encoded or not (RFC 7797).

import { readCertificate } from '../certificates/certificate.ts'
import { CertificateError } from '../certificates/errors.ts'
import type { Signer } from '../certificates/signer.ts'
import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeBase64, encodeBase64Url, encodeUtf8 } from '../codec/text.ts'
import { jwkThumbprint, toJwk } from './jwk.ts'
import { jwsAlgorithmOf, toJwsForm } from './jwsAlgorithms.ts'
import { signChecked } from './signChecked.ts'
import type { Json } from './strictJson.ts'
import { refuse } from './textSignatureError.ts'

export interface JwsSigner {
  readonly signer: Signer
  /** DER, the signer's own first: they go into the header (`x5c`, `x5t#S256`). */
  readonly certificates?: readonly Bytes[]
  /** The public key goes into the header (`jwk`), for those who know its thumbprint alone. */
  readonly withKey?: boolean
  /** Further members of the protected header, such as `typ` and `cty`; `kid` in place of the key's thumbprint. */
  readonly header?: Json
}

export interface JwsOptions {
  /** Compact and flattened have one signer. */
  readonly form: 'compact' | 'flattened' | 'general'
  /** The payload is kept apart (RFC 7515 appendix F). */
  readonly detached?: boolean
  /** The payload is signed as it is, not as base64url (RFC 7797). Detached, it may be any bytes. */
  readonly unencoded?: boolean
}

/** The characters that are signed: of base64url, or of the payload itself. */
export const jwsSigningInput = (header: string, payload: Bytes): Bytes =>
  concatBytes(encodeUtf8(`${header}.`), payload)

interface OneSignature {
  readonly protected: string
  readonly signature: string
}

/**
 * @throws TextSignatureError `bad-signers`, `bad-header`, `bad-payload`, `key-does-not-fit`, `bad-signature`; what a
 *   signer throws
 */
export async function signJws(
  payload: Bytes,
  signers: readonly JwsSigner[],
  { form, detached = false, unencoded = false }: JwsOptions,
): Promise<string> {
  if (signers.length === 0 || (form !== 'general' && signers.length > 1)) refuse('bad-signers')
  const text = detached ? '' : asText(payload, form, unencoded)
  const signed = unencoded ? payload : encodeUtf8(encodeBase64Url(payload))
  const signatures: OneSignature[] = []
  // One after the other: a person may be asked for each.
  for (const one of signers) signatures.push(await signOne(one, signed, unencoded))
  const [first] = signatures
  if (form === 'compact') return `${first?.protected}.${text}.${first?.signature}`
  const body = detached ? {} : { payload: text }
  return JSON.stringify(form === 'flattened' ? { ...body, ...first } : { ...body, signatures })
}

/** RFC 7797 section 5: what is not encoded must survive where it stands. */
function asText(payload: Bytes, form: JwsOptions['form'], unencoded: boolean): string {
  if (!unencoded) return encodeBase64Url(payload)
  let text: string
  try {
    text = decodeUtf8(payload)
  } catch {
    return refuse('bad-payload')
  }
  // With nothing between the dots, the payload would be said to be apart.
  if (form === 'compact' && !/^[\x20-\x2d\x2f-\x7e]+$/.test(text)) refuse('bad-payload')
  return text
}

async function signOne(one: JwsSigner, signed: Bytes, unencoded: boolean): Promise<OneSignature> {
  const algorithm = jwsAlgorithmOf(one.signer) ?? refuse('key-does-not-fit')
  const header = encodeBase64Url(
    encodeUtf8(JSON.stringify(await headerOf(one, algorithm, unencoded))),
  )
  const made = await signChecked(one.signer, jwsSigningInput(header, signed))
  const signature = toJwsForm(algorithm, made) ?? refuse('bad-signature')
  return { protected: header, signature: encodeBase64Url(signature) }
}

const ours = ['alg', 'b64', 'crit', 'jwk', 'x5c', 'x5t', 'x5t#S256', 'jku', 'x5u']

async function headerOf(one: JwsSigner, alg: string, unencoded: boolean): Promise<Json> {
  const { signer, certificates = [], withKey = false, header = {} } = one
  const names = Object.keys(header)
  if (names.some((name) => ours.includes(name) || name === '__proto__')) refuse('bad-header')
  const jwk = toJwk(signer.publicKey) ?? refuse('key-does-not-fit')
  return {
    alg,
    kid: await jwkThumbprint(jwk),
    ...header,
    ...(withKey && { jwk }),
    ...(certificates.length > 0 && (await certificateMembers(certificates, signer.publicKey))),
    // RFC 7797 section 6: whoever does not know it must not go on.
    ...(unencoded && { b64: false, crit: ['b64'] }),
  }
}

/** RFC 7515 sections 4.1.6 and 4.1.8. */
async function certificateMembers(certificates: readonly Bytes[], spki: Bytes): Promise<Json> {
  const [own] = certificates
  if (!own || certificates.length > mostCertificates || !isOf(own, spki)) refuse('bad-header')
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', own))
  return { x5c: certificates.map(encodeBase64), 'x5t#S256': encodeBase64Url(hash) }
}

/** In one header. */
export const mostCertificates = 16

function isOf(certificate: Bytes, spki: Bytes): boolean {
  try {
    return equalBytes(readCertificate(certificate).publicKey, spki)
  } catch (error) {
    if (error instanceof CertificateError) return false
    throw error
  }
}
