// ui: what the person sees; speaks the protocol like any other client. This file: the tab "Secrets".

import { KeyRound, Plus, Search } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useDraft } from './draft.ts'
import { focusOnce } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { type OpenForm, readOpenForm, SecretForm } from './SecretForm.tsx'
import { restore, SecretItem } from './SecretItem.tsx'
import { loadSecrets, matchSecrets, type SecretSummary, secretList } from './secretList.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

/** Drawing, not searching, is what takes time; nobody reads further without searching. */
const mostDrawn = 200

const blank: OpenForm = { title: '', value: '', notes: '', editing: null, before: '' }

export function SecretsTab() {
  const draft = useDraft<OpenForm | null>('secret', null, readOpenForm)
  const task = useTask()
  useEffect(() => task.run(loadSecrets), [])
  const form = draft.value.value
  if (form) return <SecretForm form={form} draft={draft} />
  const edit = (editing: SecretSummary, value: string) => {
    const { title, notes } = editing
    draft.set({ title, value, notes, editing, before: value })
  }
  const all = secretList.value
  if (!all) return <ErrorAlert error={task.error} />
  return (
    <>
      <ErrorAlert error={task.error} />
      <Listing
        all={all.filter(({ deleted }) => !deleted)}
        onAdd={() => draft.set(blank)}
        onEdit={edit}
      />
      <Trash all={all.filter(({ deleted }) => deleted)} />
    </>
  )
}

function Listing({
  all,
  onAdd,
  onEdit,
}: {
  readonly all: readonly SecretSummary[]
  readonly onAdd: () => void
  readonly onEdit: (secret: SecretSummary, value: string) => void
}) {
  const [query, setQuery] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const [shown, setShown] = useState(mostDrawn)
  const found = matchSecrets(all, query)
  return (
    <search class="stack" onKeyDown={(event) => moveInList(event, list.current)}>
      <div class="row">
        <SearchField query={query} onQuery={setQuery} />
        <button type="button" class="primary" onClick={onAdd}>
          <Icon of={Plus} />
          {t('secrets_add')}
        </button>
      </div>
      {all.length === 0 && <Empty />}
      {all.length > 0 && (
        <>
          <ul class="items" ref={list}>
            {found.slice(0, shown).map((secret) => (
              <SecretItem key={secret.arn} secret={secret} onEdit={onEdit} />
            ))}
          </ul>
          {found.length > shown && (
            <button type="button" onClick={() => setShown(shown + mostDrawn)}>
              {t('secrets_more', [String(found.length - shown)])}
            </button>
          )}
          <p class="hint" role="status">
            {query !== '' && found.length === 0 && t('secrets_none_found', [query])}
            {query !== '' && found.length > 0 && t('secrets_count', [String(found.length)])}
          </p>
        </>
      )}
    </search>
  )
}

function SearchField({
  query,
  onQuery,
}: {
  readonly query: string
  readonly onQuery: (query: string) => void
}) {
  return (
    <div class="search">
      <Icon of={Search} />
      <input
        type="search"
        autocomplete="off"
        spellcheck={false}
        aria-label={t('secrets_search')}
        placeholder={t('secrets_search')}
        value={query}
        ref={focusOnce}
        onInput={(event) => onQuery(event.currentTarget.value)}
      />
    </div>
  )
}

function Empty() {
  return (
    <div class="empty">
      <Icon of={KeyRound} />
      <h2>{t('secrets_empty')}</h2>
      <p>{t('secrets_empty_hint')}</p>
    </div>
  )
}

/** Down and up walk from the search field through the titles and back; Escape returns to the search. */
function moveInList(event: KeyboardEvent, list: HTMLElement | null): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const search = list?.parentElement?.querySelector<HTMLElement>('input[type=search]')
  if (!list || !search || (step === 0 && event.key !== 'Escape')) return
  if (event.key === 'Escape') {
    if (document.activeElement === search) return
    event.preventDefault()
    search.focus()
    return
  }
  const titles = [search, ...list.querySelectorAll<HTMLElement>('.item-title')]
  const at = titles.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  titles[Math.min(titles.length - 1, Math.max(0, at + step))]?.focus()
}

function Trash({ all }: { readonly all: readonly SecretSummary[] }) {
  const task = useTask()
  if (all.length === 0) return null
  return (
    <details class="trash">
      <summary>
        {t('secrets_trash')} ({all.length})
      </summary>
      <p class="hint">{t('secrets_trash_hint')}</p>
      <ul class="items">
        {all.map((secret) => (
          <li class="item" key={secret.arn}>
            <div class="item-head">
              <span class="item-name">{secret.title}</span>
              <button type="button" class="quiet" onClick={() => task.run(() => restore(secret))}>
                {t('secrets_restore')}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <ErrorAlert error={task.error} />
    </details>
  )
}
