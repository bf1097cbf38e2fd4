// items: what people keep, and what is made of it; pure. This file: numbers drawn at random, each as likely
// as any other.

const range = 2 ** 32
/** `getRandomValues` takes 65,536 bytes at a time; a password of usual length needs far fewer. */
const batchSize = 64

/**
 * Draws whole numbers from 0 up to a bound. Numbers of 32 bits beyond the last whole multiple of the bound are
 * thrown away: the remainder alone would make small numbers likelier.
 */
export function drawer(): (below: number) => number {
  const batch = new Uint32Array(batchSize)
  let used = batchSize
  return (below) => {
    const limit = range - (range % below)
    for (;;) {
      if (used === batchSize) {
        crypto.getRandomValues(batch)
        used = 0
      }
      const number = batch[used++] ?? range
      if (number < limit) return number % below
    }
  }
}
