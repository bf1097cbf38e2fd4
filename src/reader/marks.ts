// reader: finds and marks messages in a page the person reads on; in the isolated world, trusts nothing.
// This file: the marks. They stand in a layer of their own above the page, in a closed shadow root, so that the
// page's own elements stay as they are. A page can hide or cover them; it cannot press them.

import type { FoundMessage } from './places.ts'

/** All by the style object: a page's policy against inline styles does not reach it. */
export function styled<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  style: Readonly<Record<string, string>>,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [property, value] of Object.entries(style)) {
    element.style.setProperty(property, value, 'important')
  }
  return element
}

const top = '2147483647'

/** Above everything of the page; takes no clicks but those on what stands in it. */
export class Layer {
  readonly #host: HTMLElement
  readonly root: ShadowRoot

  constructor() {
    this.#host = styled('div', {
      all: 'initial',
      position: 'fixed',
      inset: '0',
      'z-index': top,
      'pointer-events': 'none',
    })
    this.root = this.#host.attachShadow({ mode: 'closed' })
    this.show()
  }

  /** Where the page took it out. */
  show(): void {
    if (!this.#host.isConnected) document.documentElement.append(this.#host)
  }

  remove(): void {
    this.#host.remove()
  }
}

const look = {
  position: 'fixed',
  'pointer-events': 'auto',
  font: '600 13px/1 system-ui, sans-serif',
  color: '#ffffff',
  background: '#a63c12',
  border: '1px solid #ffffff',
  'border-radius': '999px',
  padding: '6px 10px',
  margin: '0',
  cursor: 'pointer',
  'white-space': 'nowrap',
  'box-shadow': '0 1px 4px rgb(0 0 0 / 40%)',
} as const

export class Mark {
  readonly #button: HTMLButtonElement
  readonly message: FoundMessage

  /** @param before the mark of the next message on the page: marks are in its order */
  constructor(
    layer: Layer,
    message: FoundMessage,
    words: string,
    open: (mark: Mark) => void,
    before: Mark | null,
  ) {
    this.message = message
    this.#button = styled('button', look)
    this.#button.type = 'button'
    this.#button.textContent = words
    // Only the person: a page can make clicks, and not such as the browser trusts.
    this.#button.addEventListener('click', (event) => event.isTrusted && open(this))
    layer.root.insertBefore(this.#button, before === null ? null : before.#button)
    this.place()
  }

  get box(): DOMRect {
    return this.#button.getBoundingClientRect()
  }

  /** At the upper right corner of the message, or nowhere while that is out of sight. */
  place(): void {
    const { top: y, right, width, height } = this.message.range.getBoundingClientRect()
    const seen = width > 0 && height > 0 && y > -height && y < innerHeight && right > 0
    this.#button.style.setProperty('display', seen ? 'block' : 'none', 'important')
    if (!seen) return
    const x = Math.min(right, innerWidth - 8) - this.#button.offsetWidth
    const set = (name: string, value: number) =>
      this.#button.style.setProperty(name, `${Math.max(4, Math.round(value))}px`, 'important')
    set('left', x)
    set('top', y - 4)
  }

  remove(): void {
    this.#button.remove()
  }
}
