// A small authority for tests of documents, with a person whose certificate it issued, and its revocation lists.

import { type Certificate, readCertificate } from '../../src/certificates/certificate.ts'
import { readCrl } from '../../src/certificates/crl.ts'
import type { ExtendedKeyUsage } from '../../src/certificates/extensions.ts'
import { issueCertificate, makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { makeCrl, type RevokedEntry } from '../../src/certificates/makeCrl.ts'
import { makeRequest, readRequest } from '../../src/certificates/request.ts'
import type { Signer } from '../../src/certificates/signer.ts'
import { type TestAlgorithm, testSigner } from './certificatesSigners.ts'

export const day = 86_400_000
export const now = Math.floor(Date.now() / 1000) * 1000

export async function makeAuthority(name = 'Authority') {
  const signer = await testSigner('ECDSA_SHA_256')
  const der = await makeSelfSigned(signer, {
    notBefore: now - 100 * day,
    notAfter: now + 100 * day,
    subject: [['CN', name]],
    isCa: true,
    keyUsage: ['keyCertSign', 'cRLSign'],
  })
  const certificate = readCertificate(der)
  return { signer, certificate }
}

export async function makeAuthorityUnder(above: TestAuthority, name: string) {
  const signer = await testSigner('ECDSA_SHA_256')
  const request = readRequest(await makeRequest(signer, { subject: [['CN', name]] }))
  const der = await issueCertificate(above, request, {
    notBefore: now - 50 * day,
    notAfter: now + 50 * day,
    isCa: true,
    keyUsage: ['keyCertSign', 'cRLSign'],
  })
  return { signer, certificate: readCertificate(der) }
}

export type TestAuthority = Awaited<ReturnType<typeof makeAuthority>>

export async function makePerson(
  authority: TestAuthority,
  name = 'Ada',
  {
    algorithm = 'ECDSA_SHA_256',
    notBefore = now - 10 * day,
    notAfter = now + 10 * day,
    extKeyUsage = [],
    signer: given,
  }: {
    algorithm?: TestAlgorithm
    notBefore?: number
    notAfter?: number
    extKeyUsage?: readonly ExtendedKeyUsage[]
    /** With a key of another kind. */
    signer?: Signer
  } = {},
) {
  const signer = given ?? (await testSigner(algorithm))
  const request = readRequest(await makeRequest(signer, { subject: [['CN', name]] }))
  const certificate = await issueCertificate(authority, request, {
    notBefore,
    notAfter,
    keyUsage: ['digitalSignature'],
    extKeyUsage,
  })
  return { signer, certificate, chain: [] }
}

export const crlOf = async (
  authority: TestAuthority,
  revoked: readonly RevokedEntry[] = [],
  thisUpdate = now - day,
) =>
  readCrl(
    await makeCrl(authority, { number: 1, thisUpdate, nextUpdate: thisUpdate + 7 * day, revoked }),
  )

export const serialOf = (der: Uint8Array<ArrayBuffer>): Certificate['serialNumber'] =>
  readCertificate(der).serialNumber
