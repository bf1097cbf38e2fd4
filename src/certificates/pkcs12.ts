// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: PKCS #12 (RFC 7292, and RFC 9579 for its newer integrity check), as many programs write it.

import { berToDer } from '../codec/ber.ts'
import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { DerFields, derElement, type Element, onlyElement, tags } from '../codec/der.ts'
import { readNumber, readOctets, readOid, readString } from '../codec/derValues.ts'
import { readAlgorithm } from './algorithmIdentifier.ts'
import { digestOfOid } from './algorithms.ts'
import { KeyFileError, type KeyFileOptions, refuse } from './keyFileError.ts'
import {
  decryptUnderPassword,
  derivedKey,
  hmacHash,
  type PasswordBytes,
  passwordForms,
} from './passwordEncryption.ts'
import { pkcs12Key } from './pkcs12Kdf.ts'

export interface Pkcs12Content {
  readonly keys: { readonly pkcs8: Bytes; readonly name: string }[]
  readonly certificates: Bytes[]
}

const dataOid = '1.2.840.113549.1.7.1'
const encryptedOid = '1.2.840.113549.1.7.6'
const bag = (last: number): string => `1.2.840.113549.1.12.10.1.${last}`
const mostBags = 1_000
const mostDepth = 4

/**
 * May throw `DerError`: the caller names it.
 * @param password none is tried as an empty one first
 * @throws KeyFileError
 */
export async function readPkcs12(
  der: Bytes,
  password: string | undefined,
  options: KeyFileOptions,
): Promise<Pkcs12Content> {
  const fields = DerFields.whole(der)
  if (readNumber(fields.take(tags.integer)) !== 3) refuse('damaged')
  const safe = dataOf(fields.open())
  const mac = fields.optional(tags.sequence)
  fields.end()
  for (const form of passwordForms(password ?? '')) {
    if (mac && !(await isAuthentic(mac, safe, form, options))) continue
    try {
      return await readSafe(safe, form, options)
    } catch (error) {
      if (!(error instanceof KeyFileError) || error.code !== 'wrong-password') throw error
    }
  }
  return refuse(password === undefined ? 'needs-password' : 'wrong-password')
}

/** ContentInfo of the kind data. */
function dataOf(fields: DerFields): Bytes {
  // Signed with a key instead of a password: nobody writes that.
  if (readOid(fields.any()) !== dataOid) return refuse('unknown-encryption')
  return readOctets(fields.open(tags.explicit0).any())
}

/** Section 4, MacData: by the scheme of appendix B, or PBMAC1. */
async function isAuthentic(
  { der }: Element,
  content: Bytes,
  password: PasswordBytes,
  options: KeyFileOptions,
): Promise<boolean> {
  const fields = DerFields.whole(der)
  const info = fields.open()
  const algorithm = readAlgorithm(info.any())
  const wanted = readOctets(info.any())
  const salt = readOctets(fields.any())
  const iterations = fields.remaining > 0 ? readNumber(fields.any()) : 1
  if (algorithm.oid === '1.2.840.113549.1.5.14') {
    const parameters = DerFields.whole(algorithm.parameters ?? refuse('damaged'))
    const derivation = readAlgorithm(parameters.any())
    const hash = hmacHash(readAlgorithm(parameters.any()).oid)
    const key = await derivedKey(derivation, password.utf8, wanted.byteLength, options)
    return equalBytes(await hmac(hash, key, content), wanted)
  }
  const hash = digestOfOid(algorithm.oid)
  if (!hash || hash === 'MD5' || hash === 'SHA-224') return refuse('unknown-encryption')
  const bytes = wanted.byteLength
  const derivation = { hash, id: 3, password: password.bmp, salt, iterations, bytes } as const
  return equalBytes(await hmac(hash, await pkcs12Key(derivation, options), content), wanted)
}

async function hmac(hash: string, key: Bytes, content: Bytes): Promise<Bytes> {
  const algorithm = { name: 'HMAC', hash }
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, content))
}

async function readSafe(
  safe: Bytes,
  password: PasswordBytes,
  options: KeyFileOptions,
): Promise<Pkcs12Content> {
  const content: Pkcs12Content = { keys: [], certificates: [] }
  for (const { der } of DerFields.whole(berToDer(safe)).rest()) {
    const fields = DerFields.whole(der)
    const kind = readOid(fields.any())
    const inner = fields.open(tags.explicit0)
    if (kind !== dataOid && kind !== encryptedOid) return refuse('unknown-encryption')
    const plain =
      kind === dataOid
        ? readOctets(inner.any())
        : await decryptContent(inner.open(), password, options)
    await readBags(parsed(plain, kind === encryptedOid), content, password, options, 0)
  }
  return content
}

/** What a wrong password decrypts to may end in what looks like padding. */
function parsed(plain: Bytes, wasEncrypted: boolean): DerFields {
  try {
    return DerFields.whole(berToDer(plain))
  } catch (error) {
    if (wasEncrypted) refuse('wrong-password')
    throw error
  }
}

/** EncryptedData (RFC 5652 section 8). */
async function decryptContent(
  fields: DerFields,
  password: PasswordBytes,
  options: KeyFileOptions,
): Promise<Bytes> {
  readNumber(fields.any())
  const info = fields.open()
  info.any()
  const algorithm = readAlgorithm(info.any())
  const { tag, content } = info.any()
  // Implicitly tagged, and in old files in pieces.
  const pieces = tag === tags.explicit0 ? DerFields.in(content).rest().map(readOctets) : [content]
  return decryptUnderPassword(algorithm, concatBytes(...pieces), password, options)
}

async function readBags(
  bags: DerFields,
  into: Pkcs12Content,
  password: PasswordBytes,
  options: KeyFileOptions,
  depth: number,
): Promise<void> {
  const list = bags.rest()
  if (list.length > mostBags || depth > mostDepth) refuse('too-large')
  for (const { der } of list) {
    const fields = DerFields.whole(der)
    const kind = readOid(fields.any())
    const value = onlyElement(fields.take(tags.explicit0).content)
    const name = friendlyName(fields.optional(tags.set))
    if (kind === bag(1)) into.keys.push({ pkcs8: value.der, name })
    if (kind === bag(2)) {
      into.keys.push({ pkcs8: await decryptPkcs8(value.der, password, options), name })
    }
    if (kind === bag(3)) into.certificates.push(...certificateOf(value))
    if (kind === bag(6))
      await readBags(DerFields.in(value.content), into, password, options, depth + 1)
  }
}

function certificateOf({ der }: Element): readonly Bytes[] {
  const fields = DerFields.whole(der)
  const isX509 = readOid(fields.any()) === '1.2.840.113549.1.9.22.1'
  return isX509 ? [readOctets(fields.open(tags.explicit0).any())] : []
}

function friendlyName(attributes: Element | null): string {
  if (!attributes) return ''
  for (const { der } of DerFields.in(attributes.content).rest()) {
    const fields = DerFields.whole(der)
    if (readOid(fields.any()) !== '1.2.840.113549.1.9.20') continue
    const values = fields.open(tags.set)
    return values.remaining > 0 ? readString(values.any()) : ''
  }
  return ''
}

/** EncryptedPrivateKeyInfo (RFC 5958 section 3). @returns PKCS #8 */
export async function decryptPkcs8(
  der: Bytes,
  password: PasswordBytes,
  options: KeyFileOptions,
): Promise<Bytes> {
  const fields = DerFields.whole(der)
  const algorithm = readAlgorithm(fields.any())
  const encrypted = readOctets(fields.any())
  fields.end()
  const plain = await decryptUnderPassword(algorithm, encrypted, password, options)
  try {
    const { tag, content } = onlyElement(plain)
    return derElement(tag, content)
  } catch {
    return refuse('wrong-password')
  }
}
