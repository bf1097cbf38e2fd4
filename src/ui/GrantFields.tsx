// ui: what the person sees; speaks the protocol like any other client. This file: granting a site the use
// of a key.

import { useId } from 'preact/hooks'
import type { GrantOperation } from '../protocol/kmsInputs.ts'
import type { Site } from '../protocol/outputs.ts'
import { ContextRows } from './ContextRows.tsx'
import { call } from './call.ts'
import { readContext } from './contextInput.ts'
import { contextProblemWords } from './contextWords.ts'
import { useDraft } from './draft.ts'
import { focusOnce } from './Field.tsx'
import { FormEnd } from './FormEnd.tsx'
import { useFocusBack } from './focus.ts'
import {
  blankGrant,
  type GrantForm,
  type GrantProblem,
  grantable,
  grantProblem,
  grantRequest,
  offersHashes,
  readGrantForm,
  reveals,
} from './grantForm.ts'
import type { KeySide } from './KeyDetail.tsx'
import { say } from './Notices.tsx'
import { operationWords } from './operationWords.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

const problemWords = {
  origin: t('grant_origin_wrong'),
  operations: t('grant_operations_none'),
  uses: t('grant_uses_wrong'),
  until: t('grant_until_past'),
} as const satisfies Record<GrantProblem, string>

export function GrantFields({
  side: { metadata },
  sites,
  onDone,
  onCancel,
}: {
  readonly side: KeySide
  readonly sites: readonly Site[]
  readonly onDone: () => Promise<void>
  readonly onCancel: () => void
}) {
  const { KeyId, KeyUsage } = metadata
  useFocusBack('grant-add')
  const draft = useDraft(`grant ${KeyId}`, blankGrant(KeyUsage), (kept) =>
    readGrantForm(KeyUsage, kept),
  )
  const task = useTask()
  const form = draft.value.value
  const change = (part: Partial<GrantForm>) => draft.set({ ...form, ...part })
  const submit = () => {
    const problem = grantProblem(form, Date.now())
    if (problem) return task.fail(problemWords[problem])
    const read = readContext(form.context)
    if ('problem' in read) return task.fail(contextProblemWords(read.problem, read.key))
    task.run(async () => {
      await call('kms:CreateGrant', grantRequest(KeyId, form, read.context))
      draft.clear()
      say(t('grant_made'))
      await onDone()
    })
  }
  const cancel = () => {
    draft.clear()
    onCancel()
  }
  return (
    <form class="inset stack" autocomplete="off" onSubmit={onSubmit(submit)}>
      <h3>{t('grant_add')}</h3>
      <SiteField sites={sites} value={form.origin} onValue={(origin) => change({ origin })} />
      <Operations
        all={grantable[KeyUsage]}
        chosen={form.operations}
        onChosen={(operations) => change({ operations })}
      />
      {reveals(form) && (
        <Plaintext given={form.plaintext} onGiven={(plaintext) => change({ plaintext })} />
      )}
      {metadata.KeySpec === 'SYMMETRIC_DEFAULT' && (
        <>
          <ContextRows rows={form.context} onRows={(context) => change({ context })} />
          {form.context.length > 0 && (
            <Check
              label={t('grant_exact')}
              checked={form.exact}
              onChecked={(exact) => change({ exact })}
            />
          )}
        </>
      )}
      <Limits form={form} onChange={change} />
      <FormEnd task={task} words={t('grant_make')} onCancel={cancel} />
    </form>
  )
}

function SiteField({
  sites,
  value,
  onValue,
}: {
  readonly sites: readonly Site[]
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{t('grant_site')}</label>
      <input
        type="text"
        id={id}
        list={`${id}-sites`}
        autocomplete="off"
        spellcheck={false}
        placeholder="https://example.com"
        maxLength={2048}
        value={value}
        ref={focusOnce}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <datalist id={`${id}-sites`}>
        {sites.map(({ Origin }) => (
          <option key={Origin} value={Origin} />
        ))}
      </datalist>
    </div>
  )
}

function Operations({
  all,
  chosen,
  onChosen,
}: {
  readonly all: readonly GrantOperation[]
  readonly chosen: readonly GrantOperation[]
  readonly onChosen: (chosen: readonly GrantOperation[]) => void
}) {
  const toggle = (one: GrantOperation, on: boolean) =>
    onChosen(all.filter((other) => (other === one ? on : chosen.includes(other))))
  return (
    <fieldset class="plain checks">
      <legend class="label">{t('grant_operations')}</legend>
      {all.map((one) => (
        <Check
          key={one}
          label={operationWords(`kms:${one}`)}
          checked={chosen.includes(one)}
          onChecked={(on) => toggle(one, on)}
        />
      ))}
    </fieldset>
  )
}

/** Two answers in full: a box to tick would leave unsaid what happens without it. */
function Plaintext({
  given,
  onGiven,
}: {
  readonly given: boolean
  readonly onGiven: (given: boolean) => void
}) {
  const id = useId()
  const choice = (value: boolean, label: string, hint: string) => (
    <label class="choice">
      <input
        type="radio"
        name={id}
        checked={given === value}
        aria-labelledby={`${id}-${value}`}
        aria-describedby={`${id}-${value}-hint`}
        onChange={() => onGiven(value)}
      />
      <span class="choice-words">
        <span class="label" id={`${id}-${value}`}>
          {label}
        </span>
        <span class="hint" id={`${id}-${value}-hint`}>
          {hint}
        </span>
      </span>
    </label>
  )
  return (
    <fieldset class="plain stack tight">
      <legend class="label">{t('grant_plaintext')}</legend>
      <div class="choices purposes">
        {choice(false, t('grant_plaintext_hidden'), t('grant_plaintext_hidden_hint'))}
        {choice(true, t('grant_plaintext_given'), t('grant_plaintext_given_hint'))}
      </div>
    </fieldset>
  )
}

function Limits({
  form,
  onChange,
}: {
  readonly form: GrantForm
  readonly onChange: (part: Partial<GrantForm>) => void
}) {
  const id = useId()
  return (
    <>
      <div class="pair">
        <div class="field">
          <label for={`${id}-uses`}>{t('grant_uses')}</label>
          <input
            type="number"
            id={`${id}-uses`}
            min={1}
            max={999_999}
            placeholder={t('grant_uses_any')}
            value={form.uses}
            onInput={(event) => onChange({ uses: event.currentTarget.value })}
          />
        </div>
        <div class="field">
          <label for={`${id}-until`}>{t('grant_until')}</label>
          <input
            type="datetime-local"
            id={`${id}-until`}
            value={form.until}
            onInput={(event) => onChange({ until: event.currentTarget.value })}
          />
        </div>
      </div>
      <Check label={t('grant_ask')} checked={form.ask} onChecked={(ask) => onChange({ ask })} />
      {offersHashes(form) && (
        <>
          <Check
            label={t('grant_hashes')}
            checked={form.hashes}
            onChecked={(hashes) => onChange({ hashes })}
          />
          <p class="hint">{t('grant_hashes_hint')}</p>
        </>
      )}
    </>
  )
}

function Check({
  label,
  checked,
  onChecked,
}: {
  readonly label: string
  readonly checked: boolean
  readonly onChecked: (checked: boolean) => void
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ currentTarget }) => onChecked(currentTarget.checked)}
      />
      {label}
    </label>
  )
}
