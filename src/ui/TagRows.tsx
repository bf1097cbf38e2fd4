// ui: what the person sees; speaks the protocol like any other client. This file: tags as rows of names
// and values.

import { Plus, X } from 'lucide'
import { Icon } from './Icon.tsx'
import { t } from './words.ts'

type Row = readonly [name: string, value: string]

export function TagRows({
  rows,
  onRows,
}: {
  readonly rows: readonly Row[]
  readonly onRows: (rows: readonly Row[]) => void
}) {
  return (
    <fieldset class="plain stack tight">
      <legend class="label">{t('tags_heading')}</legend>
      {rows.map(([name, value], at) => (
        <div class="context-row" key={at}>
          <Cell
            label={t('tag_name', [String(at + 1)])}
            placeholder={t('tag_name_short')}
            value={name}
            maxLength={128}
            onValue={(next) => onRows(rows.with(at, [next, value]))}
          />
          <Cell
            label={t('tag_value', [String(at + 1)])}
            placeholder={t('tag_value_short')}
            value={value}
            maxLength={256}
            onValue={(next) => onRows(rows.with(at, [name, next]))}
          />
          <button
            type="button"
            class="quiet"
            aria-label={t('tag_remove', [String(at + 1)])}
            onClick={() => onRows(rows.toSpliced(at, 1))}
          >
            <Icon of={X} />
          </button>
        </div>
      ))}
      <div class="row">
        <button
          type="button"
          class="quiet"
          disabled={rows.length >= 50}
          onClick={() => onRows([...rows, ['', '']])}
        >
          <Icon of={Plus} />
          {t('tag_add')}
        </button>
      </div>
    </fieldset>
  )
}

function Cell({
  label,
  placeholder,
  value,
  maxLength,
  onValue,
}: {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly maxLength: number
  readonly onValue: (value: string) => void
}) {
  return (
    <input
      type="text"
      autocomplete="off"
      spellcheck={false}
      autocapitalize="off"
      aria-label={label}
      placeholder={placeholder}
      maxLength={maxLength}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  )
}
