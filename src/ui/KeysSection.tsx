// ui: what the person sees; speaks the protocol like any other client. This file: the manager's section
// "Keys": the list, a new key, or one key.

import { useEffect, useRef } from 'preact/hooks'
import { CreateKey } from './CreateKey.tsx'
import { KeyDetail } from './KeyDetail.tsx'
import { KeyList } from './KeyList.tsx'
import { keyRows } from './keyList.ts'
import { later } from './Later.tsx'
import { route } from './route.ts'

const BringKey = later(async () => (await import('./BringKey.tsx')).BringKey)

export function KeysSection() {
  const [what] = route.value.path
  useFocusOnArrival(what)
  if (what === undefined || what === '') return <KeyList />
  if (what === 'new') return <CreateKey />
  if (what === 'bring') return <BringKey />
  return <KeyDetail key={what} keyId={what} />
}

/** Going on, the heading has the focus; coming back to the list, the key one comes from. */
function useFocusOnArrival(what: string | undefined): void {
  const before = useRef(what)
  const listed = keyRows.value !== null
  useEffect(() => {
    if (before.current === what || (what === undefined && !listed)) return
    const origin = document.getElementById(`key-${before.current}`)
    const heading = document.querySelector<HTMLElement>('main h1')
    before.current = what
    ;(origin ?? heading)?.focus()
  }, [what, listed])
}
