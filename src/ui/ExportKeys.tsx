// ui: what the person sees; speaks the protocol like any other client. This file: taking the keys away, so
// that what they encrypted opens without this browser.

import { Download } from 'lucide'
import { call } from './call.ts'
import { download } from './download.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { ProofField, useProving } from './Proof.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export function ExportKeys() {
  const proving = useProving()
  const task = useTask()
  const run = () =>
    task.run(async () => {
      const problem = proving.problem()
      if (problem) return task.fail(problem)
      const proof = await proving.prove()
      const { File, Keys } = await call('keyhearth:ExportKeys', proof)
      proving.clear()
      const today = new Date().toISOString().slice(0, 10)
      download(`keyhearth-keys-${today}.keyhearth`, new Blob([File]))
      say(t('export_keys_done', [String(Keys)]))
    })
  return (
    <form class="card stack" autocomplete="off" onSubmit={onSubmit(run)}>
      <h2>{t('export_keys_heading')}</h2>
      <p class="hint">{t('export_keys_hint')}</p>
      <ProofField of={proving} label={t('export_keys_passphrase')} />
      <div class="row">
        <button type="submit" disabled={task.busy} aria-busy={task.busy}>
          <Icon of={Download} />
          {t('export_keys_button')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </form>
  )
}
