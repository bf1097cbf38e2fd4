// ui: what the person sees; speaks the protocol like any other client. This file: the section "People": the person's
// own card, and the people they know.

import { useState } from 'preact/hooks'
import type { Output, Person } from '../protocol/outputs.ts'
import { AddPerson } from './AddPerson.tsx'
import { call } from './call.ts'
import { ErrorAlert } from './Notices.tsx'
import { OwnCard } from './OwnCard.tsx'
import { PersonCard } from './PersonCard.tsx'
import { useShown } from './shown.ts'
import { status } from './status.ts'
import { t } from './words.ts'

type Identity = Output<'keyhearth:GetIdentity'>['Identity']

export function PeopleSection() {
  const [people, setPeople] = useState<readonly Person[] | null>(null)
  const [identity, setIdentity] = useState<Identity>(null)
  const { error, again } = useShown(async () => {
    setIdentity((await call('keyhearth:GetIdentity', {})).Identity)
    setPeople((await call('keyhearth:ListPeople', {})).People)
  }, [status.value])
  return (
    <div class="stack">
      <h1>{t('manager_people')}</h1>
      <p class="lead">{t('people_lead')}</p>
      <ErrorAlert error={error} />
      {people && (
        <>
          <OwnCard identity={identity} onChanged={again} />
          <AddPerson onAdded={again} />
          <section class="stack" aria-labelledby="known-people">
            <h2 id="known-people">{t('people_known')}</h2>
            {people.length === 0 && <p class="hint">{t('people_none')}</p>}
            {people.map((person) => (
              <PersonCard key={person.PersonId} person={person} onChanged={again} />
            ))}
          </section>
        </>
      )}
    </div>
  )
}
