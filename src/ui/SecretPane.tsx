// ui: what the person sees; speaks the protocol like any other client. This file: one secret beside the list: looked
// at, or written. What is half-typed is kept, encrypted, whatever closes (draft.ts).

import { ArrowLeft } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Output } from '../protocol/outputs.ts'
import { hashOf } from './address.ts'
import { aside, setAside } from './aside.ts'
import { call } from './call.ts'
import { DeletedSecret } from './DeletedSecret.tsx'
import { Disclosure } from './Disclosure.tsx'
import { focusAgain } from './focus.ts'
import type { FormDraft } from './formDraft.ts'
import { Icon } from './Icon.tsx'
import { ItemForm } from './ItemForm.tsx'
import { ItemView } from './ItemView.tsx'
import { formOf, newForm } from './itemForm.ts'
import { ErrorAlert } from './Notices.tsx'
import { goTo } from './route.ts'
import { SecretPolicy } from './SecretPolicy.tsx'
import { RotationReminder, RotationSchedule } from './SecretRotation.tsx'
import { focusOnList } from './secretFocus.ts'
import { secretsChanged, secretsStamp } from './secretsStamp.ts'
import { useShown } from './shown.ts'
import { status } from './status.ts'
import { Unfinished } from './Unfinished.tsx'
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
    if (id === null) return
    pane.current?.focus({ preventScroll: true })
    pane.current?.scrollIntoView({ block: 'nearest' })
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
  focusOnList()
}

/** Written, and looked at from then on. */
function saved(secretId: string): void {
  secretsChanged()
  show(secretId)
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
  if (form.ref !== null) return <Unfinished draft={draft} onGoOn={goOn} />
  return <ItemForm form={form} draft={draft} pageUrl={null} onSaved={saved} onLeft={leave} />
}

/** To what is half-written, wherever it belongs. */
export const goOn = (secretId: string | null): void =>
  secretId === null ? goTo('secrets', 'new') : show(secretId)

export type SecretFacts = Output<'secretsmanager:DescribeSecret'>

const currentVersion = ({ VersionIdsToStages }: SecretFacts): string | undefined =>
  Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT'))?.[0]

function OneSecret({ id, draft }: { readonly id: string; readonly draft: FormDraft }) {
  const [facts, setFacts] = useState<SecretFacts | null>(null)
  const [refused, setRefused] = useState(false)
  const load = async () => setFacts(await call('secretsmanager:DescribeSecret', { SecretId: id }))
  const { error, again } = useShown(load, [id, status.value, secretsStamp.value])
  const form = draft.value.value
  const isTaken = form !== null || draft.waiting.value?.SecretId === id
  if (error) return <ErrorAlert error={error} />
  if (!facts) return null
  if (facts.DeletedDate !== undefined) {
    return <DeletedSecret id={id} until={facts.DeletedDate} onRestored={again} onGone={leave} />
  }
  if (form?.ref?.secretId === id) {
    const back = () => {
      secretsChanged()
      focusAgain('secret-pane')
    }
    return <ItemForm form={form} draft={draft} pageUrl={null} onSaved={back} onLeft={back} />
  }
  const moved = () => {
    secretsChanged()
    // Taken back from the message, it may be another one that is looked at by now.
    if (aside.value.secret === id) leave()
  }
  const rotated = async () => {
    await again()
    secretsChanged()
  }
  return (
    <>
      <RotationReminder facts={facts} onChanged={rotated} />
      {refused && <Unfinished draft={draft} onGoOn={goOn} />}
      <ItemView
        // After a rotation it is another version that counts.
        key={currentVersion(facts)}
        secretId={id}
        onEdit={(item) => (isTaken ? setRefused(true) : draft.set(formOf(item)))}
        onMoved={moved}
        onChanged={secretsChanged}
      />
      <div>
        <Disclosure summary={t('vault_more')}>
          <RotationSchedule facts={facts} onChanged={rotated} />
        </Disclosure>
        <Disclosure summary={t('vault_policy')}>
          <SecretPolicy secretId={id} />
        </Disclosure>
      </div>
    </>
  )
}
