// ui: what the person sees; speaks the protocol like any other client. This file: half-typed input,
// which survives the popup closing. The background seals it; passphrases are never part of it.

import { type Signal, signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { call } from './call.ts'

const quietMs = 250

export interface Draft<Value> {
  readonly value: Signal<Value>
  /** False until what was kept has been read; typing before that wins. */
  readonly ready: Signal<boolean>
  set(next: Value): void
  clear(): void
}

/** One form's draft. `read` makes a value of what was kept, or `null` where it is no such thing. */
function makeDraft<Value>(
  form: string,
  empty: Value,
  read: (kept: unknown) => Value | null,
): Draft<Value> & { load(): Promise<void>; flush(): void } {
  const value = signal(empty)
  const ready = signal(false)
  let timer: ReturnType<typeof setTimeout> | null = null
  let touched = false
  const write = (next: Value | null) =>
    void call('keyhearth:PutDraft', {
      Form: form,
      Value: next === null ? null : JSON.stringify(next),
    }).catch(() => {
      // A draft is a kindness: a full disk or a lock in between must not disturb the typing.
    })
  const flush = () => {
    if (timer === null) return
    clearTimeout(timer)
    timer = null
    write(value.value)
  }
  return {
    value,
    ready,
    set(next) {
      touched = true
      value.value = next
      if (timer !== null) clearTimeout(timer)
      timer = setTimeout(flush, quietMs)
    },
    clear() {
      touched = true
      if (timer !== null) clearTimeout(timer)
      timer = null
      value.value = empty
      write(null)
    },
    async load() {
      const kept = await call('keyhearth:GetDraft', { Form: form }).catch(() => null)
      const found = kept?.Value ? read(JSON.parse(kept.Value)) : null
      if (found !== null && !touched) value.value = found
      ready.value = true
    },
    flush,
  }
}

export function useDraft<Value>(
  form: string,
  empty: Value,
  read: (kept: unknown) => Value | null,
): Draft<Value> {
  const [draft] = useState(() => makeDraft(form, empty, read))
  useEffect(() => {
    void draft.load()
    // A popup that closes gets no more than this.
    addEventListener('pagehide', draft.flush)
    document.addEventListener('visibilitychange', draft.flush)
    return () => {
      draft.flush()
      removeEventListener('pagehide', draft.flush)
      document.removeEventListener('visibilitychange', draft.flush)
    }
  }, [draft])
  return draft
}
