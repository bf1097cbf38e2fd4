// AWS's own JavaScript library against our raw keyrings, both ways: RSA with every padding, AES-192.

import { generateKeyPairSync } from 'node:crypto'
import { buildDecrypt } from '@aws-crypto/decrypt-node'
import { buildEncrypt } from '@aws-crypto/encrypt-node'
import type { KeyringNode } from '@aws-crypto/material-management-node'
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node'
import { RawRsaKeyringNode } from '@aws-crypto/raw-rsa-keyring-node'
import { describe, expect, test } from 'vitest'
import {
  decrypt,
  encrypt,
  type Keyring,
  type RawRsaKeyringOptions,
  rawAesKeyring,
  rawRsaKeyring,
  suites,
} from '../../src/encryption-sdk/index.ts'

const theirs = { ...buildEncrypt(), ...buildDecrypt() }
const content = new TextEncoder().encode('content')
const encryptionContext = { purpose: 'test', Zone: 'ä' }
const committing = Object.values(suites).filter(({ messageFormat }) => messageFormat === 2)

async function bothWays(our: Keyring, their: KeyringNode) {
  for (const { id: suiteId } of committing) {
    const made = await encrypt(our, content, { encryptionContext, suiteId })
    const opened = await theirs.decrypt(their, made.result)
    expect(Buffer.compare(opened.plaintext, content)).toBe(0)
    const options = { encryptionContext, suiteId: suiteId as number }
    const other = await theirs.encrypt(their, content, options)
    const { plaintext } = await decrypt(our, new Uint8Array(other.result), { encryptionContext })
    expect(plaintext).toEqual(content)
  }
}

const names = { keyNamespace: 'a namespace', keyName: 'ä name' }
const pem = { type: 'spki', format: 'pem' } as const
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: pem,
  privateKeyEncoding: { ...pem, type: 'pkcs8' },
})

const oaep = [
  ['OAEP_SHA1_MGF1', 'SHA-1', 'sha1'],
  ['OAEP_SHA256_MGF1', 'SHA-256', 'sha256'],
  ['OAEP_SHA384_MGF1', 'SHA-384', 'sha384'],
  ['OAEP_SHA512_MGF1', 'SHA-512', 'sha512'],
] as const

describe('raw RSA', () => {
  test.each(oaep)('%s both ways, keys as PEM', async (padding, _hash, oaepHash) => {
    const their = new RawRsaKeyringNode({ ...names, rsaKey: { publicKey, privateKey }, oaepHash })
    await bothWays(rawRsaKeyring({ ...names, padding, publicKey, privateKey }), their)
  })

  test.each(oaep)('%s both ways, keys that cannot be read', async (padding, hash, oaepHash) => {
    const algorithm = {
      name: 'RSA-OAEP',
      hash,
      modulusLength: 3072,
      publicExponent: Uint8Array.of(1, 0, 1),
    }
    const pair = await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt'])
    const toPem = async (format: 'spki' | 'pkcs8', key: CryptoKey, label: string) => {
      const der = Buffer.from(await crypto.subtle.exportKey(format, key))
      return `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`
    }
    const rsaKey = {
      publicKey: await toPem('spki', pair.publicKey, 'PUBLIC KEY'),
      privateKey: await toPem('pkcs8', pair.privateKey, 'PRIVATE KEY'),
    }
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey)
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['decrypt'])
    const { publicKey } = pair
    const options: RawRsaKeyringOptions = { ...names, padding, publicKey, privateKey }
    await bothWays(rawRsaKeyring(options), new RawRsaKeyringNode({ ...names, rsaKey, oaepHash }))
  })

  test('PKCS1 both ways, in Node', async () => {
    const { RSA_PKCS1_PADDING: padding } = (await import('node:crypto')).constants
    const their = new RawRsaKeyringNode({ ...names, rsaKey: { publicKey, privateKey }, padding })
    await bothWays(rawRsaKeyring({ ...names, padding: 'PKCS1', publicKey, privateKey }), their)
  })
})

test('raw AES with 192 bits both ways', async () => {
  const wrappingKey = crypto.getRandomValues(new Uint8Array(24))
  const their = new RawAesKeyringNode({
    ...names,
    unencryptedMasterKey: new Uint8Array(wrappingKey),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES192_GCM_IV12_TAG16_NO_PADDING,
    utf8Sorting: true,
  })
  await bothWays(rawAesKeyring({ ...names, wrappingKey }), their)
})
