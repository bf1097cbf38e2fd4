// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: where the person is in the page: whether this document has the focus, and which fields of it they see.

import { deepestActive } from './focus.ts'

export type FillField = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/**
 * Whether the focus is in this very document: each frame on the way here is the one that has it, and no frame in here
 * has. On that way all are of one origin; who cannot look up to the top is a stranger in it.
 */
export function hasTheFocus(): boolean {
  if (isFrame(deepestActive())) return false
  try {
    for (let at: Window = window; at !== window.top; at = at.parent) {
      const frame = at.frameElement
      if (!frame || deepestActive(frame.ownerDocument) !== frame) return false
    }
    return true
  } catch {
    return false
  }
}

// By name: an element of another document is of another window's class.
const isFrame = (element: Element | null): boolean =>
  element !== null && /^(iframe|frame|object|embed)$/i.test(element.localName)

const isField = (element: Element | null): element is FillField =>
  element instanceof HTMLInputElement ||
  element instanceof HTMLSelectElement ||
  element instanceof HTMLTextAreaElement

/** The form the person is in; where they are in none, the one with a password; else all of the page. */
export function fieldsHere(): readonly FillField[] {
  const active = deepestActive()
  const within = isField(active) ? active : firstPassword()
  const root = within?.getRootNode()
  const scope = within?.form ?? (root instanceof ShadowRoot ? root : document)
  const all = scope instanceof HTMLFormElement ? [...scope.elements] : scope.querySelectorAll('*')
  return [...all].filter(isField).filter(canBeFilled)
}

const firstPassword = (): FillField | undefined =>
  [...document.querySelectorAll<HTMLInputElement>('input[type=password]')].find(canBeFilled)

const fixedTypes: ReadonlySet<string> = new Set([
  'hidden',
  'submit',
  'button',
  'reset',
  'image',
  'file',
  'checkbox',
  'radio',
  'range',
  'color',
])

function canBeFilled(field: FillField): boolean {
  if (field.disabled || ('readOnly' in field && field.readOnly)) return false
  return !fixedTypes.has(field.type) && isSeen(field)
}

const leastSide = 8
const leastOpacity = 0.5

/** What a person cannot see, they cannot mean: pages hide fields to get more than is asked for. */
function isSeen(field: FillField): boolean {
  if (!field.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false
  const { width, height, right, bottom } = field.getBoundingClientRect()
  if (width < leastSide || height < leastSide) return false
  if (right + scrollX <= 0 || bottom + scrollY <= 0) return false
  let opacity = 1
  for (let at: Element | null = field; at; at = parentOf(at)) {
    const style = getComputedStyle(at)
    opacity *= Number(style.opacity)
    if (style.clipPath !== 'none' && at === field) return false
    if (at !== field && isClippedAway(at, style)) return false
  }
  return opacity >= leastOpacity
}

/** Through shadow roots. */
function parentOf(element: Element): Element | null {
  if (element.parentElement) return element.parentElement
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? root.host : null
}

/** A box of next to nothing, that lets nothing of what is in it be seen. */
function isClippedAway(element: Element, { overflowX, overflowY, clipPath }: CSSStyleDeclaration) {
  if (overflowX === 'visible' && overflowY === 'visible' && clipPath === 'none') return false
  const { width, height } = element.getBoundingClientRect()
  return width < leastSide || height < leastSide || /^(inset|circle)\((50%|100%|0)/.test(clipPath)
}
