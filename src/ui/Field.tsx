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

export const quiet = { autocomplete: 'off', spellcheck: false, autocapitalize: 'off' } as const

export function TextField({
  label,
  value,
  onValue,
  hint,
  autofocus = false,
  maxLength,
  list,
}: FieldProps & {
  readonly maxLength?: number
  /** Id of a `datalist` of words to choose from. */
  readonly list?: string
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...quiet}
        type="text"
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        value={value}
        maxLength={maxLength}
        list={list}
        ref={autofocus ? focusOnce : null}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  )
}

/** A whole number in bounds, which stand below it; the browser says so where one is out of them. */
export function NumberField({
  label,
  value,
  onValue,
  least,
  most,
}: {
  readonly label: string
  readonly value: number
  readonly onValue: (value: number) => void
  readonly least: number
  readonly most: number
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...quiet}
        type="number"
        id={id}
        aria-describedby={`${id}-hint`}
        value={Number.isNaN(value) ? '' : value}
        min={least}
        max={most}
        step={1}
        required
        onInput={(event) => onValue(event.currentTarget.valueAsNumber)}
      />
      <p class="hint" id={`${id}-hint`}>
        {t('number_bounds', [String(least), String(most)])}
      </p>
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
          aria-describedby={hint ? `${id}-hint` : undefined}
          value={value}
          ref={autofocus ? focusOnce : null}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <ShowToggle shown={shown} onToggle={() => setShown(!shown)} />
      </div>
      {hint && <div id={`${id}-hint`}>{hint}</div>}
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
  maxLength,
}: FieldProps & {
  readonly rows?: number
  readonly secret?: boolean
  readonly maxLength?: number
}) {
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
        aria-describedby={hint ? `${id}-hint` : undefined}
        rows={rows}
        maxLength={maxLength}
        value={value}
        ref={autofocus ? focusOnce : null}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint && <div id={`${id}-hint`}>{hint}</div>}
    </div>
  )
}

export function ShowToggle({
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
