// Key files of OpenSSL, GnuTLS, NSS, Java and OpenSSH: every one is read, and gives the key it should.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { readKeyFile } from '../../src/certificates/keyFile.ts'
import { encodeHex } from '../../src/codec/text.ts'
import { describeVectors, readVector, vectorsFolder } from './folder.ts'

const folder = 'documents/key-files'
const read = (name: string) => readVector(`${folder}/${name}`)

/** As the README beside them says. */
function passwordOf(name: string): string {
  if (name.startsWith('openssl3-default')) return 'pässwörd'
  if (/emptypw|nomac/.test(name)) return ''
  if (name.startsWith('java')) return 'changeit'
  return name === 'ssh_ed25519_enc' ? 'pw' : 'test'
}

const isEncrypted = (name: string) =>
  /\.p12$|pbe|scrypt|_enc$/.test(name) && !/nomac|emptypw/.test(name)
const isPublic = (name: string) => /\.pub$|\.crt$|README/.test(name)

async function importsAndSigns(pkcs8: Uint8Array<ArrayBuffer>, keySpec: string | undefined) {
  const algorithm =
    keySpec === 'RSA_2048'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : keySpec === 'ECC_NIST_P256'
        ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
        : { name: 'Ed25519' }
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
  return crypto.subtle.exportKey('jwk', key)
}

describeVectors(folder, () => {
  const names = readdirSync(join(vectorsFolder, folder)).filter((name) => !isPublic(name))

  test('holds 26 of them', () => {
    expect(names.length).toBe(26)
  })

  test.each(names)('%s', async (name) => {
    const { keys, certificates } = await readKeyFile(read(name), passwordOf(name))
    expect(keys).toHaveLength(1)
    const [key] = keys
    if (!key) throw new Error('no key')
    const jwk = await importsAndSigns(key.pkcs8, key.keySpec)
    for (const der of certificates) {
      const { publicKey } = readCertificate(der)
      const member = Buffer.from(jwk.x ?? jwk.n ?? '', 'base64url')
      expect(encodeHex(publicKey)).toContain(member.toString('hex'))
    }
    if (name.endsWith('.p12')) expect(certificates.length).toBeGreaterThan(0)
  })

  describe.each(names.filter(isEncrypted))('%s', (name) => {
    test('names a wrong password, and a missing one', async () => {
      await expect(readKeyFile(read(name), 'wrong')).rejects.toMatchObject({
        code: 'wrong-password',
      })
      await expect(readKeyFile(read(name))).rejects.toMatchObject({ code: 'needs-password' })
    })
  })

  test.each(['ssh_ecdsa.pub', 'ssh_ed25519.pub'])('%s is a public key', async (name) => {
    await expect(readKeyFile(read(name))).rejects.toMatchObject({ code: 'public-key' })
  })

  test.each(['ec.crt', 'rsa.crt'])('%s is a certificate alone', async (name) => {
    const { keys, certificates } = await readKeyFile(read(name))
    expect([keys.length, certificates.length]).toEqual([0, 1])
  })

  test('cut at any length, a file is refused by name', async () => {
    const whole = read('openssl-plain-nomac-ec.p12')
    for (let length = 0; length < whole.byteLength; length++) {
      const code = await readKeyFile(whole.slice(0, length), '').then(
        () => 'read',
        (error: { readonly code?: string }) => error.code,
      )
      expect(['damaged', 'not-recognised']).toContain(code)
    }
  })
})
