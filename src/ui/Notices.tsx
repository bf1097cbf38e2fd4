// ui: what the person sees; speaks the protocol like any other client. This file: what went wrong, and
// what was done and can be undone.

import { signal } from '@preact/signals'
import { Hourglass, TriangleAlert, X } from 'lucide'
import { KeyhearthError } from '../protocol/errors.ts'
import { Icon } from './Icon.tsx'
import { errorWords, t } from './words.ts'

/** Nothing while there is no error, so that a new one is announced. */
export function ErrorAlert({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null
  // Nothing went wrong there: others have to do something first.
  const waits = error instanceof KeyhearthError && error.reason === 'quorum-needed'
  return (
    <div role="alert" class={waits ? 'alert waits' : 'alert'}>
      <Icon of={waits ? Hourglass : TriangleAlert} />
      <span>{typeof error === 'string' ? error : errorWords(error)}</span>
    </div>
  )
}

interface Toast {
  readonly words: string
  readonly undo?: Undo
}

type Undo = () => void | Promise<void>

const toast = signal<Toast | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

/** Says what was done. One with an undo stays longer; undoing again is not offered. */
export function say(words: string, undo?: Undo): void {
  clearTimeout(timer)
  toast.value = undo ? { words, undo } : { words }
  timer = setTimeout(hush, undo ? 12_000 : 5_000)
}

/** Takes the message away; what could be undone stays among the recently deleted. */
export function hush(): void {
  clearTimeout(timer)
  toast.value = null
}

/** What cannot be undone any more says so where the offer stood. */
async function takeBack(undo: Undo): Promise<void> {
  hush()
  try {
    await undo()
  } catch (error) {
    say(errorWords(error))
  }
}

export function Toasts() {
  const shown = toast.value
  return (
    <div class="toasts" role="status">
      {shown && (
        <div class="toast">
          <span>{shown.words}</span>
          {shown.undo && (
            <button
              type="button"
              class="on-dark"
              onClick={() => shown.undo && void takeBack(shown.undo)}
            >
              {t('undo')}
            </button>
          )}
          <button type="button" class="on-dark bare" aria-label={t('dismiss')} onClick={hush}>
            <Icon of={X} />
          </button>
        </div>
      )}
    </div>
  )
}
