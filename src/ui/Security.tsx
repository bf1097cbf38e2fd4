// ui: what the person sees; speaks the protocol like any other client. This file: how the vault is opened,
// locked and recovered, in the manager.

import { useEffect, useState } from 'preact/hooks'
import type { Settings } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { ExportKeys } from './ExportKeys.tsx'
import { NumberField, PassphraseField } from './Field.tsx'
import { KeySlots, useSlots } from './KeySlots.tsx'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { QuorumCard } from './QuorumCard.tsx'
import { Recovery } from './Rehearsal.tsx'
import { refresh, status } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export function Security() {
  const { slots, again, error } = useSlots()
  const hasPassphrase = status.value?.OpensBy.includes('passphrase')
  return (
    <div class="stack narrow">
      <Recovery onChanged={again} />
      <ErrorAlert error={error} />
      {slots && <KeySlots slots={slots} onChanged={again} />}
      {hasPassphrase && <ChangePassphrase />}
      <Locking />
      <QuorumCard />
      <ExportKeys />
    </div>
  )
}

/** As the operation takes them (protocol/schemas, PutSettings). */
const minutes = { least: 1, most: 1440 } as const
const seconds = { least: 5, most: 600 } as const

function Locking() {
  const [settings, setSettings] = useState<Settings | null>(null)
  const task = useTask()
  const isSetBack = status.value?.SetBackHere.includes('settings') ?? false
  useEffect(
    () => task.run(async () => setSettings(await call('keyhearth:GetSettings', {}))),
    [isSetBack],
  )
  if (!settings) return <ErrorAlert error={task.error} />
  const save = () =>
    task.run(async () => {
      await call('keyhearth:PutSettings', settings)
      say(t('settings_saved'))
      await refresh()
    })
  return (
    <form class="card stack" autocomplete="off" onSubmit={onSubmit(save)}>
      <h2>{t('settings_lock_heading')}</h2>
      {isSetBack && <p class="hint warn">{t('settings_set_back')}</p>}
      <NumberField
        label={t('settings_auto_lock')}
        value={settings.AutoLockMinutes}
        {...minutes}
        onValue={(AutoLockMinutes) => setSettings({ ...settings, AutoLockMinutes })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={settings.LockOnScreenLock}
          onChange={({ currentTarget }) =>
            setSettings({ ...settings, LockOnScreenLock: currentTarget.checked })
          }
        />
        {t('settings_screen_lock')}
      </label>
      <p class="hint">{t('settings_browser_exit')}</p>
      <NumberField
        label={t('settings_clipboard')}
        value={settings.ClipboardSeconds}
        {...seconds}
        onValue={(ClipboardSeconds) => setSettings({ ...settings, ClipboardSeconds })}
      />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {t('settings_save')}
        </button>
      </div>
    </form>
  )
}

function ChangePassphrase() {
  const [current, setCurrent] = useState('')
  const fresh = useNewPassphrase()
  const task = useTask()
  const change = () =>
    task.run(async () => {
      const problem = current === '' ? t('settings_passphrase_empty') : fresh.problem()
      if (problem) return task.fail(problem)
      await call('keyhearth:ChangePassphrase', {
        CurrentPassphrase: current,
        NewPassphrase: fresh.value,
      })
      setCurrent('')
      fresh.clear()
      say(t('settings_passphrase_changed'))
    })
  return (
    <form class="card stack" autocomplete="off" onSubmit={onSubmit(change)}>
      <h2>{t('settings_passphrase_heading')}</h2>
      <PassphraseField
        label={t('settings_passphrase_current')}
        value={current}
        onValue={setCurrent}
      />
      <NewPassphraseFields of={fresh} label={t('recover_new')} repeatLabel={t('recover_repeat')} />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
          {t('settings_passphrase_button')}
        </button>
      </div>
    </form>
  )
}
