// ui: what the person sees; speaks the protocol like any other client. This file: whom the person could trust so that a
// signature counts: the certificate that signed itself, the root that the document brings, or the bare key.

import { type Certificate, checkPath, holderOf, readCertificates } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../codec/text.ts'
import {
  cmsIn,
  type Jwk,
  jwkThumbprint,
  openSshPublicKey,
  readClearSigned,
  readCms,
  type SignatureReport,
  toJwk,
  verifyJws,
  verifySsh,
} from '../documents/index.ts'
import { readSignatures } from '../pdf/index.ts'
import { call } from './call.ts'
import { isAuthority } from './certificateList.ts'
import { fingerprintWords } from './verifyFacts.ts'
import type { Part } from './verifyParts.ts'

export type TrustOffer =
  | {
      readonly is: 'certificate'
      readonly name: string
      readonly fingerprint: string
      readonly der: Bytes
      /** It vouches for others, too. */
      readonly isAuthority: boolean
    }
  | { readonly is: 'key'; readonly fingerprint: string; readonly text: string }
  | { readonly is: 'none'; readonly why: 'no-root' | 'no-key' }

interface Asked {
  readonly report: SignatureReport
  /** Place among the signatures of the document. */
  readonly at: number
  /** What holds the signature. */
  readonly part: Part
  /** Further certificates at hand. */
  readonly others: readonly Certificate[]
}

export async function offerOf(asked: Asked): Promise<TrustOffer> {
  const { certificate } = asked.report
  if (!certificate) return keyOffer(asked)
  const enclosed = await certificatesIn(asked.part)
  const root = await rootOf(certificate, [...enclosed, ...asked.others])
  if (!root) return { is: 'none', why: 'no-root' }
  return {
    is: 'certificate',
    name: holderOf(root),
    fingerprint: await fingerprintWords(root),
    der: root.der,
    isAuthority: isAuthority(root),
  }
}

/** One that signed itself, and that the certificate follows from: itself, or an authority. */
async function rootOf(
  certificate: Certificate,
  others: readonly Certificate[],
): Promise<Certificate | null> {
  const time = Date.now()
  const roots = [certificate, ...others.filter(isAuthority)].filter(
    ({ subject, issuer }) => subject.key === issuer.key,
  )
  for (const root of roots) {
    const asked = { certificate, others, anchors: [root], time, revocation: 'ignored' } as const
    const { reason } = await checkPath(asked)
    if (reason !== 'no-path' && reason !== 'bad-signature' && reason !== 'not-chained') return root
  }
  return null
}

async function certificatesIn({ blob, kind }: Part): Promise<readonly Certificate[]> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  switch (kind) {
    case 'pdf':
      return readSignatures(bytes).flatMap(({ cms }) => inCms(cms))
    case 'cms-der':
      return inCms(bytes)
    case 'cms-pem':
      return readCertificates(bytes)
    case 'smime-clear':
      return inCms(readClearSigned(decodeUtf8(bytes))?.cms ?? new Uint8Array())
    case 'smime-opaque': {
      const cms = cmsIn(bytes)
      return typeof cms === 'string' ? [] : inCms(cms)
    }
    case 'jws-compact':
    case 'jws-json': {
      const { signatures } = await verifyJws(decodeUtf8(bytes), {})
      return signatures.flatMap(({ certificates }) => certificates)
    }
    default:
      return []
  }
}

function inCms(cms: Bytes): readonly Certificate[] {
  try {
    return readCms(cms).certificates.flatMap((der) => readCertificates(der))
  } catch {
    // What cannot be read offers nobody.
    return []
  }
}

async function keyOffer({ part, at }: Asked): Promise<TrustOffer> {
  const text = await part.blob.text()
  if (part.kind === 'ssh-signature') {
    const { publicKey } = await verifySsh(text, {}, { namespace: 'file' })
    if (publicKey) return { is: 'key', fingerprint: publicKey.fingerprint, text: publicKey.line }
  }
  if (part.kind === 'jws-compact' || part.kind === 'jws-json') {
    const spki = (await verifyJws(text, {})).signatures[at]?.publicKey
    const jwk = spki && toJwk(spki)
    if (spki && jwk)
      return { is: 'key', fingerprint: await jwkThumbprint(jwk), text: keyText(spki, jwk) }
  }
  return { is: 'none', why: 'no-key' }
}

/** As OpenSSH writes it, which most programs read; a JWK of a kind that SSH has not. */
function keyText(spki: Bytes, jwk: Jwk): string {
  try {
    return openSshPublicKey(spki)
  } catch {
    return JSON.stringify(jwk)
  }
}

/** What a key is compared by: as its own programs print it, or the key itself where it is short. */
export async function keyFingerprint(text: string, spki: Bytes): Promise<string> {
  const jwk = text.startsWith('{') ? toJwk(spki) : null
  if (jwk) return jwkThumbprint(jwk)
  const blob = /^(?:ssh|ecdsa)-\S+ (\S+)/.exec(text)?.[1]
  // minisign prints the second line of its file.
  if (blob === undefined) return text.split('\n').at(-1) ?? ''
  const hash = await crypto.subtle.digest('SHA-256', decodeBase64(blob))
  return `SHA256:${encodeBase64(new Uint8Array(hash)).replace(/=+$/, '')}`
}

export async function trust(offer: Exclude<TrustOffer, { is: 'none' }>, name: string) {
  await call(
    'keyhearth:PutCertificate',
    offer.is === 'certificate'
      ? { Kind: 'trusted', Chain: [offer.der], Name: name }
      : { Kind: 'signer', Chain: [encodeUtf8(offer.text)], Name: name },
  )
}
