// gate: who asks, may they, dispatch, record. This file: messages that are written in Keyhearth's own window, where
// no page can read the typing, for a field of a page. What goes into the page is a message and nothing else.

import { browser } from 'wxt/browser'
import { findArmoured } from '../codec/armour.ts'
import type { Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Selection } from '../protocol/messages.ts'
import { isOrigin, siteName, standsOn } from '../protocol/sites.ts'
import { notify, notifyTab } from './documents.ts'
import type { SessionState } from './session.ts'

/** The field stays remembered in its page; nothing of it is here but its name. */
export interface Composition {
  readonly tabId: number
  /** `null` where the frame with the focus answered, which the browser does not name. */
  readonly frameId: number | null
  /** The name of the site whose field it is. */
  readonly site: string
  readonly token: string
}

/** Where the person wants to write: in the frame they chose, else where the focus is. */
export interface ComposePlace {
  readonly tabId: number
  /** `origin` is `null` where the browser's word says of none that Keyhearth could trust. */
  readonly frame?: { readonly frameId: number; readonly origin: string | null }
}

const mostCompositions = 20
const windowSize = { width: 480, height: 600 }

export interface ComposingParts {
  readonly session: SessionState
}

/** The origin the person sees in the address bar, or `null` for a page that is no web page. */
async function originOf(tabId: number): Promise<string | null> {
  const { url } = await browser.tabs.get(tabId)
  const { origin } = new URL(url ?? 'about:blank')
  return isOrigin(origin) ? origin : null
}

/** Opens the window for the field that is meant; without one the result is to be copied. */
export async function compose({ session }: ComposingParts, place: ComposePlace): Promise<void> {
  const composition = await fieldAt(place)
  const id = crypto.randomUUID()
  if (composition) {
    const others = Object.entries(session.get('compositions')).slice(1 - mostCompositions)
    await session.set('compositions', Object.fromEntries([...others, [id, composition]]))
  }
  const url = browser.runtime.getURL(`/compose.html?id=${id}`)
  await browser.windows.create({ type: 'popup', focused: true, url, ...windowSize })
}

/** A frame of another origin answers only where the person chose it: the window names what the field is of. */
async function fieldAt({ tabId, frame }: ComposePlace): Promise<Composition | null> {
  const top = await originOf(tabId)
  if (top === null) return null
  const notice = { keyhearth: 1, type: 'mark-field', chosen: frame !== undefined } as const
  const found = await (frame
    ? notify({ tabId, frameId: frame.frameId, documentId: '' }, notice)
    : notifyTab(tabId, notice))
  if (!isMarked(found)) return null
  const { origin, token } = found
  // The tab may have gone on since it was chosen; and an opaque origin is nobody's.
  const meant = frame ? frame.origin : top
  if (!isOrigin(origin) || origin !== (meant ?? origin)) return null
  const site = siteName(origin === top ? { origin } : { origin, top })
  return { tabId, frameId: frame?.frameId ?? null, site, token }
}

function isMarked(value: unknown): value is Pick<Selection, 'origin' | 'token'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'origin' in value &&
    typeof value.origin === 'string' &&
    'token' in value &&
    typeof value.token === 'string'
  )
}

export const startComposing =
  (parts: ComposingParts): Handler<'keyhearth:Compose'> =>
  async (_context, { TabId }) => {
    await compose(parts, { tabId: TabId })
    return {}
  }

const compositionOf = ({ session }: ComposingParts, id: string): Composition | null => {
  const all = session.get('compositions')
  return Object.hasOwn(all, id) ? (all[id] ?? null) : null
}

export const getComposition =
  (parts: ComposingParts): Handler<'keyhearth:GetComposition'> =>
  async (_context, { ComposeId }) => ({ Origin: compositionOf(parts, ComposeId)?.site ?? null })

/** Once: after that the field is the page's again. */
export const insertMessage =
  (parts: ComposingParts): Handler<'keyhearth:InsertMessage'> =>
  async (_context, { ComposeId, Text: text }) => {
    if (!isMessage(text)) throw new KeyhearthError('invalid-input', { what: 'Text is no message' })
    const composition = compositionOf(parts, ComposeId)
    if (!composition) return { Inserted: false }
    const { tabId, frameId, token, site } = composition
    // The tab may show another site by now, whose field this is not.
    const address = await originOf(tabId).catch(() => null)
    if (address === null || !standsOn(site, address)) return { Inserted: false }
    const notice = { keyhearth: 1, type: 'replace-selection', token, text } as const
    const reply = await (frameId === null
      ? notifyTab(tabId, notice)
      : notify({ tabId, frameId, documentId: '' }, notice))
    const Inserted =
      typeof reply === 'object' && reply !== null && 'replaced' in reply && reply.replaced === true
    if (Inserted) {
      const { [ComposeId]: _done, ...others } = parts.session.get('compositions')
      await parts.session.set('compositions', others)
    }
    return { Inserted }
  }

function isMessage(text: string): boolean {
  const [block, another] = findArmoured(text)
  return (
    block !== undefined &&
    'bytes' in block &&
    another === undefined &&
    text.slice(0, block.start).trim() === '' &&
    text.slice(block.end).trim() === ''
  )
}
