// What a path is worth: which lists are heard of several, and whom an anchor may speak for.

import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { type Crl, type RevocationReason, readCrl } from '../../src/certificates/crl.ts'
import { issueCertificate, makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { makeCrl } from '../../src/certificates/makeCrl.ts'
import { checkPath } from '../../src/certificates/path.ts'
import { makeRequest, readRequest } from '../../src/certificates/request.ts'
import type { Signer } from '../../src/certificates/signer.ts'
import { testSigner } from './certificatesSigners.ts'
import {
  crlOf,
  day,
  makeAuthority,
  makePerson,
  now,
  serialOf,
  type TestAuthority,
} from './documentsPeople.ts'

describe('of several lists that are current', () => {
  async function asked() {
    const authority = await makeAuthority()
    const certificate = readCertificate((await makePerson(authority)).certificate)
    const { serialNumber } = certificate
    const list = async (daysAgo: number, reason?: RevocationReason, revokedAt = now - 4 * day) => {
      const times = { thisUpdate: now - daysAgo * day, nextUpdate: now + day }
      const revoked = reason ? [{ serialNumber, revokedAt, reason }] : []
      return readCrl(await makeCrl(authority, { number: 9 - daysAgo, ...times, revoked }))
    }
    const verdict = async (...crls: readonly Crl[]) => {
      const question = { certificate, others: [], anchors: [authority.certificate], time: now }
      const { reason, revocation } = await checkPath({ ...question, crls })
      const reversed = await checkPath({ ...question, crls: crls.toReversed() })
      expect(reversed.reason).toBe(reason)
      return { reason, of: revocation[0] }
    }
    return { list, verdict }
  }

  test('a newer one that revokes is heard though an older one stands first', async () => {
    const { list, verdict } = await asked()
    const found = await verdict(await list(3), await list(1, 'keyCompromise'))
    expect(found.reason).toBe('revoked')
  })

  test('what was revoked once is revoked, since the earliest time that is named', async () => {
    const { list, verdict } = await asked()
    const [early, late] = [now - 6 * day, now - 5 * day]
    const found = await verdict(
      await list(4, 'keyCompromise', late),
      await list(3, 'superseded', early),
      await list(1),
    )
    expect(found).toMatchObject({ reason: 'revoked', of: { revokedAt: early } })
  })

  test('a hold is lifted by a newer one, and by no older one', async () => {
    const { list, verdict } = await asked()
    const lifted = await verdict(await list(3, 'certificateHold'), await list(1))
    expect(lifted).toMatchObject({ reason: null, of: { status: 'good' } })
    const held = await verdict(await list(3), await list(1, 'certificateHold'))
    expect(held.reason).toBe('revoked')
  })
})

describe('an anchor', () => {
  /** Of whatever rights; the certificates and lists are made by code that does not ask for them. */
  async function rootOf(rights: Partial<Parameters<typeof makeSelfSigned>[1]>) {
    const signer = await testSigner('ECDSA_SHA_256')
    const content = {
      notBefore: now - day,
      notAfter: now + day,
      subject: [['CN', 'Root']],
    } as const
    const certificate = readCertificate(await makeSelfSigned(signer, { ...content, ...rights }))
    const { keyUsage: _, ...extensions } = certificate.extensions
    const basicConstraints = { isCa: true, pathLength: null }
    // What makes certificates and lists refuses to where they say that it may not.
    const asked = {
      ...certificate,
      extensions: { ...extensions, basicConstraints, keyUsage: null },
    }
    return { certificate, authority: { signer, certificate: asked } }
  }
  type Root = Awaited<ReturnType<typeof rootOf>>
  const question = ({ certificate }: Root, leaf: Uint8Array<ArrayBuffer>) => ({
    certificate: readCertificate(leaf),
    others: [certificate],
    anchors: [certificate],
    time: now,
  })

  test.each([
    ['a person', {}, 'not-a-ca'],
    [
      'an authority for something else',
      { isCa: true, keyUsage: ['cRLSign'] },
      'may-not-sign-certificates',
    ],
  ] as const)('that is %s vouches for itself alone', async (_, rights, reason) => {
    const root = await rootOf(rights)
    const own = await checkPath(question(root, root.certificate.der))
    expect(own.reason).toBe(null)
    const { certificate } = await makePerson(root.authority, 'CEO', { notAfter: now + day })
    const found = await checkPath(question(root, certificate))
    expect(found.reason).toBe(reason)
    expect(found.at?.subject.text).toBe('CN=Root')
  })

  test('of version 1 vouches for itself alone', async () => {
    const root = await rootOf({})
    const { extensions } = root.certificate
    const old = { ...root.certificate, version: 1 as const }
    const certificate = { ...old, extensions: { ...extensions, basicConstraints: null } }
    const { certificate: leaf } = await makePerson(root.authority, 'CEO', { notAfter: now + day })
    expect((await checkPath(question({ ...root, certificate }, leaf))).reason).toBe('not-a-ca')
  })

  test('limits how many authorities stand below it', async () => {
    const { authority, certificate } = await rootOf({ isCa: true, pathLength: 0 })
    const signer = await testSigner('ECDSA_SHA_256')
    const request = readRequest(await makeRequest(signer, { subject: [['CN', 'Between']] }))
    const grant = { notBefore: now - day, notAfter: now + day, isCa: true }
    const between = readCertificate(await issueCertificate(authority, request, grant))
    const leaf = await makePerson({ signer, certificate: between })
    const anchors = [certificate]
    const asked = { certificate: readCertificate(leaf.certificate), others: [between], anchors }
    expect((await checkPath({ ...asked, time: now })).reason).toBe('path-too-long')
  })

  test.each([
    [['keyCertSign', 'cRLSign'], 'revoked'],
    [['keyCertSign'], null],
  ] as const)('signs lists where its key may: %s', async (keyUsage, reason) => {
    const root = await rootOf({ isCa: true, keyUsage })
    const { certificate } = await makePerson(root.authority)
    const revoked = [{ serialNumber: serialOf(certificate), revokedAt: now - day }]
    const crls = [await crlOf(root.authority, revoked)]
    expect((await checkPath({ ...question(root, certificate), crls })).reason).toBe(reason)
  })
})

describe('weak keys', () => {
  /** RSA of 1024 bits, which WebCrypto makes still. */
  async function weakSigner(): Promise<Signer> {
    const name = 'RSASSA-PKCS1-v1_5'
    const size = { modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) }
    const algorithm = { name, hash: 'SHA-256', ...size }
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    return {
      algorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
      publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
      sign: async (message) =>
        new Uint8Array(await crypto.subtle.sign(name, pair.privateKey, message)),
    }
  }
  const grant = { notBefore: now - day, notAfter: now + day, isCa: true }
  const short = { notAfter: now + day / 2 }

  async function issued(by: TestAuthority, signer: Signer, name: string, usage = grant) {
    const request = readRequest(await makeRequest(signer, { subject: [['CN', name]] }))
    return { signer, certificate: readCertificate(await issueCertificate(by, request, usage)) }
  }

  test('of an authority in between', async () => {
    const root = await makeAuthority()
    const between = await issued(root, await weakSigner(), 'Between')
    const leaf = readCertificate((await makePerson(between, 'Ada', short)).certificate)
    const others = [between.certificate]
    const asked = { certificate: leaf, others, anchors: [root.certificate], time: now }
    const found = await checkPath(asked)
    expect(found.reason).toBe('weak-key')
    expect(found.at?.subject.text).toBe('CN=Between')
    expect((await checkPath({ ...asked, allowWeakKeys: true })).reason).toBe(null)
  })

  test('of an anchor', async () => {
    const signer = await weakSigner()
    const root = readCertificate(
      await makeSelfSigned(signer, { ...grant, subject: [['CN', 'Root']] }),
    )
    const person = await makePerson({ signer, certificate: root }, 'Ada', short)
    const certificate = readCertificate(person.certificate)
    const found = await checkPath({ certificate, others: [], anchors: [root], time: now })
    expect(found.reason).toBe('weak-key')
    expect(found.at).toBe(root)
  })

  test('of whoever signs a list, which then says nothing', async () => {
    const root = await makeAuthority()
    const person = readCertificate((await makePerson(root, 'Ada', short)).certificate)
    const sameName = async (signer: Signer) => issued(root, signer, 'Authority')
    const verdict = async (signer: Signer) => {
      const lists = await sameName(signer)
      const crls = [await crlOf(lists)]
      const asked = { certificate: person, others: [lists.certificate], crls, time: now }
      return (await checkPath({ ...asked, anchors: [root.certificate] })).notChecked
    }
    expect(await verdict(await weakSigner())).toEqual(['revocation'])
    expect(await verdict(await testSigner('ECDSA_SHA_256'))).toEqual([])
  })
})
