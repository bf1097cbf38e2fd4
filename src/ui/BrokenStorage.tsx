// ui: what the person sees; speaks the protocol like any other client. This file: what is stored cannot be opened at all:
// for now (a full disk), until Keyhearth is updated, or for good. Then no extension can mend it: Chromium opens none of its databases and deletes none
// either, where its own files are damaged.

import { Mark } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { isNewer, statusError } from './status.ts'
import { t } from './words.ts'

export function BrokenStorage() {
  if (isNewer(statusError.value)) return <NewerStorage />
  return (
    <main class="page">
      <Mark />
      <h1>{t('broken_heading')}</h1>
      <ErrorAlert error={statusError.value} />
      <p>{t('broken_first')}</p>
      <h2>{t('broken_then')}</h2>
      <ol class="bullets">
        <li>{t('broken_backup')}</li>
        <li>{t('broken_remove')}</li>
        <li>{t('broken_restore')}</li>
      </ol>
    </main>
  )
}

/** Nothing is damaged: whoever removed Keyhearth here would throw a whole vault away. */
function NewerStorage() {
  return (
    <main class="page">
      <Mark />
      <h1>{t('newer_heading')}</h1>
      <p>{t('newer_lead')}</p>
      <p>{t('newer_keep')}</p>
    </main>
  )
}
