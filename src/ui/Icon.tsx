// ui: what the person sees; speaks the protocol like any other client. This file: icons (lucide), always
// beside words, so hidden from screen readers.

import type { IconNode } from 'lucide'
import { h } from 'preact'

export function Icon({ of }: { readonly of: IconNode }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {of.map(([tag, attributes]) => h(tag as string, attributes))}
    </svg>
  )
}

/** Keyhearth's own mark: a keyhole whose light is a flame. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="mark-stone" d="M4 30V14a12 12 0 0 1 24 0v16Z" />
      <path
        class="mark-fire"
        d="M16 7c1 4 6 6 6 11a6 6 0 0 1-12 0c0-3 2-4 3-6 1 1 1 2 1 3 2-2 2-5 2-8Z"
      />
      <path
        class="mark-stone"
        d="M16 16a2.4 2.4 0 0 1 1.3 4.4L18 30h-4l.7-9.6A2.4 2.4 0 0 1 16 16Z"
      />
    </svg>
  )
}
