// ui: what the person sees; speaks the protocol like any other client. This file: a certificate for a key of the person's:
// signed by that key itself, asked for from an authority, or issued by one's own.

import { useState } from 'preact/hooks'
import { hashOf } from './address.ts'
import { ownAuthorities } from './authorities.ts'
import { keptName } from './CertificateCard.tsx'
import { readAddresses, type SubjectForm, subjectProblem } from './certificateForm.ts'
import { signingKeys } from './certificateList.ts'
import { keyUsageWords } from './certificateWords.ts'
import { Disclosure } from './Disclosure.tsx'
import { isEncryptionKey } from './encryptionKeys.ts'
import { AreaField } from './Field.tsx'
import { type KeyRow, keyRows } from './keyList.ts'
import { specNames } from './keyWords.ts'
import { ErrorAlert, say } from './Notices.tsx'
import {
  blankForm,
  type CertificateForm,
  type CertifiedKey,
  firstAuthorityName,
  isForEncryption,
  makeCertificateFor,
  type Way,
  wayOf,
} from './newCertificate.ts'
import { goTo, route } from './route.ts'
import { SelectField } from './SelectField.tsx'
import {
  CheckList,
  PurposeFields,
  SubjectFields,
  subjectProblemWords,
  YearsField,
} from './SubjectFields.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

/** What a key that signs may ask for. */
const usages = ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'] as const

/** `#documents/certificates/new?for=encryption` */
const wantedKey = (): CertifiedKey =>
  route.value.query.get('for') === 'encryption' ? 'encryption' : 'signing'

export function NewCertificate() {
  const [form, setForm] = useState(() => blankForm(wantedKey()))
  const [asked, setAsked] = useState(false)
  const task = useTask()
  const way = wayOf(form)
  const isSigning = !isForEncryption(form.key)
  const change = (part: Partial<CertificateForm>) => {
    setForm({ ...form, ...part })
    setAsked(false)
    task.fail(null)
  }
  const submit = () => {
    const problem =
      subjectProblem(form.subject) ?? (readAddresses(form.addresses) ? null : 'addresses')
    if (problem) return task.fail(subjectProblemWords[problem])
    task.run(async () => {
      await makeCertificateFor(form)
      if (way === 'request') return setAsked(true)
      say(t('certificates_made', [form.subject.name.trim()]))
      goTo('documents', 'certificates')
    })
  }
  return (
    <section class="stack roomy" aria-labelledby="new-certificate">
      <h2 id="new-certificate">{t('certificates_new')}</h2>
      <form class="stack roomy" autocomplete="off" onSubmit={onSubmit(submit)}>
        <KeyPicker chosen={form.key} onKey={(key) => change({ key })} />
        {isSigning && <WayPicker way={form.way} onWay={(next) => change({ way: next })} />}
        {way === 'authority' && (
          <AuthorityPicker
            chosen={form.authority}
            onChosen={(authority) => change({ authority })}
            subject={form.subject}
            isForced={!isSigning}
          />
        )}
        <SubjectFields subject={form.subject} onSubject={(subject) => change({ subject })} />
        {isSigning && (
          <PurposeFields chosen={form.purposes} onChosen={(purposes) => change({ purposes })} />
        )}
        {way !== 'request' && (
          <div class="narrow">
            <YearsField value={form.years} onValue={(years) => change({ years })} />
          </div>
        )}
        <Disclosure summary={t('certificates_more')}>
          <div class="stack">
            <AreaField
              label={t('certificates_addresses')}
              hint={t('certificates_addresses_hint')}
              value={form.addresses}
              rows={3}
              maxLength={8192}
              onValue={(addresses) => change({ addresses })}
            />
            {isSigning && (
              <CheckList
                legend={t('certificates_usage')}
                options={usages.map((usage) => [usage, keyUsageWords[usage]] as const)}
                chosen={form.usages}
                onChosen={(chosen) => change({ usages: chosen })}
              />
            )}
          </div>
        </Disclosure>
        <ErrorAlert error={task.error} />
        <div class="row">
          <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
            {way === 'request' ? t('certificates_save_request') : t('certificates_make')}
          </button>
          <a class="button" href={hashOf(['documents', 'certificates'])}>
            {t('cancel')}
          </a>
        </div>
        <div role="status">{asked && <p class="card">{t('certificates_asked')}</p>}</div>
      </form>
    </section>
  )
}

const ways = [
  { id: 'self', label: t('certificates_way_self'), hint: t('certificates_way_self_hint') },
  { id: 'request', label: t('certificates_way_ask'), hint: t('certificates_way_ask_hint') },
  { id: 'authority', label: t('certificates_way_own'), hint: t('certificates_way_own_hint') },
] as const

function WayPicker({ way, onWay }: { readonly way: Way; readonly onWay: (way: Way) => void }) {
  const offered = ways.filter(({ id }) => id !== 'authority' || ownAuthorities().length > 0)
  return (
    <fieldset class="choices">
      <legend>{t('certificates_way')}</legend>
      {offered.map(({ id, label, hint }) => (
        <label class="choice" key={id}>
          <input type="radio" name="way" checked={id === way} onChange={() => onWay(id)} />
          <span class="choice-words">
            <span class="label">{label}</span>
            <span class="hint">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function AuthorityPicker({
  chosen,
  onChosen,
  subject,
  isForced,
}: {
  readonly chosen: string
  readonly onChosen: (authority: string) => void
  readonly subject: SubjectForm
  /** There is no other way for this key. */
  readonly isForced: boolean
}) {
  const authorities = ownAuthorities()
  const first = authorities[0]?.entry.CertificateId ?? ''
  return (
    <div class="stack tight">
      {isForced && <p class="hint">{t('certificates_cannot_sign')}</p>}
      {authorities.length > 0 ? (
        <SelectField
          label={t('certificates_way')}
          value={chosen || first}
          options={authorities.map((one) => [one.entry.CertificateId, keptName(one)] as const)}
          onValue={onChosen}
        />
      ) : (
        <p class="hint">
          {subject.name.trim() === ''
            ? t('certificates_makes_authority')
            : t('certificates_makes_authority_named', [firstAuthorityName(subject)])}
        </p>
      )}
    </div>
  )
}

function KeyPicker({
  chosen,
  onKey,
}: {
  readonly chosen: CertifiedKey
  readonly onKey: (key: CertifiedKey) => void
}) {
  const rows = keyRows.value ?? []
  const signing = signingKeys(rows)
  const isMade = signing.some(({ Aliases }) => Aliases.includes('alias/signing'))
  const usual = isMade ? t('certificates_key_usual') : t('certificates_key_make')
  const others = signing.filter(({ Aliases }) => !Aliases.includes('alias/signing'))
  const decrypting = rows.filter(
    (row) => row.owner.kind === 'you' && row.KeyState === 'Enabled' && isEncryptionKey(row),
  )
  const option = ({ Arn, name, KeySpec }: KeyRow) =>
    [Arn, `${name} (${specNames[KeySpec]})`] as const
  return (
    <div class="stack tight">
      <SelectField<CertifiedKey>
        label={t('certificates_for_key')}
        value={chosen}
        options={[
          ['signing', usual],
          ...others.map(option),
          ['encryption', t('certificates_key_encryption')],
          ...decrypting.map(option),
        ]}
        onValue={onKey}
      />
      <a href={hashOf(['keys', 'new'])}>{t('certificates_key_other')}</a>
    </div>
  )
}
