// A page that speaks the provider's language by hand.

import type { Frame, Page } from '@playwright/test'

export interface RawCall {
  readonly operation: string
  readonly input: unknown
  readonly [more: string]: unknown
}
export interface RawAnswer {
  readonly output?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code: string; readonly message: string; readonly reason: string }
}

/** The answers, in the calls' order; `null` for none within two seconds. */
export const callByHand = (page: Page | Frame, calls: readonly RawCall[]) =>
  page.evaluate(async (given) => {
    const { port1, port2 } = new MessageChannel()
    const answers = new Map<number, RawAnswer>()
    port1.onmessage = ({ data }) => data.type === 'reply' && answers.set(data.id, data)
    postMessage('keyhearth:port 1', location.origin, [port2])
    given.forEach((call, id) => {
      port1.postMessage({ type: 'call', id, ...call })
    })
    for (let i = 0; i < 40 && answers.size < given.length; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return given.map((_, id) => answers.get(id) ?? null)
  }, calls)
