// gate: who asks, may they, dispatch, record. This file: messages that are written in Keyhearth's own window, where
// no page can read the typing, for a field of a page. What goes into the page is a message and nothing else.

import { browser } from 'wxt/browser'
import { findArmoured } from '../codec/armour.ts'
import type { Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { notifyTab } from './documents.ts'
import type { SessionState } from './session.ts'

/** The field stays remembered in its page; nothing of it is here but its name. */
export interface Composition {
  readonly tabId: number
  readonly origin: string
  readonly token: string
}

const mostCompositions = 20
const windowSize = { width: 480, height: 600 }

export interface ComposingParts {
  readonly session: SessionState
}

/** The origin the person sees in the address bar, or `null` for a page that is no web page. */
async function originOf(tabId: number): Promise<string | null> {
  const { url } = await browser.tabs.get(tabId)
  const { origin, protocol } = new URL(url ?? 'about:blank')
  return protocol === 'https:' || protocol === 'http:' ? origin : null
}

/** Opens the window for the field that has the focus in this tab; without one the result is to be copied. */
export async function compose({ session }: ComposingParts, tabId: number): Promise<void> {
  const origin = await originOf(tabId)
  const found = origin && (await notifyTab(tabId, { keyhearth: 1, type: 'mark-field' }))
  const id = crypto.randomUUID()
  if (origin && isMarked(found)) {
    const others = Object.entries(session.get('compositions')).slice(1 - mostCompositions)
    const composition: Composition = { tabId, origin, token: found.token }
    await session.set('compositions', Object.fromEntries([...others, [id, composition]]))
  }
  const url = browser.runtime.getURL(`/compose.html?id=${id}`)
  await browser.windows.create({ type: 'popup', focused: true, url, ...windowSize })
}

function isMarked(value: unknown): value is { readonly token: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'token' in value &&
    typeof value.token === 'string'
  )
}

export const startComposing =
  (parts: ComposingParts): Handler<'keyhearth:Compose'> =>
  async (_context, { TabId }) => {
    await compose(parts, TabId)
    return {}
  }

const compositionOf = ({ session }: ComposingParts, id: string): Composition | null => {
  const all = session.get('compositions')
  return Object.hasOwn(all, id) ? (all[id] ?? null) : null
}

export const getComposition =
  (parts: ComposingParts): Handler<'keyhearth:GetComposition'> =>
  async (_context, { ComposeId }) => ({ Origin: compositionOf(parts, ComposeId)?.origin ?? null })

/** Once: after that the field is the page's again. */
export const insertMessage =
  (parts: ComposingParts): Handler<'keyhearth:InsertMessage'> =>
  async (_context, { ComposeId, Text: text }) => {
    if (!isMessage(text)) throw new KeyhearthError('invalid-input', { what: 'Text is no message' })
    const composition = compositionOf(parts, ComposeId)
    if (!composition) return { Inserted: false }
    const { tabId, token, origin } = composition
    // The tab may show another site by now, whose field this is not.
    if ((await originOf(tabId).catch(() => null)) !== origin) return { Inserted: false }
    const notice = { keyhearth: 1, type: 'replace-selection', token, text } as const
    const reply = await notifyTab(tabId, notice)
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
