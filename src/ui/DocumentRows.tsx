// ui: what the person sees; speaks the protocol like any other client. This file: the documents that something is
// done with, and what becomes of each.

import { BadgeCheck, X } from 'lucide'
import type { DocumentJob, DocumentJobs } from './documentJobs.ts'
import { sizeWords } from './fileWords.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { t } from './words.ts'

interface Words {
  /** Of the list. */
  readonly label: string
  readonly progress: (done: string, all: string) => string
  readonly error: (error: unknown) => string
  /** What will be done with one, where that is not plain. */
  readonly note?: (file: File) => string | null
}

export function DocumentRows({
  of: { busy, remove },
  jobs: all,
  words,
}: {
  readonly of: DocumentJobs
  readonly jobs: readonly DocumentJob[]
  readonly words: Words
}) {
  const done = all.filter(({ state }) => state.is === 'done').length
  return (
    <>
      {all.length > 1 && <p role="status">{words.progress(String(done), String(all.length))}</p>}
      <ul class="files" aria-label={words.label}>
        {all.map((job) => (
          <Row key={job.id} job={job} busy={busy.value} words={words} onRemove={remove} />
        ))}
      </ul>
    </>
  )
}

function Row({
  job: { id, file, state },
  busy,
  words,
  onRemove,
}: {
  readonly job: DocumentJob
  readonly busy: boolean
  readonly words: Words
  readonly onRemove: (id: string) => void
}) {
  const label = t('sign_remove', [file.name])
  const note = words.note?.(file)
  return (
    <li class="card">
      <div class="file-head">
        <span class="file-name">{file.name}</span>
        <span class="hint">{sizeWords(file.size)}</span>
        <button
          type="button"
          class="quiet push"
          aria-label={label}
          title={label}
          disabled={busy}
          onClick={() => onRemove(id)}
        >
          <Icon of={X} />
        </button>
      </div>
      {note && state.is !== 'done' && <p class="hint">{note}</p>}
      {state.is === 'running' && (
        <>
          <progress value={state.bytes} max={Math.max(1, file.size)} aria-label={file.name} />
          <p class="hint">{t('sign_running', [sizeWords(state.bytes), sizeWords(file.size)])}</p>
        </>
      )}
      {state.is === 'done' && (
        <p class="good-words" role="status">
          <Icon of={BadgeCheck} />
          {t('sign_done', [state.name])}
        </p>
      )}
      {state.is === 'failed' && <ErrorAlert error={words.error(state.error)} />}
    </li>
  )
}
