// ui: what the person sees; speaks the protocol like any other client. This file: adding and editing a secret.

import { useState } from 'preact/hooks'
import { type Item, type ItemKind, itemKinds } from '../items/item.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { useAskAgain } from './AskAgain.tsx'
import { AreaField, TextField } from './Field.tsx'
import type { FormDraft } from './formDraft.ts'
import { ItemConflict } from './ItemConflict.tsx'
import { ItemFiles } from './ItemFiles.tsx'
import { KindFields } from './ItemFormFields.tsx'
import { OwnFields } from './ItemOwnFields.tsx'
import { UriRows } from './ItemUris.tsx'
import { longestText, longestTitle, mostTags, type OpenForm, problemOf } from './itemForm.ts'
import { type ItemRef, writeItem } from './itemWork.ts'
import { say } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { kindWords } from './secretWords.ts'
import { onSubmit } from './task.ts'
import { t } from './words.ts'

export interface ItemFormProps {
  readonly form: OpenForm
  readonly draft: FormDraft
  /** Address of the page in the tab, to be offered as one of the item's. */
  readonly pageUrl: string | null
  /** Saved, under this ARN. */
  readonly onSaved: (secretId: string) => void
  /** Given up, or the other window's change was kept. */
  readonly onLeft: () => void
}

export function ItemForm({ form, draft, pageUrl, onSaved, onLeft }: ItemFormProps) {
  const task = useAskAgain()
  const [conflict, setConflict] = useState(false)
  const [adding, setAdding] = useState(false)
  const { item } = form
  const changeBy = (partOf: (now: Item) => Partial<Item>) =>
    draft.update((now) => now && { ...now, item: { ...now.item, ...partOf(now.item) } })
  const change = (part: Partial<Item>) => changeBy(() => part)
  const save = (ref: ItemRef | null) => {
    const problem = adding ? t('item_files_under_way') : problemOf(item)
    if (problem !== null) return task.fail(problem)
    task.run(async (proof) => {
      setConflict(false)
      // As it is by then: the person may be asked for their passphrase first, and type on.
      const now = draft.value.value ?? form
      try {
        const { SecretId } = await writeItem(now.item, now.askAgain, ref, proof)
        draft.clear()
        say(t('secrets_saved', [now.item.title.trim()]))
        onSaved(SecretId)
      } catch (error) {
        setConflict(isConflict(error))
        throw error
      }
    })
  }
  const leave = () => {
    draft.clear()
    onLeft()
  }
  return (
    <div class="stack">
      <form class="stack" autocomplete="off" onSubmit={onSubmit(() => save(form.ref))}>
        <h2>{form.ref ? t('secrets_edit_heading') : t('secrets_new')}</h2>
        <div class="name-and-kind">
          <TextField
            label={t('secrets_name')}
            value={item.title}
            onValue={(title) => change({ title })}
            maxLength={longestTitle}
            autofocus
          />
          <SelectField
            label={t('item_kind')}
            value={item.kind}
            options={kinds}
            onValue={(kind) => change({ kind, fields: carried(item, kind) })}
          />
        </div>
        <KindFields
          item={item}
          onField={(name, value) =>
            changeBy(({ fields }) => ({ fields: { ...fields, [name]: value } }))
          }
        />
        {item.kind === 'login' && (
          <UriRows uris={item.uris} pageUrl={pageUrl} onUris={(uris) => change({ uris })} />
        )}
        <AreaField
          label={t('secrets_notes')}
          value={item.notes}
          onValue={(notes) => change({ notes })}
          rows={item.kind === 'note' ? 8 : 2}
          maxLength={longestText}
        />
        <ItemFiles
          files={item.files ?? []}
          secretId={form.ref?.secretId ?? null}
          onFiles={(changed) => changeBy(({ files = [] }) => ({ files: changed(files) }))}
          onBusy={setAdding}
        />
        <OwnFields own={item.own} onOwn={(own) => change({ own })} />
        {item.kind !== 'login' && (
          <UriRows uris={item.uris} pageUrl={pageUrl} onUris={(uris) => change({ uris })} />
        )}
        <Sorting item={item} onItem={change} />
        <Care form={form} draft={draft} />
        {conflict && form.ref && (
          <ItemConflict
            secretId={form.ref.secretId}
            mine={item}
            busy={task.busy}
            onMine={save}
            onTheirs={leave}
          />
        )}
        <div class="row">
          <button type="submit" class="primary" disabled={task.busy}>
            {t('secrets_save')}
          </button>
          <button type="button" onClick={leave}>
            {t('cancel')}
          </button>
        </div>
      </form>
      {task.prompt}
    </div>
  )
}

const isConflict = (error: unknown): boolean =>
  error instanceof KeyhearthError && error.reason === 'secret-changed'

const kinds = itemKinds.map((kind) => [kind, kindWords[kind]] as const)

/** What was typed as one kind is not lost with another: a bare value becomes the password, and back. */
function carried({ kind, fields }: Item, next: ItemKind): Item['fields'] {
  if (kind === 'value' && next === 'login') return { password: fields['value'] ?? '', ...fields }
  if (kind === 'login' && next === 'value') return { value: fields['password'] ?? '', ...fields }
  return fields
}

function Sorting({
  item,
  onItem,
}: {
  readonly item: Item
  readonly onItem: (part: Partial<Item>) => void
}) {
  // As it is typed: a comma at the end is the beginning of another tag.
  const [text, setText] = useState(item.tags.join(', '))
  const type = (next: string) => {
    setText(next)
    onItem({ tags: next.split(',', mostTags).map((tag) => tag.trim()) })
  }
  return (
    <>
      <TextField
        label={t('item_tags')}
        value={text}
        onValue={type}
        hint={t('item_tags_hint')}
        maxLength={1024}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={item.favourite}
          onChange={({ currentTarget }) => onItem({ favourite: currentTarget.checked })}
        />
        {t('item_favourite')}
      </label>
    </>
  )
}

function Care({ form, draft }: Pick<ItemFormProps, 'form' | 'draft'>) {
  return (
    <div>
      <label class="check">
        <input
          type="checkbox"
          checked={form.askAgain}
          onChange={({ currentTarget: { checked } }) =>
            draft.update((now) => now && { ...now, askAgain: checked })
          }
        />
        {t('item_ask_again')}
      </label>
      <p class="hint">{t('item_ask_again_hint')}</p>
    </div>
  )
}
