// reader: finds and marks messages in a page the person reads on; in the isolated world, trusts nothing.
// This file: the frame in which the person reads one message. It is a page of the extension: its inside is out
// of reach for this page and for this script.

import { browser } from 'wxt/browser'
import type { Finding, ViewReply } from '../protocol/messages.ts'
import { type Layer, type Mark, styled } from './marks.ts'

const size = { width: 460, height: 320 } as const
const edge = 8

let open: HTMLElement | null = null

export function closeView(): void {
  open?.remove()
  open = null
}

/** Asks for a frame that shows this message, and puts it beside its mark. */
export async function openView(layer: Layer, mark: Mark): Promise<void> {
  closeView()
  const finding: Finding = { keyhearth: 1, type: 'show', message: mark.message.bytes }
  const reply: ViewReply | undefined = await browser.runtime
    .sendMessage(finding)
    .catch(() => undefined)
  if (typeof reply?.url !== 'string') return
  const [width, height] = [
    Math.min(size.width, innerWidth - 2 * edge),
    Math.min(size.height, innerHeight - 2 * edge),
  ]
  const { right, bottom } = mark.box
  const within = (wanted: number, most: number) =>
    `${Math.round(Math.max(edge, Math.min(wanted, most - edge)))}px`
  const frame = styled('iframe', {
    position: 'fixed',
    'pointer-events': 'auto',
    width: `${width}px`,
    height: `${height}px`,
    left: within(right - width, innerWidth - width),
    top: within(bottom + edge, innerHeight - height),
    border: '1px solid #a63c12',
    'border-radius': '12px',
    background: 'Canvas',
    'color-scheme': 'light dark',
    'box-shadow': '0 8px 32px rgb(0 0 0 / 45%)',
  })
  frame.allow = 'clipboard-write'
  frame.src = reply.url
  layer.root.append(frame)
  open = frame
}
