// ui: what the person sees; speaks the protocol like any other client. This file: a message for somebody without
// Keyhearth, under a passphrase, as a page that opens it; and opening such a message here.

import { FileDown } from 'lucide'
import { useState } from 'preact/hooks'
import { CopyButton } from './CopyButton.tsx'
import { download } from './download.ts'
import { PassphraseField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { decryptUnderPassphrase, encryptUnderPassphrase } from './passphraseWork.ts'
import { standalonePage } from './standalonePage.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export function SealWithPassphrase({ text }: { readonly text: string }) {
  const passphrase = useNewPassphrase()
  const [message, setMessage] = useState<string | null>(null)
  const task = useTask()
  const seal = () => {
    if (text.trim() === '') return task.fail(t('text_empty'))
    const problem = passphrase.problem()
    if (problem) return task.fail(problem)
    task.run(async () => {
      setMessage(await encryptUnderPassphrase(text, passphrase.value))
      passphrase.clear()
    })
  }
  if (message !== null) return <Made message={message} onAgain={() => setMessage(null)} />
  return (
    <form class="stack" onSubmit={onSubmit(seal)}>
      <p class="hint">{t('passphrase_lead')}</p>
      <NewPassphraseFields
        of={passphrase}
        label={t('passphrase_message')}
        repeatLabel={t('passphrase_repeat')}
      />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {task.busy ? t('passphrase_busy') : t('passphrase_encrypt')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </form>
  )
}

function Made({ message, onAgain }: { readonly message: string; readonly onAgain: () => void }) {
  const save = () => {
    download('message.html', standalonePage(message))
    say(t('passphrase_saved'))
  }
  return (
    <section class="stack" aria-label={t('passphrase_made')}>
      <p>{t('passphrase_how')}</p>
      <div class="row">
        <button type="button" class="primary" onClick={save}>
          <Icon of={FileDown} />
          {t('passphrase_save')}
        </button>
        <CopyButton label={t('passphrase_copy')} text={() => message} />
        <button type="button" class="quiet push" onClick={onAgain}>
          {t('passphrase_again')}
        </button>
      </div>
    </section>
  )
}

export function OpenWithPassphrase({
  text,
  onOpened,
}: {
  readonly text: string
  readonly onOpened: (plaintext: string) => void
}) {
  const [passphrase, setPassphrase] = useState('')
  const task = useTask()
  const open = () => {
    if (passphrase === '') return task.fail(t('unlock_empty'))
    task.run(async () => onOpened(await decryptUnderPassphrase(text, passphrase)))
  }
  return (
    <form class="stack" onSubmit={onSubmit(open)}>
      <PassphraseField
        label={t('passphrase_of_message')}
        value={passphrase}
        onValue={setPassphrase}
        autofocus
      />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {task.busy ? t('passphrase_busy') : t('passphrase_open')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </form>
  )
}
