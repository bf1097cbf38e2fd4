// ui: what the person sees; speaks the protocol like any other client. This file: all items with what is hidden in
// them, page by page. A background that ended in between has forgotten its place: then they are read once more.

import { KeyhearthError } from '../protocol/errors.ts'
import type { UnreadableItem } from '../protocol/secretsOutputs.ts'

interface Page<Item> {
  readonly Items: readonly Item[]
  readonly Unreadable: readonly UnreadableItem[]
  readonly Damaged: number
  readonly NextToken?: string
}

/** What could not be read among all items: it keeps none of the others. */
export interface Lost {
  readonly unreadable: readonly UnreadableItem[]
  /** Groups of secrets. */
  readonly damaged: number
}

interface All<Item> extends Lost {
  readonly items: readonly Item[]
}

const mostTries = 3

/**
 * @param ask for the page of a token, or the first
 * @param tell how many have come
 */
export async function everyItem<Item>(
  ask: (token: string | undefined) => Promise<Page<Item>>,
  tell: (count: number) => void,
  signal: AbortSignal,
): Promise<All<Item>> {
  for (let tries = 1; ; tries++) {
    try {
      return await once(ask, tell, signal)
    } catch (error) {
      const isGone = error instanceof KeyhearthError && error.reason === 'secret-next-token'
      if (!isGone || tries === mostTries) throw error
    }
  }
}

async function once<Item>(
  ask: (token: string | undefined) => Promise<Page<Item>>,
  tell: (count: number) => void,
  signal: AbortSignal,
): Promise<All<Item>> {
  const items: Item[] = []
  const unreadable: UnreadableItem[] = []
  let damaged = 0
  let token: string | undefined
  do {
    const page: Page<Item> = await ask(token)
    signal.throwIfAborted()
    items.push(...page.Items)
    unreadable.push(...page.Unreadable)
    damaged = page.Damaged
    tell(items.length)
    token = page.NextToken
  } while (token !== undefined)
  return { items, unreadable, damaged }
}
