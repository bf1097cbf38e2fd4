// ui: what the person sees; speaks the protocol like any other client. This file: the half of a key that
// may be given away.

import { Copy, Download } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { call } from './call.ts'
import { copyPlain } from './clipboard.ts'
import { download } from './download.ts'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { toPem } from './pem.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function PublicKey({ row, metadata: { KeyId } }: KeySide) {
  const [pem, setPem] = useState<string | null>(null)
  const task = useTask()
  useEffect(
    () =>
      task.run(async () => {
        const { PublicKey } = await call('kms:GetPublicKey', { KeyId })
        setPem(toPem('PUBLIC KEY', PublicKey))
      }),
    [KeyId],
  )
  const file = `${row.name.replace(/[^\w.-]+/g, '-')}.pem`
  return (
    <section class="card">
      <h2 id="public-key">{t('public_key_heading')}</h2>
      <p class="hint">{t('public_key_hint')}</p>
      <ErrorAlert error={task.error} />
      {pem !== null && (
        <>
          <output class="mono whole" aria-labelledby="public-key">
            {pem}
          </output>
          <div class="row">
            <button
              type="button"
              onClick={() => void copyPlain(pem).then(() => say(t('copied_plain')))}
            >
              <Icon of={Copy} />
              {t('public_key_copy')}
            </button>
            <button
              type="button"
              onClick={() => download(file, new Blob([pem], { type: 'application/x-pem-file' }))}
            >
              <Icon of={Download} />
              {t('public_key_download')}
            </button>
          </div>
        </>
      )}
    </section>
  )
}
