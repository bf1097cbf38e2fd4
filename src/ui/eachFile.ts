// ui: what the person sees; speaks the protocol like any other client. This file: the same done with many files. Small ones
// go several at a time: reading one, the browser's process is waited for, and another waits for its key meanwhile. Each
// large one goes alone, as it may need much memory.

/** More gain nothing on a machine of few cores. */
const fewAtOnce = 4
const mostSmallBytes = 1024 * 1024

export interface FileWork<One> {
  readonly bytesOf: (one: One) => number
  /** Never rejects. */
  readonly work: (one: One) => Promise<void>
  /** What is under way ends then, and nothing more is begun. */
  readonly isOver?: () => boolean
  /** Of small ones; a few where it is absent. */
  readonly mostAtOnce?: number
}

export async function eachFile<One>(
  all: readonly One[],
  { bytesOf, work, isOver = () => false, mostAtOnce = fewAtOnce }: FileWork<One>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  for (const one of all) {
    const places = bytesOf(one) <= mostSmallBytes ? mostAtOnce : 1
    while (running.size >= places) await Promise.race(running)
    if (isOver()) break
    const job: Promise<void> = work(one).finally(() => running.delete(job))
    running.add(job)
    if (places === 1) await job
  }
  await Promise.all(running)
}
