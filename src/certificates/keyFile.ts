// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: files with private keys, whatever program wrote them, as PKCS #8 to import.

import { berToDer } from '../codec/ber.ts'
import type { Bytes } from '../codec/bytes.ts'
import { DerError, DerFields, tags } from '../codec/der.ts'
import { decodeUtf8 } from '../codec/text.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'
import { readCertificates } from './certificateFiles.ts'
import { CertificateError } from './errors.ts'
import { readJwks } from './jwkKey.ts'
import { KeyFileError, type KeyFileOptions, refuse } from './keyFileError.ts'
import { readOpensshKey } from './opensshKey.ts'
import { passwordForms } from './passwordEncryption.ts'
import { type PemBlock, readPem } from './pem.ts'
import { decryptPkcs8, readPkcs12 } from './pkcs12.ts'
import { fromPkcs1, fromSec1, keySpecOf } from './privateKeys.ts'

export interface KeyInFile {
  readonly pkcs8: Bytes
  /** What the file calls it; may be empty. */
  readonly name: string
  /** Absent: no KMS key can be of this kind or size. */
  readonly keySpec?: KeySpec
}

export interface KeyFile {
  readonly keys: readonly KeyInFile[]
  /** DER, in the order of the file; not looked into. */
  readonly certificates: readonly Bytes[]
}

interface Found {
  readonly keys: readonly { readonly pkcs8: Bytes; readonly name: string }[]
  readonly certificates: readonly Bytes[]
}

interface Opening {
  readonly password: string | undefined
  readonly options: KeyFileOptions
}

const mostBytes = 4 * 1024 * 1024

/**
 * PKCS #12, PKCS #8 plain and encrypted, SEC 1, PKCS #1, JWK, OpenSSH; DER or PEM.
 * @throws KeyFileError, and nothing else for what the bytes hold
 */
export async function readKeyFile(
  bytes: Bytes,
  password?: string,
  options: KeyFileOptions = {},
): Promise<KeyFile> {
  if (bytes.byteLength > mostBytes) refuse('too-large')
  if (options.signal?.aborted) refuse('cancelled')
  try {
    const { keys, certificates } = await find(bytes, { password, options })
    return { keys: keys.map(withSpec), certificates }
  } catch (error) {
    if (error instanceof KeyFileError) throw error
    // What broken bytes throw from DER, text, numbers or curves: they are the same to the person.
    if (isOfBrokenBytes(error)) return refuse('damaged')
    throw error
  }
}

const isOfBrokenBytes = (error: unknown): boolean =>
  error instanceof DerError ||
  error instanceof CertificateError ||
  error instanceof RangeError ||
  error instanceof TypeError ||
  error instanceof SyntaxError

function withSpec({ pkcs8, name }: Found['keys'][number]): KeyInFile {
  const keySpec = keySpecOf(pkcs8)
  return keySpec ? { pkcs8, name, keySpec } : { pkcs8, name }
}

async function find(bytes: Bytes, opening: Opening): Promise<Found> {
  if (bytes[0] === tags.sequence) return inDer(berToDer(bytes), opening)
  const text = decodeUtf8(bytes)
  if (text.trimStart().startsWith('{')) return { keys: readJwks(bytes), certificates: [] }
  if (/^(ssh-|ecdsa-sha2-)\S+ AAAA/.test(text)) return refuse('public-key')
  return inPem(readPem(bytes) ?? refuse('damaged'), opening)
}

async function inPem(blocks: readonly PemBlock[], opening: Opening): Promise<Found> {
  const parts: Found[] = []
  for (const block of blocks) parts.push(await inBlock(block, opening))
  const found = {
    keys: parts.flatMap(({ keys }) => keys),
    certificates: parts.flatMap(({ certificates }) => certificates),
  }
  if (found.keys.length + found.certificates.length > 0) return found
  return refuse(
    blocks.some(({ label }) => label.endsWith('PUBLIC KEY')) ? 'public-key' : 'not-recognised',
  )
}

const only = (pkcs8: Bytes, name = ''): Found => ({ keys: [{ pkcs8, name }], certificates: [] })

async function inBlock({ label, headers, bytes }: PemBlock, opening: Opening): Promise<Found> {
  // OpenSSL's own encryption, by one round of MD5.
  if (headers.has('DEK-Info')) return refuse('unknown-encryption')
  switch (label) {
    case 'PRIVATE KEY':
      return only(bytes)
    case 'ENCRYPTED PRIVATE KEY':
      return only(await openPkcs8(bytes, opening))
    case 'RSA PRIVATE KEY':
      return only(fromPkcs1(bytes))
    case 'EC PRIVATE KEY':
      return only(fromSec1(bytes))
    case 'OPENSSH PRIVATE KEY': {
      const { pkcs8, name } = await readOpensshKey(bytes, opening.password, opening.options)
      return only(pkcs8, name)
    }
    case 'CERTIFICATE':
      return { keys: [], certificates: [bytes] }
    default:
      return { keys: [], certificates: [] }
  }
}

async function openPkcs8(der: Bytes, { password, options }: Opening): Promise<Bytes> {
  if (password === undefined) return refuse('needs-password')
  for (const form of passwordForms(password)) {
    try {
      return await decryptPkcs8(der, form, options)
    } catch (error) {
      if (!(error instanceof KeyFileError) || error.code !== 'wrong-password') throw error
    }
  }
  return refuse('wrong-password')
}

/** Told apart by the tags of the first members. */
async function inDer(der: Bytes, opening: Opening): Promise<Found> {
  const [first, second, third] = DerFields.whole(der).rest()
  if (first?.tag === tags.integer && second?.tag === tags.sequence) {
    if (third?.tag === tags.octetString) return only(der)
    return readPkcs12(der, opening.password, opening.options)
  }
  if (first?.tag === tags.integer && second?.tag === tags.integer) return only(fromPkcs1(der))
  if (first?.tag === tags.integer && second?.tag === tags.octetString) return only(fromSec1(der))
  if (first?.tag === tags.sequence && second?.tag === tags.octetString) {
    return only(await openPkcs8(der, opening))
  }
  if (first?.tag === tags.sequence && second?.tag === tags.bitString) return refuse('public-key')
  return { keys: [], certificates: readCertificates(der).map((certificate) => certificate.der) }
}
