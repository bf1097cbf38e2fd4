// Key files in the forms that no collection holds, made by the tools themselves; cancelling; wrong passwords.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readKeyFile } from '../../src/certificates/keyFile.ts'
import { encodeHex, encodeUtf8 } from '../../src/codec/text.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyhearth-key-files-'))
afterAll(() => rmSync(folder, { recursive: true }))
const has = (tool: string) => spawnSync(tool, ['-V']).error === undefined
const run = (tool: string, ...args: readonly string[]) => {
  const { status, stderr } = spawnSync(tool, args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')}: ${stderr}`)
}
const file = (name: string) => new Uint8Array(readFileSync(join(folder, name)))

const generations = [
  ['RSA_2048', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ['ECC_NIST_P256', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']],
  ['ECC_NIST_P384', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
  ['ECC_NIST_P521', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521']],
  ['ECC_SECG_P256K1', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1']],
  ['ECC_NIST_EDWARDS25519', ['-algorithm', 'ED25519']],
] as const

if (!has('openssl')) test.skip('openssl is not installed on this machine', () => {})
describe.runIf(has('openssl')).each(generations)('%s', (keySpec, args) => {
  run('openssl', 'genpkey', ...args, '-out', 'key.pem')
  run(
    'openssl',
    'pkcs8',
    '-topk8',
    '-nocrypt',
    '-in',
    'key.pem',
    '-outform',
    'DER',
    '-out',
    'key.der',
  )
  const plain = file('key.der')
  const traditional = keySpec === 'ECC_NIST_EDWARDS25519' ? null : keySpec
  if (traditional) run('openssl', 'pkey', '-in', 'key.pem', '-traditional', '-out', 'old.pem')
  const old = traditional ? file('old.pem') : null
  const encrypt = ['pkcs8', '-topk8', '-in', 'key.pem', '-passout', 'pass:pä']
  const forms = [
    ['-v2', 'aes-128-cbc'],
    ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA512'],
    ['-v2', 'des3', '-v2prf', 'hmacWithSHA1'],
    ['-scrypt'],
    ['-v1', 'PBE-SHA1-2DES'],
  ].map((form) => {
    run('openssl', ...encrypt, ...form, '-out', 'encrypted.pem')
    return [form.join(' '), file('encrypted.pem')] as const
  })

  test('PKCS #8, and the older form', async () => {
    expect((await readKeyFile(plain)).keys).toEqual([{ pkcs8: plain, name: '', keySpec }])
    if (!old) return
    const [key] = (await readKeyFile(old)).keys
    expect(key?.keySpec).toBe(keySpec)
    writeFileSync(join(folder, 'ours.der'), key?.pkcs8 ?? '')
    run('openssl', 'pkey', '-inform', 'DER', '-in', 'ours.der', '-noout', '-check')
  })

  test.each(forms)('encrypted with %s', async (_, bytes) => {
    const [key] = (await readKeyFile(bytes, 'pä')).keys
    expect(encodeHex(key?.pkcs8 ?? new Uint8Array(0))).toBe(encodeHex(plain))
    await expect(readKeyFile(bytes, 'pa')).rejects.toMatchObject({ code: 'wrong-password' })
  })
})

if (!has('ssh-keygen')) test.skip('ssh-keygen is not installed on this machine', () => {})
test.runIf(has('ssh-keygen')).each([
  ['rsa', 'RSA_2048', ['-b', '2048']],
  ['ecdsa', 'ECC_NIST_P384', ['-b', '384']],
  ['ecdsa', 'ECC_NIST_P521', ['-b', '521']],
  ['ed25519', 'ECC_NIST_EDWARDS25519', []],
] as const)('OpenSSH %s %s under a passphrase', async (type, keySpec, bits) => {
  const name = `ssh-${keySpec}`
  run('ssh-keygen', '-q', '-t', type, ...bits, '-N', 'pä', '-C', 'ada@hearth', '-f', name)
  const [key] = (await readKeyFile(file(name), 'pä')).keys
  expect(key).toMatchObject({ name: 'ada@hearth', keySpec })
  writeFileSync(join(folder, 'ssh.der'), key?.pkcs8 ?? '')
  run('openssl', 'pkey', '-inform', 'DER', '-in', 'ssh.der', '-noout')
  await expect(readKeyFile(file(name), 'pa')).rejects.toMatchObject({ code: 'wrong-password' })
})

test.each([
  [{ name: 'ECDSA', namedCurve: 'P-521' }],
  [{ name: 'Ed25519' }],
  [
    {
      name: 'RSA-PSS',
      modulusLength: 2048,
      publicExponent: Uint8Array.of(1, 0, 1),
      hash: 'SHA-256',
    },
  ],
])('JWK: $name', async (algorithm) => {
  // Exported here, as whoever wrote the file did.
  const extractable = true
  const pair = (await crypto.subtle.generateKey(algorithm, extractable, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const jwk = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const text = JSON.stringify({ keys: [{ ...jwk, kid: 'mine' }] })
  const [key] = (await readKeyFile(encodeUtf8(text))).keys
  expect(key?.name).toBe('mine')
  const imported = await crypto.subtle.importKey(
    'pkcs8',
    key?.pkcs8 ?? new Uint8Array(0),
    algorithm,
    true,
    ['sign'],
  )
  expect((await crypto.subtle.exportKey('jwk', imported)).d).toBe(jwk.d)
})

test.runIf(has('openssl'))('a million iterations: told of, and cancelled', async () => {
  run(
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'ed25519',
    '-nodes',
    '-keyout',
    'k',
    '-out',
    'c',
    '-subj',
    '/CN=a',
  )
  const many = ['-iter', '1000000', '-maciter', '-macalg', 'sha1', '-keypbe', 'PBE-SHA1-3DES']
  run(
    'openssl',
    'pkcs12',
    '-export',
    '-inkey',
    'k',
    '-in',
    'c',
    '-passout',
    'pass:x',
    ...many,
    '-out',
    'slow.p12',
  )
  const controller = new AbortController()
  const told: number[] = []
  const onProgress = (done: number) => {
    told.push(done)
    if (told.length === 3) controller.abort()
  }
  const { signal } = controller
  await expect(readKeyFile(file('slow.p12'), 'x', { signal, onProgress })).rejects.toMatchObject({
    code: 'cancelled',
  })
  expect(told).toHaveLength(3)
})

test.each([
  ['', 'not-recognised'],
  ['{', 'damaged'],
  ['{"kty":"RSA","n":"AQ"}', 'public-key'],
  ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', 'damaged'],
  ['-----BEGIN PRIVATE KEY-----\nAAAA', 'damaged'],
  [
    '-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n',
    'unknown-encryption',
  ],
])('%j is refused as %s', async (text, code) => {
  await expect(readKeyFile(encodeUtf8(text))).rejects.toMatchObject({ code })
})
