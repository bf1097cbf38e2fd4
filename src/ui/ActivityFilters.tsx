// ui: what the person sees; speaks the protocol like any other client. This file: choosing which events to
// look at.

import { useEffect, useId, useState } from 'preact/hooks'
import { operations } from '../protocol/operations.ts'
import type { Site } from '../protocol/outputs.ts'
import { type ActivityFilter, type Range, type Result, ranges, results } from './activityFilter.ts'
import { call } from './call.ts'
import { keyRows } from './keyList.ts'
import { SelectField } from './SelectField.tsx'
import { siteWords } from './siteWords.ts'
import { t } from './words.ts'

const rangeWords = {
  hour: t('activity_range_hour'),
  day: t('activity_range_day'),
  week: t('activity_range_week'),
  month: t('activity_range_month'),
  year: t('activity_range_year'),
  own: t('activity_range_own'),
} as const satisfies Record<Range, string>

export const resultWords = {
  ok: t('activity_ok'),
  refused: t('activity_refused'),
  failed: t('activity_failed'),
} as const satisfies Record<Result, string>

interface FilterProps {
  readonly filter: ActivityFilter
  readonly onFilter: (part: Partial<ActivityFilter>) => void
}

export function ActivityFilters({ filter, onFilter }: FilterProps) {
  return (
    <search class="filters" aria-label={t('activity_filters')}>
      <SelectField
        label={t('activity_range')}
        value={filter.range}
        options={ranges.map((range) => [range, rangeWords[range]])}
        onValue={(range) => onFilter({ range })}
      />
      {filter.range === 'own' && <OwnRange filter={filter} onFilter={onFilter} />}
      <SiteFilter filter={filter} onFilter={onFilter} />
      <KeyFilter filter={filter} onFilter={onFilter} />
      <OperationFilter filter={filter} onFilter={onFilter} />
      <SelectField<Result | ''>
        label={t('activity_result')}
        value={filter.result}
        options={[
          ['', t('activity_result_any')],
          ...results.map((result) => [result, resultWords[result]] as const),
        ]}
        onValue={(result) => onFilter({ result })}
      />
      {(filter.origin || filter.keyId || filter.operation || filter.result) && (
        <button
          type="button"
          class="link"
          onClick={() => onFilter({ origin: '', keyId: '', operation: '', result: '' })}
        >
          {t('activity_clear')}
        </button>
      )}
    </search>
  )
}

function OwnRange({ filter, onFilter }: FilterProps) {
  const id = useId()
  return (
    <>
      <div class="field">
        <label for={`${id}-from`}>{t('activity_from')}</label>
        <input
          type="date"
          id={`${id}-from`}
          value={filter.from}
          onChange={({ currentTarget }) => onFilter({ from: currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for={`${id}-to`}>{t('activity_to')}</label>
        <input
          type="date"
          id={`${id}-to`}
          value={filter.to}
          onChange={({ currentTarget }) => onFilter({ to: currentTarget.value })}
        />
      </div>
    </>
  )
}

function SiteFilter({ filter, onFilter }: FilterProps) {
  const [sites, setSites] = useState<readonly Site[]>([])
  useEffect(() => {
    // Without the list one can still look at everyone's.
    void call('keyhearth:ListSites', {}).then(
      ({ Sites }) => setSites(Sites),
      () => {},
    )
  }, [])
  const known = sites.map(({ Origin }) => Origin)
  // One that is not connected any more can still stand in the address.
  const all =
    filter.origin === '' || known.includes(filter.origin) ? known : [...known, filter.origin]
  return (
    <SelectField
      label={t('activity_site')}
      value={filter.origin}
      options={[
        ['', t('activity_site_any')],
        ...all.map((origin) => [origin, siteWords(origin).replaceAll('https://', '')] as const),
      ]}
      onValue={(origin) => onFilter({ origin })}
    />
  )
}

/** A list of more is no help: from a key's own page one comes here with the key chosen. */
const mostKeys = 200

function KeyFilter({ filter, onFilter }: FilterProps) {
  const rows = (keyRows.value ?? []).toSorted((left, right) => left.name.localeCompare(right.name))
  const chosen = rows.filter(({ KeyId }) => KeyId === filter.keyId)
  const shown = [...new Set([...chosen, ...rows.slice(0, mostKeys)])]
  const known = filter.keyId === '' || chosen.length > 0
  return (
    <SelectField
      label={t('activity_key')}
      value={filter.keyId}
      options={[
        ['', t('activity_key_any')],
        ...(known ? [] : [[filter.keyId, filter.keyId] as const]),
        ...shown.map(({ KeyId, name }) => [KeyId, name] as const),
      ]}
      onValue={(keyId) => onFilter({ keyId })}
    />
  )
}

const recorded = Object.entries(operations)
  .filter(([, { record }]) => record !== null)
  .map(([name]) => name)

const groups = [
  ['kms', t('activity_group_kms')],
  ['secretsmanager', t('activity_group_secrets')],
  ['keyhearth', t('activity_group_keyhearth')],
] as const

function OperationFilter({ filter, onFilter }: FilterProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{t('activity_operation')}</label>
      <select
        id={id}
        value={filter.operation}
        onChange={({ currentTarget }) => onFilter({ operation: currentTarget.value })}
      >
        <option value="">{t('activity_operation_any')}</option>
        {groups.map(([service, label]) => (
          <optgroup key={service} label={label}>
            {recorded
              .filter((name) => name.startsWith(`${service}:`))
              .sort()
              .map((name) => (
                <option key={name} value={name}>
                  {name.slice(service.length + 1)}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </div>
  )
}
