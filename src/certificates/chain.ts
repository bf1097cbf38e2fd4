// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: certificates in any order, put one above the other. Whether the chain is any good, path.ts says.

import { type Certificate, isSelfIssued, sameCertificate } from './certificate.ts'
import { checkSignature } from './signatures.ts'

/** With the certificate itself; PKITS has seven, the web four. */
const mostInChain = 10
/** Signatures verified for one chain, whatever the file holds. */
const mostSignatures = 100

/**
 * The certificate first, then who issued each, as far as `others` go; the root last, where it is among them.
 * @param others in any order, and more than are needed
 */
export async function chainOf(
  certificate: Certificate,
  others: readonly Certificate[],
): Promise<readonly Certificate[]> {
  const chain = [certificate]
  let work = mostSignatures
  const issuerOf = async (one: Certificate): Promise<Certificate | null> => {
    for (const other of others) {
      if (other.subject.key !== one.issuer.key) continue
      if (chain.some((known) => sameCertificate(known, other))) continue
      if (work-- <= 0) return null
      if (await isSignedBy(one, other)) return other
    }
    return null
  }
  for (let last = certificate; chain.length < mostInChain; ) {
    const issuer = isSelfIssued(last) ? null : await issuerOf(last)
    if (!issuer) break
    chain.push(issuer)
    last = issuer
  }
  return chain
}

/** Old chains are put in order, too: the digest's weakness is said elsewhere. */
async function isSignedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const { tbs: message, signature, signatureAlgorithm } = certificate
  const { publicKey } = issuer
  const algorithm = signatureAlgorithm.der
  const input = { publicKey, algorithm, message, signature, allowInsecureSha1: true }
  return (await checkSignature(input)) === 'good'
}
