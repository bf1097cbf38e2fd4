// The bench: in a web page, what the relay reads of it, at first and of what changed, beside walking the same nodes.

import { Changes, showsMessage } from '../../src/relay/changes.ts'
import { inTurns, type Pairs } from './bare/turns.ts'

declare global {
  interface Window {
    scan: typeof scan
  }
}

/** Nothing but going from node to node. */
function walk(roots: Iterable<Node>): number {
  let nodes = 0
  for (const root of roots) {
    const walker = document.createTreeWalker(root)
    do nodes++
    while (walker.nextNode())
  }
  return nodes
}

function look(changes: Changes): void {
  if (changes.take().some(showsMessage)) throw new Error('the page shows a message')
}

/** Milliseconds for 1,000 nodes. */
async function measure(ours: () => void, roots: readonly Node[], rounds: number): Promise<Pairs> {
  const thousands = walk(roots) / 1000
  const measured = await inTurns(
    async () => ours(),
    async () => walk(roots),
    rounds,
  )
  const each = (times: readonly number[]) => times.map((ms) => ms / thousands)
  return { ours: each(measured.ours), bare: each(measured.bare) }
}

const scan = {
  first(rounds: number): Promise<Pairs> {
    const changes = new Changes()
    const whole = () => {
      changes.addPage()
      look(changes)
    }
    return measure(whole, [document.body], rounds)
  },
  /** @param where side by side behind all others, or each between two others */
  async changed(html: string, posts: number, where: 'end' | 'apart', rounds: number) {
    const observer = new MutationObserver(() => {})
    observer.observe(document, { childList: true, subtree: true, characterData: true })
    const others = [...document.querySelectorAll('article')]
    const fresh: Node[] = []
    for (let at = 0; at < posts; at++) {
      const holder = document.createElement('template')
      holder.innerHTML = html
      const post = holder.content.firstElementChild
      if (!post) throw new Error('nothing to add')
      if (where === 'end') document.body.append(post)
      else others[Math.floor((at * others.length) / posts)]?.before(post)
      fresh.push(post)
    }
    const records = observer.takeRecords()
    observer.disconnect()
    const changes = new Changes()
    const again = () => {
      changes.add(records)
      look(changes)
    }
    const pairs = await measure(again, fresh, rounds)
    for (const post of fresh) post.parentNode?.removeChild(post)
    return pairs
  },
}

window.scan = scan
