// Certificates of the person's keys: made by their own page with `kms:Sign`, kept beside the key, and read by openssl.

import { beforeEach, expect, test } from 'vitest'
import { makeSelfSigned, readCertificate, type Signer } from '../../src/certificates/index.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { Background, page } from './background.ts'

let background: Background
let KeyId: string

beforeEach(async () => {
  background = await Background.withVault()
  KeyId = (await background.call('keyhearth:EnsureSigningKey', {})).KeyId
})

const SigningAlgorithm = 'ECDSA_SHA_256' as const

async function signerOf(key: string): Promise<Signer> {
  const { PublicKey } = await background.call('kms:GetPublicKey', { KeyId: key })
  return {
    algorithm: SigningAlgorithm,
    publicKey: PublicKey,
    sign: async (Message: Bytes) =>
      (await background.call('kms:Sign', { KeyId: key, Message, SigningAlgorithm })).Signature,
  }
}

async function selfSigned(key: string): Promise<Bytes> {
  const validity = { notBefore: Date.now(), notAfter: Date.now() + 86_400_000 }
  return makeSelfSigned(await signerOf(key), { subject: [['CN', 'Ann']], ...validity })
}

test('the key to sign with is made once', async () => {
  expect((await background.call('keyhearth:EnsureSigningKey', {})).KeyId).toBe(KeyId)
})

test('a certificate is kept with its key, and comes back whole after the worker’s end', async () => {
  const der = await selfSigned(KeyId)
  const { CertificateId } = await background.call('keyhearth:PutCertificate', {
    Kind: 'own',
    KeyId,
    Chain: [der],
    Name: 'Mine',
  })
  await background.restart()
  const { Certificates } = await background.call('keyhearth:ListCertificates', {})
  expect(Certificates).toMatchObject([{ CertificateId, Kind: 'own', KeyId, Name: 'Mine' }])
  expect(readCertificate(Certificates[0]?.Chain[0] as Bytes).der).toEqual(der)
})

test('a certificate of another key, and what is none, are refused', async () => {
  const { KeyMetadata } = await background.call('kms:CreateKey', {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
  })
  const other = await selfSigned(KeyMetadata.Arn)
  const own = (Chain: Bytes[]) => ({ Kind: 'own', KeyId, Chain })
  expect(await background.refusal('keyhearth:PutCertificate', own([other]))).toBe(
    'certificate-of-other-key',
  )
  const none = Uint8Array.of(0x30, 0x03, 1, 2, 3)
  expect(await background.refusal('keyhearth:PutCertificate', own([none]))).toBe(
    'certificate-malformed',
  )
  expect(
    await background.refusal('keyhearth:PutCertificate', { Kind: 'own', Chain: [other] }),
  ).toBe('invalid-input')
})

test('one that was issued here is revoked once; others are not', async () => {
  const Chain = [await selfSigned(KeyId)]
  const issued = await background.call('keyhearth:PutCertificate', { Kind: 'issued', KeyId, Chain })
  const trusted = await background.call('keyhearth:PutCertificate', { Kind: 'trusted', Chain })
  await background.call('keyhearth:RevokeCertificate', { ...issued, Reason: 1 })
  const first = await background.call('keyhearth:ListCertificates', {})
  await background.call('keyhearth:RevokeCertificate', { ...issued, Reason: 4 })
  const [entry, other] = (await background.call('keyhearth:ListCertificates', {})).Certificates
  expect(entry).toEqual(first.Certificates[0])
  expect(entry).toMatchObject({ RevocationReason: 1 })
  expect(other).not.toHaveProperty('RevokedAt')
  expect(await background.refusal('keyhearth:RevokeCertificate', { ...trusted, Reason: 1 })).toBe(
    'invalid-input',
  )
})

test('removed, it is gone; a page sees none of them', async () => {
  const Chain = [await selfSigned(KeyId)]
  const put = await background.call('keyhearth:PutCertificate', { Kind: 'trusted', Chain })
  await background.call('keyhearth:RemoveCertificate', put)
  expect((await background.call('keyhearth:ListCertificates', {})).Certificates).toEqual([])
  expect(await background.refusal('keyhearth:RemoveCertificate', put)).toBe('certificate-not-found')
  const site = page('https://site.example')
  expect(await background.refusal('keyhearth:ListCertificates', {}, site)).toBe('not-allowed')
})
