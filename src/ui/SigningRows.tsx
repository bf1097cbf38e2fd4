// ui: what the person sees; speaks the protocol like any other client. This file: the documents to be signed, with what
// becomes of each.

import { BadgeCheck, X } from 'lucide'
import { sizeWords } from './fileWords.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { removeDocument, type SigningJob } from './signingJobs.ts'
import { signingErrorWords } from './signingWords.ts'
import { t } from './words.ts'

export function SigningRows({
  jobs,
  busy,
}: {
  readonly jobs: readonly SigningJob[]
  readonly busy: boolean
}) {
  const done = jobs.filter(({ state }) => state.is === 'done').length
  return (
    <>
      {jobs.length > 1 && (
        <p role="status">{t('sign_progress', [String(done), String(jobs.length)])}</p>
      )}
      <ul class="files" aria-label={t('sign_drop_label')}>
        {jobs.map((job) => (
          <Row key={job.id} job={job} busy={busy} />
        ))}
      </ul>
    </>
  )
}

function Row({ job, busy }: { readonly job: SigningJob; readonly busy: boolean }) {
  const { id, file, state } = job
  const label = t('sign_remove', [file.name])
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
          onClick={() => removeDocument(id)}
        >
          <Icon of={X} />
        </button>
      </div>
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
      {state.is === 'failed' && <ErrorAlert error={signingErrorWords(state.error)} />}
    </li>
  )
}
