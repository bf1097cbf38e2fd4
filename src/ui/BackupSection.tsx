// ui: what the person sees; speaks the protocol like any other client. This file: backups in the manager: making one,
// by hand or into a folder by itself, and giving one back.

import { Archive, FolderOpen } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import type { Settings } from '../protocol/outputs.ts'
import { askAgainFor, type BackupFolder, backupFolder, keepBackupFolder } from './backupFolder.ts'
import { makeBackup, type Progress } from './backupWork.ts'
import { call } from './call.ts'
import { NumberField } from './Field.tsx'
import { canChooseFolder, chooseFolder } from './fileTargets.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { ProgressBar } from './ProgressBar.tsx'
import { ReadBackup } from './ReadBackup.tsx'
import { RestoreBackup } from './RestoreBackup.tsx'
import { refresh, status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { isListDamaged } from './VaultHealth.tsx'
import { dateWords, t } from './words.ts'

export function BackupSection() {
  if (status.value?.Vault !== 'unlocked') return <RestoreBackup />
  return (
    <div class="stack narrow">
      {isListDamaged() ? <RestoreBackup /> : null}
      <MakeBackup />
      <ReadBackup />
      <Reminder />
    </div>
  )
}

function MakeBackup() {
  const [folder, setFolder] = useState<BackupFolder | null>(null)
  const [progress, setProgress] = useState<Progress | null>(null)
  const task = useTask()
  useEffect(() => void backupFolder().then(setFolder), [])
  const last = status.value?.Backup.LastAt ?? null
  const make = () =>
    task.run(async () => {
      if (folder && !folder.isGranted && !(await askAgainFor(folder))) return
      setProgress({ done: 0, all: 0 })
      const name = await makeBackup(folder?.handle ?? null, setProgress).finally(() =>
        setProgress(null),
      )
      await refresh()
      say(t('backup_done', [name]))
    })
  const choose = () =>
    task.run(async () => {
      const handle = await chooseFolder()
      if (!handle) return
      await keepBackupFolder(handle)
      setFolder(await backupFolder())
    })
  const forget = () =>
    task.run(async () => {
      await keepBackupFolder(null)
      setFolder(null)
    })
  return (
    <section class="card stack" aria-labelledby="backup-make">
      <h2 id="backup-make">{t('backup_make')}</h2>
      <p class="hint">{t('backup_lead')}</p>
      <p>{last === null ? t('backup_never') : t('backup_last', [dateWords(last)])}</p>
      {folder && (
        <p class="own-row">
          <Icon of={FolderOpen} /> {t('backup_folder', [folder.handle.name])}
        </p>
      )}
      {progress && <ProgressBar progress={progress} label={t('backup_progress')} />}
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="button" class="primary" disabled={task.busy} onClick={make}>
          <Icon of={Archive} />
          {t('backup_button')}
        </button>
        {canChooseFolder && !folder && (
          <button type="button" disabled={task.busy} onClick={choose}>
            {t('backup_choose_folder')}
          </button>
        )}
        {folder && (
          <button type="button" disabled={task.busy} onClick={forget}>
            {t('backup_forget_folder')}
          </button>
        )}
      </div>
    </section>
  )
}

const mostDays = 365

function Reminder() {
  const [settings, setSettings] = useState<Settings | null>(null)
  const task = useTask()
  useEffect(() => task.run(async () => setSettings(await call('keyhearth:GetSettings', {}))), [])
  if (!settings) return <ErrorAlert error={task.error} />
  const save = () =>
    task.run(async () => {
      await call('keyhearth:PutSettings', settings)
      await refresh()
      say(t('settings_saved'))
    })
  return (
    <form class="card stack" autocomplete="off" onSubmit={onSubmit(save)}>
      <h2>{t('backup_reminder_heading')}</h2>
      <p class="hint">{t('backup_reminder_lead')}</p>
      <NumberField
        label={t('backup_reminder_days')}
        value={settings.BackupReminderDays}
        least={0}
        most={mostDays}
        onValue={(BackupReminderDays) => setSettings({ ...settings, BackupReminderDays })}
      />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" disabled={task.busy}>
          {t('settings_save')}
        </button>
      </div>
    </form>
  )
}
