// ui: what the person sees; speaks the protocol like any other client. This file: private keys out of a file, before they
// go into the vault.

import { useEffect, useState } from 'preact/hooks'
import type { Certificate } from '../certificates/index.ts'
import { type KeySpec, type KeyUsageType, specRow } from '../protocol/keySpecs.ts'
import type { Brought } from './bringIn.ts'
import { CertificateFacts, Weaknesses } from './CertificateFacts.tsx'
import { fileWordsOf } from './certificateErrors.ts'
import { fingerprintText } from './certificateList.ts'
import { nameWords } from './certificateWords.ts'
import { Disclosure } from './Disclosure.tsx'
import { TextField } from './Field.tsx'
import { type KeepableKey, keepKey } from './keepKey.ts'
import { specNames, usageWords } from './keyWords.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export function BroughtKeys({
  brought: { file, certificates },
  fileName,
}: {
  readonly brought: Extract<Brought, { is: 'keys' }>
  readonly fileName: string
}) {
  return (
    <>
      {file.keys.map((key, at) => {
        const { keySpec } = key
        if (!keySpec)
          return (
            <p class="card warn" key={at}>
              {t('certificates_key_unfit')}
            </p>
          )
        // A file of one key calls it as the certificate does, at the best.
        const [first] = file.keys.length === 1 ? certificates : []
        const name = key.name || (first ? nameWords(first.subject) : fileName)
        return (
          <KeyInside
            key={at}
            found={{ ...key, keySpec }}
            called={name}
            certificates={certificates}
          />
        )
      })}
      {certificates.length > 0 && (
        <section class="stack" aria-labelledby="inside">
          <h3 id="inside">{t('certificates_inside')}</h3>
          <p class="hint">{t('certificates_inside_hint')}</p>
          {certificates.map((one, at) => (
            <Inside key={at} certificate={one} />
          ))}
        </section>
      )}
    </>
  )
}

const usualUse = (usages: readonly KeyUsageType[]): KeyUsageType =>
  usages.find((usage) => usage === 'SIGN_VERIFY') ?? usages[0] ?? 'SIGN_VERIFY'

function KeyInside({
  found,
  called,
  certificates,
}: {
  readonly found: KeepableKey
  readonly called: string
  readonly certificates: readonly Certificate[]
}) {
  const { usages } = specRow(found.keySpec)
  const [name, setName] = useState(called)
  const [usage, setUsage] = useState(usualUse(usages))
  const [keptWith, setKeptWith] = useState<number | null>(null)
  const task = useTask()
  const keep = () =>
    task.run(async () => {
      setKeptWith(await keepKey(found, { name: name.trim(), usage, certificates }))
      found.pkcs8.fill(0)
      say(t('certificates_key_kept', [name.trim()]))
    })
  if (keptWith !== null) {
    return (
      <p class="card" role="status">
        {t('certificates_key_kept', [name.trim()])} {t('certificates_key_kept_with', keptWith)}
      </p>
    )
  }
  return (
    <form
      class="card"
      autocomplete="off"
      aria-label={t('certificates_private_key')}
      onSubmit={onSubmit(keep)}
    >
      <h3>{kindOf(found.keySpec)}</h3>
      <p class="hint">{t('certificates_key_hint')}</p>
      <TextField
        label={t('certificates_key_name')}
        value={name}
        maxLength={200}
        onValue={setName}
      />
      {usages.length > 1 && (
        <SelectField
          label={t('certificates_key_use')}
          value={usage}
          options={usages.map((one) => [one, usageWords[one]] as const)}
          onValue={setUsage}
        />
      )}
      <ErrorAlert error={task.error && fileWordsOf(task.error, 'any')} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
          {t('certificates_key_keep')}
        </button>
      </div>
    </form>
  )
}

const kindOf = (spec: KeySpec): string => t('certificates_private_key_of', [specNames[spec]])

function Inside({ certificate }: { readonly certificate: Certificate }) {
  const [fingerprint, setFingerprint] = useState('')
  useEffect(() => void fingerprintText(certificate).then(setFingerprint), [certificate])
  const name = nameWords(certificate.subject)
  return (
    <>
      <Weaknesses certificate={certificate} />
      <Disclosure summary={name}>
        <div class="card">
          <CertificateFacts certificate={certificate} fingerprint={fingerprint} name={name} />
        </div>
      </Disclosure>
    </>
  )
}
