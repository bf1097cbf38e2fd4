// gate: who asks, may they, dispatch, record. This file: what must outlive the worker but not the
// browser: rights given once, requests that wait, refusals. In memory only (`storage.session`).

import type { StorageArea } from '../hsm/memory.ts'
import type { Right } from '../protocol/operationRow.ts'
import type { PendingRequest } from '../protocol/outputs.ts'
import type { Approval } from './approvals.ts'
import type { Composition } from './composing.ts'
import type { Document } from './documents.ts'
import type { PendingClick } from './menuClick.ts'
import type { HeldRequest } from './quorum.ts'

export interface StoredRequest extends PendingRequest {
  readonly Document: Document
  /** The consent window, or `null` while the request waits behind the toolbar badge. */
  readonly WindowId: number | null
  /** The person asked to see it: its relay may send what the page wants without a new click. */
  readonly Expected: boolean
  /** It was asked for behind a click, while another window of its site was open: it comes up after that. */
  readonly InTurn: boolean
  /** Of kind `operation` alone: what an approval would be for. */
  readonly Approval?: Approval
}

export interface Once {
  readonly site: string
  readonly rights: readonly Right[]
  readonly document: Document
}

export const pendingMenu = 'pending-menu'

interface Shape {
  /** By document: rights allowed once. */
  readonly once: Readonly<Record<string, Once>>
  readonly requests: readonly StoredRequest[]
  readonly approvals: readonly (Approval & { readonly at: number })[]
  /** Calls that wait for the approval of several people, or have it. */
  readonly quorum: readonly HeldRequest[]
  /** Times of refusals by site, milliseconds since 1970. */
  readonly refusals: Readonly<Record<string, readonly number[]>>
  /** By the id of its window: where a message that is being written is to go. */
  readonly compositions: Readonly<Record<string, Composition>>
  /** A click on the context menu that waits for the person to unlock. */
  readonly [pendingMenu]: PendingClick | null
}

const empty: Shape = {
  once: {},
  requests: [],
  approvals: [],
  quorum: [],
  refusals: {},
  compositions: {},
  [pendingMenu]: null,
}

/** Read once when the worker starts, written through after each change; changes never interleave. */
export class SessionState {
  readonly #area: StorageArea
  #present: Shape

  private constructor(area: StorageArea, present: Shape) {
    this.#area = area
    this.#present = present
  }

  static async load(area: StorageArea): Promise<SessionState> {
    const stored = (await area.get('gate'))['gate'] as Shape | undefined
    return new SessionState(area, { ...empty, ...stored })
  }

  get<Name extends keyof Shape>(name: Name): Shape[Name] {
    return this.#present[name]
  }

  set<Name extends keyof Shape>(name: Name, value: Shape[Name]): Promise<void> {
    this.#present = { ...this.#present, [name]: value }
    return this.#area.set({ gate: this.#present })
  }
}
