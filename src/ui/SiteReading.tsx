// ui: what the person sees; speaks the protocol like any other client. This file: whether messages on a site are
// marked there, to be read in place.

import { useEffect, useState } from 'preact/hooks'
import type { Output, Reading } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { ErrorAlert } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

const choices = [
  ['ask', t('reading_ask')],
  ['on', t('reading_on')],
  ['off', t('reading_off')],
] as const satisfies readonly (readonly [Reading, string])[]

export function SiteReading({ origin }: { readonly origin: string }) {
  const [now, setNow] = useState<Output<'keyhearth:GetReading'> | null>(null)
  const loading = useTask()
  const task = useTask()
  useEffect(
    () => loading.run(async () => setNow(await call('keyhearth:GetReading', { Origin: origin }))),
    [origin],
  )
  const choose = (Reading: Reading) =>
    task.run(async () => {
      await call('keyhearth:PutReading', { Origin: origin, Reading })
      setNow(await call('keyhearth:GetReading', { Origin: origin }))
    })
  if (!now) return <ErrorAlert error={loading.error} />
  return (
    <div class="stack">
      <h2>{t('reading_heading')}</h2>
      {now.Found && now.Reading === 'ask' && (
        <div class="banner banner-line">
          <p>{t('reading_found')}</p>
          <button type="button" class="primary" disabled={task.busy} onClick={() => choose('on')}>
            {t('reading_mark_here')}
          </button>
        </div>
      )}
      <SelectField
        label={t('reading_label')}
        value={now.Reading}
        options={choices}
        onValue={choose}
      />
      <p class="hint">{t('reading_hint')}</p>
      <ErrorAlert error={task.error} />
    </div>
  )
}
