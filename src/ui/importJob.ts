// ui: what the person sees; speaks the protocol like any other client. This file: an import under way, step by step.
// It goes on whatever section the manager shows, and ends with the page or with the vault's locking.

import { effect, signal } from '@preact/signals'
import { type Answers, comingIn, type Plan } from './importPlan.ts'
import { type GivenSecrets, readImport, type Wanting } from './importReading.ts'
import { isReplacing, sendItems } from './importSending.ts'
import { status } from './status.ts'

export interface ImportReport {
  readonly plan: Plan
  readonly imported: number
  /** So many of those imported are new values of what was there. */
  readonly replaced: number
  readonly leftOut: number
}

export type ImportStep =
  | { readonly is: 'choosing'; readonly error: unknown }
  | { readonly is: 'reading'; readonly name: string }
  | {
      readonly is: 'locked'
      readonly file: File
      readonly wants: Wanting
      /** Why it did not open with what was given; `null` where nothing was. */
      readonly error: unknown
    }
  | { readonly is: 'planned'; readonly plan: Plan; readonly error: unknown }
  | {
      readonly is: 'sending'
      readonly plan: Plan
      readonly sent: number
      readonly total: number
      readonly finishing: boolean
    }
  | { readonly is: 'done'; readonly report: ImportReport }

const atStart: ImportStep = { is: 'choosing', error: null }

export const importStep = signal<ImportStep>(atStart)
let cancel = new AbortController()

/** Gives it up, wherever it is; nothing is kept. */
export function leaveImport(): void {
  cancel.abort()
  importStep.value = atStart
}

effect(() => {
  if (status.value?.Vault !== 'unlocked') leaveImport()
})

function begin(step: ImportStep): AbortSignal {
  cancel.abort()
  cancel = new AbortController()
  importStep.value = step
  return cancel.signal
}

export async function takeFile(file: File, given: GivenSecrets = {}): Promise<void> {
  const signal = begin({ is: 'reading', name: file.name })
  const go = (step: ImportStep) => {
    if (!signal.aborted) importStep.value = step
  }
  try {
    const read = await readImport(file, given)
    if ('plan' in read) return go({ is: 'planned', plan: read.plan, error: null })
    go({ is: 'locked', file, wants: read.wants, error: read.error })
  } catch (error) {
    go({ is: 'choosing', error })
  }
}

export async function runImport(plan: Plan, answers: Answers): Promise<void> {
  const items = comingIn(plan, answers)
  const total = items.length
  let sent = 0
  const sending = (finishing: boolean) => ({ is: 'sending', plan, sent, total, finishing }) as const
  const signal = begin(sending(false))
  const go = (step: ImportStep) => {
    if (!signal.aborted) importStep.value = step
  }
  try {
    const imported = await sendItems(items, {
      signal,
      onSent(count) {
        sent = count
        go(sending(false))
      },
      onFinishing: () => go(sending(true)),
    })
    const replaced = items.filter(isReplacing).length
    const leftOut = plan.items.length - total
    go({ is: 'done', report: { plan, imported, replaced, leftOut } })
  } catch (error) {
    go({ is: 'planned', plan, error })
  }
}
