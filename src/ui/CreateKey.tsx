// ui: what the person sees; speaks the protocol like any other client. This file: making a key. What it is
// for comes first; the kind follows from that, with the sensible one chosen already.

import { ArrowLeft } from 'lucide'
import { useEffect } from 'preact/hooks'
import { hashOf } from './address.ts'
import { call } from './call.ts'
import { type Draft, useDraft } from './draft.ts'
import { AreaField, TextField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { type KeyChoice, keyPurposes, type Purpose } from './keyChoices.ts'
import {
  type AliasProblem,
  aliasProblem,
  blankKeyForm,
  type KeyForm,
  keyRequest,
  readKeyForm,
} from './keyForm.ts'
import { keyRows, loadKeys } from './keyList.ts'
import { specNames } from './keyWords.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { goTo } from './route.ts'
import { Switch } from './Switch.tsx'
import { TagRows } from './TagRows.tsx'
import { onSubmit, useTask } from './task.ts'
import { errorWords, t } from './words.ts'

export const aliasProblemWords = {
  characters: t('alias_characters'),
  reserved: t('error_alias_reserved'),
  slash: t('alias_slash'),
  taken: t('alias_taken'),
} as const satisfies Record<AliasProblem, string>

const purposeOf = ({ spec, usage }: KeyForm): Purpose =>
  keyPurposes.find(({ choices }) =>
    (choices as readonly KeyChoice[]).some((one) => one.spec === spec && one.usage === usage),
  ) ?? keyPurposes[0]

const ownAliases = (): string[] =>
  (keyRows.value ?? []).filter(({ owner }) => owner.kind === 'you').flatMap((key) => key.Aliases)

/** @returns the new key's id. An alias that was refused leaves the key, and says so. */
async function create(form: KeyForm): Promise<string> {
  const { KeyMetadata } = await call('kms:CreateKey', keyRequest(form))
  const TargetKeyId = KeyMetadata.KeyId
  try {
    if (form.alias !== '') {
      await call('kms:CreateAlias', { AliasName: `alias/${form.alias}`, TargetKeyId })
    }
    say(t('key_created_done'))
  } catch (error) {
    say(t('key_created_unnamed', [errorWords(error)]))
  }
  await loadKeys()
  return TargetKeyId
}

export function CreateKey() {
  const draft = useDraft('key', blankKeyForm, readKeyForm)
  const task = useTask()
  useEffect(() => {
    if (!keyRows.value) task.run(loadKeys)
  }, [])
  const form = draft.value.value
  const submit = () => {
    const problem = form.alias === '' ? null : aliasProblem(form.alias, ownAliases())
    if (problem) return task.fail(aliasProblemWords[problem])
    task.run(async () => {
      const keyId = await create(form)
      draft.clear()
      goTo('keys', keyId)
    })
  }
  return (
    <>
      <a class="back" href={hashOf(['keys'])}>
        <Icon of={ArrowLeft} />
        {t('keys_all')}
      </a>
      <h1 tabIndex={-1}>{t('key_create')}</h1>
      <form class="stack roomy" autocomplete="off" onSubmit={onSubmit(submit)}>
        <PurposePicker form={form} draft={draft} />
        <KindPicker form={form} draft={draft} />
        <Naming form={form} draft={draft} />
        <Advanced form={form} draft={draft} />
        <ErrorAlert error={task.error} />
        <div class="row">
          <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
            {task.busy ? t('key_create_busy') : t('key_create')}
          </button>
          <a class="button" href={hashOf(['keys'])} onClick={draft.clear}>
            {t('cancel')}
          </a>
        </div>
      </form>
    </>
  )
}

interface Part {
  readonly form: KeyForm
  readonly draft: Draft<KeyForm>
}

function PurposePicker({ form, draft }: Part) {
  const chosen = purposeOf(form)
  const choose = ({ choices: [first] }: Purpose) =>
    draft.set({ ...form, spec: first.spec, usage: first.usage })
  return (
    <fieldset class="choices purposes">
      <legend>{t('key_purpose')}</legend>
      {keyPurposes.map((purpose) => (
        <label class="choice" key={purpose.id}>
          <input
            type="radio"
            name="purpose"
            checked={purpose.id === chosen.id}
            onChange={() => choose(purpose)}
          />
          <Icon of={purpose.icon} />
          <span class="choice-words">
            <span class="label">{purpose.label}</span>
            <span class="hint">{purpose.hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function KindPicker({ form, draft }: Part) {
  const choices: readonly KeyChoice[] = purposeOf(form).choices
  return (
    <fieldset class="choices">
      <legend>{t('key_kind')}</legend>
      {choices.map(({ spec, usage, hint }, at) => (
        <label class="choice" key={`${spec} ${usage}`}>
          <input
            type="radio"
            name="kind"
            checked={spec === form.spec && usage === form.usage}
            onChange={() => draft.set({ ...form, spec, usage })}
          />
          <span class="choice-words">
            <span class="label">
              {specNames[spec]}
              {at === 0 && <span class="badge good">{t('key_kind_usual')}</span>}
            </span>
            <span class="hint">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Naming({ form, draft }: Part) {
  return (
    <div class="stack">
      <TextField
        label={t('key_alias')}
        hint={t('key_alias_hint')}
        value={form.alias}
        onValue={(alias) => draft.set({ ...form, alias })}
        maxLength={250}
      />
      <AreaField
        label={t('key_description')}
        value={form.description}
        onValue={(description) => draft.set({ ...form, description })}
        rows={2}
        maxLength={8192}
      />
      <TagRows rows={form.tags} onRows={(tags) => draft.set({ ...form, tags })} />
    </div>
  )
}

function Advanced({ form, draft }: Part) {
  return (
    <details open={form.multiRegion || form.importing || form.exportable}>
      <summary>{t('key_advanced')}</summary>
      <div class="stack">
        <Switch
          label={t('key_exportable')}
          hint={t('key_exportable_hint')}
          checked={form.exportable}
          onChecked={(exportable) => draft.set({ ...form, exportable })}
        />
        <Switch
          label={t('key_importing')}
          hint={t('key_importing_hint')}
          checked={form.importing}
          onChecked={(importing) => draft.set({ ...form, importing })}
        />
        <Switch
          label={t('key_multi_region')}
          hint={t('key_multi_region_hint')}
          checked={form.multiRegion}
          onChecked={(multiRegion) => draft.set({ ...form, multiRegion })}
        />
      </div>
    </details>
  )
}
