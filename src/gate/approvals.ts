// gate: who asks, may they, dispatch, record. This file: single uses that the person approves: the very call
// of one document, byte for byte, once and soon. Held in memory only (`storage.session`).

import { encodeBase64, encodeUtf8 } from '../codec/text.ts'
import type { OperationName } from '../protocol/operations.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import { siteName } from '../protocol/sites.ts'
import { documentKey } from './documents.ts'
import type { SessionState } from './session.ts'

export interface Approval {
  readonly site: string
  /** The document that asked, its operation, and the fingerprint of its input. */
  readonly document: string
  readonly operation: string
  readonly input: string
  readonly grantId: string
}

interface Approved extends Approval {
  readonly at: number
}

/** From the person's press to the page's call coming back: it is sent again at once. */
const validMs = 60_000

const digest = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  encodeBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

/** The same for the same input alone: names, order and every byte count. Documents are long: bytes by their digests. */
async function fingerprint(input: unknown): Promise<string> {
  const digests = new Map<unknown, string>()
  for (const bytes of bytesIn(input)) digests.set(bytes, await digest(bytes))
  const text = JSON.stringify(input, (_name, value: unknown) =>
    value instanceof Uint8Array ? { digest: digests.get(value) } : value,
  )
  return digest(encodeUtf8(text))
}

function bytesIn(value: unknown): Uint8Array<ArrayBuffer>[] {
  if (value instanceof Uint8Array) return [value as Uint8Array<ArrayBuffer>]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(bytesIn)
}

export async function approvalOf(
  page: PagePrincipal,
  operation: OperationName,
  input: unknown,
  grantId: string,
): Promise<Approval> {
  const print = await fingerprint(input)
  return { site: siteName(page), document: documentKey(page), operation, input: print, grantId }
}

export class Approvals {
  readonly #session: SessionState

  constructor(session: SessionState) {
    this.#session = session
  }

  async add(approval: Approval, now: number): Promise<void> {
    const fresh = this.#session.get('approvals').filter(({ at }) => now - at < validMs)
    await this.#session.set('approvals', [...fresh, { ...approval, at: now }])
  }

  /** Those of sites that may do nothing any more. */
  async drop(over: (site: string) => boolean): Promise<void> {
    const kept = this.#session.get('approvals').filter(({ site }) => !over(site))
    await this.#session.set('approvals', kept)
  }

  /** The grant that was approved for this very call, which is then spent; `null` where none was. */
  async take(
    page: PagePrincipal,
    operation: OperationName,
    input: unknown,
  ): Promise<string | null> {
    const all: readonly Approved[] = this.#session.get('approvals')
    if (all.length === 0) return null
    const document = documentKey(page)
    const print = await fingerprint(input)
    const now = Date.now()
    const found = all.find(
      (one) =>
        one.document === document &&
        one.operation === operation &&
        one.input === print &&
        now - one.at < validMs,
    )
    if (!found) return null
    // Read again: while the fingerprint was made, the same call may have come a second time.
    const present = this.#session.get('approvals')
    if (!present.includes(found)) return null
    await this.#session.set(
      'approvals',
      present.filter((one) => one !== found),
    )
    return found.grantId
  }
}
