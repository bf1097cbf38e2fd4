// ui: what the person sees; speaks the protocol like any other client. This file: what an import would bring, shown
// before anything comes in.

import { useState } from 'preact/hooks'
import type { Unmapped } from '../interchange/format.ts'
import { Icon } from './Icon.tsx'
import { leaveImport, runImport } from './importJob.ts'
import { type Answers, comingIn, countsOf, type Plan } from './importPlan.ts'
import { ErrorAlert } from './Notices.tsx'
import { importError } from './refusalWords.ts'
import { kindIcons, kindWords } from './secretWords.ts'
import { t } from './words.ts'

export function ImportPlan({ plan, error }: { readonly plan: Plan; readonly error: unknown }) {
  const [answers, setAnswers] = useState<Answers>({ duplicates: 'leave-out', changed: 'both' })
  const items = comingIn(plan, answers)
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
      <Questions
        plan={plan}
        answers={answers}
        onAnswer={(part) => setAnswers({ ...answers, ...part })}
      />
      <Unmappable all={plan.unmapped} />
      <ErrorAlert error={importError(error)} />
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={items.length === 0}
          onClick={() => void runImport(plan, answers)}
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

function Questions({
  plan,
  answers,
  onAnswer,
}: {
  readonly plan: Plan
  readonly answers: Answers
  readonly onAnswer: (part: Partial<Answers>) => void
}) {
  const duplicates = plan.items.filter(({ duplicate }) => duplicate).length
  const changed = plan.items.filter(({ changes }) => changes !== null).length
  return (
    <>
      {duplicates > 0 && (
        <Question
          name="duplicates"
          words={t('import_duplicates', duplicates)}
          options={[
            ['leave-out', t('import_duplicates_skip')],
            ['both', t('import_duplicates_keep')],
          ]}
          value={answers.duplicates}
          onValue={(value) => onAnswer({ duplicates: value })}
        />
      )}
      {changed > 0 && (
        <Question
          name="changed"
          words={t('import_changed', changed)}
          options={[
            ['both', t('import_changed_keep')],
            ['replace', t('import_changed_replace')],
          ]}
          value={answers.changed}
          onValue={(value) => onAnswer({ changed: value })}
        />
      )}
      {changed > 0 && answers.changed === 'replace' && (
        <p class="hint warn">{t('import_changed_hint')}</p>
      )}
    </>
  )
}

function Question<Value extends string>({
  name,
  words,
  options,
  value,
  onValue,
}: {
  readonly name: string
  readonly words: string
  readonly options: readonly (readonly [value: Value, words: string])[]
  readonly value: Value
  readonly onValue: (value: Value) => void
}) {
  return (
    <fieldset class="choices">
      <legend>{words}</legend>
      {options.map(([option, label]) => (
        <label class="choice" key={option}>
          <input
            type="radio"
            name={name}
            checked={value === option}
            onChange={() => onValue(option)}
          />
          <span class="label">{label}</span>
        </label>
      ))}
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
