// ui: what the person sees; speaks the protocol like any other client. This file: what a message is
// bound to (its encryption context), as rows of keys and values.

import { Plus, X } from 'lucide'
import { Icon } from './Icon.tsx'
import { t } from './words.ts'

export type ContextRow = readonly [key: string, value: string]

export function ContextRows({
  rows,
  onRows,
}: {
  readonly rows: readonly ContextRow[]
  readonly onRows: (rows: readonly ContextRow[]) => void
}) {
  const change = (at: number, row: ContextRow) => onRows(rows.with(at, row))
  return (
    <details class="context" open={rows.length > 0}>
      <summary>{t('context_heading')}</summary>
      <div class="stack tight">
        <p class="hint">{t('context_hint')}</p>
        {rows.map(([key, value], at) => (
          <fieldset class="context-row" key={at}>
            <legend class="unseen">{t('context_entry', [String(at + 1)])}</legend>
            <Cell
              label={t('context_key')}
              value={key}
              onValue={(next) => change(at, [next, value])}
            />
            <Cell
              label={t('context_value')}
              value={value}
              onValue={(next) => change(at, [key, next])}
            />
            <button
              type="button"
              class="quiet"
              aria-label={t('context_remove')}
              onClick={() => onRows(rows.toSpliced(at, 1))}
            >
              <Icon of={X} />
            </button>
          </fieldset>
        ))}
        <div class="row">
          <button type="button" class="quiet" onClick={() => onRows([...rows, ['', '']])}>
            <Icon of={Plus} />
            {t('context_add')}
          </button>
        </div>
      </div>
    </details>
  )
}

function Cell({
  label,
  value,
  onValue,
}: {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  return (
    <input
      type="text"
      autocomplete="off"
      spellcheck={false}
      autocapitalize="off"
      aria-label={label}
      placeholder={label}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  )
}
