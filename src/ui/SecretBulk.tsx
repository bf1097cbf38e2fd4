// ui: what the person sees; speaks the protocol like any other client. This file: what can be done to all secrets that
// are selected.

import { RotateCcw, Star, StarOff, Tag, Tags, Trash2, X } from 'lucide'
import { useId, useState } from 'preact/hooks'
import { TextField } from './Field.tsx'
import { focusAgain, useFocusBack } from './focus.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { type Change, changeItems, deleteItems } from './secretChanges.ts'
import { selected, selectNone } from './secretSelection.ts'
import { onSubmit, type Task, useTask } from './task.ts'
import { t } from './words.ts'

/** TagResource; ChangeItems takes the same. */
const longestTag = 128

type Asking = 'tag' | 'untag' | 'destroy' | null

interface BulkProps {
  /** Of all found. */
  readonly total: number
  readonly trash: boolean
  readonly tags: readonly string[]
  readonly busy: boolean
  readonly onAll: () => void
}

export function SecretBulk({ total, trash, tags, busy, onAll }: BulkProps) {
  const [asking, setAsking] = useState<Asking>(null)
  const task = useTask()
  const count = selected.value.size
  if (count === 0) return null
  const done = () => setAsking(null)
  const change = (what: Change, words: string) =>
    task.run(async () => {
      await changeItems([...selected.value], what)
      done()
      say(words)
    })
  const toggle = (what: Asking) => setAsking(asking === what ? null : what)
  return (
    <section class="bulk stack tight" aria-label={t('bulk_label')}>
      <div class="row">
        <b role="status">{t('bulk_count', count)}</b>
        {count < total && (
          <button type="button" class="quiet" disabled={busy} aria-busy={busy} onClick={onAll}>
            {t('bulk_all', [String(total)])}
          </button>
        )}
        <button
          type="button"
          class="quiet push"
          onClick={() => {
            selectNone()
            focusAgain('secrets-search')
          }}
        >
          <Icon of={X} />
          {t('bulk_none')}
        </button>
      </div>
      {trash ? (
        <TrashActs task={task} asking={asking} onAsk={toggle} />
      ) : (
        <Acts task={task} tags={tags} asking={asking} onAsk={toggle} onChange={change} />
      )}
      {asking === 'tag' && <AddTag task={task} tags={tags} onChange={change} />}
      {asking === 'untag' && <RemoveTag task={task} tags={tags} onChange={change} />}
      {asking === 'destroy' && <Destroy task={task} onDone={done} />}
      <ErrorAlert error={task.error} />
    </section>
  )
}

type OnChange = (what: Change, words: string) => void

function Acts({
  task,
  tags,
  asking,
  onAsk,
  onChange,
}: {
  readonly task: Task
  readonly tags: readonly string[]
  readonly asking: Asking
  readonly onAsk: (what: Asking) => void
  readonly onChange: OnChange
}) {
  const favour = (Favourite: boolean) =>
    onChange(
      { Kind: 'favourite', Favourite },
      Favourite ? t('bulk_favoured') : t('bulk_unfavoured'),
    )
  return (
    <div class="row">
      <button type="button" disabled={task.busy} onClick={() => favour(true)}>
        <Icon of={Star} />
        {t('bulk_favour')}
      </button>
      <button type="button" disabled={task.busy} onClick={() => favour(false)}>
        <Icon of={StarOff} />
        {t('bulk_unfavour')}
      </button>
      <button
        type="button"
        id="bulk-tag"
        disabled={task.busy}
        aria-expanded={asking === 'tag'}
        onClick={() => onAsk('tag')}
      >
        <Icon of={Tag} />
        {t('bulk_tag')}
      </button>
      {tags.length > 0 && (
        <button
          type="button"
          id="bulk-untag"
          disabled={task.busy}
          aria-expanded={asking === 'untag'}
          onClick={() => onAsk('untag')}
        >
          <Icon of={Tags} />
          {t('bulk_untag')}
        </button>
      )}
      <button
        type="button"
        class="danger"
        disabled={task.busy}
        onClick={() =>
          task.run(async () => {
            const ids = [...selected.value]
            selectNone()
            await deleteItems(ids)
            focusAgain('secrets-search')
          })
        }
      >
        <Icon of={Trash2} />
        {t('secrets_delete')}
      </button>
    </div>
  )
}

function TrashActs({
  task,
  asking,
  onAsk,
}: {
  readonly task: Task
  readonly asking: Asking
  readonly onAsk: (what: Asking) => void
}) {
  const restore = () =>
    task.run(async () => {
      const ids = [...selected.value]
      await changeItems(ids, { Kind: 'restore' })
      selectNone()
      say(t('bulk_restored', ids.length))
      focusAgain('secrets-search')
    })
  return (
    <div class="row">
      <button type="button" disabled={task.busy} onClick={restore}>
        <Icon of={RotateCcw} />
        {t('secrets_restore')}
      </button>
      <button
        type="button"
        id="bulk-destroy"
        class="danger"
        disabled={task.busy}
        aria-expanded={asking === 'destroy'}
        onClick={() => onAsk('destroy')}
      >
        <Icon of={Trash2} />
        {t('bulk_destroy')}
      </button>
    </div>
  )
}

interface TagProps {
  readonly task: Task
  readonly tags: readonly string[]
  readonly onChange: OnChange
}

function AddTag({ task, tags, onChange }: TagProps) {
  const [name, setName] = useState('')
  const list = useId()
  useFocusBack('bulk-tag')
  const add = () => {
    const Tag = name.trim()
    if (Tag === '') return task.fail(t('bulk_tag_empty'))
    onChange({ Kind: 'tag', Tag }, t('bulk_tagged', [Tag]))
  }
  return (
    <form class="inset stack tight" autocomplete="off" onSubmit={onSubmit(add)}>
      <TextField
        label={t('bulk_tag_name')}
        value={name}
        onValue={setName}
        maxLength={longestTag}
        list={list}
        autofocus
      />
      <datalist id={list}>
        {tags.map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {t('bulk_tag_add')}
        </button>
      </div>
    </form>
  )
}

function RemoveTag({ task, tags, onChange }: TagProps) {
  const [chosen, setChosen] = useState(tags[0] ?? '')
  useFocusBack('bulk-untag')
  const remove = () => onChange({ Kind: 'untag', Tag: chosen }, t('bulk_untagged', [chosen]))
  return (
    <form class="inset stack tight" onSubmit={onSubmit(remove)}>
      <SelectField
        label={t('bulk_tag_name')}
        value={chosen}
        options={tags.map((tag) => [tag, tag] as const)}
        onValue={setChosen}
      />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy}>
          {t('bulk_tag_remove')}
        </button>
      </div>
    </form>
  )
}

function Destroy({ task, onDone }: { readonly task: Task; readonly onDone: () => void }) {
  useFocusBack('bulk-destroy', 'secrets-search')
  const count = selected.value.size
  const destroy = () =>
    task.run(async () => {
      await changeItems([...selected.value], { Kind: 'destroy' })
      selectNone()
      say(t('bulk_destroyed', count))
    })
  return (
    <div class="card warn">
      <p>{t('bulk_destroy_sure', count)}</p>
      <div class="row">
        <button type="button" class="danger" disabled={task.busy} onClick={destroy}>
          {t('bulk_destroy_yes')}
        </button>
        <button type="button" onClick={onDone}>
          {t('cancel')}
        </button>
      </div>
    </div>
  )
}
