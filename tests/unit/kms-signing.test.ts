// Sign, GenerateMac, DeriveSharedSecret, Encapsulate and what goes with them, checked against Node's own
// crypto (OpenSSL): it must read the public keys, and accept what Keyhearth signs and reject what was changed.

import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  verify,
} from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  dataKeyPairSpecs,
  type KeySpec,
  keySpecNames,
  type SigningAlgorithm,
  specRow,
} from '../../src/protocol/keySpecs.ts'
import { Background } from './background.ts'

let background: Background
beforeAll(async () => {
  background = await Background.withVault()
})

const message = new TextEncoder().encode('to be signed')
const signingSpecs = keySpecNames.filter((spec) => specRow(spec).usages.includes('SIGN_VERIFY'))
const pairs = signingSpecs.flatMap((spec) =>
  (specRow(spec).signing ?? []).map((algorithm) => [spec, algorithm] as const),
)

async function make(
  KeySpec: KeySpec,
  KeyUsage:
    | 'SIGN_VERIFY'
    | 'KEY_AGREEMENT'
    | 'GENERATE_VERIFY_MAC'
    | 'ENCAPSULATE_DECAPSULATE'
    | 'ENCRYPT_DECRYPT',
) {
  const { KeyMetadata } = await background.call('kms:CreateKey', { KeySpec, KeyUsage })
  return KeyMetadata.KeyId
}

async function publicKeyOf(KeyId: string): Promise<KeyObject> {
  const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
  return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
}

const hashName = (algorithm: SigningAlgorithm) => `sha${algorithm.slice(-3)}`

/** What OpenSSL says of a signature over the whole message. */
function openSslVerifies(algorithm: SigningAlgorithm, key: KeyObject, signature: Uint8Array) {
  if (algorithm === 'ED25519_SHA_512' || algorithm === 'ML_DSA_SHAKE_256') {
    return verify(null, message, key, signature)
  }
  const pss = algorithm.startsWith('RSASSA_PSS')
  const padding = pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  const rsa = algorithm.startsWith('RSASSA') ? { padding } : {}
  const salt = pss ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}
  return verify(hashName(algorithm), message, { key, ...rsa, ...salt }, signature)
}

describe.each(pairs)('%s with %s', (spec, algorithm) => {
  const types = (['RAW', 'DIGEST', 'EXTERNAL_MU'] as const).filter((type) => {
    if (algorithm === 'ED25519_PH_SHA_512') return type === 'DIGEST'
    if (algorithm === 'ED25519_SHA_512') return type === 'RAW'
    if (algorithm === 'ML_DSA_SHAKE_256') return type !== 'DIGEST'
    return type !== 'EXTERNAL_MU'
  })

  test.each(types)(
    'signs %s; OpenSSL and Verify accept it, and nothing else',
    async (MessageType) => {
      const KeyId = await make(spec, 'SIGN_VERIFY')
      const digest = algorithm === 'ML_DSA_SHAKE_256' ? new Uint8Array(64).fill(7) : null
      const given =
        MessageType === 'RAW'
          ? message
          : (digest ?? new Uint8Array(createHash(hashName(algorithm)).update(message).digest()))
      const input = { KeyId, Message: given, MessageType, SigningAlgorithm: algorithm }
      const { Signature } = await background.call('kms:Sign', input)
      const known = algorithm !== 'ED25519_PH_SHA_512' && MessageType !== 'EXTERNAL_MU'
      if (known) expect(openSslVerifies(algorithm, await publicKeyOf(KeyId), Signature)).toBe(true)
      const verified = await background.call('kms:Verify', { ...input, Signature })
      expect(verified.SignatureValid).toBe(true)
      const changed = Signature.slice()
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
      expect(await background.refusal('kms:Verify', { ...input, Signature: changed })).toBe(
        'invalid-signature',
      )
      const other = given.slice()
      other[0] = (other[0] ?? 0) ^ 1
      expect(await background.refusal('kms:Verify', { ...input, Message: other, Signature })).toBe(
        'invalid-signature',
      )
    },
  )

  test('refuses digests of another length', async () => {
    const KeyId = await make(spec, 'SIGN_VERIFY')
    const Message = new Uint8Array(63)
    for (const MessageType of ['DIGEST', 'EXTERNAL_MU'] as const) {
      const input = { KeyId, Message, MessageType, SigningAlgorithm: algorithm }
      expect(await background.refusal('kms:Sign', input)).toBe('invalid-input')
    }
  })
})

test.each(signingSpecs)('%s refuses the algorithms of other specs', async (spec) => {
  const KeyId = await make(spec, 'SIGN_VERIFY')
  const others = pairs.map(([, one]) => one).filter((one) => !specRow(spec).signing?.includes(one))
  for (const SigningAlgorithm of new Set(others)) {
    const MessageType = SigningAlgorithm === 'ED25519_PH_SHA_512' ? 'DIGEST' : 'RAW'
    const input = { KeyId, Message: new Uint8Array(64), MessageType, SigningAlgorithm }
    expect(await background.refusal('kms:Sign', input)).toBe('key-algorithm')
  }
})

describe.each(['HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512'] as const)('%s', (spec) => {
  test('makes codes it verifies, and refuses changed ones', async () => {
    const KeyId = await make(spec, 'GENERATE_VERIFY_MAC')
    const MacAlgorithm = `HMAC_SHA_${spec.slice(-3)}` as 'HMAC_SHA_256'
    const input = { KeyId, Message: message, MacAlgorithm }
    const { Mac } = await background.call('kms:GenerateMac', input)
    expect(Mac.byteLength).toBe(Number(spec.slice(-3)) / 8)
    expect((await background.call('kms:VerifyMac', { ...input, Mac })).MacValid).toBe(true)
    Mac[0] = (Mac[0] ?? 0) ^ 1
    expect(await background.refusal('kms:VerifyMac', { ...input, Mac })).toBe('invalid-mac')
  })
})

describe.each([
  ['ECC_NIST_P256', 'prime256v1'],
  ['ECC_NIST_P384', 'secp384r1'],
  ['ECC_NIST_P521', 'secp521r1'],
] as const)('%s agrees', (spec, namedCurve) => {
  test('on the secret OpenSSL agrees on', async () => {
    const KeyId = await make(spec, 'KEY_AGREEMENT')
    const mine = generateKeyPairSync('ec', { namedCurve })
    const PublicKey = new Uint8Array(mine.publicKey.export({ format: 'der', type: 'spki' }))
    const input = { KeyId, PublicKey, KeyAgreementAlgorithm: 'ECDH' } as const
    const { SharedSecret } = await background.call('kms:DeriveSharedSecret', input)
    const theirs = { privateKey: mine.privateKey, publicKey: await publicKeyOf(KeyId) }
    expect(Buffer.from(SharedSecret)).toEqual(diffieHellman(theirs))
  })
})

test.each(['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const)(
  '%s shares a secret',
  async (spec) => {
    const KeyId = await make(spec, 'ENCAPSULATE_DECAPSULATE')
    const EncapsulationAlgorithm = 'ML_KEM'
    const made = await background.call('kms:Encapsulate', { KeyId, EncapsulationAlgorithm })
    const SharedSecretCiphertextBlob = made.SharedSecretCiphertextBlob
    const input = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob } as const
    const opened = await background.call('kms:Decapsulate', input)
    expect(opened.SharedSecret).toEqual(made.SharedSecret)
    expect(made.SharedSecret.byteLength).toBe(32)
    const cut = { ...input, SharedSecretCiphertextBlob: SharedSecretCiphertextBlob.slice(1) }
    expect(await background.refusal('kms:Decapsulate', cut)).toBe('invalid-ciphertext')
  },
)

test('RSA encrypts and decrypts what OpenSSL encrypts, up to its limit', async () => {
  const KeyId = await make('RSA_2048', 'ENCRYPT_DECRYPT')
  const key = await publicKeyOf(KeyId)
  for (const [EncryptionAlgorithm, oaepHash, most] of [
    ['RSAES_OAEP_SHA_1', 'sha1', 214],
    ['RSAES_OAEP_SHA_256', 'sha256', 190],
  ] as const) {
    const Plaintext = crypto.getRandomValues(new Uint8Array(most))
    const encrypted = await background.call('kms:Encrypt', {
      KeyId,
      Plaintext,
      EncryptionAlgorithm,
    })
    const theirs = new Uint8Array(publicEncrypt({ key, oaepHash }, Plaintext))
    for (const CiphertextBlob of [encrypted.CiphertextBlob, theirs]) {
      const input = { KeyId, CiphertextBlob, EncryptionAlgorithm }
      expect((await background.call('kms:Decrypt', input)).Plaintext).toEqual(Plaintext)
    }
    const long = { KeyId, Plaintext: new Uint8Array(most + 1), EncryptionAlgorithm }
    expect(await background.refusal('kms:Encrypt', long)).toBe('invalid-input')
  }
})

test.each(dataKeyPairSpecs)('a data key pair of %s is whole', async (KeyPairSpec) => {
  const { KeyMetadata } = await background.call('kms:CreateKey', {})
  const { KeyId } = KeyMetadata
  const pair = await background.call('kms:GenerateDataKeyPair', { KeyId, KeyPairSpec })
  const opened = await background.call('kms:Decrypt', {
    CiphertextBlob: pair.PrivateKeyCiphertextBlob,
  })
  expect(opened.Plaintext).toEqual(pair.PrivateKeyPlaintext)
  const secret = createPrivateKey({
    key: Buffer.from(pair.PrivateKeyPlaintext),
    format: 'der',
    type: 'pkcs8',
  })
  const shared = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  expect(new Uint8Array(shared)).toEqual(pair.PublicKey)
})
