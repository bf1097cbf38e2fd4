// ui: what the person sees; speaks the protocol like any other client. This file: a line of text as dots. It is no
// password field to the browser, which would offer to keep what belongs in the vault.

import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { quiet, ShowToggle } from './Field.tsx'

export function HiddenField({
  label,
  value,
  onValue,
  maxLength,
  hint,
}: {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
  readonly maxLength: number
  readonly hint?: ComponentChildren
}) {
  const id = useId()
  const [shown, setShown] = useState(false)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="with-button">
        <input
          {...quiet}
          type="text"
          id={id}
          class={shown ? 'mono' : 'mono masked'}
          // What is empty has its dots off, by the style sheet.
          placeholder=" "
          aria-describedby={hint ? `${id}-hint` : undefined}
          value={value}
          maxLength={maxLength}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <ShowToggle shown={shown} onToggle={() => setShown(!shown)} />
      </div>
      {hint && <div id={`${id}-hint`}>{hint}</div>}
    </div>
  )
}
