// codec: pure conversions between bytes and their written forms. This file: telling what somebody pasted
// that is encrypted, but not by Keyhearth, so that an error can name it.

const textFormats: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/-----BEGIN PGP (?:MESSAGE|SIGNED MESSAGE)-----/, 'an OpenPGP message'],
  [/-----BEGIN AGE ENCRYPTED FILE-----/, 'an age file'],
  [/^age-encryption\.org\/v1/, 'an age file'],
  [/-----BEGIN (?:CMS|PKCS7)-----/, 'a CMS (S/MIME) message'],
  [/-----BEGIN ENCRYPTED PRIVATE KEY-----/, 'an encrypted private key'],
  [/-----BEGIN [A-Z0-9 ]{1,40}-----/, 'a PEM file'],
  [/^\s*U2FsdGVkX1/, 'a file of `openssl enc`'],
  [/^\s*eyJ[\w-]{8,}(?:\.[\w-]*){4}\s*$/, 'a JSON Web Encryption (JWE)'],
  [/^\s*eyJ[\w-]{8,}(?:\.[\w-]*){2}\s*$/, 'a JSON Web Signature (JWS)'],
  [/^\s*\$ANSIBLE_VAULT;/, 'an Ansible vault'],
]

const longestLooked = 4096

/** What the text is, in words that fit "This is …", or `null`. */
export function foreignFormat(text: string): string | null {
  const head = text.slice(0, longestLooked)
  return textFormats.find(([pattern]) => pattern.test(head))?.[1] ?? null
}
