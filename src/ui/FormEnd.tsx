// ui: what the person sees; speaks the protocol like any other client. This file: how a form ends: what went wrong, the
// button that does what it is for, and the one that leaves it.

import { ErrorAlert } from './Notices.tsx'
import type { Task } from './task.ts'
import { t } from './words.ts'

export function FormEnd({
  task,
  words,
  onCancel,
}: {
  readonly task: Task
  /** What sending the form does. */
  readonly words: string
  readonly onCancel: () => void
}) {
  return (
    <>
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
          {words}
        </button>
        <button type="button" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </>
  )
}
