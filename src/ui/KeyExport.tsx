// ui: what the person sees; speaks the protocol like any other client. This file: taking out one key that was made so
// that it can leave.

import { Download } from 'lucide'
import { useState } from 'preact/hooks'
import { call } from './call.ts'
import { download } from './download.ts'
import { AreaField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import {
  asJwkMessage,
  asPkcs8File,
  beginReceiving,
  formsOf,
  type KeyExportForm,
} from './keyExport.ts'
import { type KeyRow, keyRows } from './keyList.ts'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { ProofField, useProving } from './Proof.tsx'
import { fromPem, toPem } from './pem.ts'
import { SelectField } from './SelectField.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

const formWords = {
  pkcs8: { label: t('key_export_pkcs8'), hint: t('key_export_pkcs8_hint') },
  jwk: { label: t('key_export_jwk'), hint: t('key_export_jwk_hint') },
  wrapped: { label: t('key_export_wrapped'), hint: t('key_export_wrapped_hint') },
} as const satisfies Record<KeyExportForm, object>

/** For whom it is wrapped: a public key that is pasted, or a wrapping key of the vault, by its id. */
const theirs = ''

const wrappingKeys = (): readonly KeyRow[] =>
  (keyRows.value ?? []).filter(
    ({ KeyUsage, KeySpec, KeyState, owner }) =>
      KeyUsage === 'WRAP_UNWRAP' &&
      KeySpec.startsWith('AES_') &&
      KeyState === 'Enabled' &&
      owner.kind === 'you',
  )

export function KeyExport({ row, metadata, publicKey }: KeySide) {
  const forms = formsOf(row.KeySpec)
  const [form, setForm] = useState<KeyExportForm>(forms[0] ?? 'wrapped')
  const [by, setBy] = useState(theirs)
  const [pem, setPem] = useState('')
  const password = useNewPassphrase()
  const proving = useProving()
  const task = useTask()
  const name = row.name.replace(/[^\w.-]+/g, '-')

  const ask = async (Receiver: Receiver) => {
    const Proof = await proving.prove()
    return call('keyhearth:ExportKey', { KeyId: row.KeyId, Proof, Form: form, Receiver })
  }
  const receiver = (): Receiver | null => {
    if (by !== theirs) return { KeyId: by }
    const PublicKey = fromPem('PUBLIC KEY', pem)
    return PublicKey && { PublicKey }
  }
  const saveWrapped = async (to: Receiver): Promise<boolean> => {
    const exported = await ask(to)
    if (exported) download(`${name}.wrapped`, new Blob([exported.WrappedKey]))
    return exported !== null
  }
  const saveFile = async (): Promise<boolean> => {
    const receiving = await beginReceiving()
    const exported = await ask(receiving.receiver)
    if (!exported) return false
    const secret = await receiving.open(exported)
    if (form === 'pkcs8') {
      const text = toPem('ENCRYPTED PRIVATE KEY', await asPkcs8File(secret, password.value))
      download(`${name}.pem`, new Blob([text]))
    } else {
      const message = await asJwkMessage(row.KeySpec, { secret, publicKey }, password.value)
      download(`${name}.jwk.keyhearth`, new Blob([message]))
    }
    secret.fill(0)
    return true
  }
  const submit = () => {
    const to = form === 'wrapped' ? receiver() : null
    const wrong = form === 'wrapped' ? (to ? null : t('key_export_no_pem')) : password.problem()
    const problem = wrong ?? proving.problem()
    if (problem) return task.fail(problem)
    task.run(async () => {
      if (!(await (to ? saveWrapped(to) : saveFile()))) return
      password.clear()
      proving.clear()
      say(t('key_export_done', [row.name]))
    })
  }
  if (metadata.KeyState !== 'Enabled' && metadata.KeyState !== 'Disabled') {
    return <p class="lead">{t('key_export_not_now')}</p>
  }
  return (
    <form class="card" autocomplete="off" onSubmit={onSubmit(submit)}>
      <h2>{t('key_export_heading')}</h2>
      <p>{t('key_export_lead')}</p>
      <fieldset class="choices">
        <legend>{t('key_export_form')}</legend>
        {forms.map((one) => (
          <label class="choice" key={one}>
            <input type="radio" name="form" checked={one === form} onChange={() => setForm(one)} />
            <span class="choice-words">
              <span class="label">{formWords[one].label}</span>
              <span class="hint">{formWords[one].hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {form === 'wrapped' ? (
        <ReceiverFields by={by} onBy={setBy} pem={pem} onPem={setPem} />
      ) : (
        <NewPassphraseFields
          of={password}
          label={t('key_export_password')}
          repeatLabel={t('key_export_password_again')}
        />
      )}
      <ProofField of={proving} label={t('key_export_proof')} />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
          <Icon of={Download} />
          {t('key_export_button')}
        </button>
      </div>
    </form>
  )
}

type Receiver = Parameters<typeof call<'keyhearth:ExportKey'>>[1]['Receiver']

function ReceiverFields({
  by,
  onBy,
  pem,
  onPem,
}: {
  readonly by: string
  readonly onBy: (by: string) => void
  readonly pem: string
  readonly onPem: (pem: string) => void
}) {
  const own = wrappingKeys()
  const options = [
    [theirs, t('key_export_to_them')] as const,
    ...own.map(({ KeyId, name }) => [KeyId, name] as const),
  ]
  return (
    <>
      {own.length > 0 && (
        <SelectField label={t('key_export_to')} value={by} options={options} onValue={onBy} />
      )}
      {by === theirs && (
        <AreaField
          label={t('key_export_public')}
          hint={<p class="hint">{t('key_export_public_hint')}</p>}
          value={pem}
          onValue={onPem}
          rows={4}
        />
      )}
    </>
  )
}
