// ui: what the person sees; speaks the protocol like any other client. This file: when a button that
// allows something may be pressed: after the window has been visible and focused, without a break, for
// 600 ms. A window that jumps under a click or Enter meant for another cannot be answered by it.

import { useEffect, useRef, useState } from 'preact/hooks'

const armingMs = 600

export interface Arming {
  /** For drawing. */
  readonly armed: boolean
  /** For deciding: true only at this very moment, whatever is still drawn. */
  now(): boolean
}

/** @param offered whether the buttons are there; the time counts from when they appeared. */
export function useArming(offered: boolean): Arming {
  const [armed, setArmed] = useState(false)
  const current = useRef(false)
  useEffect(() => {
    const set = (next: boolean) => {
      current.current = next
      setArmed(next)
    }
    if (!offered) return set(false)
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const restart = () => {
      clearTimeout(timer)
      set(false)
      if (document.visibilityState !== 'visible' || !document.hasFocus()) return
      timer = setTimeout(() => set(true), armingMs)
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
  }, [offered])
  return { armed, now: () => current.current }
}
