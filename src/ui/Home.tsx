// ui: what the person sees; speaks the protocol like any other client. This file: the unlocked popup.

import { FileSignature, Globe, KeyRound, LockKeyhole, Settings, TextCursorInput } from 'lucide'
import { useState } from 'preact/hooks'
import { browser } from 'wxt/browser'
import { call } from './call.ts'
import { Icon, Mark } from './Icon.tsx'
import { later } from './Later.tsx'
import { ErrorAlert, hush } from './Notices.tsx'
import { SecretsTab } from './SecretsTab.tsx'
import { refresh, status } from './status.ts'
import { type Tab, Tabs } from './Tabs.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

/** The popup opens with the secrets; the rest comes when it is looked at. */
const TextTab = later<{ readonly decryptAtOnce: boolean }>(
  async () => (await import('./TextTab.tsx')).TextTab,
)
const SignTab = later(async () => (await import('./SignTab.tsx')).SignTab)
const SiteTab = later(async () => (await import('./SiteTab.tsx')).SiteTab)
const ReplaceRecoveryKey = later<{ readonly onCancel: () => void }>(
  async () => (await import('./RecoveryKey.tsx')).ReplaceRecoveryKey,
)

type TabId = 'secrets' | 'text' | 'sign' | 'site'

const tabs: readonly Tab<TabId>[] = [
  { id: 'secrets', label: t('tab_secrets'), icon: KeyRound },
  { id: 'text', label: t('tab_text'), icon: TextCursorInput },
  { id: 'sign', label: t('tab_sign'), icon: FileSignature },
  { id: 'site', label: t('tab_site'), icon: Globe },
]

/** `?view=text&run=decrypt`: opened for a selection that must not go back into its page. */
const asked = (name: 'view' | 'run') => new URLSearchParams(location.search).get(name)
const firstTab = () => tabs.find(({ id }) => id === asked('view'))?.id ?? 'secrets'

export function Home() {
  const [tab, setTab] = useState<TabId>(firstTab)
  const select = (next: TabId) => {
    hush()
    setTab(next)
  }
  const task = useTask()
  const lock = () =>
    task.run(async () => {
      await call('keyhearth:Lock', {})
      await refresh()
    })
  return (
    <>
      <header class="top">
        <Mark />
        <span class="brand">Keyhearth</span>
        <button
          type="button"
          class="quiet push"
          aria-label={t('settings')}
          title={t('settings')}
          onClick={() => void browser.runtime.openOptionsPage()}
        >
          <Icon of={Settings} />
        </button>
        <button type="button" class="quiet" onClick={lock}>
          <Icon of={LockKeyhole} />
          {t('lock')}
        </button>
      </header>
      <main>
        <h1 class="unseen">Keyhearth</h1>
        <ErrorAlert error={task.error} />
        <Reminder />
        <Tabs label={t('tabs_label')} tabs={tabs} selected={tab} onSelect={select}>
          {tab === 'secrets' && <SecretsTab />}
          {tab === 'text' && <TextTab decryptAtOnce={asked('run') === 'decrypt'} />}
          {tab === 'sign' && <SignTab />}
          {tab === 'site' && <SiteTab />}
        </Tabs>
      </main>
    </>
  )
}

/** Calm, and there until the person has proved to have the words; then, that a backup is due. */
function Reminder() {
  const [making, setMaking] = useState(false)
  const now = status.value
  if (now?.Recovery === 'stale') {
    return <Nudge words={t('recovery_stale')} button={t('rehearse_button')} to="security" />
  }
  if (now?.Recovery !== 'unconfirmed') {
    if (!now?.Backup.Due) return null
    return <Nudge words={t('backup_due')} button={t('backup_due_button')} to="backup" />
  }
  return (
    <section class="banner">
      {making ? (
        <ReplaceRecoveryKey onCancel={() => setMaking(false)} />
      ) : (
        <p>
          {t('recovery_reminder')}{' '}
          <button type="button" class="link inline" onClick={() => setMaking(true)}>
            {t('recovery_make')}
          </button>
        </p>
      )}
    </section>
  )
}

function Nudge({
  words,
  button,
  to,
}: {
  readonly words: string
  readonly button: string
  readonly to: string
}) {
  return (
    <section class="banner">
      <p>
        {words}{' '}
        <a href={browser.runtime.getURL(`/manager.html#${to}`)} target="_blank" rel="noopener">
          {button}
        </a>
      </p>
    </section>
  )
}
