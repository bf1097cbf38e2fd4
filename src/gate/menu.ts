// gate: who asks, may they, dispatch, record. This file: "Encrypt selection" and "Decrypt selection" in
// the browser's context menu, the person's own act on the text of any page.
//
// Text goes back into the page only where the selection is editable, and only in the place that was selected when
// the person chose. A message is decrypted into the page of the site that it names alone; one of another site, or
// of none, opens in Keyhearth's own window.

import { browser } from 'wxt/browser'
import { armour, findArmoured } from '../codec/armour.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import type { SecurityModule } from '../hsm/module.ts'
import type { Selection } from '../protocol/messages.ts'
import type { Principal } from '../protocol/principals.ts'
import { madeAt, siteName, whereMade } from '../protocol/sites.ts'
import { compose } from './composing.ts'
import type { Gate } from './dispatch.ts'
import { notify } from './documents.ts'
import { type MenuClick, menuActions, type PendingClick } from './menuClick.ts'
import { openWindow } from './openWindow.ts'
import { pendingMenu, type SessionState } from './session.ts'

export interface MenuParts {
  readonly hsm: SecurityModule
  readonly gate: Gate
  readonly session: SessionState
}

const person: Principal = { kind: 'person', page: 'menu' }

/** What the person meant when they chose they may not mean much later. */
const waitMs = 2 * 60_000
/** In UTF-16 units. More than this is not kept in memory; the person chooses again once it is unlocked. */
const longestWaiting = 1 << 20

export async function createMenu(): Promise<void> {
  await browser.contextMenus.removeAll()
  for (const [id, message] of Object.entries(menuActions)) {
    const title = browser.i18n.getMessage(message as never)
    const contexts =
      id === 'compose' ? (['editable'] as const) : (['selection', 'editable'] as const)
    browser.contextMenus.create({ id, title, contexts: [...contexts] })
  }
}

export async function onMenuClick(parts: MenuParts, click: MenuClick): Promise<void> {
  if (click.action === 'compose') {
    const { tabId, frameId } = click.document
    return compose(parts, { tabId, frame: { frameId, origin: click.site?.origin ?? null } })
  }
  const selection = await readSelection(click)
  if (parts.hsm.state === 'unlocked') return act(parts, click, selection)
  const isShort = selection.text.length <= longestWaiting
  await parts.session.set(pendingMenu, isShort ? { click, selection, at: Date.now() } : null)
  return openWindow('')
}

async function act(parts: MenuParts, click: MenuClick, selection: Selection): Promise<void> {
  try {
    if (click.action === 'encrypt-selection') await encryptSelection(parts, click, selection)
    else await decryptSelection(parts, click, selection)
  } catch {
    // The window runs the same operation again and says in words what is wrong.
    await showText(parts, selection.text, click.action === 'decrypt-selection')
  }
}

/** Once unlocked: what the person had asked for just before, of that selection and nothing read since. */
export async function resumeMenu(parts: MenuParts): Promise<void> {
  const pending = parts.session.get(pendingMenu)
  if (!pending) return
  await parts.session.set(pendingMenu, null)
  if (Date.now() - pending.at > waitMs || !(await stands(pending))) return
  await act(parts, pending.click, pending.selection)
}

/** Whether the document it was chosen in is still in its tab. Where no relay is, nothing goes into the page. */
async function stands({ click, selection: { token } }: PendingClick): Promise<boolean> {
  if (token === '') return true
  return (await notify(click.document, { keyhearth: 1, type: 'present', token })) === true
}

async function readSelection({ document, site, selectionText }: MenuClick): Promise<Selection> {
  const found = await notify(document, { keyhearth: 1, type: 'read-selection' })
  // The tab may have gone on to another site since the click.
  if (isSelection(found) && (site === null || found.origin === site.origin)) return found
  return { origin: '', text: selectionText, editable: false, token: '' }
}

/** A relay lives in the page's process; its answer is as good as the page's word. */
function isSelection(value: unknown): value is Selection {
  return (
    typeof value === 'object' &&
    value !== null &&
    'origin' in value &&
    typeof value.origin === 'string' &&
    'text' in value &&
    typeof value.text === 'string' &&
    'editable' in value &&
    typeof value.editable === 'boolean' &&
    'token' in value &&
    typeof value.token === 'string'
  )
}

async function encryptSelection(parts: MenuParts, click: MenuClick, selection: Selection) {
  if (selection.text === '') return openWindow('?view=text')
  const { Message } = await parts.gate.perform(person, 'keyhearth:EncryptMessage', {
    Plaintext: encodeUtf8(selection.text),
    ...(click.site === null ? {} : { EncryptionContext: madeAt(click.site) }),
  })
  const text = armour(Message).trimEnd()
  if (!(await replaced(click, selection, text))) await showText(parts, text, false)
}

async function decryptSelection(parts: MenuParts, click: MenuClick, selection: Selection) {
  const decrypted = await decryptBlocks(parts.gate, selection.text)
  const site = click.site && siteName(click.site)
  const here = site !== null && decrypted.sites.every((one) => one === site)
  if (!here || !(await replaced(click, selection, decrypted.text))) {
    await showText(parts, selection.text, true)
  }
}

/** The text with every message in it replaced by what it says, and where those were made. */
async function decryptBlocks(gate: Gate, text: string) {
  let [result, end] = ['', 0]
  const sites: (string | null)[] = []
  const blocks = findArmoured(text)
  if (blocks.length === 0) throw new RangeError('no message in the selection')
  for (const block of blocks) {
    if (!('bytes' in block)) throw new RangeError('a damaged message in the selection')
    const { Plaintext, EncryptionContext } = await gate.perform(
      person,
      'keyhearth:DecryptMessage',
      { Message: block.bytes },
    )
    sites.push(whereMade(EncryptionContext))
    result += text.slice(end, block.start) + decodeUtf8(Plaintext)
    end = block.end
  }
  return { text: result + text.slice(end), sites }
}

async function replaced({ document }: MenuClick, selection: Selection, text: string) {
  if (!selection.editable) return false
  const { token } = selection
  const reply = await notify(document, { keyhearth: 1, type: 'replace-selection', token, text })
  return (
    typeof reply === 'object' && reply !== null && 'replaced' in reply && reply.replaced === true
  )
}

/** In Keyhearth's own window; the text travels as the sealed draft of the Text tab, never in a URL. */
async function showText({ gate }: MenuParts, text: string, decrypt: boolean): Promise<void> {
  const Value = JSON.stringify({ text })
  await gate.perform(person, 'keyhearth:PutDraft', { Form: 'text', Value })
  await openWindow(decrypt ? '?view=text&run=decrypt' : '?view=text')
}
