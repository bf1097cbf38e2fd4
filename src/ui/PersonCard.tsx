// ui: what the person sees; speaks the protocol like any other client. This file: one person who is known.

import { BadgeCheck, CircleHelp, Pencil, Trash2 } from 'lucide'
import { useState } from 'preact/hooks'
import type { Person } from '../protocol/outputs.ts'
import { CopyButton } from './CopyButton.tsx'
import { call } from './call.ts'
import { TextField } from './Field.tsx'
import { Fingerprint } from './Fingerprint.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { onSubmit, useTask } from './task.ts'
import { dateWords, t } from './words.ts'

interface Props {
  readonly person: Person
  readonly onChanged: () => Promise<void>
}

export function PersonCard({ person, onChanged }: Props) {
  const { PersonId, Name, Verified, Card } = person
  const [naming, setNaming] = useState(false)
  const task = useTask()
  const change = (work: () => Promise<void>) =>
    task.run(async () => {
      await work()
      await onChanged()
    })
  const remove = () =>
    change(async () => {
      await call('keyhearth:RemovePerson', { PersonId })
      say(t('people_removed', [Name]), async () => {
        const back = await call('keyhearth:ImportPerson', { Card, Verified })
        await call('keyhearth:UpdatePerson', { PersonId: back.PersonId, Name })
        await onChanged()
      })
    })
  const verify = () =>
    change(async () => {
      await call('keyhearth:UpdatePerson', { PersonId, Verified: !Verified })
    })
  return (
    <article class="card" aria-label={Name}>
      <header class="row">
        <h3>
          <bdi>{Name}</bdi>
        </h3>
        <span class={Verified ? 'badge good' : 'badge wait'}>
          <Icon of={Verified ? BadgeCheck : CircleHelp} />
          {Verified ? t('people_verified') : t('people_unverified')}
        </span>
      </header>
      <Fingerprint words={person.Fingerprint} label={t('people_words_of', [Name])} />
      <p class="hint">
        {person.ChangedAt === undefined
          ? t('people_since', [dateWords(person.AddedAt)])
          : t('people_keys_changed', [dateWords(person.ChangedAt)])}
      </p>
      {naming ? (
        <Rename person={person} onChanged={onChanged} onDone={() => setNaming(false)} />
      ) : (
        <div class="row">
          <button type="button" disabled={task.busy} onClick={verify}>
            {Verified ? t('people_unverify') : t('people_verify')}
          </button>
          <button type="button" class="quiet" onClick={() => setNaming(true)}>
            <Icon of={Pencil} />
            {t('people_rename')}
          </button>
          <CopyButton
            label={t('people_copy_card_of', [Name])}
            words={t('people_copy_their_card')}
            text={() => Card}
          />
          <button type="button" class="quiet push" disabled={task.busy} onClick={remove}>
            <Icon of={Trash2} />
            {t('people_remove')}
          </button>
        </div>
      )}
      <ErrorAlert error={task.error} />
    </article>
  )
}

function Rename({ person, onChanged, onDone }: Props & { readonly onDone: () => void }) {
  const [name, setName] = useState(person.Name)
  const task = useTask()
  const save = () => {
    if (name.trim() === '') return task.fail(t('people_name_empty'))
    task.run(async () => {
      await call('keyhearth:UpdatePerson', { PersonId: person.PersonId, Name: name.trim() })
      await onChanged()
      onDone()
    })
  }
  return (
    <form class="stack" onSubmit={onSubmit(save)}>
      <TextField label={t('people_name')} value={name} onValue={setName} autofocus />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {t('save')}
        </button>
        <button type="button" onClick={onDone}>
          {t('cancel')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </form>
  )
}
