// The openssl command reads the public keys and verifies the signatures: what people have at hand.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KeySpec, SigningAlgorithm } from '../../src/protocol/keySpecs.ts'
import { Background } from '../unit/background.ts'

const installed = spawnSync('openssl', ['version']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'keyhearth-openssl-'))
const file = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest']
const files = ['-verify', file('key.pem'), '-signature', file('signature'), file('message')]
const pkeyutl = ['-verify', '-pubin', '-inkey', file('key.pem'), '-rawin', '-in', file('message')]

const cases = [
  ['RSA_2048', 'RSASSA_PSS_SHA_256', ['dgst', '-sha256', ...pss, ...files]],
  ['RSA_3072', 'RSASSA_PKCS1_V1_5_SHA_384', ['dgst', '-sha384', ...files]],
  ['RSA_4096', 'RSASSA_PSS_SHA_512', ['dgst', '-sha512', ...pss, ...files]],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', ['dgst', '-sha256', ...files]],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', ['dgst', '-sha384', ...files]],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', ['dgst', '-sha512', ...files]],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256', ['dgst', '-sha256', ...files]],
  [
    'ECC_NIST_EDWARDS25519',
    'ED25519_SHA_512',
    ['pkeyutl', ...pkeyutl, '-sigfile', file('signature')],
  ],
] as const satisfies readonly (readonly [KeySpec, SigningAlgorithm, readonly string[]])[]

const pem = (der: Uint8Array) =>
  `-----BEGIN PUBLIC KEY-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`

let background: Background
beforeAll(async () => {
  background = await Background.withVault()
})

if (!installed) test.skip('openssl is not installed on this machine', () => {})

describe.runIf(installed).each(cases)('%s with %s', (KeySpec, SigningAlgorithm, verify) => {
  test('is accepted by openssl, and refused for another message', async () => {
    const input = { KeySpec, KeyUsage: 'SIGN_VERIFY' } as const
    const { KeyId } = (await background.call('kms:CreateKey', input)).KeyMetadata
    const Message = new TextEncoder().encode('to be signed')
    const { Signature } = await background.call('kms:Sign', { KeyId, Message, SigningAlgorithm })
    const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
    writeFileSync(file('key.pem'), pem(PublicKey))
    writeFileSync(file('signature'), Signature)
    writeFileSync(file('message'), Message)
    const accepted = spawnSync('openssl', verify, { encoding: 'utf8' })
    expect(`${accepted.stdout}${accepted.stderr}`).toMatch(/Verified OK|Verified Successfully/)
    expect(accepted.status).toBe(0)
    writeFileSync(file('message'), 'something else')
    expect(spawnSync('openssl', verify).status).not.toBe(0)
  })
})
