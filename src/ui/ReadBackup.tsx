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

type Kind = BackupDifference['Kinds'][number]

const kindWords: Readonly<Record<Kind['Kind'], string>> = {
  secrets: t('backup_secrets'),
  keys: t('backup_keys'),
  aliases: t('backup_aliases'),
  grants: t('backup_grants'),
  branchKeys: t('backup_branch_keys'),
  people: t('backup_people'),
  certificates: t('backup_certificates'),
}

const listOf = ({ Count, Names }: Kind['New']): string => {
  const names = Names.join(', ')
  return Count > Names.length ? t('backup_and_more', [names, String(Count - Names.length)]) : names
}

function KindDifference({ kind: { Kind: kind, New, Changed, OnlyHere } }: { readonly kind: Kind }) {
  return (
    <div class="stack tight">
      <h4>{kindWords[kind]}</h4>
      <ul class="bullets">
        {New.Count > 0 && <li>{t('backup_new', [listOf(New)])}</li>}
        {Changed.Count > 0 && <li>{t('backup_changed', [listOf(Changed)])}</li>}
        {OnlyHere.Count > 0 && <li>{t('backup_here', [listOf(OnlyHere)])}</li>}
      </ul>
    </div>
  )
}

function Difference({
  difference: { New, Changed, OnlyHere, Kinds, InTheWay, Replaced, Quorum },
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
      {OnlyHere > 0 && <p class="hint">{t('backup_only_here', [String(OnlyHere)])}</p>}
      {Kinds.map((kind) => (
        <KindDifference key={kind.Kind} kind={kind} />
      ))}
      {Quorum && <p class="hint warn">{t('backup_quorum')}</p>}
      {Replaced.length > 0 && (
        <p class="hint warn">{t('backup_replaced', [Replaced.join(', ')])}</p>
      )}
      {InTheWay.length > 0 && (
        <p class="hint warn">{t('backup_in_the_way', [InTheWay.join(', ')])}</p>
      )}
    </div>
  )
}
