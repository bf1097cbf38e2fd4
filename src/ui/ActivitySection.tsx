// ui: what the person sees; speaks the protocol like any other client. This file: the manager's section
// "Activity": what was done with Keyhearth and by whom; and beside it, whether the record of it is whole.

import { RefreshCw } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { ActivityChart } from './ActivityChart.tsx'
import { ActivityFilters } from './ActivityFilters.tsx'
import { ActivityList } from './ActivityList.tsx'
import { type ActivityFilter, readFilter, spanOf, writeFilter } from './activityFilter.ts'
import { hashOf } from './address.ts'
import { ExportTrail } from './ExportTrail.tsx'
import { Icon } from './Icon.tsx'
import { keyRows, loadKeys } from './keyList.ts'
import { ErrorAlert } from './Notices.tsx'
import { Retention } from './Retention.tsx'
import { route, showAs } from './route.ts'
import { Sides } from './Sides.tsx'
import { useTask } from './task.ts'
import { VerifyTrail } from './VerifyTrail.tsx'
import { t } from './words.ts'

export function ActivitySection() {
  const [side = ''] = route.value.path
  const onRecord = side === 'record'
  return (
    <>
      <h1 tabIndex={-1}>{t('manager_activity')}</h1>
      <Sides
        label={t('activity_sides')}
        sides={[
          { href: hashOf(['activity']), label: t('activity_side_events'), here: !onRecord },
          {
            href: hashOf(['activity', 'record']),
            label: t('activity_side_record'),
            here: onRecord,
          },
        ]}
      />
      {onRecord ? <KeptRecord /> : <Events />}
    </>
  )
}

function KeptRecord() {
  return (
    <div class="stack">
      <VerifyTrail />
      <ExportTrail />
      <Retention />
    </div>
  )
}

function Events() {
  const [now, setNow] = useState(() => Date.now() / 1000)
  const task = useTask()
  useEffect(() => {
    if (!keyRows.value) task.run(loadKeys)
  }, [])
  const filter = readFilter(route.value.query)
  const change = (part: Partial<ActivityFilter>) => {
    setNow(Date.now() / 1000)
    showAs(writeFilter({ ...filter, ...part }))
  }
  const span = spanOf(filter, now)
  // What is looked at, as one value: whatever depends on it begins anew when it changes.
  const sight = JSON.stringify([filter, span, now])
  return (
    <>
      <ErrorAlert error={task.error} />
      <ActivityFilters filter={filter} onFilter={change} />
      <ActivityChart filter={filter} span={span} sight={sight} />
      <div class="row">
        <button type="button" onClick={() => setNow(Date.now() / 1000)}>
          <Icon of={RefreshCw} />
          {t('activity_refresh')}
        </button>
      </div>
      <ActivityList filter={filter} span={span} sight={sight} />
    </>
  )
}
