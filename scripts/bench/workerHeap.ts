// The bench: what the background of the running extension holds in memory.

import type { CDPSession } from '@playwright/test'
import type { Keyhearth } from '../../tests/e2e/keyhearth.ts'

export class WorkerHeap {
  readonly #session: CDPSession
  readonly #target: string
  readonly #waiting = new Map<number, (result: Readonly<Record<string, number>>) => void>()
  #last = 0

  private constructor(session: CDPSession, target: string) {
    this.#session = session
    this.#target = target
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message)
      this.#waiting.get(id)?.(result)
      this.#waiting.delete(id)
    })
  }

  static async of(keyhearth: Keyhearth): Promise<WorkerHeap> {
    await keyhearth.worker()
    const session = await keyhearth.context.browser()?.newBrowserCDPSession()
    if (!session) throw new Error('the browser has no session to measure by')
    const { targetInfos } = await session.send('Target.getTargets')
    const target = targetInfos.find(
      ({ type, url }) => type === 'service_worker' && url.includes(keyhearth.id),
    )
    if (!target) throw new Error('the background is not running')
    const { sessionId } = await session.send('Target.attachToTarget', { targetId: target.targetId })
    return new WorkerHeap(session, sessionId)
  }

  #ask(method: string): Promise<Readonly<Record<string, number>>> {
    const id = ++this.#last
    const answer = new Promise<Readonly<Record<string, number>>>((resolve) => {
      this.#waiting.set(id, resolve)
    })
    const message = JSON.stringify({ id, method, params: {} })
    void this.#session.send('Target.sendMessageToTarget', { sessionId: this.#target, message })
    return answer
  }

  /** MiB: the heap alone, and with the arrays that lie outside of it. Garbage counts until it is collected. */
  async used(): Promise<{ readonly heap: number; readonly all: number }> {
    const { usedSize = Number.NaN, backingStorageSize = Number.NaN } =
      await this.#ask('Runtime.getHeapUsage')
    return { heap: usedSize / 2 ** 20, all: (usedSize + backingStorageSize) / 2 ** 20 }
  }

  async collected(): Promise<{ readonly heap: number; readonly all: number }> {
    await this.#ask('HeapProfiler.collectGarbage')
    return this.used()
  }

  /** The most that is held while something is done, over what was held before. MiB. */
  async mostDuring(work: () => Promise<unknown>): Promise<number> {
    const before = (await this.collected()).all
    let most = before
    let isOver = false
    const done = work().finally(() => {
      isOver = true
    })
    while (!isOver) most = Math.max(most, (await this.used()).all)
    await done
    return most - before
  }

  end(): Promise<void> {
    return this.#session.detach()
  }
}
