// gate: who asks, may they, dispatch, record. This file: the background as a whole. Every listener is
// registered in the first turn of the event loop, as MV3 demands; each then waits until the vault's
// state is known. Beside each listener stands who it listens to.

import { type Browser, browser } from 'wxt/browser'
import { release } from '../codec/bytes.ts'
import { type Memory, ofSecondCopies } from '../hsm/memory.ts'
import { SecurityModule } from '../hsm/module.ts'
import { KeyhearthError, toErrorReply } from '../protocol/errors.ts'
import { isFilling } from '../protocol/filling.ts'
import {
  type Call,
  type LineReply,
  lineName,
  type ProviderEvent,
  protocolVersion,
  type Reply,
} from '../protocol/messages.ts'
import type { PagePrincipal, Principal } from '../protocol/principals.ts'
import { readSite, siteName } from '../protocol/sites.ts'
import { Database } from '../store/database.ts'
import { Approvals } from './approvals.ts'
import { clearIfUnchanged, isClipboardAlarm, isClipboardOrder, scheduleClear } from './clipboard.ts'
import { refuseClosed } from './closedWindows.ts'
import { compose } from './composing.ts'
import { Gate } from './dispatch.ts'
import {
  askFrames,
  documentsOf,
  injectProvider,
  isPresent,
  notifyTab,
  registerProviders,
} from './documents.ts'
import { Fillings } from './filling.ts'
import { isKeyAlarm, keepKeys, watchKeys } from './keyKeeping.ts'
import { answerKnock, isKnock } from './knocks.ts'
import { createMenu, type MenuParts, onMenuClick, resumeMenu } from './menu.ts'
import { readClick } from './menuClick.ts'
import { handlersOf } from './operations.ts'
import { PageDocuments } from './pageDocuments.ts'
import { isLeaving, principalOf, readableOf, type Sender } from './principals.ts'
import { Quorum } from './quorum.ts'
import { answerFinding, isFinding, keepQuiet } from './reading.ts'
import { Requests } from './requests.ts'
import { SessionState } from './session.ts'
import { loadSettings, lockWhenAway, unlockWithoutLock, watchIdle } from './settings.ts'
import { Sites } from './sites.ts'
import { isTrailAlarm, keepTrail, watchTrail } from './trailKeeping.ts'
import { Views } from './views.ts'

const memory: Memory = {
  session: browser.storage.session,
  local: ofSecondCopies(browser.storage.local),
}

interface Service extends MenuParts {
  readonly sites: Sites
  readonly requests: Requests
  readonly views: Views
}

async function start(fillings: Fillings): Promise<Service> {
  const hsm = await SecurityModule.start(new Database(), memory)
  const session = await SessionState.load(memory.session)
  const sites = new Sites(hsm, session, { connected: registerProviders, isPresent })
  const requests = new Requests(session, {
    isGranted: (request) => sites.hasAll(request),
    closed: (windowId) => refuseClosed(service, windowId),
  })
  const approvals = new Approvals(session)
  const documents = new PageDocuments()
  const quorum = new Quorum(session, () => tellWindows('changed'))
  const views = new Views()
  await sites.load()
  const changed = (event: ProviderEvent) => announce(service, event)
  const gate = new Gate({
    hsm,
    sites,
    requests,
    approvals,
    documents,
    quorum,
    handlers: handlersOf({
      sites,
      requests,
      approvals,
      documents,
      quorum,
      views,
      fillings,
      session,
      changed,
    }),
    secretsChanged: () => tellWindows('secrets-changed'),
  })
  const service: Service = { hsm, session, sites, requests, views, gate }
  await keepQuiet(hsm).catch((error) => console.error('keyhearth: reading', error))
  await requests.showBadge()
  watchIdle(await loadSettings(hsm))
  await watchTrail()
  await watchKeys()
  // A slot that does not open is for the screens to tell of.
  await unlockWithoutLock(gate, hsm).catch((error) => console.error('keyhearth: unlock', error))
  return service
}

/** To Keyhearth's own windows alone: content scripts get none of these. Nobody need be listening. */
function tellWindows(type: 'changed' | 'secrets-changed'): void {
  browser.runtime.sendMessage({ keyhearth: 1, type }).catch(() => {})
}

/** Tells pages and open windows what changed. Nobody need be listening. */
async function announce(service: Service, event: ProviderEvent): Promise<void> {
  const notice = { keyhearth: 1, type: 'event', event } as const
  const once = Object.values(service.session.get('once')).map(({ site }) => site)
  const sites = [...new Set([...service.sites.origins, ...once])]
  await Promise.all((await documentsOf(sites)).map(({ tabId }) => notifyTab(tabId, notice)))
  tellWindows('changed')
  // Whether the settings are those that were written last, the open vault alone knows.
  if (event !== 'lock') watchIdle(await loadSettings(service.hsm))
  if (event !== 'unlock') return
  await resumeMenu(service)
  // Not awaited: unlocking is still under way, and what changes runs after it.
  void keepKeys(service.gate, service.hsm)
}

function isCall(message: unknown): message is Call {
  if (typeof message !== 'object' || message === null) return false
  const { keyhearth, type, id, operation } = message as Partial<Call>
  return (
    typeof keyhearth === 'number' &&
    type === 'call' &&
    typeof id === 'string' &&
    id.length > 0 &&
    id.length <= 64 &&
    typeof operation === 'string'
  )
}

/** A message is a copy the browser made, and what it asks for was read into another (protocol/fields, `bytes`). */
function releaseBytesOf(message: unknown): void {
  if (!isCall(message) || typeof message.input !== 'object') return
  for (const member of Object.values(message.input ?? {})) {
    if (member instanceof Uint8Array) release(member)
  }
}

/** All that a frame can still say while it goes. */
const isFarewell = (message: unknown): boolean =>
  isKnock(message) && message.type === 'detach' && !message.disconnect

/** What one message gets, or `undefined` where nobody is to know that anyone listened. */
async function respond(ready: Promise<Service>, message: unknown, principal: Principal) {
  if (isCall(message)) return answerCall(ready, message, principal)
  if (principal.kind === 'page' && isKnock(message)) {
    const service = await ready
    if (message.type === 'detach' && message.disconnect) await giveUp(service, siteName(principal))
    return answerKnock(service, principal, message)
  }
  if (principal.kind === 'person' && isClipboardOrder(message)) {
    return scheduleClear(memory.session, message)
  }
  return undefined
}

/** A page may give up its own rights without asking anyone. While locked, only this document's. */
async function giveUp({ gate, hsm, sites }: Service, Origin: string): Promise<void> {
  if (hsm.state !== 'unlocked' || !sites.origins.includes(Origin)) return
  await gate.perform({ kind: 'service' }, 'keyhearth:RevokeSite', { Origin })
}

async function answerCall(
  ready: Promise<Service>,
  call: Call,
  principal: Principal,
): Promise<Reply> {
  // From before an update, under a page that stayed: what it means is not known any more.
  if (call.keyhearth !== protocolVersion) {
    return { ok: false, error: toErrorReply(new KeyhearthError('reload-page')) }
  }
  try {
    return await (await ready).gate.answer(principal, call)
  } catch (error) {
    console.error('keyhearth: start', error)
    return { ok: false, error: toErrorReply(error) }
  }
}

/** Calls of one document. Where its port is gone by then, the relay asks again, or there is nobody to tell. */
function serveLine(ready: Promise<Service>, port: Browser.runtime.Port, page: PagePrincipal): void {
  const answer = async (call: Call) => {
    const reply = await answerCall(ready, call, page)
    port.postMessage({ id: call.id, reply } satisfies LineReply)
  }
  port.onMessage.addListener((message: unknown) => {
    if (isCall(message)) answer(message).catch(() => {})
  })
}

export function startBackground(): void {
  // Filling lasts no longer than the request that asks for it, which keeps the worker alive.
  const fillings = new Fillings()
  const ready = start(fillings)
  // Each caller gets the failure; none must be left unhandled when nobody has called yet.
  ready.catch(() => {})

  // Extension pages and relays; the sender says which (gate/principals).
  browser.runtime.onMessage.addListener((message: unknown, sender: Sender, send) => {
    const document = isFinding(message) ? readableOf(sender) : null
    if (isFinding(message)) {
      if (!document) return false
      void ready
        .then((service) => answerFinding(service, document, message))
        .then(send, () => send(undefined))
      return true
    }
    if (isFilling(message)) {
      send(fillings.answer(sender, message, Date.now()))
      return false
    }
    const principal = principalOf(sender)
    if (!principal || (isLeaving(sender) && !isFarewell(message))) return false
    respond(ready, message, principal)
      .then(send, () => send(undefined))
      .finally(() => releaseBytesOf(message))
    return true
  })

  // Relays alone, of pages; whose, the port says for as long as it lasts.
  browser.runtime.onConnect.addListener((port) => {
    const principal = port.sender ? principalOf(port.sender) : null
    if (principal?.kind !== 'page' || port.name !== lineName) return port.disconnect()
    serveLine(ready, port, principal)
  })

  // The browser itself.
  browser.runtime.onInstalled.addListener(() => void createMenu())
  browser.runtime.onStartup.addListener(() => void onBrowserStart(ready))
  browser.contextMenus.onClicked.addListener((info, tab) => {
    const click = readClick(info, tab?.id)
    if (click) void ready.then((service) => onMenuClick(service, click))
  })
  browser.idle.onStateChanged.addListener((state) => {
    void ready.then(({ gate, hsm }) => lockWhenAway(gate, hsm, state))
  })
  browser.commands.onCommand.addListener((command, tab) => {
    if (command === 'lock') void ready.then(lockByShortcut)
    if (command === 'compose') void ready.then((service) => composeByShortcut(service, tab?.id))
  })
  browser.windows.onRemoved.addListener((windowId) => {
    void ready.then((service) => refuseClosed(service, windowId))
  })
  browser.tabs.onRemoved.addListener((tabId) => {
    void ready.then(({ requests }) => requests.cancel((one) => one.Document.tabId === tabId))
  })
  browser.alarms.onAlarm.addListener((alarm) => {
    if (isClipboardAlarm(alarm)) void clearIfUnchanged(memory.session)
    if (isKeyAlarm(alarm)) void ready.then(({ gate, hsm }) => keepKeys(gate, hsm))
    if (isTrailAlarm(alarm)) void ready.then(({ gate, hsm }) => keepTrail(gate, hsm))
  })
}

/** Pages restored with the browser may have loaded before their provider was registered again. */
async function onBrowserStart(ready: Promise<Service>): Promise<void> {
  await createMenu()
  const { sites, gate, hsm } = await ready
  const tops = sites.origins.filter((site) => readSite(site).top === undefined)
  await Promise.all((await documentsOf(tops)).map(injectProvider))
  await Promise.all((await documentsOf(sites.origins)).map(({ tabId }) => askFrames(tabId)))
  await keepTrail(gate, hsm)
}

/** Where it was pressed the browser says (Firefox from 126 on); another tab may be in front by the time that is asked. */
async function composeByShortcut(service: Service, pressedIn: number | undefined): Promise<void> {
  const tabId = pressedIn ?? (await inFront())
  if (tabId !== undefined) await compose(service, { tabId })
}

async function inFront(): Promise<number | undefined> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true })
  return tab?.id
}

async function lockByShortcut({ gate, hsm }: Service): Promise<void> {
  if (hsm.state === 'unlocked') await gate.perform({ kind: 'service' }, 'keyhearth:Lock', {})
}
