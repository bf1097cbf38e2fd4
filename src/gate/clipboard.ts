// gate: who asks, may they, dispatch, record. This file: a copied secret leaves the clipboard again,
// also when the popup that copied it is long closed. Kept: a hash of the text, never the text.

import { browser } from 'wxt/browser'
import { encodeHex, encodeUtf8 } from '../codec/text.ts'
import type { StorageArea } from '../hsm/memory.ts'

const alarmName = 'clear-clipboard'

export interface ClipboardOrder {
  readonly keyhearth: 1
  readonly type: 'clear-clipboard'
  /** SHA-256 of the copied text in UTF-8, hex. */
  readonly hash: string
  readonly seconds: number
}

export function isClipboardOrder(message: unknown): message is ClipboardOrder {
  if (typeof message !== 'object' || message === null) return false
  const { keyhearth, type, hash, seconds } = message as Partial<ClipboardOrder>
  return (
    keyhearth === 1 &&
    type === 'clear-clipboard' &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    typeof seconds === 'number' &&
    seconds > 0 &&
    seconds <= 600
  )
}

let timer: ReturnType<typeof setTimeout> | undefined

/** A timer for while the worker lives, an alarm for when it does not. A later copy has its own full time. */
export async function scheduleClear(area: StorageArea, order: ClipboardOrder): Promise<void> {
  await area.set({ [alarmName]: order.hash })
  const milliseconds = order.seconds * 1000
  await browser.alarms.create(alarmName, { when: Date.now() + Math.max(milliseconds, 30_000) })
  clearTimeout(timer)
  timer = setTimeout(() => void clearIfUnchanged(area), milliseconds)
}

export const isClipboardAlarm = ({ name }: { readonly name: string }) => name === alarmName

export async function clearIfUnchanged(area: StorageArea): Promise<void> {
  const hash = (await area.get(alarmName))[alarmName]
  if (typeof hash !== 'string') return
  await area.remove(alarmName)
  await browser.alarms.clear(alarmName)
  if (import.meta.env.FIREFOX) await clearHere(hash)
  else await clearInOffscreenDocument(hash)
}

/** Firefox's event page has a clipboard. */
async function clearHere(hash: string): Promise<void> {
  const text = encodeUtf8(await navigator.clipboard.readText())
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
  if (encodeHex(digest) === hash) await navigator.clipboard.writeText('')
}

/** A service worker has none: an offscreen document looks and clears (entrypoints/offscreen). */
async function clearInOffscreenDocument(hash: string): Promise<void> {
  if (!(await browser.offscreen.hasDocument())) {
    await browser.offscreen.createDocument({
      url: 'offscreen.html',
      reasons: ['CLIPBOARD'],
      justification: 'Removes a copied secret from the clipboard after the time you chose.',
    })
  }
  await browser.runtime.sendMessage({ keyhearth: 1, type: 'offscreen-clear', hash })
  await browser.offscreen.closeDocument()
}
