// gate: who asks, may they, dispatch, record. This file: requests of pages that wait for the person.
//
// A prompt opens only behind a recent click or key press in the page; anything else waits behind the
// toolbar badge. One request per document and kind. Closing the window refuses; leaving the page
// cancels; repeated refusals silence the site for a while (reference: design section 4).

import { browser } from 'wxt/browser'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Right } from '../protocol/operationRow.ts'
import type { AskedOperation, PendingRequest } from '../protocol/outputs.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import { siteName, standsOn } from '../protocol/sites.ts'
import type { Approval } from './approvals.ts'
import { documentKey, notify } from './documents.ts'
import type { SessionState, StoredRequest } from './session.ts'

const refusalsToSilence = 3
const refusalWindowMs = 30_000
const silenceMs = 60_000
const mostRequests = 50
/** What all requests show, together, in characters: the browser's memory for a session has 10 MiB. */
const mostShown = 1 << 20

/** A tab's sign is the common one again: browsers take `null`, which their types leave out. */
const asEverywhere = null as unknown as string

const windowSize = { width: 420, height: 640 }

/** Whether a site that was refused at these times is not to be heard now. Pure. */
export function isSilenced(refusals: readonly number[], now: number): boolean {
  const last = refusals.at(-1)
  const first = refusals.at(-refusalsToSilence)
  if (last === undefined || first === undefined) return false
  return last - first <= refusalWindowMs && now - last < silenceMs
}

export class Requests {
  readonly #session: SessionState
  readonly #opening = new Set<string>()

  constructor(session: SessionState) {
    this.#session = session
  }

  get all(): readonly StoredRequest[] {
    return this.#session.get('requests')
  }

  get waiting(): number {
    return this.all.filter(({ WindowId }) => WindowId === null).length
  }

  /** Of pages at this address, or of a frame in them. */
  waitingFrom(address: string): StoredRequest | null {
    const here = this.all.filter(({ WindowId }) => WindowId === null)
    return here.find(({ Origin }) => standsOn(Origin, address)) ?? null
  }

  silenced(site: string, now: number): boolean {
    return isSilenced(this.#session.get('refusals')[site] ?? [], now)
  }

  /** @throws KeyhearthError `request-gone` */
  find(requestId: string): StoredRequest {
    const found = this.all.find(({ RequestId }) => RequestId === requestId)
    if (!found) throw new KeyhearthError('request-gone')
    return found
  }

  /** The document's request of this kind, made if there is none. What it asks for stays what it was. */
  async add(
    page: PagePrincipal,
    kind: PendingRequest['Kind'],
    rights: readonly Right[],
    now: number,
  ): Promise<StoredRequest> {
    const same = this.all.find(
      (one) => one.Kind === kind && documentKey(one.Document) === documentKey(page),
    )
    // The person may be looking at it: asking again must not widen what they are about to allow. Nor is it
    // written again: a page that asks all the time would keep the browser too busy for them to answer.
    if (same && (same.Rights.length > 0 || rights.length === 0)) return same
    if (!same && this.all.length >= mostRequests) throw new KeyhearthError('throttled')
    const { tabId, frameId, documentId } = page
    const request: StoredRequest = {
      RequestId: same?.RequestId ?? crypto.randomUUID(),
      Kind: kind,
      Origin: siteName(page),
      Rights: [...rights],
      CreatedAt: same?.CreatedAt ?? now,
      Document: { tabId, frameId, documentId },
      WindowId: same?.WindowId ?? null,
      Expected: same?.Expected ?? false,
    }
    await this.#replace(request)
    return request
  }

  /** One call of a page, to be allowed once or not at all. Each is a request of its own. */
  async addOperation(
    page: PagePrincipal,
    asked: AskedOperation,
    approval: Approval,
    now: number,
  ): Promise<StoredRequest> {
    if (this.all.length >= mostRequests) throw new KeyhearthError('throttled')
    const shown = [asked, ...this.all.map(({ Asked }) => Asked ?? '')]
    const characters = shown.reduce((sum, one) => sum + JSON.stringify(one).length, 0)
    if (characters > mostShown) throw new KeyhearthError('throttled')
    const { tabId, frameId, documentId } = page
    const request: StoredRequest = {
      RequestId: crypto.randomUUID(),
      Kind: 'operation',
      Origin: siteName(page),
      Rights: [],
      Asked: asked,
      Approval: approval,
      CreatedAt: now,
      Document: { tabId, frameId, documentId },
      WindowId: null,
      Expected: false,
    }
    await this.#replace(request)
    return request
  }

  /** The request that waits for this very call already. */
  sameOperation({ document, operation, input }: Approval): StoredRequest | null {
    const same = this.all.find(
      ({ Approval: one }) =>
        one?.document === document && one.operation === operation && one.input === input,
    )
    return same ?? null
  }

  /** One window at a time for a site; the rest wait behind the badge. */
  isAsking(site: string): boolean {
    return this.all.some((one) => one.Origin === site && one.WindowId !== null)
  }

  /** Opens the request's window, or brings the one it has to the front. */
  async prompt(request: StoredRequest): Promise<void> {
    if (request.WindowId !== null && (await focusWindow(request.WindowId))) return
    // Decided while its window closed: it must not come up again.
    if (!this.all.some(({ RequestId }) => RequestId === request.RequestId)) return
    // A page that asks all the time asks while the window is being made: a second one would be left over.
    if (this.#opening.has(request.RequestId)) return
    this.#opening.add(request.RequestId)
    try {
      await this.#openWindow(request)
    } finally {
      this.#opening.delete(request.RequestId)
    }
  }

  async #openWindow(request: StoredRequest): Promise<void> {
    const url = browser.runtime.getURL(`/consent.html?id=${request.RequestId}`)
    const opened = await browser.windows.create({
      type: 'popup',
      focused: true,
      url,
      ...windowSize,
    })
    await this.#replace({ ...request, WindowId: opened?.id ?? null })
  }

  /** The person wants to see what a page asks for; its relay may now say it. */
  expect(request: StoredRequest): Promise<void> {
    return this.#replace({ ...request, Expected: true })
  }

  expects(page: PagePrincipal): boolean {
    return this.all.some(
      (one) =>
        one.Expected && one.Kind === 'connect' && documentKey(one.Document) === documentKey(page),
    )
  }

  async #replace(request: StoredRequest): Promise<void> {
    const others = this.all.filter(({ RequestId }) => RequestId !== request.RequestId)
    await this.#session.set('requests', [...others, request])
    await this.showBadge()
  }

  /** Takes a request off the list. Whoever takes it decides it: a second decision finds nothing. */
  async take(requestId: string): Promise<StoredRequest> {
    const request = this.find(requestId)
    const others = this.all.filter(({ RequestId }) => RequestId !== requestId)
    await this.#session.set('requests', others)
    await this.showBadge()
    return request
  }

  /** The person said no, or closed the window. A page that asked to connect hears nothing at all. */
  async refuse(request: StoredRequest, now: number): Promise<void> {
    await this.take(request.RequestId)
    const refusals = this.#session.get('refusals')
    const times = [...(refusals[request.Origin] ?? []), now].slice(-refusalsToSilence)
    await this.#session.set('refusals', { ...refusals, [request.Origin]: times })
    if (request.Kind !== 'connect') {
      await notify(request.Document, { keyhearth: 1, type: 'refused', wait: request.RequestId })
    }
  }

  /** After unlocking: every page that waited for it goes on. */
  async resumeUnlocked(): Promise<void> {
    for (const request of this.all.filter(({ Kind }) => Kind === 'unlock')) {
      await this.take(request.RequestId)
      await notify(request.Document, { keyhearth: 1, type: 'resume', wait: request.RequestId })
      await closeWindow(request)
    }
  }

  /** The documents of a tab, or one of them, went away: nobody is left to answer. */
  async cancel(gone: (request: StoredRequest) => boolean): Promise<void> {
    for (const request of this.all.filter(gone)) {
      await this.take(request.RequestId)
      await closeWindow(request)
    }
  }

  async showBadge(): Promise<void> {
    const text = this.waiting === 0 ? '' : String(this.waiting)
    await browser.action.setBadgeText({ text })
    if (text === '') return
    await browser.action.setBadgeBackgroundColor({ color: '#b4441a' })
    // A sign of a tab's own would hide it there.
    for (const { id: tabId } of await browser.tabs.query({})) {
      if (tabId !== undefined) await browser.action.setBadgeText({ tabId, text: asEverywhere })
    }
  }

  /** This tab shows messages. The browser takes the sign away with the document. */
  async showFound(tabId: number): Promise<void> {
    if (this.waiting > 0) return
    await browser.action.setBadgeText({ tabId, text: '1+' }).catch(() => {})
    await browser.action.setBadgeBackgroundColor({ tabId, color: '#1f5fd0' }).catch(() => {})
  }
}

async function focusWindow(windowId: number): Promise<boolean> {
  try {
    await browser.windows.update(windowId, { focused: true, drawAttention: true })
    return true
  } catch {
    return false
  }
}

async function closeWindow({ WindowId }: StoredRequest): Promise<void> {
  if (WindowId === null) return
  try {
    await browser.windows.remove(WindowId)
  } catch {
    // The person closed it first.
  }
}
