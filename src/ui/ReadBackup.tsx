// ui: what the person sees; speaks the protocol like any other client. This file: a backup of the open vault, given
// back: whether it is whole, what merging it would do, and the merging.

import { useState } from 'preact/hooks'
import type { BackupDifference } from '../protocol/outputs.ts'
import { BackupReport, isWhole } from './BackupReport.tsx'
import { type Progress, type ReadBackup as Read, readBackup } from './backupWork.ts'
import { call } from './call.ts'
import { FileChoice } from './FileChoice.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { ProgressBar } from './ProgressBar.tsx'
import { useTask } from './task.ts'
import { lookThrough } from './VaultHealth.tsx'
import { t } from './words.ts'

export function ReadBackup() {
  const [progress, setProgress] = useState<Progress | null>(null)
  const [read, setRead] = useState<Read | null>(null)
  const task = useTask()
  const take = (file: File) =>
    task.run(async () => {
      setRead(null)
      setProgress({ done: 0, all: file.size })
      const found = await readBackup(file, 'merge', null, setProgress).finally(() =>
        setProgress(null),
      )
      setRead(found)
    })
  const merge = ({ restoreId }: Read) =>
    task.run(async () => {
      const { New, Changed, Repaired } = await call('keyhearth:MergeBackup', {
        RestoreId: restoreId,
      })
      setRead(null)
      await lookThrough()
      say(t('backup_merged', [String(New), String(Changed), String(Repaired)]))
    })
  return (
    <section class="card stack" aria-labelledby="backup-read">
      <h2 id="backup-read">{t('backup_read')}</h2>
      <p class="hint">{t('backup_read_lead')}</p>
      {!progress && !read && (
        <FileChoice label={t('backup_read')} words={t('backup_drop')} onFile={take} />
      )}
      {progress && <ProgressBar progress={progress} label={t('backup_reading')} />}
      {read && (
        <>
          <BackupReport review={read.review} />
          {read.review.Difference && <Difference difference={read.review.Difference} />}
        </>
      )}
      <ErrorAlert error={task.error} />
      {read && (
        <div class="row">
          {isWhole(read.review) && (
            <button
              type="button"
              class="primary"
              disabled={task.busy}
              aria-busy={task.busy}
              onClick={() => merge(read)}
            >
              {t('backup_merge')}
            </button>
          )}
          <button type="button" disabled={task.busy} onClick={() => setRead(null)}>
            {t('backup_leave')}
          </button>
        </div>
      )}
    </section>
  )
}

function Difference({
  difference: { New, Changed, OnlyHere, Names, InTheWay, Quorum },
}: {
  readonly difference: BackupDifference
}) {
  const isNothing = New + Changed === 0 && !Quorum
  return (
    <div class="stack tight">
      <h3>{t('backup_difference')}</h3>
      {isNothing ? (
        <p>{t('backup_nothing_new')}</p>
      ) : (
        <p>{t('backup_would', [String(New), String(Changed)])}</p>
      )}
      {Names.length > 0 && (
        <ul class="bullets">
          {Names.map((name, at) => (
            <li key={at}>{name}</li>
          ))}
        </ul>
      )}
      {OnlyHere > 0 && <p class="hint">{t('backup_only_here', [String(OnlyHere)])}</p>}
      {Quorum && <p class="hint warn">{t('backup_quorum')}</p>}
      {InTheWay.length > 0 && (
        <p class="hint warn">{t('backup_in_the_way', [InTheWay.join(', ')])}</p>
      )}
    </div>
  )
}
