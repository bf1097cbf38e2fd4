// ui: what the person sees; speaks the protocol like any other client. This file: the person's own identity card, to
// be given to others.

import { Download, QrCode as QrIcon } from 'lucide'
import { useState } from 'preact/hooks'
import type { Output } from '../protocol/outputs.ts'
import { CopyButton } from './CopyButton.tsx'
import { call } from './call.ts'
import { download } from './download.ts'
import { TextField } from './Field.tsx'
import { Fingerprint } from './Fingerprint.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { QrCode } from './QrCode.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

type Identity = NonNullable<Output<'keyhearth:GetIdentity'>['Identity']>

export function OwnCard({
  identity,
  onChanged,
}: {
  readonly identity: Identity | null
  readonly onChanged: () => Promise<void>
}) {
  return (
    <section class="card" aria-labelledby="own-card">
      <h2 id="own-card">{t('people_you')}</h2>
      <p class="hint">{t('people_you_hint')}</p>
      <Name name={identity?.Name ?? ''} onChanged={onChanged} />
      {identity && identity.Name !== '' && <Give identity={identity} />}
    </section>
  )
}

function Name({
  name,
  onChanged,
}: {
  readonly name: string
  readonly onChanged: () => Promise<void>
}) {
  const [typed, setTyped] = useState(name)
  const task = useTask()
  const save = () => {
    const wanted = typed.trim()
    if (wanted === '') return task.fail(t('people_name_empty'))
    task.run(async () => {
      await call('keyhearth:SetIdentityName', { Name: wanted })
      await onChanged()
      say(t('people_name_saved'))
    })
  }
  return (
    <form class="stack" onSubmit={onSubmit(save)}>
      <TextField label={t('people_your_name')} value={typed} onValue={setTyped} />
      <div class="row">
        <button type="submit" disabled={task.busy || typed.trim() === name}>
          {name === '' ? t('people_make_card') : t('people_rename_self')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </form>
  )
}

function Give({ identity }: { readonly identity: Identity }) {
  const [asCode, setAsCode] = useState(false)
  const save = () => {
    const file = new Blob([identity.Card], { type: 'text/plain' })
    download(`${identity.Name}.keyhearth-identity.txt`, file)
  }
  return (
    <div class="stack">
      <Fingerprint words={identity.Fingerprint} label={t('people_your_words')} />
      <p class="hint">{t('people_words_hint')}</p>
      <output class="mono card-text" aria-label={t('people_your_card')}>
        {identity.Card}
      </output>
      <div class="row">
        <CopyButton label={t('people_copy_card')} words={t('copy')} text={() => identity.Card} />
        <button type="button" class="quiet" onClick={save}>
          <Icon of={Download} />
          {t('people_save_card')}
        </button>
        <button
          type="button"
          class="quiet"
          aria-expanded={asCode}
          onClick={() => setAsCode(!asCode)}
        >
          <Icon of={QrIcon} />
          {t('people_show_code')}
        </button>
      </div>
      {asCode && <QrCode text={identity.Card} label={t('people_code')} />}
    </div>
  )
}
