// ui: what the person sees; speaks the protocol like any other client. This file: switching a key off and
// on, and deleting it. What would break is shown before; both can be taken back.

import { Power, Trash2, Undo2 } from 'lucide'
import { useState } from 'preact/hooks'
import { call } from './call.ts'
import { NumberField } from './Field.tsx'
import { focusAgain, useFocusBack } from './focus.ts'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { KeyUse } from './KeyUse.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { onSubmit, useTask } from './task.ts'
import { dateWords, t } from './words.ts'

/** As the operation takes them (API reference, ScheduleKeyDeletion). */
const days = { least: 7, most: 30 } as const

export function KeyActions(side: KeySide) {
  const [asking, setAsking] = useState<'disable' | 'delete' | null>(null)
  const task = useTask()
  const { row, onChanged } = side
  const { KeyId, KeyState, name } = row
  const done = () => setAsking(null)
  if (KeyState === 'PendingDeletion') return null
  const enable = () =>
    task.run(async () => {
      await call('kms:EnableKey', { KeyId })
      await onChanged()
      focusAgain('key-disable')
      say(t('key_enabled_done', [name]))
    })
  return (
    <div class="stack tight">
      <div class="row">
        {KeyState === 'Enabled' && (
          <button
            type="button"
            id="key-disable"
            aria-expanded={asking === 'disable'}
            onClick={() => setAsking(asking === 'disable' ? null : 'disable')}
          >
            <Icon of={Power} />
            {t('key_disable')}
          </button>
        )}
        {KeyState === 'Disabled' && (
          <button
            type="button"
            id="key-enable"
            class="primary"
            disabled={task.busy}
            onClick={enable}
          >
            <Icon of={Power} />
            {t('key_enable')}
          </button>
        )}
        <button
          type="button"
          id="key-delete"
          class="danger"
          aria-expanded={asking === 'delete'}
          onClick={() => setAsking(asking === 'delete' ? null : 'delete')}
        >
          <Icon of={Trash2} />
          {t('key_delete')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
      {asking === 'disable' && <Disable {...side} onDone={done} />}
      {asking === 'delete' && <Delete {...side} onDone={done} />}
    </div>
  )
}

interface Asked extends KeySide {
  readonly onDone: () => void
}

function Disable({ row: { KeyId, name }, onChanged, onDone }: Asked) {
  useFocusBack('key-disable', 'key-enable')
  const task = useTask()
  const enable = async () => {
    await call('kms:EnableKey', { KeyId })
    await onChanged()
  }
  const disable = () =>
    task.run(async () => {
      await call('kms:DisableKey', { KeyId })
      await onChanged()
      onDone()
      say(t('key_disabled_done', [name]), enable)
    })
  return (
    <section class="card warn">
      <h2>{t('key_disable_heading')}</h2>
      <p>{t('key_disable_hint')}</p>
      <KeyUse keyId={KeyId} />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="button" class="danger" disabled={task.busy} onClick={disable}>
          {t('key_disable_now')}
        </button>
        <button type="button" onClick={onDone}>
          {t('cancel')}
        </button>
      </div>
    </section>
  )
}

function Delete({ row: { KeyId, name }, onChanged, onDone }: Asked) {
  useFocusBack('key-delete', 'deletion-cancel')
  const [wait, setWait] = useState<number>(days.most)
  const task = useTask()
  const remove = () =>
    task.run(async () => {
      await call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: wait })
      await onChanged()
      onDone()
      say(t('key_deletion_planned', [name]), () => cancelDeletion(KeyId, onChanged))
    })
  return (
    <form class="card warn" autocomplete="off" onSubmit={onSubmit(remove)}>
      <h2>{t('key_delete_heading')}</h2>
      <p>{t('key_delete_hint')}</p>
      <KeyUse keyId={KeyId} />
      <div class="narrow">
        <NumberField label={t('key_delete_days')} value={wait} {...days} onValue={setWait} />
      </div>
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="danger" disabled={task.busy}>
          {t('key_delete_now')}
        </button>
        <button type="button" onClick={onDone}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}

/** The key comes back disabled (API reference, CancelKeyDeletion). */
async function cancelDeletion(KeyId: string, onChanged: () => Promise<void>): Promise<void> {
  await call('kms:CancelKeyDeletion', { KeyId })
  await onChanged()
  focusAgain('key-enable')
  say(t('key_deletion_cancelled'))
}

export function PendingDeletion({ row, onChanged }: KeySide) {
  const task = useTask()
  if (row.KeyState !== 'PendingDeletion' || row.DeletionDate === undefined) return null
  return (
    <section class="card warn">
      <p>{t('key_deletion_on', [dateWords(row.DeletionDate)])}</p>
      <ErrorAlert error={task.error} />
      <div class="row">
        <button
          type="button"
          id="deletion-cancel"
          class="primary"
          disabled={task.busy}
          onClick={() => task.run(() => cancelDeletion(row.KeyId, onChanged))}
        >
          <Icon of={Undo2} />
          {t('key_deletion_cancel')}
        </button>
      </div>
    </section>
  )
}
