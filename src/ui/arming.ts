// ui: what the person sees; speaks the protocol like any other client. This file: when a button that
// allows something may be pressed: after the window has been visible and focused, without a break, for
// 600 ms. A window that jumps under a click or Enter meant for another cannot be answered by it.

import { useEffect, useState } from 'preact/hooks'

const armingMs = 600

export function useArmed(): boolean {
  const [armed, setArmed] = useState(false)
  useEffect(() => {
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const restart = () => {
      clearTimeout(timer)
      setArmed(false)
      if (document.visibilityState !== 'visible' || !document.hasFocus()) return
      timer = setTimeout(() => setArmed(true), armingMs)
    }
    const { signal } = controller
    for (const name of ['focus', 'blur', 'resize'] as const) {
      addEventListener(name, restart, { signal })
    }
    document.addEventListener('visibilitychange', restart, { signal })
    restart()
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [])
  return armed
}
