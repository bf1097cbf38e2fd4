// ui: what the person sees; speaks the protocol like any other client. This file: the manager, a full tab.

import './manager.css'
import {
  Activity,
  Archive,
  FileSignature,
  Files,
  Globe,
  Info,
  KeyRound,
  ShieldCheck,
  Users,
  Vault,
  Wrench,
} from 'lucide'
import { useEffect } from 'preact/hooks'
import { browser } from 'wxt/browser'
import { Icon, Mark } from './Icon.tsx'
import { later } from './Later.tsx'
import { ErrorAlert, Toasts } from './Notices.tsx'
import { RecoveryKey } from './RecoveryKey.tsx'
import { route } from './route.ts'
import { Security } from './Security.tsx'
import { isBroken, status, statusError } from './status.ts'
import { Recover, UnlockForm } from './Unlock.tsx'
import { VaultHealth } from './VaultHealth.tsx'
import { t } from './words.ts'

const BrokenStorage = later(async () => (await import('./BrokenStorage.tsx')).BrokenStorage)
const Secrets = later(async () => (await import('./SecretsSection.tsx')).SecretsSection)
const Keys = later(async () => (await import('./KeysSection.tsx')).KeysSection)
const FileWork = later(async () => (await import('./FilesSection.tsx')).FilesSection)
const Documents = later(async () => (await import('./DocumentsSection.tsx')).DocumentsSection)
const People = later(async () => (await import('./PeopleSection.tsx')).PeopleSection)
const Backup = later(async () => (await import('./BackupSection.tsx')).BackupSection)
const Sites = later(async () => (await import('./SitesSection.tsx')).SitesSection)
const QuorumRequests = later(async () => (await import('./QuorumRequests.tsx')).QuorumRequests)
const Tools = later(async () => (await import('./ToolsSection.tsx')).ToolsSection)
const Events = later(async () => (await import('./ActivitySection.tsx')).ActivitySection)

/** `titled`: writes its headings itself. */
const sections = [
  { id: 'secrets', label: t('manager_secrets'), icon: Vault, view: Secrets, titled: true },
  { id: 'keys', label: t('manager_keys'), icon: KeyRound, view: Keys, titled: true },
  { id: 'files', label: t('manager_files'), icon: Files, view: FileWork, titled: true },
  {
    id: 'documents',
    label: t('manager_documents'),
    icon: FileSignature,
    view: Documents,
    titled: true,
  },
  { id: 'people', label: t('manager_people'), icon: Users, view: People, titled: true },
  { id: 'activity', label: t('manager_activity'), icon: Activity, view: Events, titled: true },
  {
    id: 'security',
    label: t('manager_security'),
    icon: ShieldCheck,
    view: Security,
    titled: false,
  },
  { id: 'backup', label: t('manager_backup'), icon: Archive, view: Backup, titled: false },
  { id: 'sites', label: t('manager_sites'), icon: Globe, view: Sites, titled: false },
  { id: 'tools', label: t('manager_tools'), icon: Wrench, view: Tools, titled: true },
  { id: 'about', label: t('manager_about'), icon: Info, view: About, titled: false },
] as const

/** A backup is restored where there is no vault yet, or one that is damaged: one that says it is locked may be. */
const isAlwaysThere = (id: string): boolean => id === 'about' || id === 'backup'

/** Who opens the vault makes a backup there; who cannot brings it back. */
const isClosed = (id: string, vault: string): boolean =>
  id === 'backup' ? vault === 'locked' : vault !== 'unlocked' && !isAlwaysThere(id)

/** What opens without a name: the options page of the browser's own list of extensions. */
const usual = 'security'

export function Manager() {
  const named = route.value.section || usual
  const section = sections.find(({ id }) => id === named) ?? sections[6]
  useEffect(() => {
    document.title = t('manager_title', [section.label])
  }, [section])
  const vault = status.value?.Vault
  const isDue = vault === 'unlocked' && status.value?.Backup.Due === true
  const isWaiting = vault === 'unlocked' && (status.value?.QuorumRequests ?? 0) > 0
  useEffect(() => {
    if (!isDue) return
    // Where it does not come off, the person is reminded as before.
    void import('./scheduledBackup.ts')
      .then(({ backUpIfGranted }) => backUpIfGranted())
      .catch(() => {})
  }, [isDue])
  if (vault === undefined && isBroken(statusError.value)) return <BrokenStorage />
  if (vault === undefined) return <Opening />
  if (vault === 'damaged' && section.id !== 'backup') return <Recover />
  if (vault === 'unlocked' && status.value?.Recovery === 'shown') return <RecoveryKey />
  const View = section.view
  return (
    <div class="manager">
      <nav aria-label={t('manager_nav')}>
        <div class="brand-row">
          <Mark />
          <span class="brand">Keyhearth</span>
        </div>
        {sections.map(({ id, label, icon }) => (
          <a key={id} href={`#${id}`} aria-current={id === section.id ? 'page' : undefined}>
            <Icon of={icon} />
            {label}
          </a>
        ))}
      </nav>
      <main>
        <VaultHealth />
        {(!section.titled || vault !== 'unlocked') && <h1>{section.label}</h1>}
        {isWaiting && <QuorumRequests />}
        <div class="stack">
          {isClosed(section.id, vault) && <LockedNote vault={vault} />}
          {(vault === 'unlocked' || isAlwaysThere(section.id)) && <View />}
        </div>
      </main>
      <Toasts />
    </div>
  )
}

function Opening() {
  return (
    <main class="page centred" aria-busy={!statusError.value}>
      <Mark />
      <ErrorAlert error={statusError.value} />
    </main>
  )
}

function LockedNote({ vault }: { readonly vault: string }) {
  if (vault !== 'locked') {
    return (
      <p>
        <a href={browser.runtime.getURL('/popup.html')}>{t('create_heading')}</a>
      </p>
    )
  }
  return (
    <div class="narrow stack">
      <p class="lead">{t('manager_locked')}</p>
      <UnlockForm />
    </div>
  )
}

function About() {
  const account = status.value?.AccountId
  return (
    <div class="stack">
      <p class="lead">{t('about_body')}</p>
      <dl class="facts">
        <dt>{t('about_version')}</dt>
        <dd>{browser.runtime.getManifest().version}</dd>
        {account && (
          <>
            <dt>{t('account')}</dt>
            <dd class="mono">{account}</dd>
          </>
        )}
      </dl>
    </div>
  )
}
