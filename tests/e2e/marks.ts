// The marks of messages in a page, and the frame a message is read in. They stand in a closed shadow root: only
// the browser's own tools see them.

import type { Frame, Page } from '@playwright/test'
import { expect } from './keyhearth.ts'

interface DomNode {
  readonly nodeId: number
  /** The browser's own number of the element, for as long as it lives. */
  readonly backendNodeId: number
  readonly nodeName: string
  readonly nodeValue: string
  readonly children?: readonly DomNode[]
  readonly shadowRoots?: readonly DomNode[]
  readonly contentDocument?: DomNode
}

const words = 'Read with Keyhearth'

const inside = ({ children = [], shadowRoots = [], contentDocument }: DomNode) => [
  ...children,
  ...shadowRoots,
  ...(contentDocument ? [contentDocument] : []),
]

const marksIn = (node: DomNode): readonly DomNode[] =>
  node.nodeName === 'BUTTON' && node.children?.[0]?.nodeValue === words
    ? [node]
    : inside(node).flatMap(marksIn)

export interface SeenMark {
  readonly x: number
  readonly y: number
  readonly element: number
}

/** The middles of the marks that can be seen, in the page's order. */
export async function marksOf(page: Page): Promise<readonly SeenMark[]> {
  const client = await page.context().newCDPSession(page)
  const { root } = await client.send('DOM.getDocument', { depth: -1, pierce: true })
  const found: SeenMark[] = []
  for (const { nodeId, backendNodeId: element } of marksIn(root)) {
    const box = await client.send('DOM.getBoxModel', { nodeId }).catch(() => null)
    const [left = 0, top = 0, , , right = 0, bottom = 0] = box?.model.border ?? []
    if (box) found.push({ x: (left + right) / 2, y: (top + bottom) / 2, element })
  }
  await client.detach()
  return found
}

export const expectMarks = (page: Page, count: number): Promise<void> =>
  expect.poll(async () => (await marksOf(page)).length, { timeout: 10_000 }).toBe(count)

/** Presses a mark as the person does, and gives the frame that opens. */
export async function clickMark(page: Page, at = 0): Promise<Frame> {
  const mark = (await marksOf(page))[at]
  if (!mark) throw new Error(`no mark ${at}`)
  await page.mouse.click(mark.x, mark.y)
  const isOverlay = (frame: Frame) => frame.url().includes('/overlay.html')
  await expect.poll(() => page.frames().some(isOverlay)).toBe(true)
  const frame = page.frames().find(isOverlay)
  if (!frame) throw new Error('the overlay went away again')
  return frame
}

/** Closes the frame by its button. The press is not waited for: with the frame goes who would answer that it was made. */
export async function closeOverlay(page: Page, overlay: Frame): Promise<void> {
  const close = overlay.getByRole('button', { name: 'Close' })
  await expect(close).toBeVisible()
  close.click().catch(() => {})
  await expect.poll(() => page.frames().includes(overlay)).toBe(false)
}
