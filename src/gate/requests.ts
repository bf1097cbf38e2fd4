// gate: who asks, may they, dispatch, record. This file: requests of pages that wait for the person.
//
// A prompt opens only behind a recent click or key press in the page; anything else waits behind the
// toolbar badge. One request per document and kind, one window per site: what else it asks for behind a click
// waits, too, and comes up once that window is gone. Closing the window refuses; leaving the page cancels;
// repeated refusals silence the site for a while (reference: design section 4).

import { browser } from 'wxt/browser'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Right } from '../protocol/operationRow.ts'
import type { AskedOperation, PendingRequest } from '../protocol/outputs.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import { siteName, standsOn } from '../protocol/sites.ts'
import type { Approval } from './approvals.ts'
import { documentKey, injectProvider, notify } from './documents.ts'
import type { SessionState, StoredRequest } from './session.ts'

const refusalsToSilence = 3
const refusalWindowMs = 30_000
const silenceMs = 60_000
const mostRequests = 50
/** Of one site, so that none keeps the others from asking. Locked, every open page of a site may wait. */
const mostOfSite = { connect: 8, operation: 8, unlock: 16 } as const satisfies Record<
  PendingRequest['Kind'],
  number
>
/** What all requests show, together, in characters: the browser's memory for a session has 10 MiB. */
const mostShown = 1 << 20

/** How long after a no to a page its frames are not heard: what they ask by the same click takes its time. */
const afterRefusalMs = 2000

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

/** What requests have to do with others. */
export interface AroundRequests {
  /** Whether the site was given meanwhile what this request is for. */
  isGranted(request: StoredRequest): Promise<boolean>
  /** A consent window is gone, and nobody heard it go. */
  closed(windowId: number): Promise<void>
}

export class Requests {
  readonly #session: SessionState
  readonly #around: AroundRequests
  readonly #opening = new Set<string>()
  #refused: readonly { readonly site: string; readonly tabId: number; readonly at: number }[] = []

  constructor(session: SessionState, around: AroundRequests) {
    this.#session = session
    this.#around = around
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

  /** Of a frame: the person just said no to its site in that tab. */
  justRefused(page: PagePrincipal, now: number): boolean {
    const isOfPage = (one: { readonly site: string; readonly tabId: number }) =>
      one.site === siteName(page) && one.tabId === page.tabId
    return page.frameId !== 0 && this.#refusedSince(now).some(isOfPage)
  }

  #refusedSince(now: number) {
    return this.#refused.filter(({ at }) => now - at < afterRefusalMs)
  }

  /** @throws KeyhearthError `request-gone` */
  find(requestId: string): StoredRequest {
    const found = this.#findIfAny(requestId)
    if (!found) throw new KeyhearthError('request-gone')
    return found
  }

  #findIfAny(requestId: string): StoredRequest | null {
    return this.all.find(({ RequestId }) => RequestId === requestId) ?? null
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
    if (!same) this.#assertRoom(siteName(page), kind)
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
      InTurn: same?.InTurn ?? false,
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
    this.#assertRoom(siteName(page), 'operation')
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
      InTurn: false,
    }
    await this.#replace(request)
    return request
  }

  /** @throws KeyhearthError `throttled` */
  #assertRoom(site: string, kind: PendingRequest['Kind']): void {
    const ofSite = this.all.filter(({ Origin, Kind }) => Origin === site && Kind === kind)
    if (this.all.length >= mostRequests || ofSite.length >= mostOfSite[kind]) {
      throw new KeyhearthError('throttled')
    }
  }

  /** The request that waits for this very call already. */
  sameOperation({ document, operation, input }: Approval): StoredRequest | null {
    const same = this.all.find(
      ({ Approval: one }) =>
        one?.document === document && one.operation === operation && one.input === input,
    )
    return same ?? null
  }

  /** The request of a site that has a window, or is just getting one. */
  #asking(site: string): StoredRequest | null {
    const isAsking = ({ Origin, WindowId, RequestId }: StoredRequest) =>
      Origin === site && (WindowId !== null || this.#opening.has(RequestId))
    return this.all.find(isAsking) ?? null
  }

  /** Opens the request's window, or brings the one it has to the front. While another of the site is open, it waits. */
  async prompt(request: StoredRequest): Promise<void> {
    if (request.WindowId !== null && (await focusWindow(request.WindowId))) return
    const present = this.#findIfAny(request.RequestId)
    // Decided while its window closed: it must not come up again. And a page that asks all the time asks while
    // the window is being made: a second one would be left over.
    if (!present || this.#opening.has(present.RequestId)) return
    const other = this.#asking(present.Origin)
    if (other && other.RequestId !== present.RequestId) {
      if (!present.InTurn) await this.#replace({ ...present, InTurn: true })
      return
    }
    this.#opening.add(present.RequestId)
    try {
      await this.#openWindow(present.RequestId)
    } finally {
      this.#opening.delete(present.RequestId)
    }
  }

  /** The person wants to answer the site: the window it has already comes first. */
  async show(request: StoredRequest): Promise<void> {
    const open = this.#asking(request.Origin)?.WindowId ?? null
    if (open === null || !(await focusWindow(open))) await this.prompt(request)
  }

  async #openWindow(requestId: string): Promise<void> {
    const url = browser.runtime.getURL(`/consent.html?id=${requestId}`)
    const opened = await browser.windows.create({
      type: 'popup',
      focused: true,
      url,
      ...windowSize,
    })
    const WindowId = opened?.id ?? null
    // Its page may have been left while the window was made, and with it what the window is for.
    const present = this.#findIfAny(requestId)
    if (!present) return closeWindow({ WindowId })
    await this.#replace({ ...present, WindowId, InTurn: false })
    // Closed before anybody knew whose it is, that is a no as well. Not awaited: what refuses waits for its turn.
    if (WindowId !== null && !(await isOpen(WindowId))) void this.#around.closed(WindowId)
  }

  /**
   * A window of the site is gone: what it asked for behind a click meanwhile comes up. Not awaited: an operation may
   * be under way, and a window takes its time.
   */
  goOn(site: string): void {
    this.#next(site).catch((error) => console.error('keyhearth: requests', error))
  }

  async #next(site: string): Promise<void> {
    for (const { RequestId } of this.all.filter((one) => one.Origin === site && one.InTurn)) {
      if (this.silenced(site, Date.now())) return
      const next = this.#findIfAny(RequestId)
      if (!next) continue
      if (!(await this.#around.isGranted(next))) return this.prompt(next)
      if (!this.#findIfAny(RequestId)) continue
      await this.take(RequestId)
      await injectProvider(next.Document)
    }
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

  /** The person said no, or closed the window: to this call, or to the site in that tab with all its frames. */
  async refuse(request: StoredRequest, now: number): Promise<void> {
    const { Origin, Kind, Document } = request
    const refused = { site: Origin, tabId: Document.tabId, at: now }
    // Before anything is awaited: what comes later finds it, and what came before is refused with it.
    if (Kind === 'connect') this.#refused = [...this.#refusedSince(now), refused]
    const refusals = this.#session.get('refusals')
    const times = [...(refusals[Origin] ?? []), now].slice(-refusalsToSilence)
    await this.#session.set('refusals', { ...refusals, [Origin]: times })
    await this.cancel(
      (one) =>
        one.RequestId === request.RequestId ||
        (Kind !== 'operation' &&
          one.Kind === Kind &&
          one.Origin === Origin &&
          one.Document.tabId === Document.tabId),
    )
  }

  /** After unlocking: every page that waited for it goes on. */
  async resumeUnlocked(): Promise<void> {
    const waited = this.all.filter(({ Kind }) => Kind === 'unlock')
    for (const request of waited) {
      if (!this.#findIfAny(request.RequestId)) continue
      await this.take(request.RequestId)
      await notify(request.Document, { keyhearth: 1, type: 'resume', wait: request.RequestId })
      await closeWindow(request)
    }
    for (const site of new Set(waited.map(({ Origin }) => Origin))) this.goOn(site)
  }

  /**
   * They are over: refused, or the documents that asked went away, or the site may ask no more. A page that asked to
   * connect hears nothing at all.
   */
  async cancel(gone: (request: StoredRequest) => boolean): Promise<void> {
    const over = this.all.filter(gone)
    for (const { RequestId } of over) {
      const request = this.#findIfAny(RequestId)
      if (!request) continue
      await this.take(RequestId)
      if (request.Kind !== 'connect') {
        await notify(request.Document, { keyhearth: 1, type: 'refused', wait: RequestId })
      }
      await closeWindow(request)
    }
    for (const site of new Set(over.map(({ Origin }) => Origin))) this.goOn(site)
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

async function isOpen(windowId: number): Promise<boolean> {
  try {
    await browser.windows.get(windowId)
    return true
  } catch {
    return false
  }
}

async function closeWindow({ WindowId }: Pick<StoredRequest, 'WindowId'>): Promise<void> {
  if (WindowId === null) return
  try {
    await browser.windows.remove(WindowId)
  } catch {
    // The person closed it first.
  }
}
