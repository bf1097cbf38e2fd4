// ui: what the person sees; speaks the protocol like any other client. This file: what a file that is brought in holds:
// certificates, private keys, or the public key of somebody who signs without certificates.

import {
  type Certificate,
  type KeyFile,
  KeyFileError,
  type KeyFileOptions,
  readCertificates,
  readKeyFile,
} from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import {
  jwkThumbprint,
  keyIdText,
  readKnownKey,
  readMinisignKey,
  readOpenSshPublicKey,
  recognise,
  sshFingerprint,
  toJwk,
  toSshKey,
} from '../documents/index.ts'

export interface SignerKey {
  /** One line as OpenSSH writes it, a file of minisign, or a JWK. */
  readonly text: string
  readonly form: 'ssh' | 'minisign' | 'jwk'
  /** What stands beside the key; proves nothing. */
  readonly comment: string
  /** As the other's own program prints it. */
  readonly fingerprint: string
}

export type Brought =
  | { readonly is: 'certificates'; readonly certificates: readonly Certificate[] }
  | { readonly is: 'keys'; readonly file: KeyFile; readonly certificates: readonly Certificate[] }
  | { readonly is: 'signer'; readonly signer: SignerKey }
  | { readonly is: 'request' }

/** Of certificates and of key files, in bytes. */
export const mostBroughtBytes = 16 * 1024 * 1024

/** @throws KeyFileError, CertificateError */
export async function readBrought(
  bytes: Bytes,
  password: string | undefined,
  options: KeyFileOptions,
): Promise<Brought> {
  const signer = await readSignerKey(bytes)
  if (signer) return { is: 'signer', signer }
  switch (recognise(bytes, bytes.byteLength)) {
    case 'certificate':
    case 'cms-der':
    case 'cms-pem':
      return { is: 'certificates', certificates: readCertificates(bytes) }
    case 'certificate-request':
      return { is: 'request' }
    default:
      // What looks like no key file either: its reader says what is wrong.
      return readKeys(await readKeyFile(bytes, password, options))
  }
}

function readKeys(file: KeyFile): Brought {
  if (file.keys.length === 0 && file.certificates.length === 0) {
    throw new KeyFileError('not-recognised')
  }
  const certificates = file.certificates.flatMap((der) => readCertificates(der))
  return file.keys.length === 0
    ? { is: 'certificates', certificates }
    : { is: 'keys', file, certificates }
}

/** More is none, and is not decoded. */
const mostSignerBytes = 16 * 1024

async function readSignerKey(bytes: Bytes): Promise<SignerKey | null> {
  const text = bytes.byteLength <= mostSignerBytes ? textOf(bytes)?.trim() : undefined
  if (!text) return null
  const spki = text.includes('\n') ? null : readOpenSshPublicKey(text)
  if (spki) {
    const comment = text
      .split(/[ \t]+/)
      .slice(2)
      .join(' ')
    return { text, form: 'ssh', comment, fingerprint: await sshFingerprint(toSshKey(spki)) }
  }
  const key = readMinisignKey(text)
  if (!key) return readJwkSigner(text)
  const [, comment = ''] = /^untrusted comment: *(.*)/.exec(text) ?? []
  return { text, form: 'minisign', comment, fingerprint: keyIdText(key.keyId) }
}

/** A public one: private keys go into the vault. */
async function readJwkSigner(text: string): Promise<SignerKey | null> {
  const known = readKnownKey(text, '')
  const jwk = known && toJwk(known.spki)
  if (!jwk) return null
  const { kid } = JSON.parse(text) as { kid?: unknown }
  const comment = typeof kid === 'string' ? kid : ''
  return { text, form: 'jwk', comment, fingerprint: await jwkThumbprint(jwk) }
}

function textOf(bytes: Bytes): string | undefined {
  try {
    return decodeUtf8(bytes)
  } catch {
    return undefined
  }
}

/** The private keys of a file, forgotten as far as a page can. */
export function clearKeys({ keys }: KeyFile): void {
  for (const { pkcs8 } of keys) pkcs8.fill(0)
}
