// `keyhearth.verify` in a page: valid is said where the page names the signer, and nothing was left unchecked.

import { describe, expect, test } from 'vitest'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { writePem } from '../../src/certificates/pem.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { signJws } from '../../src/documents/jws.ts'
import { readCms } from '../../src/documents/readCms.ts'
import { signCms, writeCms } from '../../src/documents/signCms.ts'
import type { Channel } from '../../src/provider/channel.ts'
import { type VerifyRequest, verifyForPage } from '../../src/provider/verify.ts'
import { testSigner } from './certificatesSigners.ts'
import { crlOf, day, makeAuthority, makePerson, now } from './documentsPeople.ts'

const data = encodeUtf8('The rent is 900 a month.')

/** The page's side of a vault that has that one key. */
const vaultOf = (publicKey: Bytes) =>
  ({ call: async () => ({ PublicKey: publicKey }) }) as unknown as Channel
const nobody = vaultOf(new Uint8Array())

const verify = (asked: Partial<VerifyRequest>, channel = nobody) =>
  verifyForPage(channel, { data, signature: null, format: 'cms', ...asked })

async function selfSigned(notAfter = now + day) {
  const signer = await testSigner('ECDSA_SHA_256')
  const times = { notBefore: now - 2 * day, notAfter }
  const certificate = await makeSelfSigned(signer, { ...times, subject: [['CN', 'Ada']] })
  return { signer, certificate, chain: [] }
}

const signed = (by: Awaited<ReturnType<typeof selfSigned>>) =>
  signCms({ signers: [by], content: data, detached: true })

describe('a signature that nobody is said to have made', () => {
  test('is intact and not valid', async () => {
    const found = await verify({ signature: await signed(await selfSigned()) })
    expect(found).toMatchObject({ valid: false, intact: true })
    expect(found.reasons).toContain('signer-not-known')
  })

  test('altered is neither', async () => {
    const other = encodeUtf8('The rent is 9 a month.')
    const found = await verify({ data: other, signature: await signed(await selfSigned()) })
    expect(found).toMatchObject({ valid: false, intact: false })
    expect(found.reasons).toContain('altered')
  })
})

describe('with a certificate', () => {
  test('of the signer’s own it is valid, of another it is not', async () => {
    const [ada, bob] = [await selfSigned(), await selfSigned()]
    const signature = await signed(ada)
    const valid = { valid: true, intact: true, reasons: [] }
    expect(await verify({ signature, certificate: ada.certificate })).toMatchObject(valid)
    const pem = writePem('CERTIFICATE', ada.certificate)
    expect(await verify({ signature, certificate: pem })).toMatchObject(valid)
    const found = await verify({ signature, certificate: bob.certificate })
    expect(found).toMatchObject({ valid: false, intact: true })
  })

  test('of an authority it is valid where a list says that nothing was revoked', async () => {
    const authority = await makeAuthority()
    const ada = await makePerson(authority)
    const bare = await signed(ada)
    const certificate = authority.certificate.der
    expect(await verify({ signature: bare, certificate })).toMatchObject({
      valid: false,
      intact: true,
      reasons: ['not-checked:revocation'],
    })
    const cms = readCms(bare)
    const signature = writeCms({
      ...cms,
      digestAlgorithms: cms.digestAlgorithms.map(({ der }) => der),
      signers: cms.signers.map(({ der }) => der),
      certificateChoices: [ada.certificate],
      revocationChoices: [(await crlOf(authority)).der],
    })
    expect(await verify({ signature, certificate })).toMatchObject({ valid: true, reasons: [] })
  })

  test('for something else it is not valid', async () => {
    const authority = await makeAuthority()
    const server = await makePerson(authority, 'www.example.com', { extKeyUsage: ['serverAuth'] })
    const certificate = authority.certificate.der
    const found = await verify({ signature: await signed(server), certificate })
    expect(found).toMatchObject({ valid: false, intact: true })
    expect(found.reasons).toContain('wrong-extended-key-usage')
  })

  test('a bare signature is by its key, while it is in force', async () => {
    const [ada, old] = [await selfSigned(), await selfSigned(now - day)]
    const bare = async ({ signer, certificate }: typeof ada) =>
      verify({ signature: await signer.sign(data), certificate, format: 'raw' })
    expect(await bare(ada)).toMatchObject({ valid: true, intact: true, reasons: [] })
    expect(await bare(old)).toMatchObject({ valid: false, intact: true, reasons: ['expired'] })
    const wrong = { signature: await ada.signer.sign(data), certificate: old.certificate }
    const found = await verify({ ...wrong, format: 'raw' })
    expect(found).toMatchObject({ valid: false, intact: false })
  })
})

describe('with a key of the vault', () => {
  test('it is valid whoever issued the certificate, as nobody could revoke the key', async () => {
    const ada = await makePerson(await makeAuthority())
    const signature = await signed(ada)
    const asked = { signature, keyId: 'alias/signing' }
    const vault = vaultOf(ada.signer.publicKey)
    expect(await verify(asked, vault)).toMatchObject({ valid: true, intact: true, reasons: [] })
    const other = await testSigner('ECDSA_SHA_256')
    const found = await verify(asked, vaultOf(other.publicKey))
    expect(found).toMatchObject({ valid: false, intact: true, reasons: ['another-key'] })
  })

  test('a JWS without a certificate is valid, too', async () => {
    const signer = await testSigner('ECDSA_SHA_256')
    const signature = await signJws(data, [{ signer, withKey: true }], { form: 'compact' })
    const asked = { signature, format: 'jws', keyId: 'alias/signing' } as const
    const found = await verify(asked, vaultOf(signer.publicKey))
    expect(found).toMatchObject({ valid: true, intact: true, reasons: [] })
    const other = await testSigner('ECDSA_SHA_256')
    expect(await verify(asked, vaultOf(other.publicKey))).toMatchObject({
      valid: false,
      intact: true,
      reasons: ['another-key'],
    })
  })
})
