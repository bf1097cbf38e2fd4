// ui: what the person sees; speaks the protocol like any other client. This file: one secret beside the list: looked
// at, or written. What is half-typed is kept, encrypted, whatever closes (draft.ts).

import { ArrowLeft } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Output } from '../protocol/outputs.ts'
import { hashOf } from './address.ts'
import { setAside } from './aside.ts'
import { call } from './call.ts'
import { DeletedSecret } from './DeletedSecret.tsx'
import { Disclosure } from './Disclosure.tsx'
import { focusAgain } from './focus.ts'
import { Icon } from './Icon.tsx'
import { ItemForm } from './ItemForm.tsx'
import { ItemView } from './ItemView.tsx'
import { type FormDraft, formOf, newForm } from './itemForm.ts'
import { ErrorAlert } from './Notices.tsx'
import { goTo } from './route.ts'
import { SecretPolicy } from './SecretPolicy.tsx'
import { RotationReminder, RotationSchedule } from './SecretRotation.tsx'
import { secretFocus } from './secretFocus.ts'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

interface PaneProps {
  /** ARN; `null`: a new one. */
  readonly id: string | null
  readonly draft: FormDraft
}

export function SecretPane({ id, draft }: PaneProps) {
  const pane = useRef<HTMLElement>(null)
  // Whoever opens one is led to it.
  useEffect(() => {
    if (id !== null) pane.current?.focus()
  }, [id])
  return (
    <section
      class="pane stack"
      id="secret-pane"
      aria-label={id === null ? t('secrets_new') : t('vault_one')}
      tabIndex={-1}
      ref={pane}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !draft.value.value) leave()
      }}
    >
      <a class="back" href={hashOf(['secrets'])} onClick={leave}>
        <Icon of={ArrowLeft} />
        {t('vault_all')}
      </a>
      {id === null ? <NewSecret draft={draft} /> : <OneSecret key={id} id={id} draft={draft} />}
    </section>
  )
}

function leave(): void {
  setAside({ secret: '' })
  goTo('secrets')
  secretFocus.toList()
}

function show(secretId: string): void {
  setAside({ secret: secretId })
  goTo('secrets', 'item')
}

function NewSecret({ draft }: { readonly draft: FormDraft }) {
  const form = draft.value.value
  const ready = draft.ready.value
  useEffect(() => {
    if (ready && !form) draft.set(newForm({}, 'login'))
  }, [ready, form === null])
  if (!form) return null
  if (form.ref !== null) return <Unfinished draft={draft} />
  return <ItemForm form={form} draft={draft} pageUrl={null} onSaved={show} onLeft={leave} />
}

/** Somebody half-way through one secret must not lose it by beginning another. */
export function Unfinished({ draft }: { readonly draft: FormDraft }) {
  const form = draft.value.value
  if (!form) return null
  const goOn = () => (form.ref ? show(form.ref.secretId) : goTo('secrets', 'new'))
  const title = form.item.title.trim()
  return (
    <div class="banner banner-line">
      <p>{title === '' ? t('vault_unfinished_new') : t('vault_unfinished', [title])}</p>
      <button type="button" onClick={goOn}>
        {t('vault_go_on')}
      </button>
      <button type="button" class="quiet" onClick={draft.clear}>
        {t('vault_discard')}
      </button>
    </div>
  )
}

export type SecretFacts = Output<'secretsmanager:DescribeSecret'>

function OneSecret({ id, draft }: { readonly id: string; readonly draft: FormDraft }) {
  const [facts, setFacts] = useState<SecretFacts | null>(null)
  const [refused, setRefused] = useState(false)
  const task = useTask()
  const load = async () => setFacts(await call('secretsmanager:DescribeSecret', { SecretId: id }))
  const changes = status.value
  useEffect(() => task.run(load), [id, changes])
  const form = draft.value.value
  if (task.error) return <ErrorAlert error={task.error} />
  if (!facts) return null
  if (facts.DeletedDate !== undefined) {
    return <DeletedSecret id={id} until={facts.DeletedDate} onRestored={load} onGone={leave} />
  }
  if (form?.ref?.secretId === id) {
    const back = () => {
      focusAgain('secret-pane')
      task.run(load)
    }
    return <ItemForm form={form} draft={draft} pageUrl={null} onSaved={back} onLeft={back} />
  }
  return (
    <>
      <RotationReminder facts={facts} onChanged={load} />
      {refused && form && <Unfinished draft={draft} />}
      <ItemView
        secretId={id}
        onEdit={(item) => (form ? setRefused(true) : draft.set(formOf(item)))}
        onMoved={leave}
        onChanged={() => task.run(load)}
      />
      <Disclosure summary={t('vault_more')}>
        <RotationSchedule facts={facts} onChanged={load} />
      </Disclosure>
      <Disclosure summary={t('vault_policy')}>
        <SecretPolicy secretId={id} />
      </Disclosure>
    </>
  )
}
