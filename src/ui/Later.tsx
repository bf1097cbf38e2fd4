// ui: what the person sees; speaks the protocol like any other client. This file: a part of a page that
// is loaded when it is first looked at. It is read from the extension itself, so it comes at once.

import { type ComponentType, h } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ErrorAlert } from './Notices.tsx'

export function later<Props extends object = object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  return function Later(props: Props) {
    const [View, setView] = useState(() => loaded)
    const [error, setError] = useState<unknown>(null)
    useEffect(() => {
      if (View) return
      load().then((view) => {
        loaded = view
        setView(() => view)
      }, setError)
    }, [View])
    return View ? h(View, props) : <ErrorAlert error={error} />
  }
}
