// ui: what the person sees; speaks the protocol like any other client. This file: what a signed PDF is to carry along, so
// that it can be checked when certificates have expired (ETSI EN 319 142-1 section 6.3, B-LT): certificates, revocation
// lists and OCSP answers out of files that the person gives.

import type { Bytes } from '../codec/bytes.ts'
import type { ValidationData } from '../pdf/index.ts'
import { readEvidence } from './verifyEvidence.ts'

export interface KeptEvidence extends ValidationData {
  /** Names of the files that hold none of these. */
  readonly useless: readonly string[]
}

export const noEvidence: KeptEvidence = {
  certificates: [],
  ocspResponses: [],
  revocationLists: [],
  useless: [],
}

/** @param before what there is already */
export async function evidenceIn(
  files: readonly File[],
  before = noEvidence,
): Promise<KeptEvidence> {
  let kept = before
  for (const file of files) kept = await withFile(kept, file)
  return kept
}

async function withFile(kept: KeptEvidence, file: File): Promise<KeptEvidence> {
  const found = await readEvidence(file.name, file)
  switch (found?.is) {
    case 'certificates': {
      const ders = found.certificates.map(({ der }) => der)
      return { ...kept, certificates: [...kept.certificates, ...ders] }
    }
    case 'crl':
      return { ...kept, revocationLists: [...kept.revocationLists, found.crl.der] }
    case 'ocsp':
      return { ...kept, ocspResponses: [...kept.ocspResponses, await bytesOf(file)] }
    default:
      return { ...kept, useless: [...kept.useless, file.name] }
  }
}

const bytesOf = async (file: Blob): Promise<Bytes> => new Uint8Array(await file.arrayBuffer())

export const hasEvidence = (kept: ValidationData): boolean =>
  kept.certificates.length + kept.ocspResponses.length + kept.revocationLists.length > 0
