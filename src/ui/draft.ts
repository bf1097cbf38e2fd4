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
  /** What is there by then is changed: what was typed while something was under way stays. */
  update(change: (current: Value) => Value): void
  clear(): void
}

/** Where a draft lies. */
interface DraftPlace<Value> {
  /** What was kept, or `null` where there is no such thing. */
  read(): Promise<Value | null>
  /** `null`: nothing is kept any more. */
  write(next: Value | null): Promise<unknown>
}

export interface KeptDraft<Value> extends Draft<Value> {
  load(): Promise<void>
  flush(): void
}

export function makeDraft<Value>(empty: Value, place: DraftPlace<Value>): KeptDraft<Value> {
  const value = signal(empty)
  const ready = signal(false)
  let timer: ReturnType<typeof setTimeout> | null = null
  let touched = false
  const write = (next: Value | null) =>
    void place.write(next).catch(() => {
      // A draft is a kindness: a full disk or a lock in between must not disturb the typing.
    })
  const flush = () => {
    if (timer === null) return
    clearTimeout(timer)
    timer = null
    write(value.value)
  }
  const set = (next: Value) => {
    touched = true
    value.value = next
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(flush, quietMs)
  }
  return {
    value,
    ready,
    set,
    update(change) {
      const next = change(value.value)
      if (next !== value.value) set(next)
    },
    clear() {
      touched = true
      if (timer !== null) clearTimeout(timer)
      timer = null
      value.value = empty
      write(null)
    },
    async load() {
      const found = await place.read().catch(() => null)
      if (found !== null && !touched) value.value = found
      ready.value = true
    },
    flush,
  }
}

/** One form's, the same in every window. `read` makes a value of what was kept, or `null` where it is no such thing. */
export function useDraft<Value>(
  form: string,
  empty: Value,
  read: (kept: unknown) => Value | null,
): Draft<Value> {
  const [draft] = useState(() =>
    makeDraft(empty, {
      async read() {
        const { Value } = await call('keyhearth:GetDraft', { Form: form })
        return Value ? read(JSON.parse(Value)) : null
      },
      write: (next) =>
        call('keyhearth:PutDraft', {
          Form: form,
          Value: next === null ? null : JSON.stringify(next),
        }),
    }),
  )
  useKept(draft)
  return draft
}

export function useKept<Value>(draft: KeptDraft<Value>): void {
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
}
