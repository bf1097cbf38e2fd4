// ui: what the person sees; speaks the protocol like any other client. This file: the files given, with what
// becomes of each.

import { X } from 'lucide'
import { cancelAll, cancelJob, type Job, removeJob } from './fileJobs.ts'
import { fileErrorWords, paceWords, sizeWords } from './fileWords.ts'
import { Icon } from './Icon.tsx'
import { t } from './words.ts'

export function FileRows({ jobs }: { readonly jobs: readonly Job[] }) {
  const under = jobs.filter(({ state }) => state.is === 'running' || state.is === 'waiting')
  const done = jobs.filter(({ state }) => state.is === 'done').length
  return (
    <>
      <div class="row">
        <p role="status">{t('files_progress', [String(done), String(jobs.length)])}</p>
        {under.length > 1 && (
          <button type="button" class="quiet push" onClick={cancelAll}>
            {t('files_cancel_all')}
          </button>
        )}
      </div>
      <ul class="files" aria-label={t('manager_files')}>
        {jobs.map((job) => (
          <FileRow key={job.id} job={job} />
        ))}
      </ul>
    </>
  )
}

function FileRow({ job }: { readonly job: Job }) {
  const { id, file, folders, state } = job
  const name = [...folders, file.name].join('/')
  const underWay = state.is === 'running' || state.is === 'waiting'
  const label = underWay ? t('files_cancel', [name]) : t('files_remove', [name])
  return (
    <li class="card">
      <div class="file-head">
        <span class="file-name">{name}</span>
        <span class="hint">{sizeWords(file.size)}</span>
        <button
          type="button"
          class="quiet push"
          aria-label={label}
          title={label}
          onClick={() => (underWay ? cancelJob(id) : removeJob(id))}
        >
          <Icon of={X} />
        </button>
      </div>
      <Outcome job={job} name={name} />
    </li>
  )
}

function Outcome({ job, name }: { readonly job: Job; readonly name: string }) {
  const { state, file } = job
  switch (state.is) {
    case 'chosen':
      return null
    case 'waiting':
      return <p class="hint">{t('files_waiting')}</p>
    case 'running': {
      const { bytes, startedAt } = state
      const share = file.size === 0 ? 0 : Math.min(100, Math.floor((100 * bytes) / file.size))
      const pace = paceWords(bytes, file.size, startedAt, Date.now())
      return (
        <>
          <progress max={100} value={share} aria-label={name} />
          <p class="hint">{pace || sizeWords(bytes)}</p>
        </>
      )
    }
    case 'done':
      return <p class="done">{t('files_done', [state.name])}</p>
    case 'cancelled':
      return <p class="hint">{t('files_cancelled')}</p>
    case 'failed':
      return (
        <p class="alert" role="alert">
          {fileErrorWords(state.error)} {t('files_nothing_written')}
        </p>
      )
  }
}
