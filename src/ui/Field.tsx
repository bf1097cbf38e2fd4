// ui: what the person sees; speaks the protocol like any other client. This file: labelled fields.
// No field feeds the browser's form memory or spelling service: both write or send what is typed.

import { Eye, EyeOff } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { Icon } from './Icon.tsx'
import { t } from './words.ts'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
  readonly hint?: ComponentChildren
  readonly autofocus?: boolean
}

const quiet = { autocomplete: 'off', spellcheck: false, autocapitalize: 'off' } as const

export function TextField({
  label,
  value,
  onValue,
  hint,
  autofocus = false,
  type = 'text',
}: FieldProps & { readonly type?: 'text' | 'number' }) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...quiet}
        {...(type === 'number' ? { type: 'number' as const } : { type: 'text' as const })}
        inputMode={type === 'number' ? 'numeric' : 'text'}
        id={id}
        value={value}
        ref={autofocus ? focusOnce : null}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint}
    </div>
  )
}

export function PassphraseField({
  label,
  value,
  onValue,
  hint,
  autofocus = false,
  fresh = false,
}: FieldProps & { readonly fresh?: boolean }) {
  const id = useId()
  const [shown, setShown] = useState(false)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="with-button">
        <input
          {...quiet}
          id={id}
          {...(shown ? { type: 'text' as const } : { type: 'password' as const })}
          autocomplete={fresh ? ('new-password' as const) : ('current-password' as const)}
          value={value}
          ref={autofocus ? focusOnce : null}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <ShowToggle shown={shown} onToggle={() => setShown(!shown)} />
      </div>
      {hint}
    </div>
  )
}

/** Several lines, hidden as dots until shown where `secret`. */
export function AreaField({
  label,
  value,
  onValue,
  hint,
  rows = 4,
  secret = false,
  autofocus = false,
}: FieldProps & { readonly rows?: number; readonly secret?: boolean }) {
  const id = useId()
  const [shown, setShown] = useState(!secret)
  return (
    <div class="field">
      <div class="label-row">
        <label for={id}>{label}</label>
        {secret && <ShowToggle shown={shown} onToggle={() => setShown(!shown)} />}
      </div>
      <textarea
        {...quiet}
        id={id}
        class={shown ? 'mono' : 'mono masked'}
        rows={rows}
        value={value}
        ref={autofocus ? focusOnce : null}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint}
    </div>
  )
}

function ShowToggle({
  shown,
  onToggle,
}: {
  readonly shown: boolean
  readonly onToggle: () => void
}) {
  return (
    <button type="button" class="quiet" aria-pressed={shown} onClick={onToggle}>
      <Icon of={shown ? EyeOff : Eye} />
      {shown ? t('hide') : t('show')}
    </button>
  )
}

const focused = new WeakSet<HTMLElement>()

/** A field is focused when it appears, not whenever it is drawn again. */
export function focusOnce(element: HTMLElement | null): void {
  if (!element || focused.has(element)) return
  focused.add(element)
  element.focus()
}
