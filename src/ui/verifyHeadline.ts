// ui: what the person sees; speaks the protocol like any other client. This file: what one signature is worth, in one of a
// few words. Nothing is called trusted here that `verifyDocument` does not call valid. Pure.

import type { SignatureReport } from '../documents/index.ts'

/** From the best to the worst. */
export const headlines = [
  'trusted',
  'partly',
  'unknown-signer',
  'not-checked',
  'not-trusted',
  'too-weak',
  'changed-later',
  'altered',
  'unsound',
] as const
export type Headline = (typeof headlines)[number]

type Judged = Pick<SignatureReport, 'verdict' | 'integrity' | 'reason'>

/** @param isWithdrawn the person's own authority issued the signer's certificate, and withdrew it */
export function headlineOf({ verdict, integrity, reason }: Judged, isWithdrawn: boolean): Headline {
  if (verdict === 'unsound' || verdict === 'altered' || verdict === 'changed-later') return verdict
  // Trust may be denied where nobody could look at the document itself: then that is the news.
  if (integrity !== 'intact') return 'not-checked'
  if (isWithdrawn) return 'not-trusted'
  if (verdict === 'valid') return 'trusted'
  if (verdict === 'incomplete') return 'partly'
  if (reason === 'no-path' || reason === 'key-not-known') return 'unknown-signer'
  return reason === null ? 'too-weak' : 'not-trusted'
}
