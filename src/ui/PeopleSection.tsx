// ui: what the person sees; speaks the protocol like any other client. This file: the section "People": the person's
// own card, and the people they know.

import { useEffect, useState } from 'preact/hooks'
import type { Output, Person } from '../protocol/outputs.ts'
import { AddPerson } from './AddPerson.tsx'
import { call } from './call.ts'
import { ErrorAlert } from './Notices.tsx'
import { OwnCard } from './OwnCard.tsx'
import { PersonCard } from './PersonCard.tsx'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

type Identity = Output<'keyhearth:GetIdentity'>['Identity']

export function PeopleSection() {
  const [people, setPeople] = useState<readonly Person[] | null>(null)
  const [identity, setIdentity] = useState<Identity>(null)
  const task = useTask()
  const load = async () => {
    setIdentity((await call('keyhearth:GetIdentity', {})).Identity)
    setPeople((await call('keyhearth:ListPeople', {})).People)
  }
  const changes = status.value
  useEffect(() => task.run(load), [changes])
  return (
    <div class="stack">
      <h1>{t('manager_people')}</h1>
      <p class="lead">{t('people_lead')}</p>
      <ErrorAlert error={task.error} />
      {people && (
        <>
          <OwnCard identity={identity} onChanged={load} />
          <AddPerson onAdded={load} />
          <section class="stack" aria-labelledby="known-people">
            <h2 id="known-people">{t('people_known')}</h2>
            {people.length === 0 && <p class="hint">{t('people_none')}</p>}
            {people.map((person) => (
              <PersonCard key={person.PersonId} person={person} onChanged={load} />
            ))}
          </section>
        </>
      )}
    </div>
  )
}
