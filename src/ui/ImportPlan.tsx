// ui: what the person sees; speaks the protocol like any other client. This file: what an import would bring, shown
// before anything comes in.

import { useState } from 'preact/hooks'
import type { Unmapped } from '../interchange/format.ts'
import { Icon } from './Icon.tsx'
import { leaveImport, runImport } from './importJob.ts'
import { comingIn, countsOf, type Plan } from './importPlan.ts'
import { ErrorAlert } from './Notices.tsx'
import { importError } from './refusalWords.ts'
import { kindIcons, kindWords } from './secretWords.ts'
import { t } from './words.ts'

export function ImportPlan({ plan, error }: { readonly plan: Plan; readonly error: unknown }) {
  const [withDuplicates, setWithDuplicates] = useState(false)
  const duplicates = plan.items.filter(({ duplicate }) => duplicate).length
  const items = comingIn(plan, withDuplicates)
  return (
    <>
      <p>{t('import_found', [plan.fileName, plan.format])}</p>
      {plan.items.length === 0 ? (
        <p class="bad-words">{t('import_nothing')}</p>
      ) : (
        <ul class="counts" aria-label={t('import_counts')}>
          {countsOf(items).map(([kind, count]) => (
            <li key={kind}>
              <Icon of={kindIcons[kind]} />
              <span>{kindWords[kind]}</span>
              <b>{count}</b>
            </li>
          ))}
        </ul>
      )}
      {duplicates > 0 && (
        <Duplicates count={duplicates} keep={withDuplicates} onKeep={setWithDuplicates} />
      )}
      {plan.changed > 0 && <p class="hint warn">{t('import_changed', plan.changed)}</p>}
      <Unmappable all={plan.unmapped} />
      <ErrorAlert error={importError(error)} />
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={items.length === 0}
          onClick={() => void runImport(plan, withDuplicates)}
        >
          {t('import_go', items.length)}
        </button>
        <button type="button" onClick={leaveImport}>
          {t('cancel')}
        </button>
      </div>
    </>
  )
}

function Duplicates({
  count,
  keep,
  onKeep,
}: {
  readonly count: number
  readonly keep: boolean
  readonly onKeep: (keep: boolean) => void
}) {
  const choice = (value: boolean, words: string) => (
    <label class="choice">
      <input
        type="radio"
        name="duplicates"
        checked={keep === value}
        onChange={() => onKeep(value)}
      />
      <span class="label">{words}</span>
    </label>
  )
  return (
    <fieldset class="choices">
      <legend>{t('import_duplicates', count)}</legend>
      {choice(false, t('import_duplicates_skip'))}
      {choice(true, t('import_duplicates_keep'))}
    </fieldset>
  )
}

/** Nobody reads further; the report that can be saved has all of it. */
const mostShown = 100

export function Unmappable({ all }: { readonly all: readonly Unmapped[] }) {
  if (all.length === 0) return <p class="good-words">{t('import_lossless')}</p>
  return (
    <details open={all.length <= 5}>
      <summary>{t('import_unmapped', all.length)}</summary>
      <ul class="bullets">
        {all.slice(0, mostShown).map(({ entry, what }, at) => (
          <li key={at}>
            <b>{entry}</b> {what}
          </li>
        ))}
      </ul>
      {all.length > mostShown && (
        <p class="hint">{t('import_unmapped_more', all.length - mostShown)}</p>
      )}
    </details>
  )
}
