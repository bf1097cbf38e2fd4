// ui: what the person sees; speaks the protocol like any other client. This file: new material for a key,
// by itself or now. What was encrypted before stays readable.

import { RefreshCw } from 'lucide'
import { useState } from 'preact/hooks'
import type { RotationsListEntry } from '../protocol/kmsOutputs.ts'
import type { Output } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { NumberField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { useShown } from './shown.ts'
import { onSubmit, type Task, useTask } from './task.ts'
import { dateWords, t } from './words.ts'

/** As the operation takes them (API reference, EnableKeyRotation). */
const days = { least: 90, most: 2560 } as const
const usualDays = 365

type Status = Output<'kms:GetKeyRotationStatus'>

export function KeyRotation({ metadata: { KeyId, Origin, KeyState } }: KeySide) {
  const [status, setStatus] = useState<Status | null>(null)
  const [versions, setVersions] = useState<readonly RotationsListEntry[]>([])
  const task = useTask()
  const shown = useShown(async () => {
    const [rotation, list] = await Promise.all([
      call('kms:GetKeyRotationStatus', { KeyId }),
      call('kms:ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    ])
    setStatus(rotation)
    setVersions(list.Rotations)
  }, [KeyId, KeyState])
  const rotate = () =>
    task.run(async () => {
      await call('kms:RotateKeyOnDemand', { KeyId })
      await shown.again()
      say(t('rotated'))
    })
  const usable = KeyState === 'Enabled'
  return (
    <div class="stack">
      <ErrorAlert error={task.error ?? shown.error} />
      {Origin === 'AWS_KMS' && status && (
        <Automatic
          keyId={KeyId}
          status={status}
          usable={usable}
          task={task}
          onChanged={shown.again}
        />
      )}
      <section class="card">
        <h2>{t('rotation_now_heading')}</h2>
        <p class="hint">
          {Origin === 'EXTERNAL' ? t('rotation_imported_hint') : t('rotation_now_hint')}
        </p>
        <div class="row">
          <button type="button" disabled={task.busy || !usable} onClick={rotate}>
            <Icon of={RefreshCw} />
            {t('rotation_now')}
          </button>
        </div>
      </section>
      <Versions versions={versions} />
    </div>
  )
}

function Automatic({
  keyId: KeyId,
  status,
  usable,
  task,
  onChanged,
}: {
  readonly keyId: string
  readonly status: Status
  readonly usable: boolean
  readonly task: Task
  readonly onChanged: () => Promise<void>
}) {
  const [period, setPeriod] = useState(status.RotationPeriodInDays ?? usualDays)
  const on = status.KeyRotationEnabled
  const start = async () => {
    await call('kms:EnableKeyRotation', { KeyId, RotationPeriodInDays: period })
    await onChanged()
    say(t('rotation_on_done', [String(period)]))
  }
  const stop = () =>
    task.run(async () => {
      await call('kms:DisableKeyRotation', { KeyId })
      await onChanged()
      say(t('rotation_off_done'), start)
    })
  return (
    <form class="card" autocomplete="off" onSubmit={onSubmit(() => task.run(start))}>
      <h2>{t('rotation_heading')}</h2>
      <p class="hint">{t('rotation_hint')}</p>
      {on && status.NextRotationDate !== undefined && (
        <p>{t('rotation_next', [dateWords(status.NextRotationDate)])}</p>
      )}
      <div class="narrow">
        <NumberField label={t('rotation_days')} value={period} {...days} onValue={setPeriod} />
      </div>
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy || !usable}>
          {on ? t('rotation_change') : t('rotation_on')}
        </button>
        {on && (
          <button type="button" disabled={task.busy || !usable} onClick={stop}>
            {t('rotation_off')}
          </button>
        )}
      </div>
    </form>
  )
}

const states = {
  CURRENT: t('version_current'),
  NON_CURRENT: t('version_earlier'),
  PENDING_ROTATION: t('version_waiting'),
} as const

const types = { AUTOMATIC: t('version_automatic'), ON_DEMAND: t('version_on_demand') } as const

function Versions({ versions }: { readonly versions: readonly RotationsListEntry[] }) {
  if (versions.length === 0) return null
  return (
    <section class="card">
      <h2>{t('versions_heading')}</h2>
      <table class="listing plain-rows" aria-label={t('versions_heading')}>
        <thead>
          <tr>
            <th scope="col">{t('version_id')}</th>
            <th scope="col">{t('key_state')}</th>
            <th scope="col">{t('version_since')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.KeyMaterialId}>
              <th scope="row" class="mono" title={version.KeyMaterialId}>
                {version.KeyMaterialId.slice(0, 12)}…
              </th>
              <td>{states[version.KeyMaterialState]}</td>
              <td>
                {version.RotationDate === undefined
                  ? t('version_first')
                  : dateWords(version.RotationDate)}
                {version.RotationType && <span class="hint">{types[version.RotationType]}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
