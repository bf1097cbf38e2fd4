// The bare extension of the bench: measuring two things in turns.

/** Milliseconds of one operation, by round; each round measures both, one right after the other. */
export interface Pairs {
  readonly ours: readonly number[]
  readonly bare: readonly number[]
}

export type Work = () => Promise<unknown>

async function time(work: Work, batch: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < batch; i++) await work()
  return (performance.now() - start) / batch
}

/** The clock of a page steps by 0.1 ms; a measurement takes many steps. */
const leastMeasurementMs = 20

/** How many operations make one measurement; warms the work up as it finds out. */
async function batchOf(work: Work): Promise<number> {
  for (let batch = 1; ; batch *= 2) {
    if ((await time(work, batch)) * batch >= leastMeasurementMs) return batch
  }
}

/** @param batch operations in one measurement; found out where it is not given */
export async function inTurns(
  ours: Work,
  bare: Work,
  rounds: number,
  batch?: number,
): Promise<Pairs> {
  const [oursBatch, bareBatch] = [batch ?? (await batchOf(ours)), batch ?? (await batchOf(bare))]
  const pairs = { ours: [] as number[], bare: [] as number[] }
  const sides = [
    async () => pairs.ours.push(await time(ours, oursBatch)),
    async () => pairs.bare.push(await time(bare, bareBatch)),
  ]
  for (let round = 0; round < rounds; round++) {
    // Who goes second pays for the first one's garbage: they change places.
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side()
  }
  return pairs
}
