// ui: what the person sees; speaks the protocol like any other client. This file: for whom a message is, besides the
// person themselves.

import { useEffect, useState } from 'preact/hooks'
import type { Person } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { t } from './words.ts'

export function RecipientPicker({
  selected,
  onSelected,
}: {
  readonly selected: readonly string[]
  readonly onSelected: (personIds: readonly string[]) => void
}) {
  const [people, setPeople] = useState<readonly Person[]>([])
  useEffect(() => {
    // Without them the message is for the person alone, and says so.
    void call('keyhearth:ListPeople', {}).then(
      ({ People }) => setPeople(People),
      () => {},
    )
  }, [])
  if (people.length === 0) return null
  const toggle = (personId: string, wanted: boolean) =>
    onSelected([...selected.filter((one) => one !== personId), ...(wanted ? [personId] : [])])
  return (
    <fieldset class="recipients">
      <legend>{t('recipients_to')}</legend>
      {people.map(({ PersonId, Name, Verified }) => (
        <label key={PersonId} class="check">
          <input
            type="checkbox"
            checked={selected.includes(PersonId)}
            onChange={({ currentTarget }) => toggle(PersonId, currentTarget.checked)}
          />
          <bdi>{Name}</bdi>
          {!Verified && <span class="hint">{t('recipients_unverified')}</span>}
        </label>
      ))}
      <p class="hint">{t('recipients_self')}</p>
    </fieldset>
  )
}
