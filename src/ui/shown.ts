// ui: what the person sees; speaks the protocol like any other client. This file: reading what a screen shows, and again
// whenever it may have changed. What changed while it was read is read once more: that answer may be of before.

import { useEffect, useRef, useState } from 'preact/hooks'

export interface Shown {
  readonly error: unknown
  /** After a change. @returns when what was read after the call is shown. @throws what reading throws */
  again(): Promise<void>
}

/**
 * @param read reads it and sets what the screen shows
 * @param on reads again when one of these is another
 */
export function useShown(read: () => Promise<void>, on: readonly unknown[]): Shown {
  const [error, setError] = useState<unknown>(null)
  const latest = useRef(read)
  latest.current = read
  const turns = useRef<Shown['again'] | null>(null)
  turns.current ??= oneAfterAnother(() => latest.current())
  const again = turns.current
  useEffect(() => {
    setError(null)
    again().catch(setError)
  }, on)
  return { error, again }
}

/**
 * Never two at a time, so that what is set last was read last; those who ask while one runs share the next.
 * @returns asks for a run that begins after the asking
 */
export function oneAfterAnother(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  const begin = () => {
    next = null
    const run = work()
    running = run.catch(() => {})
    return run
  }
  return () => {
    next ??= running.then(begin)
    return next
  }
}
