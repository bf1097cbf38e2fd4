// Signatures by the identifiers of X.509: each scheme holds for its message, and for no other message or key.

import { secp256k1 } from '@noble/curves/secp256k1.js'
import { describe, expect, test } from 'vitest'
import { algorithmIdentifierOf, readSignatureAlgorithm } from '../../src/certificates/algorithms.ts'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { checkPath } from '../../src/certificates/path.ts'
import { PolicyTree } from '../../src/certificates/policyTree.ts'
import { checkSignature, verifySignature } from '../../src/certificates/signatures.ts'
import type { Signer } from '../../src/certificates/signer.ts'
import { concatBytes } from '../../src/codec/bytes.ts'
import { writeSpki } from '../../src/codec/keyInfo.ts'
import { decodeHex, encodeUtf8 } from '../../src/codec/text.ts'
import { mlDsaSigner, testAlgorithms, testSigner } from './certificatesSigners.ts'

const message = encodeUtf8('to be signed')

/** WebCrypto has no such curve, so this one key is bytes. */
function secp256k1Signer(): Signer {
  const { secretKey, publicKey } = secp256k1.keygen()
  const point = secp256k1.Point.fromBytes(publicKey).toBytes(false)
  return {
    algorithm: 'ECDSA_SHA_256',
    publicKey: writeSpki('secp256k1', point),
    sign: async (bytes) =>
      concatBytes(secp256k1.sign(bytes, secretKey, { format: 'der', lowS: false })),
  }
}

const makers: readonly (readonly [string, () => Promise<Signer>])[] = [
  ...testAlgorithms.map((name) => [name, () => testSigner(name)] as const),
  ['ML-DSA-44', () => mlDsaSigner('ML-DSA-44')],
  ['ML-DSA-65', () => mlDsaSigner('ML-DSA-65')],
  ['ML-DSA-87', () => mlDsaSigner('ML-DSA-87')],
  ['secp256k1', async () => secp256k1Signer()],
]

describe.each(makers)('%s', (_, make) => {
  test('holds for its message and key alone', async () => {
    const signer = await make()
    const { publicKey } = signer
    const algorithm = algorithmIdentifierOf(signer.algorithm, publicKey)
    if (!algorithm) throw new Error('no identifier')
    const signature = await signer.sign(message)
    const input = { publicKey, algorithm, message, signature }
    expect(await verifySignature(input)).toBe(true)
    expect(await verifySignature({ ...input, message: encodeUtf8('something else') })).toBe(false)
    expect(await verifySignature({ ...input, publicKey: (await make()).publicKey })).toBe(false)
    expect(await verifySignature({ ...input, signature: signature.slice(1) })).toBe(false)
    const broken = signature.slice()
    broken[broken.length - 9] = (broken.at(-9) ?? 0) ^ 1
    expect(await verifySignature({ ...input, signature: broken })).toBe(false)
  })

  test('makes a certificate that its own key vouches for', async () => {
    const now = Date.now()
    const times = { notBefore: now - 1000, notAfter: Date.UTC(2051, 0, 1) }
    const der = await makeSelfSigned(await make(), { ...times, subject: [['CN', 'Ada']] })
    const certificate = readCertificate(der)
    const verdict = await checkPath({ certificate, others: [], anchors: [certificate], time: now })
    expect(verdict.reason).toBe(null)
    expect(certificate.notAfter).toBe(times.notAfter)
  })
})

test('SHA-1 is weak unless it was allowed, and MD5 always', async () => {
  const { publicKey } = await testSigner('ECDSA_SHA_256')
  const signature = message
  const sha1 = decodeHex('300906072a8648ce3d0401')
  const md5 = decodeHex('300d06092a864886f70d0101040500')
  const input = { publicKey, message, signature, allowInsecureSha1: true }
  expect(await checkSignature({ ...input, algorithm: sha1, allowInsecureSha1: false })).toBe(
    'weak-digest',
  )
  expect(await checkSignature({ ...input, algorithm: sha1 })).toBe('bad')
  expect(await checkSignature({ ...input, algorithm: md5 })).toBe('weak-digest')
})

test('RSASSA-PSS without parameters, or with those of another scheme, is refused', () => {
  expect(() => readSignatureAlgorithm(decodeHex('300b06092a864886f70d01010a'))).toThrow()
  expect(() => readSignatureAlgorithm(decodeHex('300706032b65700500'))).toThrow()
})

test('policy mappings that would double the tree with each certificate cost nothing', () => {
  const tree = new PolicyTree()
  const policies = ['1.1', '1.2'].map((oid) => ({ oid, qualifiers: [] }))
  const mappings = ['1.1', '1.2'].flatMap((issuerDomain) =>
    ['1.1', '1.2'].map((subjectDomain) => ({ issuerDomain, subjectDomain })),
  )
  for (let depth = 0; depth < 200; depth++) {
    tree.add(policies, true)
    tree.map(mappings, true)
  }
  expect([...tree.accepted(null)].sort()).toEqual(['1.1', '1.2'])
})
