// ui: what the person sees; speaks the protocol like any other client. This file: adding and editing.

import type { Draft } from './draft.ts'
import { AreaField, TextField } from './Field.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import {
  createSecret,
  longestNotes,
  longestTitle,
  type SecretDraft,
  type SecretSummary,
  updateSecret,
} from './secretList.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

/** In characters (CreateSecret, SecretString). */
const longestValue = 65_536

/** The form that is open: for a new secret, or for one that is being edited. */
export interface OpenForm extends SecretDraft {
  readonly editing: SecretSummary | null
  /** The value as it was, to see whether it changed. */
  readonly before: string
}

export function readOpenForm(kept: unknown): OpenForm | null {
  const form = kept as OpenForm | null
  return typeof form?.title === 'string' && typeof form.value === 'string' ? form : null
}

export function SecretForm({
  form,
  draft,
}: {
  readonly form: OpenForm
  readonly draft: Draft<OpenForm | null>
}) {
  const task = useTask()
  const change = (part: Partial<SecretDraft>) => draft.set({ ...form, ...part })
  const save = () => {
    if (form.title.trim() === '') return task.fail(t('secrets_name_missing'))
    if (form.value === '') return task.fail(t('secrets_value_missing'))
    task.run(async () => {
      const secret = { ...form, title: form.title.trim() }
      if (form.editing) await updateSecret(form.editing, form.before, secret)
      else await createSecret(secret)
      draft.clear()
      say(t('secrets_saved', [secret.title]))
    })
  }
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(save)}>
      <h2>{form.editing ? t('secrets_edit_heading') : t('secrets_new')}</h2>
      <TextField
        label={t('secrets_name')}
        value={form.title}
        onValue={(title) => change({ title })}
        maxLength={longestTitle}
        autofocus
      />
      <AreaField
        label={t('secrets_value')}
        value={form.value}
        onValue={(value) => change({ value })}
        rows={3}
        maxLength={longestValue}
        secret
      />
      <AreaField
        label={t('secrets_notes')}
        value={form.notes}
        onValue={(notes) => change({ notes })}
        rows={2}
        maxLength={longestNotes}
      />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {t('secrets_save')}
        </button>
        <button type="button" onClick={draft.clear}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}
