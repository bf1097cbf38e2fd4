// ui: what the person sees; speaks the protocol like any other client. This file: long work that has the background to
// itself, and what can wait until it is over.

let underWay: Promise<unknown> = Promise.resolve()

/** What can wait, waits for it. */
export const nothingUnderWay = (): Promise<unknown> => underWay

/** The same work, which that waits for. */
export const undisturbed =
  <Given extends readonly unknown[], Result>(work: (...given: Given) => Promise<Result>) =>
  (...given: Given): Promise<Result> => {
    const result = work(...given)
    underWay = Promise.allSettled([underWay, result])
    return result
  }
