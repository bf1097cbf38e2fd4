// ui: what the person sees; speaks the protocol like any other client. This file: how long activity is kept.

import { useEffect, useState } from 'preact/hooks'
import type { Settings } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

const usual = [0, 30, 90, 365, 3650]

function daysWords(days: number): string {
  if (days === 0) return t('retention_ever')
  if (days === 365) return t('retention_year')
  return days % 365 === 0 ? t('retention_years', [String(days / 365)]) : t('retention_days', days)
}

export function Retention() {
  const [settings, setSettings] = useState<Settings | null>(null)
  const task = useTask()
  useEffect(() => task.run(async () => setSettings(await call('keyhearth:GetSettings', {}))), [])
  if (!settings) return <ErrorAlert error={task.error} />
  const { TrailRetentionDays: kept } = settings
  const put = async (TrailRetentionDays: number) => {
    const next = { ...(await call('keyhearth:GetSettings', {})), TrailRetentionDays }
    await call('keyhearth:PutSettings', next)
    setSettings(next)
  }
  const choose = (days: number) =>
    task.run(async () => {
      await put(days)
      say(t('retention_saved'), () => put(kept))
    })
  const all = [...new Set([...usual, kept])].sort((left, right) => left - right)
  return (
    <section class="card">
      <h2>{t('retention_heading')}</h2>
      <p class="hint">{t('retention_hint')}</p>
      <div class="narrow">
        <SelectField
          label={t('retention_label')}
          value={String(kept)}
          options={all.map((days) => [String(days), daysWords(days)])}
          onValue={(days) => choose(Number(days))}
        />
      </div>
      <ErrorAlert error={task.error} />
    </section>
  )
}
