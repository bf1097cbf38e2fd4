// ui: what the person sees; speaks the protocol like any other client. This file: all secrets, with the one that is
// looked at beside them; where there is no room for both, one at a time.

import { KeyRound, Plus, Search } from 'lucide'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { itemKinds } from '../items/item.ts'
import { hashOf } from './address.ts'
import { aside } from './aside.ts'
import { Icon } from './Icon.tsx'
import { useFormDraft } from './itemForm.ts'
import { ErrorAlert } from './Notices.tsx'
import { route } from './route.ts'
import { SecretBulk } from './SecretBulk.tsx'
import { SecretPane, Unfinished } from './SecretPane.tsx'
import { SecretTable, type TableActs } from './SecretTable.tsx'
import { SelectField } from './SelectField.tsx'
import {
  alsoLookAt,
  everyRow,
  lookAt,
  type Rows,
  rowAt,
  rowsBetween,
  type Span,
  secretRows,
  secretsStamp,
} from './secretRows.ts'
import { select, selectNone } from './secretSelection.ts'
import {
  isNarrowed,
  type Sight,
  type SortColumn,
  sightOf,
  sortColumns,
  wantedBy,
  writeSight,
} from './secretSight.ts'
import { kindWords } from './secretWords.ts'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function SecretsList() {
  const [what] = route.value.path
  const draft = useFormDraft()
  const half = draft.value.value
  const isHere = what === 'new' || half?.ref?.secretId === aside.value.secret
  const open = what === 'new' || (what === 'item' && aside.value.secret !== '')
  return (
    <div class={open ? 'beside both' : 'beside'}>
      <div class="stack listing-side">
        {half && !(open && isHere) && <Unfinished draft={draft} />}
        <Listing />
      </div>
      {open && <SecretPane id={what === 'new' ? null : aside.value.secret} draft={draft} />}
    </div>
  )
}

const firstRows: Span = { first: 0, last: 50 }

function Listing() {
  const sight = sightOf(route.value.query)
  const task = useTask()
  const shown = useRef(firstRows)
  const wanted = wantedBy(sight)
  const changes = useChanges()
  const latest = (work: () => Promise<void>) => void work().catch(task.fail)
  useEffect(() => {
    shown.current = firstRows
    latest(() => lookAt(wanted, firstRows))
  }, [JSON.stringify(wanted)])
  useEffect(() => {
    if (secretRows.value) latest(() => lookAt(wanted, shown.current))
  }, [changes])
  const change = (part: Partial<Sight>) => {
    // Whoever sees other rows must not delete what is selected among those out of sight.
    if (!('column' in part)) selectNone()
    writeSight({ ...sight, ...part })
  }
  const acts: TableActs = {
    onSight: change,
    onSpan(span) {
      shown.current = span
      latest(() => alsoLookAt(span))
    },
    onSelect: (at, on, from) => latest(() => selectRows(wanted, at, on, from)),
    onSelectAll: () => task.run(() => selectEvery(wanted)),
  }
  const rows = secretRows.value
  return (
    <search class="stack">
      <Filters sight={sight} tags={rows?.tags ?? []} onSight={change} />
      <p class="hint" role="status">
        {rows && (rows.total > 0 || isNarrowed(sight)) && t('vault_count', rows.total)}
      </p>
      <SecretBulk
        total={rows?.total ?? 0}
        trash={sight.shelf === 'trash'}
        tags={rows?.tags ?? []}
        onAll={acts.onSelectAll}
        busy={task.busy}
      />
      <ErrorAlert error={task.error} />
      {!rows && !task.error && <p class="lead late">{t('loading')}</p>}
      {rows && rows.total === 0 && <Empty sight={sight} onSight={change} />}
      {rows && rows.total > 0 && <SecretTable rows={rows} sight={sight} acts={acts} />}
    </search>
  )
}

/** Something else whenever secrets may have changed: here, or in a window that had the focus before this one. */
function useChanges(): unknown {
  const [seen, setSeen] = useState(0)
  useEffect(() => {
    const see = () => document.visibilityState === 'visible' && setSeen((before) => before + 1)
    document.addEventListener('visibilitychange', see)
    return () => document.removeEventListener('visibilitychange', see)
  }, [])
  const stamp = secretsStamp.value
  const known = status.value
  return useMemo(() => Symbol(), [stamp, known, seen])
}

type Wanted = ReturnType<typeof wantedBy>

async function selectRows(wanted: Wanted, at: number, on: boolean, from: number | null) {
  const rows = secretRows.value as Rows
  const [first, last] = from === null ? [at, at] : [Math.min(at, from), Math.max(at, from)]
  const known = Array.from({ length: last - first + 1 }, (_, i) => rowAt(rows, first + i))
  const found = known.every((row) => row !== undefined)
    ? known
    : await rowsBetween(wanted, { first, last })
  select(
    found.map(({ SecretId }) => SecretId),
    on,
  )
}

async function selectEvery(wanted: Wanted): Promise<void> {
  const all = await everyRow(wanted)
  select(
    all.map(({ SecretId }) => SecretId),
    true,
  )
}

const sortWords = {
  title: t('vault_sort_title'),
  '-title': t('vault_sort_title_down'),
  '-changed': t('vault_sort_changed_down'),
  changed: t('vault_sort_changed'),
  '-created': t('vault_sort_created_down'),
  created: t('vault_sort_created'),
} as const satisfies Record<SortColumn | `-${SortColumn}`, string>

type SortName = keyof typeof sortWords

function Filters({
  sight,
  tags,
  onSight,
}: {
  readonly sight: Sight
  readonly tags: readonly string[]
  readonly onSight: (part: Partial<Sight>) => void
}) {
  const sort: SortName = `${sight.down ? '-' : ''}${sight.column}`
  const known = sight.tag === '' || tags.includes(sight.tag) ? tags : [sight.tag, ...tags]
  return (
    <div class="stack tight">
      <div class="search">
        <Icon of={Search} />
        <input
          type="search"
          id="secrets-search"
          autocomplete="off"
          spellcheck={false}
          aria-label={t('secrets_search')}
          placeholder={t('secrets_search')}
          value={sight.query}
          onInput={(event) => onSight({ query: event.currentTarget.value })}
        />
      </div>
      <div class="filters">
        <SelectField
          label={t('vault_show')}
          value={sight.shelf}
          options={[
            ['all', t('vault_show_all')],
            ['favourites', t('vault_show_favourites')],
            ['trash', t('vault_show_trash')],
          ]}
          onValue={(shelf) => onSight({ shelf })}
        />
        <SelectField
          label={t('vault_kind')}
          value={sight.kind}
          options={[
            ['', t('vault_any')],
            ...itemKinds.map((kind) => [kind, kindWords[kind]] as const),
          ]}
          onValue={(kind) => onSight({ kind })}
        />
        <SelectField
          label={t('vault_tag')}
          value={sight.tag}
          options={[['', t('vault_any')], ...known.map((tag) => [tag, tag] as const)]}
          onValue={(tag) => onSight({ tag })}
        />
        <SelectField<SortName>
          label={t('vault_sort')}
          value={sort}
          options={Object.entries(sortWords) as [SortName, string][]}
          onValue={(name) =>
            onSight({
              column: sortColumns.find((column) => name.endsWith(column)) ?? 'title',
              down: name.startsWith('-'),
            })
          }
        />
      </div>
    </div>
  )
}

function Empty({
  sight,
  onSight,
}: {
  readonly sight: Sight
  readonly onSight: (part: Partial<Sight>) => void
}) {
  if (isNarrowed(sight)) {
    return (
      <div class="empty">
        <Icon of={Search} />
        <h2>{sight.query === '' ? t('vault_none') : t('secrets_none_found', [sight.query])}</h2>
        <button
          type="button"
          onClick={() =>
            onSight({
              query: '',
              tag: '',
              kind: '',
              shelf: sight.shelf === 'trash' ? 'trash' : 'all',
            })
          }
        >
          {t('vault_show_every')}
        </button>
      </div>
    )
  }
  if (sight.shelf === 'trash') {
    return (
      <div class="empty">
        <Icon of={KeyRound} />
        <h2>{t('vault_trash_empty')}</h2>
        <p>{t('secrets_trash_hint')}</p>
      </div>
    )
  }
  return (
    <div class="empty">
      <Icon of={KeyRound} />
      <h2>{t('secrets_empty')}</h2>
      <p>{t('vault_empty_hint')}</p>
      <div class="row">
        <a class="button primary" href={hashOf(['secrets', 'new'])}>
          <Icon of={Plus} />
          {t('secrets_add')}
        </a>
        <a class="button" href={hashOf(['secrets', 'import'])}>
          {t('import_secrets_heading')}
        </a>
      </div>
    </div>
  )
}
