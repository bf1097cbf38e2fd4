// Wycheproof through the security module's own mechanisms: what is valid opens, what was changed does not.

import { expect, test } from 'vitest'
import type { Bytes } from '../../src/codec/bytes.ts'
import { decodeHex, encodeHex } from '../../src/codec/text.ts'
import { decryptData } from '../../src/hsm/ciphers.ts'
import { deriveBytes } from '../../src/hsm/derivation.ts'
import { unwrapUnder, wrapUnder } from '../../src/hsm/keyWrapping.ts'
import type { DerivationMechanism, KeySpec } from '../../src/protocol/keySpecs.ts'
import { Background } from '../unit/background.ts'
import { describeVectors, readVectorJson } from './folder.ts'

interface Case {
  readonly tcId: number
  readonly result: 'valid' | 'invalid' | 'acceptable'
}

const casesOf = <Test>(file: string) =>
  readVectorJson<{ readonly testGroups: readonly { readonly tests: readonly (Test & Case)[] }[] }>(
    `wycheproof/${file}`,
  ).testGroups.flatMap(({ tests }) => tests)

const aesSpecs: Readonly<Record<number, KeySpec>> = { 16: 'AES_128', 24: 'AES_192', 32: 'AES_256' }

async function vaultWith(background: Background, spec: KeySpec, tcId: number, key: Bytes) {
  const { vault } = background.hsm.opened
  const place = { keyId: 'a key', materialId: `case ${tcId}`, spec }
  return { vault, material: await vault.materials.wrapBytes(place, key) }
}

describeVectors('wycheproof/aes_gcm_test.json', () => {
  interface Test {
    readonly key: string
    readonly iv: string
    readonly aad: string
    readonly msg: string
    readonly ct: string
    readonly tag: string
  }

  test('opens what is valid, of all three lengths of keys', async () => {
    const background = await Background.withVault()
    const usual = casesOf<Test>('aes_gcm_test.json').filter(({ iv }) => iv.length === 24)
    const seen = new Set<string>()
    for (const one of usual) {
      const key = decodeHex(one.key)
      const spec = aesSpecs[key.byteLength] ?? 'AES_256'
      const { vault, material } = await vaultWith(background, spec, one.tcId, key)
      const parameters = {
        mechanism: 'AES_GCM',
        iv: decodeHex(one.iv),
        additionalData: decodeHex(one.aad),
      } as const
      const opened = await decryptData(vault, material, parameters, decodeHex(one.ct + one.tag))
      expect(opened && encodeHex(opened), `case ${one.tcId}`).toBe(
        one.result === 'valid' ? one.msg : null,
      )
      seen.add(`${spec} ${one.result}`)
    }
    expect(seen.size).toBe(6)
  }, 60_000)
})

describeVectors('wycheproof/aes_wrap_test.json', () => {
  interface Test {
    readonly key: string
    readonly msg: string
    readonly ct: string
  }

  test.each([
    ['aes_wrap_test.json', 'AES_KEY_WRAP'],
    ['aes_kwp_test.json', 'AES_KEY_WRAP_PAD'],
  ] as const)(
    '%s',
    async (file, mechanism) => {
      const background = await Background.withVault()
      let [opened, refused] = [0, 0]
      for (const one of casesOf<Test>(file)) {
        const key = decodeHex(one.key)
        const spec = aesSpecs[key.byteLength] ?? 'AES_256'
        const { vault, material } = await vaultWith(background, spec, one.tcId, key)
        const secret = await unwrapUnder(vault, material, mechanism, decodeHex(one.ct))
        const right = secret !== null && encodeHex(secret) === one.msg
        // What the file calls acceptable are lengths that not every module takes.
        if (one.result !== 'acceptable') {
          expect(right, `case ${one.tcId}`).toBe(one.result === 'valid')
        }
        if (one.result === 'valid') {
          const by = { material, publicKey: null }
          const wrapped = await wrapUnder(vault, by, mechanism, decodeHex(one.msg))
          expect(wrapped && encodeHex(wrapped), `case ${one.tcId}`).toBe(one.ct)
        }
        if (right) opened++
        else refused++
      }
      expect(opened).toBeGreaterThan(20)
      expect(refused).toBeGreaterThan(20)
    },
    60_000,
  )
})

describeVectors('wycheproof/hkdf_sha256_test.json', () => {
  interface Test {
    readonly ikm: string
    readonly salt: string
    readonly info: string
    readonly size: number
    readonly okm: string
  }

  test.each([
    ['hkdf_sha256_test.json', 'HKDF_SHA_256', 255 * 32],
    ['hkdf_sha512_test.json', 'HKDF_SHA_512', 255 * 64],
  ] as const satisfies readonly (readonly [string, DerivationMechanism, number])[])(
    '%s',
    async (file, mechanism, most) => {
      const background = await Background.withVault()
      let derived = 0
      for (const one of casesOf<Test>(file).filter(({ size }) => size <= most)) {
        const { vault, material } = await vaultWith(
          background,
          'GENERIC_SECRET',
          one.tcId,
          decodeHex(one.ikm),
        )
        const bytes = await deriveBytes(vault, material, {
          mechanism,
          salt: decodeHex(one.salt),
          info: decodeHex(one.info),
          bytes: one.size,
          otherPublicKey: null,
        })
        expect(bytes && encodeHex(bytes), `case ${one.tcId}`).toBe(one.okm)
        derived++
      }
      expect(derived).toBeGreaterThan(50)
    },
    60_000,
  )
})
