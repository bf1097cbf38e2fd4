// gate: who asks, may they, dispatch, record. This file: filling an item into the form of a page, when the person
// presses "Fill" and at no other time. What the page says of itself counts for nothing: which site the tab shows, and
// which site the frame is of that asks for the values, is the browser's word.

import { browser } from 'wxt/browser'
import type { Handler } from '../hsm/context.ts'
import type { Item } from '../items/item.ts'
import { matcher } from '../items/match.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Filling, FillReply, FillToken } from '../protocol/filling.ts'
import { noteAccess } from '../secrets/accesses.ts'
import { itemFor } from '../secrets/items.ts'
import { documentKey, injectFiller } from './documents.ts'
import { fieldFor, valueFor } from './fillValues.ts'
import { readableOf, type Sender } from './principals.ts'

/** For a script that has run already to be heard; where no frame has the focus, none is. */
const firstWaitMs = 700
/** For the page to take what is put into it. */
const longestWaitMs = 3000

interface Pending {
  readonly origin: string
  readonly item: Item
  readonly done: (filled: readonly FillToken[]) => void
  /** The document that got the values: the first that asked, and no other. */
  document: string | null
  given: readonly FillToken[]
}

/** What is being filled, by tab. */
export class Fillings {
  readonly #pending = new Map<number, Pending>()

  /** @returns the tokens of the fields that hold something now */
  async fill(tabId: number, origin: string, item: Item): Promise<readonly FillToken[]> {
    this.#pending.get(tabId)?.done([])
    const { promise, resolve: done } = Promise.withResolvers<readonly FillToken[]>()
    const pending: Pending = { origin, item, done, document: null, given: [] }
    this.#pending.set(tabId, pending)
    try {
      await injectFiller(tabId)
      const first = setTimeout(() => pending.document === null && done([]), firstWaitMs)
      // A page that got the values and does not say what became of them has them all the same.
      const last = setTimeout(() => done(pending.given), longestWaitMs)
      return await promise.finally(() => [first, last].forEach(clearTimeout))
    } finally {
      if (this.#pending.get(tabId) === pending) this.#pending.delete(tabId)
    }
  }

  /** `undefined`: nobody is to know that anyone listened. */
  answer(sender: Sender, { type, tokens }: Filling, now: number): FillReply | undefined {
    // The top document, or a frame of the very same origin.
    const from = readableOf(sender)
    const pending = from && this.#pending.get(from.tabId)
    if (!pending || from.origin !== pending.origin) return undefined
    const key = documentKey(from)
    if (type === 'filled') {
      if (pending.document === key)
        pending.done(tokens.filter((one) => pending.given.includes(one)))
      return undefined
    }
    if (pending.document !== null) return undefined
    pending.document = key
    const values = tokens.flatMap((token) => {
      const value = valueFor(pending.item, token, now)
      return value === null ? [] : [[token, value] as const]
    })
    pending.given = values.map(([token]) => token)
    if (values.length === 0) pending.done([])
    return { values: Object.fromEntries(values) }
  }
}

/** @throws KeyhearthError `fill-elsewhere` where the tab shows no page that the item is for */
async function fittingOrigin(tabId: number, uris: readonly string[]): Promise<string> {
  const { url = '' } = await browser.tabs.get(tabId).catch(() => ({ url: '' }))
  if (matcher(url)(uris) === null) throw new KeyhearthError('fill-elsewhere')
  return new URL(url).origin
}

export const fillItem =
  ({ fillings }: { readonly fillings: Fillings }): Handler<'keyhearth:FillItem'> =>
  async (context, { SecretId, TabId, Proof }) => {
    const { secret, item } = await itemFor(
      context,
      SecretId,
      Proof === undefined ? {} : { proof: Proof },
    )
    const origin = await fittingOrigin(TabId, item.uris)
    const filled = await fillings.fill(TabId, origin, item)
    if (filled.length === 0) throw new KeyhearthError('fill-no-field')
    await noteAccess(context, secret)
    const names = filled.map((token) => fieldFor(item.kind, token))
    return { Filled: [...new Set(names)].filter((name) => name !== null) }
  }
