// ui: what the person sees; speaks the protocol like any other client. This file: the PDF that a tab shows, taken from the
// tab itself: pages of the extension reach no network.

import { browser } from 'wxt/browser'

/** Of what a tab may hand over. */
const mostBytes = 64 * 1024 * 1024

/** Whether the browser shows a PDF there, by its address or its kind. */
export async function showsPdf(tabId: number, url: string): Promise<boolean> {
  if (/\.pdf(?:$|[?#])/i.test(url)) return true
  const [result] = await browser.scripting
    .executeScript({ target: { tabId }, func: () => document.contentType })
    .catch(() => [])
  return result?.result === 'application/pdf'
}

/** `null` where it cannot be had. */
export async function tabPdf(tabId: number): Promise<File | null> {
  const [result] = await browser.scripting
    .executeScript({ target: { tabId }, func: fetchOwnAddress, args: [mostBytes] })
    .catch(() => [])
  const found = result?.result
  if (!found) return null
  const bytes = Uint8Array.from(atob(found.base64), (char) => char.charCodeAt(0))
  return new File([bytes], found.name, { type: 'application/pdf' })
}

/** Runs in the tab, and there alone: it can use nothing of this file. Mostly the browser has the file still. */
async function fetchOwnAddress(most: number): Promise<{ base64: string; name: string } | null> {
  const answer = await fetch(location.href, { cache: 'force-cache', credentials: 'include' })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const isPdf = bytes[0] === 0x25 && bytes[1] === 0x50 && bytes[2] === 0x44 && bytes[3] === 0x46
  if (!isPdf || bytes.byteLength > most) return null
  let text = ''
  for (let at = 0; at < bytes.byteLength; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  const last = decodeURIComponent(location.pathname.split('/').pop() ?? '')
  return { base64: btoa(text), name: last.endsWith('.pdf') ? last : 'document.pdf' }
}
