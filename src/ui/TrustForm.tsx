// ui: what the person sees; speaks the protocol like any other client. This file: the question whether somebody is to be
// trusted, with what to compare first, and what the person calls them.

import type { ComponentChildren } from 'preact'
import { TextField } from './Field.tsx'
import { ErrorAlert } from './Notices.tsx'
import { onSubmit, type Task } from './task.ts'
import { t } from './words.ts'

export function TrustForm({
  task,
  warning,
  name,
  onName,
  onTrust,
  onCancel,
  children,
}: {
  readonly task: Task
  /** What trusting means here. */
  readonly warning: string
  readonly name: string
  readonly onName: (name: string) => void
  readonly onTrust: () => void
  readonly onCancel?: () => void
  readonly children?: ComponentChildren
}) {
  return (
    <form class="card warn" autocomplete="off" onSubmit={onSubmit(onTrust)}>
      {children}
      <p>
        <strong>{warning}</strong>
      </p>
      <p>{t('certificates_trust_compare')}</p>
      <TextField label={t('certificates_called')} value={name} maxLength={200} onValue={onName} />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="danger" disabled={task.busy}>
          {t('certificates_trust_now')}
        </button>
        {onCancel && (
          <button type="button" onClick={onCancel}>
            {t('cancel')}
          </button>
        )}
      </div>
    </form>
  )
}
