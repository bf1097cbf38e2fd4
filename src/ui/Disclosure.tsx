// ui: what the person sees; speaks the protocol like any other client. This file: a part that is made, and loaded, when
// the person opens it.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

export function Disclosure({
  summary,
  children,
}: {
  readonly summary: string
  readonly children: ComponentChildren
}) {
  const [open, setOpen] = useState(false)
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{summary}</summary>
      {open && children}
    </details>
  )
}
