// Keys of every spec in the worker of a real Chromium: who computes, and that what is computed holds, also
// in a worker that was killed in between.

import type { Page } from '@playwright/test'
import type { Browser } from 'wxt/browser'
import { type KeySpec, keySpecNames, type Mechanism, specRow } from '../../src/protocol/keySpecs.ts'
import { expect, type Keyhearth, test } from './keyhearth.ts'

declare const chrome: typeof Browser

/** What Chromium's WebCrypto does not have. */
const byLibrary: ReadonlySet<KeySpec> = new Set([
  'ECC_SECG_P256K1',
  'HMAC_224',
  'ML_KEM_512',
  'AES_192',
])
/** None of it is made anew: it comes in with the data that it once encrypted. */
const madeElsewhere: KeySpec = 'TRIPLE_DES'
const ownSpecs = keySpecNames.filter((spec) => spec !== madeElsewhere)

type Answer = Readonly<Record<string, unknown>>

const callFrom =
  (popup: Page) =>
  async (operation: string, input: object): Promise<Answer> => {
    const reply = await popup.evaluate(
      async ([name, given]) => {
        const own = (value: unknown): unknown =>
          Array.isArray(value) ? new Uint8Array(value as number[]) : value
        const entries = Object.entries(given).map(([key, value]) => [key, own(value)])
        const call = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), operation: name }
        const message = { ...call, input: Object.fromEntries(entries) }
        const answer = await chrome.runtime.sendMessage(message)
        const plain = (_: string, value: unknown) =>
          value instanceof Uint8Array ? [...value] : value
        return JSON.parse(JSON.stringify(answer, plain))
      },
      [operation, input] as const,
    )
    if (!reply.ok) throw new Error(`${operation}: ${reply.error.reason}`)
    return reply.output
  }

const message = [...new TextEncoder().encode('to be computed with')]

async function useMechanism(
  call: ReturnType<typeof callFrom>,
  KeyId: string,
  Mechanism: Mechanism,
) {
  const made = await call('keyhearth:HsmEncrypt', { KeyId, Mechanism, Data: message })
  const input = { KeyId, Mechanism, Iv: made['Iv'], Data: made['Ciphertext'] }
  return async () => (await call('keyhearth:HsmDecrypt', input))['Plaintext']
}

/** Uses the key one way, and tells how to check the result the other way. */
async function use(call: ReturnType<typeof callFrom>, spec: KeySpec, KeyId: string) {
  const row = specRow(spec)
  const [usage] = row.usages
  const [SigningAlgorithm] = row.signing ?? []
  const [EncryptionAlgorithm] = row.encryption ?? []
  switch (usage) {
    case 'DERIVE_KEYS': {
      const derive = { KeyId, Mechanism: 'HKDF_SHA_256', NumberOfBytes: 32 }
      const { Secret } = await call('keyhearth:HsmDerive', derive)
      return async () => {
        const again = await call('keyhearth:HsmDerive', derive)
        return JSON.stringify(again['Secret']) === JSON.stringify(Secret)
      }
    }
    case 'ENCRYPT_DECRYPT': {
      const [mechanism] = row.mechanisms?.[usage] ?? []
      if (mechanism && !EncryptionAlgorithm) return useMechanism(call, KeyId, mechanism)
      const made = await call('kms:Encrypt', { KeyId, Plaintext: message, EncryptionAlgorithm })
      const input = { KeyId, CiphertextBlob: made['CiphertextBlob'], EncryptionAlgorithm }
      return async () => (await call('kms:Decrypt', input))['Plaintext']
    }
    case 'SIGN_VERIFY': {
      const input = { KeyId, Message: message, SigningAlgorithm }
      const { Signature } = await call('kms:Sign', input)
      return async () => (await call('kms:Verify', { ...input, Signature }))['SignatureValid']
    }
    case 'GENERATE_VERIFY_MAC': {
      const input = { KeyId, Message: message, MacAlgorithm: row.mac }
      const { Mac } = await call('kms:GenerateMac', input)
      return async () => (await call('kms:VerifyMac', { ...input, Mac }))['MacValid']
    }
    default: {
      const input = { KeyId, EncapsulationAlgorithm: 'ML_KEM' }
      const made = await call('kms:Encapsulate', input)
      const { SharedSecretCiphertextBlob } = made
      return async () => {
        const opened = await call('kms:Decapsulate', { ...input, SharedSecretCiphertextBlob })
        return JSON.stringify(opened['SharedSecret']) === JSON.stringify(made['SharedSecret'])
      }
    }
  }
}

async function make(keyhearth: Keyhearth) {
  const call = callFrom(await keyhearth.createVault())
  const checks: { spec: KeySpec; check: () => Promise<unknown> }[] = []
  for (const KeySpec of ownSpecs) {
    const [usage] = specRow(KeySpec).usages
    // RSA's first use is to encrypt; that it signs is for the unit tests.
    const made = await call('kms:CreateKey', { KeySpec, KeyUsage: usage })
    const metadata = made['KeyMetadata'] as { KeyId: string; Implementation: string }
    const expected = byLibrary.has(KeySpec) ? 'JavaScript' : 'WebCrypto'
    expect(metadata.Implementation, KeySpec).toBe(expected)
    checks.push({ spec: KeySpec, check: await use(call, KeySpec, metadata.KeyId) })
  }
  return checks
}

test('keys of every spec work, also after the worker was killed', async ({ keyhearth }) => {
  test.setTimeout(120_000)
  const checks = await make(keyhearth)
  expect(checks.length).toBe(keySpecNames.length - 1)
  await keyhearth.killWorker()
  for (const { spec, check } of checks) {
    const result = await check()
    expect(Array.isArray(result) ? result : result === true, spec).toEqual(
      Array.isArray(result) ? message : true,
    )
  }
})
