// Beginnings of what other tools write, and the name each gets in an error.

import { describe, expect, test } from 'vitest'
import { armour, armourOneLine } from '../../src/codec/armour.ts'
import { foreignFormat } from '../../src/codec/foreign.ts'
import { decodeHex, encodeUtf8 } from '../../src/codec/text.ts'

const jweHeader = 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ'

const texts: readonly (readonly [text: string, name: string])[] = [
  ['-----BEGIN PGP MESSAGE-----\n\nhQEMA', 'an OpenPGP message'],
  ['Hello\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512', 'an OpenPGP message'],
  ['-----BEGIN PGP PUBLIC KEY BLOCK-----', 'an OpenPGP key'],
  ['-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVu', 'an age file'],
  ['age-encryption.org/v1\n-> X25519 abc', 'an age file'],
  ['-----BEGIN CMS-----\nMIIB', 'a CMS (S/MIME) message'],
  ['-----BEGIN PKCS7-----\nMIIB', 'a CMS (S/MIME) message'],
  ['-----BEGIN CERTIFICATE-----\nMIIB', 'a PEM file'],
  ['U2FsdGVkX1+abcdefgh', 'a file of `openssl enc`'],
  [`${jweHeader}.a.b.c.d`, 'a JSON Web Encryption (JWE)'],
  ['eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln', 'a JSON Web Signature (JWS)'],
]

const files: readonly (readonly [hex: string, name: string])[] = [
  ['85010c03a1b2c3d4e5f60718', 'an OpenPGP message'],
  ['845e03a1b2c3d4e5f6071812', 'an OpenPGP message'],
  ['c1c04c03a1b2c3d4e5f60718', 'an OpenPGP message'],
  ['8c0d04090308a1b2c3d4e5f6', 'an OpenPGP message'],
  ['c30d04090308a1b2c3d4e5f6', 'an OpenPGP message'],
  ['3082021006092a864886f70d010703a0820201', 'a CMS (S/MIME) message'],
  ['308006092a864886f70d010702a080', 'a CMS (S/MIME) message'],
]

describe('what is encrypted by others', () => {
  test.each(texts)('%j as text and as bytes', (text, name) => {
    expect(foreignFormat(text)).toBe(name)
    expect(foreignFormat(encodeUtf8(text))).toBe(name)
  })

  test.each(files)('%s', (hex, name) => {
    expect(foreignFormat(decodeHex(hex))).toBe(name)
  })

  test('`openssl enc` in bytes', () => {
    expect(foreignFormat(encodeUtf8('Salted__12345678'))).toBe('a file of `openssl enc`')
  })

  test.each([
    'plain text',
    '',
    armour(Uint8Array.of(2, 5, 0x78, 1)),
    armourOneLine(Uint8Array.of(2, 5, 0x78, 1)),
    'a.b.c.d.e',
  ])('nothing in %j', (text) => {
    expect(foreignFormat(text)).toBeNull()
    expect(foreignFormat(encodeUtf8(text))).toBeNull()
  })

  test('nothing in a message of the Encryption SDK', () => {
    expect(foreignFormat(decodeHex('020578a1b2c3d4e5f60718'))).toBeNull()
    expect(foreignFormat(decodeHex('01800378a1b2c3d4e5f607'))).toBeNull()
  })
})
