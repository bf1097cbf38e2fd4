// Wycheproof through KMS. Where a file has private keys, each is imported into a key of origin EXTERNAL and
// the operation's answer compared. Where it has public keys alone, the signatures go to the function behind
// Verify, as messages and, for RSA and ECDSA, as digests too: that is the code which WebCrypto does not do.

import { createHash, createPrivateKey, publicEncrypt } from 'node:crypto'
import { expect, test } from 'vitest'
import { concatBytes } from '../../src/codec/bytes.ts'
import { writePkcs8 } from '../../src/codec/keyInfo.ts'
import { decodeHex, encodeHex } from '../../src/codec/text.ts'
import { agree, decapsulateUnder } from '../../src/hsm/agreement.ts'
import { open } from '../../src/hsm/binding.ts'
import { readImportedKey } from '../../src/hsm/importedKeys.ts'
import { makeImportParameters, openImported, openImportToken } from '../../src/hsm/importing.ts'
import { type Signing, verifyWith } from '../../src/hsm/signing.ts'
import type { KeySpec, SigningAlgorithm } from '../../src/protocol/keySpecs.ts'
import { Background } from '../unit/background.ts'
import { importExternal } from '../unit/importExternal.ts'
import { describeVectors, readVectorJson } from './folder.ts'

interface Case {
  readonly tcId: number
  readonly flags: readonly string[]
  readonly result: 'valid' | 'invalid' | 'acceptable'
}
interface File<Group, Test> {
  readonly testGroups: readonly (Group & { readonly tests: readonly (Test & Case)[] })[]
}

const groupsOf = <Group, Test>(file: string) =>
  readVectorJson<File<Group, Test>>(`wycheproof/${file}`).testGroups

interface SignatureTest {
  readonly msg: string
  /** ML-DSA's context, which is not KMS's to give. */
  readonly ctx?: string
  readonly sig: string
}

const signatureFiles = [
  ['ecdsa_secp256r1_sha256_test.json', 'ECC_NIST_P256', 'ECDSA_SHA_256'],
  ['ecdsa_secp384r1_sha384_test.json', 'ECC_NIST_P384', 'ECDSA_SHA_384'],
  ['ecdsa_secp521r1_sha512_test.json', 'ECC_NIST_P521', 'ECDSA_SHA_512'],
  ['ecdsa_secp256k1_sha256_test.json', 'ECC_SECG_P256K1', 'ECDSA_SHA_256'],
  ['ed25519_test.json', 'ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
  ['rsa_pss_2048_sha256_mgf1_32_test.json', 'RSA_2048', 'RSASSA_PSS_SHA_256'],
  ['rsa_signature_2048_sha256_test.json', 'RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256'],
  ['rsa_signature_3072_sha512_test.json', 'RSA_3072', 'RSASSA_PKCS1_V1_5_SHA_512'],
  ['mldsa_44_verify_test.json', 'ML_DSA_44', 'ML_DSA_SHAKE_256'],
  ['mldsa_65_verify_test.json', 'ML_DSA_65', 'ML_DSA_SHAKE_256'],
  ['mldsa_87_verify_test.json', 'ML_DSA_87', 'ML_DSA_SHAKE_256'],
] as const satisfies readonly (readonly [string, KeySpec, SigningAlgorithm])[]

const digestOf = (algorithm: SigningAlgorithm, message: Uint8Array) =>
  new Uint8Array(
    createHash(`sha${algorithm.slice(-3)}`)
      .update(message)
      .digest(),
  )

for (const [file, spec, algorithm] of signatureFiles) {
  describeVectors(`wycheproof/${file}`, () => {
    type Group = { readonly publicKeyDer?: string; readonly publicKey: unknown }
    const groups = groupsOf<Group, SignatureTest>(file)
    const hashed = spec.startsWith('RSA') || algorithm.startsWith('ECDSA')
    const types = hashed ? (['RAW', 'DIGEST'] as const) : (['RAW'] as const)

    test.each(types)('%s signatures are taken or refused as they should be', async (type) => {
      let [taken, refused] = [0, 0]
      for (const { publicKeyDer, tests } of groups) {
        for (const { tcId, msg, sig, result, ctx } of tests) {
          if (!publicKeyDer || ctx) continue
          const message = type === 'RAW' ? decodeHex(msg) : digestOf(algorithm, decodeHex(msg))
          const signing: Signing = { spec, algorithm, messageType: type, message }
          const holds = await verifies(decodeHex(publicKeyDer), signing, decodeHex(sig))
          if (result !== 'acceptable') expect(holds, `case ${tcId}`).toBe(result === 'valid')
          if (holds) taken++
          else refused++
        }
      }
      expect(taken).toBeGreaterThan(5)
      expect(refused).toBeGreaterThan(5)
    })
  })
}

/** A public key that is none is refused where it is imported; here that counts as a refusal. */
async function verifies(...of: Parameters<typeof verifyWith>): Promise<boolean> {
  try {
    return await verifyWith(...of)
  } catch {
    return false
  }
}

describeVectors('wycheproof/rsa_pss_4096_sha512_mgf1_32_test.json', () => {
  test('salts of another length than the hash are refused, as KMS does', async () => {
    type Group = { readonly publicKeyDer: string }
    const [group] = groupsOf<Group, SignatureTest>('rsa_pss_4096_sha512_mgf1_32_test.json')
    if (!group) throw new Error('no group')
    for (const { msg, sig } of group.tests.filter(({ result }) => result === 'valid')) {
      for (const messageType of ['RAW', 'DIGEST'] as const) {
        const message =
          messageType === 'RAW' ? decodeHex(msg) : digestOf('RSASSA_PSS_SHA_512', decodeHex(msg))
        const signing = {
          spec: 'RSA_4096',
          algorithm: 'RSASSA_PSS_SHA_512',
          messageType,
          message,
        } as const
        expect(await verifyWith(decodeHex(group.publicKeyDer), signing, decodeHex(sig))).toBe(false)
      }
    }
  })
})

for (const [file, spec, MacAlgorithm] of [
  ['hmac_sha224_test.json', 'HMAC_224', 'HMAC_SHA_224'],
  ['hmac_sha256_test.json', 'HMAC_256', 'HMAC_SHA_256'],
  ['hmac_sha384_test.json', 'HMAC_384', 'HMAC_SHA_384'],
  ['hmac_sha512_test.json', 'HMAC_512', 'HMAC_SHA_512'],
] as const) {
  describeVectors(`wycheproof/${file}`, () => {
    type Group = { readonly keySize: number; readonly tagSize: number }
    type Test = { readonly key: string; readonly msg: string; readonly tag: string }
    const bits = Number(spec.slice(-3))

    test('keys of KMS’s length make these codes', async () => {
      const background = await Background.withVault()
      const groups = groupsOf<Group, Test>(file)
      const whole = groups.filter(({ keySize, tagSize }) => keySize === bits && tagSize === bits)
      const ids = new Map<string, string>()
      let compared = 0
      for (const { key, msg, tag, result, tcId } of whole.flatMap(({ tests }) => tests)) {
        // KMS takes messages of 1 byte or more.
        if (msg === '') continue
        const secret = decodeHex(key)
        const KeyId =
          ids.get(key) ?? (await importExternal(background, spec, 'GENERATE_VERIFY_MAC', secret))
        ids.set(key, KeyId)
        const input = { KeyId, MacAlgorithm, Message: decodeHex(msg) }
        const refusal = await background.refusal('kms:VerifyMac', { ...input, Mac: decodeHex(tag) })
        expect(refusal, `case ${tcId}`).toBe(result === 'valid' ? 'none' : 'invalid-mac')
        const { Mac } = await background.call('kms:GenerateMac', input)
        expect(encodeHex(Mac) === tag, `case ${tcId}`).toBe(result === 'valid')
        compared++
      }
      expect(compared).toBeGreaterThan(20)
    }, 120_000)
  })
}

for (const [file, EncryptionAlgorithm] of [
  ['rsa_oaep_2048_sha1_mgf1sha1_test.json', 'RSAES_OAEP_SHA_1'],
  ['rsa_oaep_2048_sha256_mgf1sha256_test.json', 'RSAES_OAEP_SHA_256'],
] as const) {
  describeVectors(`wycheproof/${file}`, () => {
    type Group = { readonly privateKeyPkcs8: string }
    type Test = { readonly msg: string; readonly ct: string; readonly label: string }

    test('ciphertexts open or are refused', async () => {
      const background = await Background.withVault()
      let compared = 0
      for (const { privateKeyPkcs8, tests } of groupsOf<Group, Test>(file)) {
        const secret = decodeHex(privateKeyPkcs8)
        const KeyId = await importExternal(background, 'RSA_2048', 'ENCRYPT_DECRYPT', secret)
        for (const { tcId, msg, ct, label, result } of tests) {
          if (ct === '') continue
          const input = { KeyId, EncryptionAlgorithm, CiphertextBlob: decodeHex(ct) }
          // KMS has no label: what was made with one does not open.
          if (result === 'valid' && label === '') {
            const { Plaintext } = await background.call('kms:Decrypt', input)
            expect(encodeHex(Plaintext), `case ${tcId}`).toBe(msg)
          } else {
            const refusal = await background.refusal('kms:Decrypt', input)
            expect(refusal, `case ${tcId}`).toBe('invalid-ciphertext')
          }
          compared++
        }
      }
      expect(compared).toBeGreaterThan(20)
    })
  })
}

for (const [file, spec] of [
  ['ecdh_secp256r1_webcrypto_test.json', 'ECC_NIST_P256'],
  ['ecdh_secp384r1_webcrypto_test.json', 'ECC_NIST_P384'],
] as const) {
  describeVectors(`wycheproof/${file}`, () => {
    type Test = {
      readonly public: JsonWebKey
      readonly private: JsonWebKey
      readonly shared: string
    }
    const asPkcs8 = (jwk: JsonWebKey) =>
      new Uint8Array(
        createPrivateKey({ key: jwk as never, format: 'jwk' }).export({
          format: 'der',
          type: 'pkcs8',
        }),
      )
    /** By WebCrypto without the checks of Node's own parser; `null` where it is no key at all. */
    async function asSpki(jwk: JsonWebKey): Promise<Uint8Array<ArrayBuffer> | null> {
      try {
        const algorithm = { name: 'ECDH', namedCurve: jwk.crv ?? '' }
        const key = await crypto.subtle.importKey('jwk', jwk, algorithm, true, [])
        return new Uint8Array(await crypto.subtle.exportKey('spki', key))
      } catch {
        return null
      }
    }

    test('secrets are agreed on or refused', async () => {
      const { hsm } = await Background.withVault()
      const { vault } = hsm.opened
      let [agreed, refused] = [0, 0]
      for (const one of groupsOf<object, Test>(file).flatMap(({ tests }) => tests)) {
        const spki = await asSpki(one.public)
        const read = await readImportedKey(spec, asPkcs8(one.private))
        if (!spki || !read) {
          expect(one.result, `case ${one.tcId}`).not.toBe('valid')
          refused++
          continue
        }
        const place = { keyId: 'a key', materialId: `case ${one.tcId}`, spec }
        const material = await vault.materials.wrapBytes(place, read.secret)
        const shared = await agree(vault, material, spki)
        const holds = shared !== null && encodeHex(shared) === one.shared
        if (one.result !== 'acceptable') {
          expect(holds, `case ${one.tcId}`).toBe(one.result === 'valid')
        }
        if (holds) agreed++
        else refused++
      }
      expect(agreed).toBeGreaterThan(100)
      expect(refused).toBeGreaterThan(0)
    }, 60_000)

    test('the same through the operations', async () => {
      const background = await Background.withVault()
      const some = groupsOf<object, Test>(file)
        .flatMap(({ tests }) => tests)
        .filter(({ result }) => result === 'valid')
        .slice(0, 10)
      for (const { tcId, shared, ...jwks } of some) {
        const KeyId = await importExternal(background, spec, 'KEY_AGREEMENT', asPkcs8(jwks.private))
        const PublicKey = await asSpki(jwks.public)
        if (!PublicKey) throw new Error(`case ${tcId}: no key`)
        const input = { KeyId, PublicKey, KeyAgreementAlgorithm: 'ECDH' } as const
        const { SharedSecret } = await background.call('kms:DeriveSharedSecret', input)
        expect(encodeHex(SharedSecret), `case ${tcId}`).toBe(shared)
      }
      expect(some.length).toBe(10)
    }, 60_000)
  })
}

describeVectors('wycheproof/mldsa_65_sign_seed_test.json', () => {
  type Group = { readonly privateSeed: string; readonly publicKey: string }
  type Test = {
    readonly msg?: string
    readonly mu?: string
    readonly sig: string
    readonly ctx?: string
  }

  test('imported seeds have these public keys, and verify these signatures', async () => {
    const background = await Background.withVault()
    let compared = 0
    for (const { privateSeed, publicKey, tests } of groupsOf<Group, Test>(
      'mldsa_65_sign_seed_test.json',
    )) {
      if (privateSeed.length !== 64) continue
      const pkcs8 = writePkcs8('ML-DSA-65', decodeHex(privateSeed), new Uint8Array())
      const KeyId = await importExternal(background, 'ML_DSA_65', 'SIGN_VERIFY', pkcs8)
      const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
      expect(encodeHex(PublicKey).endsWith(publicKey)).toBe(true)
      for (const { tcId, msg, mu, sig, ctx, result } of tests) {
        const common = { KeyId, SigningAlgorithm: 'ML_DSA_SHAKE_256' } as const
        if (result !== 'valid' || ctx) continue
        for (const [MessageType, hex] of [
          ['RAW', msg],
          ['EXTERNAL_MU', mu],
        ] as const) {
          if (!hex || hex.length > 8192) continue
          const input = {
            ...common,
            MessageType,
            Message: decodeHex(hex),
            Signature: decodeHex(sig),
          }
          const refusal = await background.refusal('kms:Verify', input)
          expect(refusal, `case ${tcId} ${MessageType}`).toBe('none')
          compared++
        }
      }
    }
    expect(compared).toBeGreaterThan(20)
  }, 120_000)
})

describeVectors('wycheproof/mlkem_768_test.json', () => {
  type Test = { readonly seed: string; readonly ek: string; readonly c: string; readonly K: string }

  test('ciphertexts give these secrets', async () => {
    const { hsm } = await Background.withVault()
    const { vault } = hsm.opened
    let compared = 0
    for (const { tcId, seed, c, K, result } of groupsOf<object, Test>(
      'mlkem_768_test.json',
    ).flatMap(({ tests }) => tests)) {
      const pkcs8 = writePkcs8('ML-KEM-768', decodeHex(seed), new Uint8Array())
      const read = await readImportedKey('ML_KEM_768', pkcs8)
      const place = { keyId: 'a key', materialId: `case ${tcId}`, spec: 'ML_KEM_768' } as const
      const shared =
        read &&
        (await decapsulateUnder(
          vault,
          await vault.materials.wrapBytes(place, read.secret),
          decodeHex(c),
        ))
      expect(shared && encodeHex(shared), `case ${tcId}`).toBe(result === 'valid' ? K : null)
      compared++
    }
    expect(compared).toBeGreaterThan(100)
  })
})

describeVectors('wycheproof/mlkem_768_keygen_seed_test.json', () => {
  type Test = { readonly seed: string; readonly ek: string }

  test('seeds have these public keys', async () => {
    for (const { tcId, seed, ek } of groupsOf<object, Test>(
      'mlkem_768_keygen_seed_test.json',
    ).flatMap(({ tests }) => tests)) {
      const pkcs8 = writePkcs8('ML-KEM-768', decodeHex(seed), new Uint8Array())
      const read = await readImportedKey('ML_KEM_768', pkcs8)
      expect(read?.publicKey && encodeHex(read.publicKey).endsWith(ek), `case ${tcId}`).toBe(true)
    }
  })
})

describeVectors('wycheproof/aes_kwp_test.json', () => {
  type Group = { readonly keySize: number }
  type Test = { readonly key: string; readonly msg: string; readonly ct: string }

  test('wrapped key material is unwrapped or refused', async () => {
    const { hsm } = await Background.withVault()
    const { vault } = hsm.opened
    const wanted = {
      keyId: 'a key',
      algorithm: 'RSA_AES_KEY_WRAP_SHA_256',
      spec: 'RSA_2048',
    } as const
    const { token, publicKey } = await makeImportParameters(vault, { ...wanted, validTo: 0 })
    const opened = await openImportToken(vault, token)
    if (!opened) throw new Error('no token')
    const rsa = {
      key: Buffer.from(publicKey),
      format: 'der',
      type: 'spki',
      oaepHash: 'sha256',
    } as const
    let [taken, refused] = [0, 0]
    for (const { tcId, key, msg, ct, result } of groupsOf<Group, Test>('aes_kwp_test.json').flatMap(
      ({ tests }) => tests,
    )) {
      const first = publicEncrypt(rsa, decodeHex(key))
      const bytes = await openImported(vault, opened, concatBytes(first, decodeHex(ct)))
      if (result === 'valid') expect(bytes && encodeHex(bytes), `case ${tcId}`).toBe(msg)
      if (result === 'invalid') expect(bytes, `case ${tcId}`).toBe(null)
      if (bytes) taken++
      else refused++
    }
    expect(taken).toBeGreaterThan(20)
    expect(refused).toBeGreaterThan(20)
  })
})

describeVectors('wycheproof/aes_gcm_test.json', () => {
  type Group = { readonly keySize: number; readonly ivSize: number; readonly tagSize: number }
  type Test = Readonly<Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>>

  test('what is sealed as the vault seals it opens or is refused', async () => {
    let compared = 0
    for (const { keySize, ivSize, tagSize, tests } of groupsOf<Group, Test>('aes_gcm_test.json')) {
      if (keySize !== 256 || ivSize !== 96 || tagSize !== 128) continue
      for (const one of tests) {
        const key = await crypto.subtle.importKey('raw', decodeHex(one.key), 'AES-GCM', false, [
          'decrypt',
        ])
        const sealed = concatBytes(decodeHex(one.iv), decodeHex(one.ct), decodeHex(one.tag))
        const plaintext = await open(key, decodeHex(one.aad), sealed)
        expect(plaintext && encodeHex(plaintext), `case ${one.tcId}`).toBe(
          one.result === 'valid' ? one.msg : null,
        )
        compared++
      }
    }
    expect(compared).toBeGreaterThan(30)
  })
})
