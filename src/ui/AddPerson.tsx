// ui: what the person sees; speaks the protocol like any other client. This file: taking in somebody's card, which
// shows first whose it says it is.

import { FolderOpen, UserPlus } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import type { Output, Person } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { AreaField } from './Field.tsx'
import { Fingerprint } from './Fingerprint.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { PictureButton, takePastedPicture } from './PictureInput.tsx'
import { readPicture } from './qrPicture.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

type Review = Output<'keyhearth:ReviewCard'>

/** More is no card. */
const longestFile = 100_000

export function AddPerson({ onAdded }: { readonly onAdded: () => Promise<void> }) {
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const [review, setReview] = useState<Review | null>(null)
  const task = useTask()
  const show = (card: string) => {
    setReview(null)
    if (card.trim() === '') return task.fail(t('people_card_empty'))
    task.run(async () => setReview(await call('keyhearth:ReviewCard', { Card: card })))
  }
  const open = async (file: File | undefined) => {
    if (!file) return
    if (file.size > longestFile) return task.fail(t('error_card_malformed'))
    const card = await file.text()
    setText(card)
    show(card)
  }
  const scan = (picture: File) => {
    setReview(null)
    task.run(async () => {
      const card = await readPicture(picture)
      if (card === null) return task.fail(t('people_qr_none'))
      setText(card)
      setReview(await call('keyhearth:ReviewCard', { Card: card }))
    })
  }
  const paste = (event: ClipboardEvent) => {
    const picture = takePastedPicture(event)
    if (picture) scan(picture)
  }
  const add = (how: { Verified: boolean; Replace?: string }) =>
    task.run(async () => {
      await call('keyhearth:ImportPerson', { Card: text, ...how })
      setText('')
      setReview(null)
      await onAdded()
      say(t('people_added', [review?.Name ?? '']))
    })
  return (
    <section class="card" aria-labelledby="add-person">
      <h2 id="add-person">{t('people_add')}</h2>
      <form class="stack" onSubmit={onSubmit(() => show(text))} onPaste={paste}>
        <AreaField
          label={t('people_card')}
          value={text}
          onValue={(next) => {
            setText(next)
            setReview(null)
          }}
          rows={4}
          hint={<p class="hint">{t('people_card_hint')}</p>}
        />
        <div class="row">
          <button type="submit" disabled={task.busy}>
            <Icon of={UserPlus} />
            {t('people_review')}
          </button>
          <button type="button" class="quiet" onClick={() => input.current?.click()}>
            <Icon of={FolderOpen} />
            {t('people_open_file')}
          </button>
          <input
            ref={input}
            type="file"
            accept=".txt,text/plain"
            hidden
            aria-label={t('people_open_file')}
            onChange={({ currentTarget }) => void open(currentTarget.files?.[0])}
          />
          <PictureButton disabled={task.busy} onPicture={scan} />
        </div>
      </form>
      <ErrorAlert error={task.error} />
      {review && <Reviewed review={review} busy={task.busy} onAdd={add} />}
    </section>
  )
}

function Reviewed({
  review,
  busy,
  onAdd,
}: {
  readonly review: Review
  readonly busy: boolean
  readonly onAdd: (how: { Verified: boolean; Replace?: string }) => void
}) {
  const { Name, Known, MixedScripts, Person: like, Fingerprint: words } = review
  if (Known === 'you') return <p role="status">{t('people_is_you')}</p>
  if (Known === 'same') return <p role="status">{t('people_is_known', [like?.Name ?? Name])}</p>
  const replaced = Known === 'changed' && like ? like : null
  const how = (Verified: boolean) =>
    onAdd({ Verified, ...(replaced ? { Replace: replaced.PersonId } : {}) })
  return (
    <section class="stack" aria-label={t('people_preview')}>
      {replaced && <Changed person={replaced} />}
      {Known === 'alike' && like && <Alike person={like} name={Name} />}
      {Known !== 'alike' && MixedScripts && (
        <p class="card warn" role="alert">
          {t('people_mixed_scripts')}
        </p>
      )}
      <h3>
        <bdi>{Name}</bdi>
      </h3>
      <p>{t('people_compare', [Name])}</p>
      <Fingerprint words={words} label={t('people_words_of', [Name])} />
      <div class="row">
        <button type="button" class="primary" disabled={busy} onClick={() => how(true)}>
          {t('people_add_verified')}
        </button>
        <button type="button" disabled={busy} onClick={() => how(false)}>
          {t('people_add_unverified')}
        </button>
        {replaced && (
          <button type="button" disabled={busy} onClick={() => onAdd({ Verified: false })}>
            {t('people_add_other')}
          </button>
        )}
      </div>
    </section>
  )
}

/** As loud: nobody sees from the names that they are two. */
const Alike = ({ person, name }: { readonly person: Person; readonly name: string }) => (
  <div class="card warn" role="alert">
    <p>
      <strong>{t('people_alike', [person.Name])}</strong>
    </p>
    <p>{t('people_alike_hint', [name, person.Name])}</p>
    <Fingerprint words={person.Fingerprint} label={t('people_words_known')} />
  </div>
)

/** Loud: either they have a new vault, or somebody else wants to be taken for them. */
const Changed = ({ person }: { readonly person: Person }) => (
  <div class="card warn" role="alert">
    <p>
      <strong>{t('people_changed', [person.Name])}</strong>
    </p>
    <p>{t('people_changed_hint', [person.Name])}</p>
    <Fingerprint words={person.Fingerprint} label={t('people_words_before')} />
  </div>
)
