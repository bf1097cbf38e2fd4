// One function verifies every form: JWS, SSHSIG and minisign, inside or beside what they sign.

import { createPrivateKey, createPublicKey } from 'node:crypto'
import * as jose from 'jose'
import { expect, test } from 'vitest'
import { readKeyFile } from '../../src/certificates/keyFile.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { digestStream } from '../../src/documents/contentDigests.ts'
import { type KnownKey, readKnownKey } from '../../src/documents/judgeKey.ts'
import { signJws } from '../../src/documents/jws.ts'
import { signMinisign } from '../../src/documents/minisign.ts'
import { minisignKeyOf, writeMinisignKey } from '../../src/documents/minisignKey.ts'
import { runningBlake2b } from '../../src/documents/runningBlake2b.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { cmsToPem } from '../../src/documents/smime.ts'
import { openSshPublicKey } from '../../src/documents/sshPublicKey.ts'
import { signSsh } from '../../src/documents/sshSignature.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { testSigner } from './certificatesSigners.ts'
import { crlOf, makeAuthority, makeAuthorityUnder, makePerson, now } from './documentsPeople.ts'

const content = encodeUtf8('what I say')
const other = encodeUtf8('what I never said')
const at = new Date(now)
const asked = { file: content, anchors: [], at }

test('PEM CMS with its content inside gives the content', async () => {
  const authority = await makeAuthority()
  const ada = await makePerson(authority)
  const cms = await signCms({ signers: [ada], content, detached: false })
  const report = await verifyDocument({
    file: encodeUtf8(cmsToPem(cms)),
    anchors: [authority.certificate],
    crls: [await crlOf(authority)],
    at,
  })
  expect(report).toMatchObject({ form: 'cms-pem', verdict: 'valid', content })
})

test('JWS: by a key that is known, by the certificate in it, by a certificate at hand, by nobody', async () => {
  const authority = await makeAuthority()
  const ada = await makePerson(authority)
  const { signer, certificate } = ada
  const known: KnownKey = { name: 'Ada', spki: signer.publicKey, keyId: null }
  const compact = { form: 'compact' } as const
  const bare = encodeUtf8(await signJws(content, [{ signer }], compact))
  const byKey = await verifyDocument({ ...asked, file: bare, keys: [known] })
  expect(byKey).toMatchObject({ form: 'jws-compact', verdict: 'valid', content })
  expect(byKey.signatures[0]).toMatchObject({ who: 'Ada', revocation: 'not-applicable' })
  expect(await verifyDocument({ ...asked, file: bare })).toMatchObject({ verdict: 'incomplete' })

  const withChain = await signJws(content, [{ signer, certificates: [certificate] }], {
    form: 'general',
    detached: true,
  })
  const trusted = { anchors: [authority.certificate], crls: [await crlOf(authority)] }
  const byChain = await verifyDocument({ ...asked, ...trusted, signature: withChain })
  expect(byChain).toMatchObject({ form: 'jws-json', verdict: 'valid' })
  expect(byChain.signatures[0]).toMatchObject({ who: 'CN=Ada', anchor: authority.certificate })
  const bent = await verifyDocument({ ...asked, ...trusted, file: other, signature: withChain })
  expect(bent.verdict).toBe('altered')
  expect(await verifyDocument({ ...asked, signature: withChain })).toMatchObject({
    verdict: 'not-trusted',
  })
  // A key of somebody else does not make it altered.
  const stranger = { ...known, spki: (await testSigner('ECDSA_SHA_256')).publicKey }
  const unknown = await verifyDocument({ ...asked, file: bare, keys: [stranger] })
  expect(unknown.signatures[0]).toMatchObject({ verdict: 'incomplete', integrity: 'not-checked' })
})

test('JWS: the certificates between signer and anchor come in its header', async () => {
  const root = await makeAuthority('Root')
  const between = await makeAuthorityUnder(root, 'Between')
  const ada = await makePerson(between)
  const { signer, certificate } = ada
  const trusted = {
    anchors: [root.certificate],
    crls: [await crlOf(root), await crlOf(between)],
  }
  const signed = async (certificates: readonly Bytes[]) =>
    verifyDocument({
      ...asked,
      ...trusted,
      file: encodeUtf8(await signJws(content, [{ signer, certificates }], { form: 'compact' })),
    })
  expect(await signed([certificate, between.certificate.der])).toMatchObject({
    verdict: 'valid',
    signatures: [{ who: 'CN=Ada', anchor: root.certificate, revocation: 'good' }],
  })
  expect(await signed([certificate])).toMatchObject({
    verdict: 'not-trusted',
    signatures: [{ reason: 'no-path' }],
  })
})

test.each([false, true])('JWS beside its file, unencoded: %s', async (unencoded) => {
  const signer = await testSigner('ED25519_SHA_512')
  const known: KnownKey = { name: 'Ada', spki: signer.publicKey, keyId: null }
  const file = new Blob([content])
  const how = { form: 'compact', detached: true, unencoded } as const
  const signature = await signJws(content, [{ signer }], how)
  const beside = { ...asked, file, signature, keys: [known] }
  expect(await verifyDocument(beside)).toMatchObject({ form: 'jws-compact', verdict: 'valid' })
  expect(await verifyDocument({ ...beside, file: other })).toMatchObject({ verdict: 'altered' })
  const alone = await verifyDocument({ ...asked, file: encodeUtf8(signature), keys: [known] })
  expect(alone.signatures).toMatchObject([
    { verdict: 'incomplete', notChecked: ['content', 'signature'] },
  ])
})

const joseAlgorithms = ['RS256', 'PS384', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const

test.each(joseAlgorithms)('jose: a JWK is known by its public half alone (%s)', async (alg) => {
  const pair = await jose.generateKeyPair(alg, { extractable: true })
  const jws = await new jose.CompactSign(content).setProtectedHeader({ alg }).sign(pair.privateKey)
  const jwk = JSON.stringify({ ...(await jose.exportJWK(pair.publicKey)), kid: 'a', use: 'sig' })
  const key = readKnownKey(`\n${jwk}`, 'Ada')
  expect(key).toMatchObject({ name: 'Ada', keyId: null })
  const file = encodeUtf8(jws)
  const keys = key ? [key] : []
  const report = await verifyDocument({ ...asked, file, keys })
  expect(report).toMatchObject({ verdict: 'valid', signatures: [{ who: 'Ada' }] })
  const privateJwk = JSON.stringify(await jose.exportJWK(pair.privateKey))
  expect(readKnownKey(privateJwk, 'Ada')).toBeNull()
  const { keys: inFile } = await readKeyFile(encodeUtf8(privateJwk))
  const pkcs8 = Buffer.from(inFile[0]?.pkcs8 ?? new Uint8Array())
  const half = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }))
  expect(new Uint8Array(half.export({ format: 'der', type: 'spki' }))).toEqual(key?.spki)
})

test('SSHSIG: the key that signed is one that is known, or not', async () => {
  const signer = await testSigner('ED25519_SHA_512')
  const { 'SHA-512': sha512 } = await digestStream(new Blob([content]).stream(), ['SHA-512'])
  const signature = await signSsh(signer, { sha512: sha512 ?? content }, 'file')
  const key = readKnownKey(openSshPublicKey(signer.publicKey), 'Ada')
  const keys = key ? [key] : []
  const good = await verifyDocument({ ...asked, signature, keys })
  expect(good).toMatchObject({ form: 'ssh-signature', verdict: 'valid' })
  expect(good.signatures[0]).toMatchObject({ who: 'Ada', namespace: 'file' })
  const verdictOf = async (more: object) =>
    (await verifyDocument({ ...asked, signature, keys, ...more })).verdict
  expect(await verdictOf({ file: other })).toBe('altered')
  expect(await verdictOf({ keys: [] })).toBe('not-trusted')
  expect(await verdictOf({ sshNamespace: 'git' })).toBe('not-trusted')
})

test('minisign: the key that the signature names is known, or nothing can be said', async () => {
  const signer = await testSigner('ED25519_SHA_512')
  const hash = await runningBlake2b()
  hash.update(content)
  const signature = await signMinisign(signer, hash.digest(), { trustedComment: 'for you' })
  const file = writeMinisignKey(await minisignKeyOf(signer.publicKey))
  const key = readKnownKey(file, 'Ada')
  const keys = key ? [key] : []
  const good = await verifyDocument({ ...asked, signature, keys })
  expect(good).toMatchObject({ form: 'minisign', verdict: 'valid' })
  expect(good.signatures[0]).toMatchObject({ who: 'Ada', comment: 'for you' })
  expect(await verifyDocument({ ...asked, signature, keys, file: other })).toMatchObject({
    verdict: 'altered',
  })
  const unknown = await verifyDocument({ ...asked, signature })
  expect(unknown.signatures[0]).toMatchObject({
    verdict: 'incomplete',
    notChecked: ['signature', 'chain'],
    problems: ['another-key'],
  })
})

test('whatever bytes are given, there is a report', async () => {
  const signer = await testSigner('ED25519_SHA_512')
  const jws = encodeUtf8(await signJws(content, [{ signer, withKey: true }], { form: 'flattened' }))
  for (let at = 0; at < jws.byteLength; at += 7) {
    const bent = jws.slice()
    bent[at] = (bent[at] ?? 0) ^ 0x05
    expect((await verifyDocument({ ...asked, file: bent })).verdict).not.toBe('valid')
    expect((await verifyDocument({ ...asked, file: jws.slice(0, at) })).verdict).not.toBe('valid')
  }
})
