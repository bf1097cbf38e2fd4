// ui: what the person sees; speaks the protocol like any other client. This file: where it can be asked whether the
// certificates behind a signature were revoked, and asking there, when the person says so.

import { type Certificate, holderOf, isSelfIssued, makeOcspRequest } from '../certificates/index.ts'
import { encodeBase64 } from '../codec/text.ts'
import type { SignatureReport } from '../documents/index.ts'
import { askServer } from './serverTab.ts'

export interface RevocationSource {
  /** `list`: of all that the authority revoked. `answer`: about the one, so that its server learns which. */
  readonly is: 'list' | 'answer'
  readonly address: URL
  readonly holder: string
}

/** For a signature that is checked. */
export const sourcesForReport = async ({
  chain,
  anchor,
}: SignatureReport): Promise<readonly RevocationSource[]> =>
  anchor ? sourcesOf(chain, [...chain, anchor]) : []

/** For one that is to be made, with these certificates: the signer's own first. */
export const sourcesForChain = (
  chain: readonly Certificate[],
): Promise<readonly RevocationSource[]> => sourcesOf(chain, chain)

/**
 * A list where there is one: it tells the authority less. Of several places for the same, the first.
 * @param path the certificates, and behind each its issuer, as far as they are known
 */
async function sourcesOf(
  certificates: readonly Certificate[],
  path: readonly Certificate[],
): Promise<readonly RevocationSource[]> {
  const found: RevocationSource[] = []
  for (const [at, certificate] of certificates.entries()) {
    const issuer = path[at + 1]
    if (isSelfIssued(certificate)) continue
    const source = listOf(certificate) ?? (issuer ? await answerFor(certificate, issuer) : null)
    if (source && !found.some(({ address }) => address.href === source.address.href)) {
      found.push(source)
    }
  }
  return found
}

const webAddress = (text: string): URL | null =>
  /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null

function listOf(certificate: Certificate): RevocationSource | null {
  const points = certificate.extensions.crlDistributionPoints ?? []
  const names = points.flatMap(({ name }) => (name?.kind === 'full' ? name.names : []))
  const [address] = names.flatMap((name) =>
    name.kind === 'uri' ? (webAddress(name.text) ?? []) : [],
  )
  return address ? { is: 'list', address, holder: holderOf(certificate) } : null
}

/** As an address, which the person can open as well (RFC 6960 appendix A.1). */
async function answerFor(
  certificate: Certificate,
  issuer: Certificate,
): Promise<RevocationSource | null> {
  const [server] = certificate.extensions.authorityInfoAccess?.ocsp ?? []
  const base = server && webAddress(server)
  if (!base) return null
  const question = encodeBase64(await makeOcspRequest({ certificate, issuer }))
  const address = new URL(`${base.href.replace(/\/$/, '')}/${encodeURIComponent(question)}`)
  return { is: 'answer', address, holder: holderOf(certificate) }
}

/** Whether it is a list of withdrawn certificates, or an answer about one. */
export type TakeAnswer = (answer: File) => Promise<boolean>

/** Lists of large authorities have some. */
const mostBytes = 16 * 1024 * 1024

/** @param take what becomes of the answer. @returns why nothing does, or `null` */
export async function askRevocation(
  { address }: RevocationSource,
  take: TakeAnswer,
): Promise<'no-answer' | 'useless' | null> {
  const answer = await askServer({ address, mostBytes })
  if (!answer) return 'no-answer'
  return (await take(new File([answer], address.host))) ? null : 'useless'
}
