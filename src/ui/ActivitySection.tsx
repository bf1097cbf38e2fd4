// ui: what the person sees; speaks the protocol like any other client. This file: the manager's section
// "Activity": what was done with Keyhearth and by whom; and beside it, whether the record of it is whole.

import { RefreshCw } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { ActivityChart } from './ActivityChart.tsx'
import { ActivityFilters } from './ActivityFilters.tsx'
import { ActivityList } from './ActivityList.tsx'
import {
  type ActivityFilter,
  eventFilter,
  readFilter,
  spanOf,
  writeFilter,
} from './activityFilter.ts'
import { hashOf } from './address.ts'
import { aside, setAside } from './aside.ts'
import { ExportTrail } from './ExportTrail.tsx'
import { Icon } from './Icon.tsx'
import { type KeyRow, keyRows, loadKeys } from './keyList.ts'
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

/** The address has a key's id alone; of a key that is gone, that is all one knows. */
const arnOf = (keyId: string, keys: readonly KeyRow[]): string =>
  keys.find(({ KeyId }) => KeyId === keyId)?.Arn ?? keyId

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
  const filter = readFilter(route.value.query, aside.value.origin)
  const change = (part: Partial<ActivityFilter>) => {
    const next = { ...filter, ...part }
    setNow(Date.now() / 1000)
    setAside({ origin: next.origin })
    showAs(writeFilter(next))
  }
  const span = spanOf(filter, now)
  const wanted = keyRows.value && eventFilter(filter, span, arnOf(filter.keyId, keyRows.value))
  // What is looked at, as one value: it is looked up anew when that changes.
  const sight = JSON.stringify([wanted, now])
  return (
    <>
      <ErrorAlert error={task.error} />
      <ActivityFilters filter={filter} onFilter={change} />
      {wanted && <ActivityChart wanted={wanted} span={span} sight={sight} />}
      <div class="row">
        <button type="button" onClick={() => setNow(Date.now() / 1000)}>
          <Icon of={RefreshCw} />
          {t('activity_refresh')}
        </button>
      </div>
      {wanted && <ActivityList wanted={wanted} sight={sight} />}
    </>
  )
}
