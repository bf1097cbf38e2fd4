// provider: what a web page holds. This file: verifying signed documents. It comes on first need, since most pages never
// need it, and works on what the page has anyway: nothing of the vault is asked but a public key, where the page names one
// of its own.

import {
  algorithmIdentifierOf,
  type Certificate,
  holderOf,
  readCertificates,
  verifySignature,
  weaknessesOf,
} from '../certificates/index.ts'
import { type Bytes, equalBytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import {
  type DocumentReport,
  remarks,
  type SignatureReport,
  verifyDocument,
} from '../documents/index.ts'
import type { SigningAlgorithm } from '../protocol/keySpecs.ts'
import type { DocumentFormat } from '../protocol/outputs.ts'
import { pageError } from '../protocol/pageErrors.ts'
import type { Channel } from './channel.ts'
import type { Verified } from './page.ts'

export interface VerifyRequest {
  readonly data: Bytes
  /** `null`: it is in the data (`pades`). */
  readonly signature: Bytes | string | null
  readonly format: DocumentFormat
  readonly keyId?: string
  /** PEM, or DER. */
  readonly certificate?: string | Bytes
  readonly signingAlgorithm?: string
}

const invalid = (what: string) => pageError('invalid-input', { what })

/** @throws PageError `invalid-input`, and what `kms:GetPublicKey` and `kms:Verify` throw */
export async function verifyForPage(channel: Channel, asked: VerifyRequest): Promise<Verified> {
  return asked.format === 'raw' ? verifyRaw(channel, asked) : verifySigned(channel, asked)
}

async function verifySigned(channel: Channel, asked: VerifyRequest): Promise<Verified> {
  const { data, signature, format, keyId } = asked
  if (format !== 'pades' && signature === null) throw invalid('give the signature')
  const anchors = trusted(asked)
  const publicKey =
    keyId === undefined
      ? null
      : (await channel.call('kms:GetPublicKey', { KeyId: keyId })).PublicKey
  const report = await verifyDocument({
    file: format === 'jws' && isWhole(signature) ? encodeUtf8(String(signature)) : data,
    ...(format === 'pades' || isWhole(signature) || signature === null ? {} : { signature }),
    name: names[format],
    anchors,
    // A JWS need not bring a certificate.
    keys: publicKey ? [{ name: '', spki: publicKey, keyId: null }] : [],
    at: new Date(),
  })
  return resultOf(report, { ...asked, anchored: anchors.length > 0, publicKey })
}

const names = { raw: '', cms: '', jws: 'a.jws', pades: 'a.pdf' } as const satisfies Record<
  DocumentFormat,
  string
>

/** A compact JWS with its payload inside (RFC 7515 section 7.1). */
const isWhole = (signature: Bytes | string | null): boolean =>
  typeof signature === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(signature.trim())

function trusted({ certificate }: VerifyRequest) {
  if (certificate === undefined) return []
  try {
    return readCertificates(typeof certificate === 'string' ? encodeUtf8(certificate) : certificate)
  } catch {
    throw invalid('certificate is an X.509 certificate, as PEM or DER')
  }
}

interface Held extends VerifyRequest {
  readonly anchored: boolean
  readonly publicKey: Bytes | null
}

function resultOf(report: DocumentReport, held: Held): Verified {
  const reasons = new Set<string>()
  if (report.problem !== null) reasons.add(report.problem)
  if (report.signatures.length === 0) reasons.add('no-signatures')
  const { data, signature, format } = held
  // What was signed inside must be what the page holds to be signed.
  const isOther = format === 'jws' && isWhole(signature) && !sameContent(report.content, data)
  if (isOther) reasons.add('digest-mismatch')
  const sound = report.signatures.map((one) => isSound(one, reasons))
  const theirs = report.signatures.map((one) => isTheirs(one, held, reasons))
  const intact = sound.length > 0 && sound.every(Boolean) && report.problem === null && !isOther
  const valid = intact && theirs.every(Boolean)
  return { valid, intact, signers: report.signatures.map(signerOf), reasons: [...reasons] }
}

const sameContent = (content: Bytes | null, data: Bytes): boolean =>
  content !== null && equalBytes(content, data)

/** Whoever made it: what was signed is what is there. */
function isSound(one: SignatureReport, reasons: Set<string>): boolean {
  for (const problem of [...one.problems, ...one.weaknesses]) reasons.add(problem)
  if (one.integrity !== 'intact') reasons.add(one.integrity)
  if (one.pdf && !one.pdf.changes.isAllowed) reasons.add('changed-later')
  return (
    one.integrity === 'intact' &&
    one.problems.every((problem) => remarks.has(problem)) &&
    one.weaknesses.length === 0 &&
    one.verdict !== 'unsound' &&
    one.verdict !== 'changed-later'
  )
}

/** Nobody vouches for one's own key, nor could revoke it. */
const notOfKeys: ReadonlySet<string> = new Set(['chain', 'revocation'])

/** Made by whom the page names, and nothing that matters then was left out. */
function isTheirs(one: SignatureReport, held: Held, reasons: Set<string>): boolean {
  const { anchored, publicKey } = held
  const open = one.notChecked.filter((part) => !(publicKey && notOfKeys.has(part)))
  for (const part of open) if (part !== 'chain') reasons.add(`not-checked:${part}`)
  if (publicKey) {
    const isKey = one.certificate
      ? equalBytes(one.certificate.publicKey, publicKey)
      : one.verdict === 'valid'
    if (!isKey) reasons.add('another-key')
    return isKey && open.length === 0
  }
  if (!anchored) reasons.add('signer-not-known')
  else if (one.reason !== null) reasons.add(one.reason)
  return anchored && one.verdict === 'valid'
}

const signerOf = ({ certificate, signingTime, integrity, verdict, keyName }: SignatureReport) => ({
  name: certificate ? holderOf(certificate) : (keyName ?? ''),
  signingTime: signingTime === null ? null : new Date(signingTime).toISOString(),
  intact: integrity === 'intact',
  verdict,
})

async function verifyRaw(channel: Channel, asked: VerifyRequest): Promise<Verified> {
  const { data, signature, keyId, signingAlgorithm } = asked
  if (!(signature instanceof Uint8Array)) throw invalid('a bare signature is bytes')
  const [certificate] = trusted(asked)
  if (certificate) return verifyByCertificate(certificate, data, signature, signingAlgorithm)
  if (keyId === undefined) throw invalid('give keyId or certificate')
  return verifyByKey(channel, keyId, { data, signature, signingAlgorithm })
}

/** A bare signature brings no chain: the certificate stands for its key, as long as it is in force. */
async function verifyByCertificate(
  { key, publicKey, notBefore, notAfter }: Certificate,
  message: Bytes,
  signature: Bytes,
  signingAlgorithm: string | undefined,
): Promise<Verified> {
  const name = (signingAlgorithm ?? usualAlgorithm(key.kind)) as SigningAlgorithm
  const algorithm = algorithmIdentifierOf(name, publicKey)
  const holds =
    algorithm !== null && (await verifySignature({ algorithm, publicKey, message, signature }))
  const reasons: string[] = [...weaknessesOf(key, { digest: null, scheme: null })]
  const now = Date.now()
  if (now < notBefore) reasons.push('not-yet-valid')
  if (now > notAfter) reasons.push('expired')
  if (!holds) reasons.push('signature-mismatch')
  return { valid: reasons.length === 0, intact: holds, signers: [], reasons }
}

const usualAlgorithm = (kind: string): SigningAlgorithm =>
  kind === 'rsa'
    ? 'RSASSA_PKCS1_V1_5_SHA_256'
    : kind === 'ed25519'
      ? 'ED25519_SHA_512'
      : 'ECDSA_SHA_256'

async function verifyByKey(
  channel: Channel,
  KeyId: string,
  {
    data: Message,
    signature: Signature,
    signingAlgorithm,
  }: { data: Bytes; signature: Bytes; signingAlgorithm: string | undefined },
): Promise<Verified> {
  const { SigningAlgorithms = [] } = await channel.call('kms:GetPublicKey', { KeyId })
  const SigningAlgorithm = (signingAlgorithm ?? SigningAlgorithms[0]) as SigningAlgorithm
  try {
    await channel.call('kms:Verify', { KeyId, Message, Signature, SigningAlgorithm })
    return { valid: true, intact: true, signers: [], reasons: [] }
  } catch (error) {
    if ((error as Error).name !== 'KMSInvalidSignatureException') throw error
    return { valid: false, intact: false, signers: [], reasons: ['signature-mismatch'] }
  }
}
