// ui: what the person sees; speaks the protocol like any other client. This file: a secret in the trash: back again, or
// gone for good.

import { RotateCcw, Trash2 } from 'lucide'
import { useState } from 'preact/hooks'
import { focusAgain } from './focus.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { changeItems } from './secretChanges.ts'
import { knownRow } from './secretRows.ts'
import { useTask } from './task.ts'
import { dayWords, t } from './words.ts'

export function DeletedSecret({
  id,
  until,
  onRestored,
  onGone,
}: {
  /** ARN. */
  readonly id: string
  /** Seconds since 1970. */
  readonly until: number
  readonly onRestored: () => Promise<void>
  readonly onGone: () => void
}) {
  const [sure, setSure] = useState(false)
  const task = useTask()
  const restore = () =>
    task.run(async () => {
      await changeItems([id], { Kind: 'restore' })
      await onRestored()
      focusAgain('secret-pane')
      say(t('bulk_restored', 1))
    })
  const destroy = () =>
    task.run(async () => {
      await changeItems([id], { Kind: 'destroy' })
      onGone()
      say(t('bulk_destroyed', 1))
    })
  return (
    <>
      <h2>{knownRow(id)?.Title ?? t('vault_one')}</h2>
      <p>{t('vault_deleted_until', [dayWords(until)])}</p>
      <div class="row">
        <button type="button" disabled={task.busy} onClick={restore}>
          <Icon of={RotateCcw} />
          {t('secrets_restore')}
        </button>
        <button
          type="button"
          class="danger"
          disabled={task.busy}
          aria-expanded={sure}
          onClick={() => setSure(!sure)}
        >
          <Icon of={Trash2} />
          {t('bulk_destroy')}
        </button>
      </div>
      {sure && (
        <div class="card warn">
          <p>{t('bulk_destroy_sure', 1)}</p>
          <div class="row">
            <button type="button" class="danger" disabled={task.busy} onClick={destroy}>
              {t('bulk_destroy_yes')}
            </button>
            <button type="button" onClick={() => setSure(false)}>
              {t('cancel')}
            </button>
          </div>
        </div>
      )}
      <ErrorAlert error={task.error} />
    </>
  )
}
