// codec: pure conversions between bytes and their written forms. This file: telling what somebody gave
// that is encrypted or signed, but not by Keyhearth, so that an error can name it.

import { encodeHex } from './text.ts'

const longestLooked = 4096

const textFormats: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/-----BEGIN PGP (?:MESSAGE|SIGNED MESSAGE|SIGNATURE)/, 'an OpenPGP message'],
  [/-----BEGIN PGP (?:PUBLIC|PRIVATE) KEY BLOCK/, 'an OpenPGP key'],
  [/-----BEGIN AGE ENCRYPTED FILE-----/, 'an age file'],
  [/^age-encryption\.org\/v1/, 'an age file'],
  [/-----BEGIN (?:CMS|PKCS7)-----/, 'a CMS (S/MIME) message'],
  [/-----BEGIN ENCRYPTED PRIVATE KEY-----/, 'an encrypted private key'],
  [/-----BEGIN (?!KEYHEARTH )[A-Z0-9 ]{1,40}-----/, 'a PEM file'],
  [/^Salted__/, 'a file of `openssl enc`'],
  [/^\s*U2FsdGVkX1/, 'a file of `openssl enc`'],
  [/^\s*eyJ[\w-]{8,}(?:\.[\w-]*){4}\s*$/, 'a JSON Web Encryption (JWE)'],
  [/^\s*eyJ[\w-]{8,}(?:\.[\w-]*){2}\s*$/, 'a JSON Web Signature (JWS)'],
  [/^\s*\$ANSIBLE_VAULT;/, 'an Ansible vault'],
]

/** Formats whose files begin with no text, by their first bytes in hex. */
const binaryFormats: readonly (readonly [pattern: RegExp, name: string])[] = [
  // RFC 9580 section 5.1: a session key encrypted to a public key, packet version 3 or 6.
  [/^(?:84..|85....|c1(?:[0-9ab].|[cd]...))0[36]/, 'an OpenPGP message'],
  // RFC 9580 section 5.3: a session key under a passphrase, packet version 4 to 6.
  [/^(?:8c|c3)[0-9ab].0[456]/, 'an OpenPGP message'],
  // RFC 5652 section 3: ContentInfo, 1.2.840.113549.1.7.x.
  [/^30(?:..){1,5}06092a864886f70d0107/, 'a CMS (S/MIME) message'],
]

/** What the text or the bytes are, in words that fit "This is …", or `null`. */
export function foreignFormat(given: string | Uint8Array): string | null {
  if (typeof given === 'string') return nameOf(textFormats, given.slice(0, longestLooked))
  const head = given.subarray(0, longestLooked)
  return (
    nameOf(binaryFormats, encodeHex(head.subarray(0, 32))) ??
    nameOf(textFormats, String.fromCharCode(...head))
  )
}

const nameOf = (formats: typeof textFormats, head: string): string | null =>
  formats.find(([pattern]) => pattern.test(head))?.[1] ?? null
