// provider: what a web page holds. This file: the part that verifies documents, handed over as the formats are
// (formats.ts): by one event that the provider listens to just then.

import { verifierEvent } from './onNeed.ts'
import { verifyForPage } from './verify.ts'

const verifier = { verifyForPage }

export type Verifier = typeof verifier

export function handOverVerifier(): void {
  dispatchEvent(new CustomEvent(verifierEvent, { detail: verifier }))
}
