// ui: what the person sees; speaks the protocol like any other client. This file: a certificate for a key of the person's:
// signed by that key itself, or asked for from an authority.

import { useState } from 'preact/hooks'
import {
  type KeyUsage,
  makeRequest,
  makeSelfSigned,
  readCertificate,
} from '../certificates/index.ts'
import { hashOf } from './address.ts'
import { call } from './call.ts'
import { saveRequest } from './certificateFiles.ts'
import {
  blankSubject,
  emailNames,
  readAddresses,
  type SubjectForm,
  subjectOf,
  subjectProblem,
  validityFor,
} from './certificateForm.ts'
import { keepOwn, signingKeys } from './certificateList.ts'
import { keyUsageWords } from './certificateWords.ts'
import { Disclosure } from './Disclosure.tsx'
import { AreaField } from './Field.tsx'
import { keyRows } from './keyList.ts'
import { keySigner } from './keySigner.ts'
import { specNames } from './keyWords.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { goTo } from './route.ts'
import { SelectField } from './SelectField.tsx'
import {
  CheckList,
  type Purpose,
  PurposeFields,
  SubjectFields,
  subjectProblemWords,
  type Years,
  YearsField,
} from './SubjectFields.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

type Way = 'self' | 'request'

interface Form {
  readonly way: Way
  /** Empty: the key that is made for signing. */
  readonly keyId: string
  readonly subject: SubjectForm
  readonly addresses: string
  readonly usages: readonly KeyUsage[]
  readonly purposes: readonly Purpose[]
  readonly years: Years
}

const blank: Form = {
  way: 'self',
  keyId: '',
  subject: blankSubject,
  addresses: '',
  usages: ['digitalSignature', 'nonRepudiation'],
  purposes: ['documentSigning', 'emailProtection'],
  years: '3',
}

/** What a key that signs may ask for. */
const usages = ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'] as const

async function make(form: Form): Promise<void> {
  const KeyId = form.keyId || (await call('keyhearth:EnsureSigningKey', {})).KeyId
  const signer = await keySigner(KeyId)
  const content = {
    subject: subjectOf(form.subject),
    altNames: [...emailNames(form.subject), ...(readAddresses(form.addresses) ?? [])],
    keyUsage: form.usages,
    extKeyUsage: form.purposes,
  }
  const name = form.subject.name.trim()
  if (form.way === 'request') {
    saveRequest(name, await makeRequest(signer, content))
    return
  }
  const validity = validityFor(Number(form.years), Date.now())
  const der = await makeSelfSigned(signer, { ...content, ...validity })
  await keepOwn(readCertificate(der), KeyId, [])
  say(t('certificates_made', [name]))
  goTo('documents', 'certificates')
}

export function NewCertificate() {
  const [form, setForm] = useState(blank)
  const [asked, setAsked] = useState(false)
  const task = useTask()
  const change = (part: Partial<Form>) => {
    setForm({ ...form, ...part })
    setAsked(false)
    task.fail(null)
  }
  const submit = () => {
    const problem =
      subjectProblem(form.subject) ?? (readAddresses(form.addresses) ? null : 'addresses')
    if (problem) return task.fail(subjectProblemWords[problem])
    task.run(async () => {
      await make(form)
      setAsked(form.way === 'request')
    })
  }
  return (
    <section class="stack roomy" aria-labelledby="new-certificate">
      <h2 id="new-certificate">{t('certificates_new')}</h2>
      <form class="stack roomy" autocomplete="off" onSubmit={onSubmit(submit)}>
        <WayPicker way={form.way} onWay={(way) => change({ way })} />
        <KeyPicker keyId={form.keyId} onKeyId={(keyId) => change({ keyId })} />
        <SubjectFields subject={form.subject} onSubject={(subject) => change({ subject })} />
        <PurposeFields chosen={form.purposes} onChosen={(purposes) => change({ purposes })} />
        {form.way === 'self' && (
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
            <CheckList
              legend={t('certificates_usage')}
              options={usages.map((usage) => [usage, keyUsageWords[usage]] as const)}
              chosen={form.usages}
              onChosen={(chosen) => change({ usages: chosen })}
            />
          </div>
        </Disclosure>
        <ErrorAlert error={task.error} />
        <div class="row">
          <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
            {form.way === 'self' ? t('certificates_make') : t('certificates_save_request')}
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
] as const

function WayPicker({ way, onWay }: { readonly way: Way; readonly onWay: (way: Way) => void }) {
  return (
    <fieldset class="choices">
      <legend>{t('certificates_way')}</legend>
      {ways.map(({ id, label, hint }) => (
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

function KeyPicker({
  keyId,
  onKeyId,
}: {
  readonly keyId: string
  readonly onKeyId: (keyId: string) => void
}) {
  const keys = signingKeys(keyRows.value ?? [])
  const isMade = keys.some(({ Aliases }) => Aliases.includes('alias/signing'))
  const usual = isMade ? t('certificates_key_usual') : t('certificates_key_make')
  const others = keys
    .filter(({ Aliases }) => !Aliases.includes('alias/signing'))
    .map(({ Arn, name, KeySpec }) => [Arn, `${name} (${specNames[KeySpec]})`] as const)
  return (
    <div class="stack tight">
      <SelectField
        label={t('certificates_for_key')}
        value={keyId}
        options={[['', usual], ...others]}
        onValue={onKeyId}
      />
      <a href={hashOf(['keys', 'new'])}>{t('certificates_key_other')}</a>
    </div>
  )
}
