// ui: what the person sees; speaks the protocol like any other client. This file: something under way:
// busy while it runs, what went wrong after.

import { useState } from 'preact/hooks'

export interface Task {
  readonly busy: boolean
  readonly error: unknown
  /** Runs unless already running. */
  run(work: () => Promise<void>): void
  fail(error: unknown): void
}

export function useTask(): Task {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  return {
    busy,
    error,
    fail: setError,
    run(work) {
      if (busy) return
      setBusy(true)
      setError(null)
      work()
        .catch(setError)
        .finally(() => setBusy(false))
    },
  }
}

/** A form's submit, without the navigation. */
export const onSubmit = (work: () => void) => (event: Event) => {
  event.preventDefault()
  work()
}
