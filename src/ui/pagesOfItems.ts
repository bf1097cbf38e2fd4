// ui: what the person sees; speaks the protocol like any other client. This file: all items with what is hidden in
// them, page by page. A background that ended in between has forgotten its place: then they are read once more.

import { KeyhearthError } from '../protocol/errors.ts'

interface Page<Item> {
  readonly Items: readonly Item[]
  readonly NextToken?: string
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
): Promise<readonly Item[]> {
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
): Promise<readonly Item[]> {
  const all: Item[] = []
  let token: string | undefined
  do {
    const page: Page<Item> = await ask(token)
    signal.throwIfAborted()
    all.push(...page.Items)
    tell(all.length)
    token = page.NextToken
  } while (token !== undefined)
  return all
}
