// ui: what the person sees; speaks the protocol like any other client. This file: looking something up anew
// whenever what is looked for changes. What was found before stays on the screen meanwhile; an answer that
// comes too late is nobody's.

import { useEffect, useState } from 'preact/hooks'

export function useLatest(
  sight: string,
  work: (signal: AbortSignal) => Promise<void>,
): { readonly busy: boolean; readonly error: unknown } {
  const [busy, setBusy] = useState(true)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const unless = (act: () => void) => !signal.aborted && act()
    setBusy(true)
    setError(null)
    work(signal)
      .catch((thrown: unknown) => unless(() => setError(thrown)))
      .finally(() => unless(() => setBusy(false)))
    return () => controller.abort()
  }, [sight])
  return { busy, error }
}
