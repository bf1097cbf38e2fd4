// ui: what the person sees; speaks the protocol like any other client. This file: one secret in the list.

import { Copy, Eye, EyeOff, Pencil, Trash2 } from 'lucide'
import { useEffect, useId, useState } from 'preact/hooks'
import { copySecret } from './clipboard.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { deleteSecret, readSecret, restoreSecret, type SecretSummary } from './secretList.ts'
import { type Task, useTask } from './task.ts'
import { errorWords, t } from './words.ts'

const longestShownMs = 60_000

export function SecretItem({
  secret,
  onEdit,
}: {
  readonly secret: SecretSummary
  readonly onEdit: (secret: SecretSummary, value: string) => void
}) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const task = useTask()
  const copy = () =>
    task.run(async () => {
      const seconds = await copySecret(await readSecret(secret))
      say(t('copied', [String(seconds)]))
    })
  return (
    <li class={open ? 'item open' : 'item'}>
      <div class="item-head">
        <button
          type="button"
          class="item-title"
          id={`${id}-title`}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {secret.title}
        </button>
        <button
          type="button"
          class="quiet"
          aria-describedby={`${id}-title`}
          disabled={task.busy}
          onClick={copy}
        >
          <Icon of={Copy} />
          {t('copy')}
        </button>
      </div>
      <div id={id}>{open && <Details secret={secret} task={task} onEdit={onEdit} />}</div>
      <ErrorAlert error={task.error} />
    </li>
  )
}

function Details({
  secret,
  task,
  onEdit,
}: {
  readonly secret: SecretSummary
  readonly task: Task
  readonly onEdit: (secret: SecretSummary, value: string) => void
}) {
  const [value, setValue] = useState<string | null>(null)
  useEffect(() => {
    if (value === null) return
    const timer = setTimeout(() => setValue(null), longestShownMs)
    return () => clearTimeout(timer)
  }, [value])
  const reveal = () => task.run(async () => setValue(await readSecret(secret)))
  return (
    <div class="item-body">
      <p class="secret-value mono">{value ?? '••••••••••••'}</p>
      {secret.notes !== '' && <p class="hint">{secret.notes}</p>}
      <div class="row">
        {value === null ? (
          <button type="button" class="quiet" onClick={reveal}>
            <Icon of={Eye} />
            {t('secrets_reveal')}
          </button>
        ) : (
          <button type="button" class="quiet" onClick={() => setValue(null)}>
            <Icon of={EyeOff} />
            {t('secrets_conceal')}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          onClick={() => task.run(async () => onEdit(secret, await readSecret(secret)))}
        >
          <Icon of={Pencil} />
          {t('secrets_edit')}
        </button>
        <button type="button" class="quiet" onClick={() => task.run(() => remove(secret))}>
          <Icon of={Trash2} />
          {t('secrets_delete')}
        </button>
      </div>
    </div>
  )
}

async function remove(secret: SecretSummary): Promise<void> {
  await deleteSecret(secret)
  const undo = () => void restore(secret).catch((error) => say(errorWords(error)))
  say(t('secrets_deleted', [secret.title]), undo)
}

export async function restore(secret: SecretSummary): Promise<void> {
  await restoreSecret(secret)
  say(t('secrets_restored', [secret.title]))
}
