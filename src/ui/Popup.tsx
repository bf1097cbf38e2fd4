// ui: what the person sees; speaks the protocol like any other client. This file: the popup: which screen.

import { CreateVault } from './CreateVault.tsx'
import { Home } from './Home.tsx'
import { Mark } from './Icon.tsx'
import { later } from './Later.tsx'
import { ErrorAlert, Toasts } from './Notices.tsx'
import { isBroken, status, statusError } from './status.ts'
import { Recover, Unlock } from './Unlock.tsx'
import { t } from './words.ts'

const RecoveryKey = later(async () => (await import('./RecoveryKey.tsx')).RecoveryKey)
const BrokenStorage = later(async () => (await import('./BrokenStorage.tsx')).BrokenStorage)

export function Popup() {
  return (
    <div class="popup">
      <Screen />
      <Toasts />
    </div>
  )
}

function Screen() {
  const now = status.value
  if (!now && isBroken(statusError.value)) return <BrokenStorage />
  if (!now) {
    return (
      <main class="page centred" aria-busy={!statusError.value}>
        <Mark />
        <ErrorAlert error={statusError.value} />
        {!statusError.value && <p class="hint late">{t('loading')}</p>}
      </main>
    )
  }
  switch (now.Vault) {
    case 'missing':
      return <CreateVault />
    case 'damaged':
      return <Recover />
    case 'locked':
      return <Unlock />
    case 'unlocked':
      return now.Recovery === 'shown' ? <RecoveryKey /> : <Home />
  }
}
