// ui: what the person sees; speaks the protocol like any other client. This file: that the vault is not as it was left:
// set back to an earlier day, or with records that were damaged. Looked for when the manager is open and has time.

import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { VaultStatus } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { ErrorAlert } from './Notices.tsx'
import { refresh, status } from './status.ts'
import { useTask } from './task.ts'
import { nothingUnderWay } from './undisturbed.ts'
import { t } from './words.ts'

/** How many records cannot be trusted; `null` until all were looked at, or where the list of them is damaged. */
const damaged = signal<number | 'list' | null>(null)

const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve())
    else setTimeout(resolve, 50)
  })

/** Some at a time; whoever works in the vault goes first. */
export async function lookThrough(): Promise<void> {
  let found = 0
  try {
    for (let From = 0; ; ) {
      await idle()
      await nothingUnderWay()
      const { Checked, Damaged, Done } = await call('keyhearth:CheckRecords', { From })
      found += Damaged
      From = Checked
      if (Done) break
    }
    damaged.value = found
  } catch (error) {
    damaged.value = isOfList(error) ? 'list' : null
  }
}

const isOfList = (error: unknown): boolean =>
  error instanceof Error && 'reason' in error && error.reason === 'record-damaged'

/** Then nothing is merged any more: all of the vault comes back from a backup, or nothing. */
export const isListDamaged = (): boolean => damaged.value === 'list'

export function VaultHealth() {
  const isOpen = status.value?.Vault === 'unlocked'
  useEffect(() => {
    if (isOpen) void lookThrough()
  }, [isOpen])
  if (!isOpen) return null
  const here = (status.value?.SetBackHere ?? []).map((id) => setBackWords[id])
  return (
    <>
      {status.value?.SetBack && <SetBack words={t('health_set_back')} />}
      {here.length > 0 && <SetBack words={t('health_set_back_here', [here.join(', ')])} />}
      {damaged.value !== null && damaged.value !== 0 && (
        <div role="alert" class="alert">
          {damaged.value === 'list' ? t('health_list') : t('health_damaged', damaged.value)}{' '}
          <a href="#backup">{t('health_repair')}</a>
        </div>
      )}
    </>
  )
}

const setBackWords = {
  settings: t('health_here_settings'),
  blocked: t('health_here_blocked'),
  reading: t('health_here_reading'),
} as const satisfies Record<VaultStatus['SetBackHere'][number], string>

function SetBack({ words }: { readonly words: string }) {
  const task = useTask()
  const accept = () =>
    task.run(async () => {
      await call('keyhearth:AcceptSetBack', {})
      await refresh()
    })
  return (
    <div role="alert" class="alert">
      <p>{words}</p>
      <p class="row">
        <a href="#backup">{t('health_repair')}</a>
        <button type="button" class="link inline" disabled={task.busy} onClick={accept}>
          {t('health_accept')}
        </button>
      </p>
      <ErrorAlert error={task.error} />
    </div>
  )
}
