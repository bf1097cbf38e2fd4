// ui: what the person sees; speaks the protocol like any other client. This file: the half of a key that
// may be given away.

import { Copy, Download } from 'lucide'
import { copyPlain } from './clipboard.ts'
import { download } from './download.ts'
import { Icon } from './Icon.tsx'
import type { KeyRow } from './keyList.ts'
import { say } from './Notices.tsx'
import { toPem } from './pem.ts'
import { t } from './words.ts'

export function PublicKey({
  row,
  der,
}: {
  readonly row: KeyRow
  readonly der: Uint8Array<ArrayBuffer>
}) {
  const pem = toPem('PUBLIC KEY', der)
  const file = `${row.name.replace(/[^\w.-]+/g, '-')}.pem`
  const copyAs = async (form: 'ssh' | 'minisign') => {
    const { publicKeyForms } = await import('./publicKeyForms.ts')
    const text = (await publicKeyForms(row.KeySpec, der))[form]
    if (text === null) return say(t('public_key_no_form'))
    await copyPlain(text)
    say(t('copied_plain'))
  }
  return (
    <section class="card">
      <h2 id="public-key">{t('public_key_heading')}</h2>
      <p class="hint">{t('public_key_hint')}</p>
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
        {row.KeyUsage === 'SIGN_VERIFY' && (
          <>
            <button type="button" class="quiet" onClick={() => copyAs('ssh')}>
              {t('public_key_ssh')}
            </button>
            {row.KeySpec === 'ECC_NIST_EDWARDS25519' && (
              <button type="button" class="quiet" onClick={() => copyAs('minisign')}>
                {t('public_key_minisign')}
              </button>
            )}
          </>
        )}
      </div>
    </section>
  )
}
