// Where the browser lacks the post-quantum algorithms (Firefox today): a library computes, DescribeKey says
// so, and a vault whose keys the browser made goes on working, and the other way round.

import { createPublicKey, verify } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Background } from './background.ts'

let background: Background
beforeEach(async () => {
  background = await Background.withVault()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const withoutPostQuantum = () =>
  vi
    .spyOn(SubtleCrypto as unknown as { supports: () => boolean }, 'supports')
    .mockReturnValue(false)

const message = new TextEncoder().encode('to be signed')
const SigningAlgorithm = 'ML_DSA_SHAKE_256'
const EncapsulationAlgorithm = 'ML_KEM'

async function signsWell(KeyId: string) {
  const input = { KeyId, Message: message, SigningAlgorithm } as const
  const { Signature } = await background.call('kms:Sign', input)
  const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId })
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
  expect(verify(null, message, key, Signature)).toBe(true)
  expect(await background.refusal('kms:Verify', { ...input, Signature })).toBe('none')
}

async function sharesWell(KeyId: string) {
  const made = await background.call('kms:Encapsulate', { KeyId, EncapsulationAlgorithm })
  const { SharedSecretCiphertextBlob } = made
  const input = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob } as const
  expect((await background.call('kms:Decapsulate', input)).SharedSecret).toEqual(made.SharedSecret)
}

test.each(['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'] as const)(
  '%s signs in both worlds',
  async (KeySpec) => {
    const input = { KeySpec, KeyUsage: 'SIGN_VERIFY' } as const
    const byBrowser = (await background.call('kms:CreateKey', input)).KeyMetadata
    expect(byBrowser.Implementation).toBe('WebCrypto')
    const without = withoutPostQuantum()
    await signsWell(byBrowser.KeyId)
    const byLibrary = (await background.call('kms:CreateKey', input)).KeyMetadata
    expect(byLibrary.Implementation).toBe('JavaScript')
    await signsWell(byLibrary.KeyId)
    without.mockRestore()
    await signsWell(byLibrary.KeyId)
  },
)

test.each(['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const)(
  '%s shares in both worlds',
  async (KeySpec) => {
    const input = { KeySpec, KeyUsage: 'ENCAPSULATE_DECAPSULATE' } as const
    const { KeyId } = (await background.call('kms:CreateKey', input)).KeyMetadata
    const made = await background.call('kms:Encapsulate', { KeyId, EncapsulationAlgorithm })
    const without = withoutPostQuantum()
    await sharesWell(KeyId)
    const { SharedSecretCiphertextBlob } = made
    const again = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob } as const
    expect((await background.call('kms:Decapsulate', again)).SharedSecret).toEqual(
      made.SharedSecret,
    )
    const byLibrary = (await background.call('kms:CreateKey', input)).KeyMetadata
    without.mockRestore()
    await sharesWell(byLibrary.KeyId)
  },
)

test('secp256k1 and HMAC_224 are computed in JavaScript everywhere, and say so', async () => {
  for (const input of [
    { KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' },
    { KeySpec: 'HMAC_224', KeyUsage: 'GENERATE_VERIFY_MAC' },
  ] as const) {
    const { KeyMetadata } = await background.call('kms:CreateKey', input)
    expect(KeyMetadata.Implementation).toBe('JavaScript')
  }
})
