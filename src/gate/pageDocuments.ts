// gate: who asks, may they, dispatch, record. This file: documents that pages ask the person to sign. The person's own
// window shows the very bytes, signs them with `kms:Sign` and hands the result back with their decision; the page's call,
// which is sent again then, takes it.
//
// Both lie in the worker's memory alone: a page's document is nothing to keep. Where the worker ended meanwhile, the
// relay, which has the call still, sends the document again.

import { type Handler, NeedsApproval } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { documentMaxBytes } from '../protocol/limits.ts'
import type { SignedDocument } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { notify } from './documents.ts'
import type { Requests } from './requests.ts'

export type AskedDocument = Input<'keyhearth:SignDocument'>

/** All that wait, together. */
const mostBytes = 4 * documentMaxBytes

export class PageDocuments {
  /** By the id of their requests. */
  readonly #asked = new Map<string, AskedDocument>()
  readonly #signed = new Map<string, SignedDocument>()

  /** @throws KeyhearthError `throttled` */
  assertRoom({ Data }: AskedDocument, requests: Requests): void {
    const present = new Set(requests.all.map(({ RequestId }) => RequestId))
    for (const id of this.#asked.keys()) if (!present.has(id)) this.#asked.delete(id)
    const held = [...this.#asked.values()].reduce((sum, one) => sum + one.Data.byteLength, 0)
    if (held + Data.byteLength > mostBytes) throw new KeyhearthError('throttled')
  }

  ask(requestId: string, document: AskedDocument): void {
    this.#asked.set(requestId, document)
  }

  asked(requestId: string): AskedDocument | null {
    return this.#asked.get(requestId) ?? null
  }

  /** The person decided: the document is held no longer. */
  sign(requestId: string, signed: SignedDocument): void {
    this.#asked.delete(requestId)
    this.#signed.set(requestId, signed)
  }

  /** Once: the page's call has it then. */
  takeSigned(requestId: string): SignedDocument | null {
    const signed = this.#signed.get(requestId) ?? null
    this.#signed.delete(requestId)
    return signed
  }
}

/** @throws NeedsApproval until the person's window has signed it, for every document anew */
export const signDocument =
  (documents: PageDocuments): Handler<'keyhearth:SignDocument'> =>
  async ({ approvedGrant, touch }, { KeyId = '' }) => {
    const signed = approvedGrant === null ? null : documents.takeSigned(approvedGrant)
    if (!signed) throw new NeedsApproval({ grantId: '', KeyArn: KeyId, KeyName: '' })
    touch(signed.KeyId)
    return signed
  }

/** @throws KeyhearthError `document-gone` where it is on its way again: to be asked for once more in a moment */
export const getRequestDocument =
  (documents: PageDocuments, requests: Requests): Handler<'keyhearth:GetRequestDocument'> =>
  async (_context, { RequestId }) => {
    const request = requests.find(RequestId)
    const document = documents.asked(RequestId)
    if (!document) {
      await notify(request.Document, { keyhearth: 1, type: 'again', wait: RequestId })
      throw new KeyhearthError('document-gone')
    }
    const { Data, Format, Jws = 'compact', KeyId = null, SigningAlgorithm = null } = document
    return { Data, Format, Jws, KeyId, SigningAlgorithm }
  }
