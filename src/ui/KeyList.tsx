// ui: what the person sees; speaks the protocol like any other client. This file: the list of all keys.

import { ArrowDown, ArrowUp, FileUp, KeyRound, Plus, Search } from 'lucide'
import { useMemo, useRef } from 'preact/hooks'
import { hashOf } from './address.ts'
import { aside, setAside } from './aside.ts'
import { Icon } from './Icon.tsx'
import { KeyState } from './KeyState.tsx'
import {
  type KeyRow,
  keyRows,
  loadKeys,
  matchKeys,
  type SortColumn,
  searchable,
  sortColumns,
  sortKeys,
} from './keyList.ts'
import { columnWords, ownerWords, specNames, usageWords } from './keyWords.ts'
import { ErrorAlert } from './Notices.tsx'
import { Pages } from './Pages.tsx'
import { route, showAs } from './route.ts'
import { useShown } from './shown.ts'
import { status } from './status.ts'
import { t } from './words.ts'

const pageSize = 50

const headings = {
  name: t('key_name'),
  state: t('key_state'),
  kind: t('key_kind'),
  owner: t('key_owner'),
  used: t('key_last_used'),
} as const satisfies Record<SortColumn, string>

/** How the list is seen; coming back finds it as it was. */
interface Sight {
  readonly query: string
  readonly column: SortColumn
  readonly down: boolean
  readonly page: number
}

function readSight(query: URLSearchParams): Sight {
  const sort = query.get('sort') ?? ''
  const column = sortColumns.find((name) => name === sort.replace(/^-/, '')) ?? 'name'
  const page = Math.max(1, Math.floor(Number(query.get('page')) || 1))
  return { query: aside.value.search, column, down: sort.startsWith('-'), page }
}

function writeSight({ query, column, down, page }: Sight): void {
  setAside({ search: query })
  showAs({
    sort: column === 'name' && !down ? undefined : `${down ? '-' : ''}${column}`,
    page: page > 1 ? String(page) : undefined,
  })
}

export function KeyList() {
  const { error } = useShown(loadKeys, [status.value])
  const all = keyRows.value
  return (
    <>
      <div class="head-row">
        <h1>{t('manager_keys')}</h1>
        <div class="row">
          <a class="button" href={hashOf(['keys', 'bring'])}>
            <Icon of={FileUp} />
            {t('bring_key')}
          </a>
          <a class="button primary" href={hashOf(['keys', 'new'])}>
            <Icon of={Plus} />
            {t('key_create')}
          </a>
        </div>
      </div>
      <ErrorAlert error={error} />
      {all?.length === 0 && <Empty />}
      {all && all.length > 0 && <Listing all={all} />}
      {!all && !error && <p class="lead late">{t('loading')}</p>}
    </>
  )
}

function Empty() {
  return (
    <div class="empty">
      <Icon of={KeyRound} />
      <h2>{t('keys_empty')}</h2>
      <p>{t('keys_empty_hint')}</p>
    </div>
  )
}

const shownOf = (key: KeyRow): string =>
  sortColumns.map((column) => columnWords(key, column)).join('\n')

function Listing({ all }: { readonly all: readonly KeyRow[] }) {
  const sight = readSight(route.value.query)
  const { column, down } = sight
  const sorted = useMemo(() => sortKeys(all, column, down, columnWords), [all, column, down])
  const texts = useMemo(
    () => new Map(all.map((key) => [key, searchable(key, shownOf(key))])),
    [all],
  )
  const found = matchKeys(sorted, sight.query, (key) => texts.get(key) ?? '')
  const pages = Math.max(1, Math.ceil(found.length / pageSize))
  const page = Math.min(sight.page, pages)
  const change = (part: Partial<Sight>) => writeSight({ ...sight, page: 1, ...part })
  return (
    <search class="stack">
      <div class="row">
        <div class="search">
          <Icon of={Search} />
          <input
            type="search"
            autocomplete="off"
            spellcheck={false}
            aria-label={t('keys_search')}
            placeholder={t('keys_search')}
            value={sight.query}
            onInput={(event) => change({ query: event.currentTarget.value })}
          />
        </div>
        <p class="hint" role="status">
          {found.length === 0 ? t('keys_none_found', [sight.query]) : t('keys_count', found.length)}
        </p>
      </div>
      {found.length > 0 && (
        <Table
          keys={found.slice((page - 1) * pageSize, page * pageSize)}
          sight={sight}
          onSight={change}
        />
      )}
      <Pages page={page} pages={pages} onPage={(next) => change({ page: next })} />
    </search>
  )
}

function Table({
  keys,
  sight,
  onSight,
}: {
  readonly keys: readonly KeyRow[]
  readonly sight: Sight
  readonly onSight: (part: Partial<Sight>) => void
}) {
  const body = useRef<HTMLTableSectionElement>(null)
  return (
    <table class="listing" aria-label={t('manager_keys')}>
      <thead>
        <tr>
          {sortColumns.map((column) => (
            <Heading key={column} column={column} sight={sight} onSight={onSight} />
          ))}
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={(event) => moveInTable(event, body.current)}>
        {keys.map((key) => (
          <Row key={key.KeyId} of={key} />
        ))}
      </tbody>
    </table>
  )
}

function Heading({
  column,
  sight,
  onSight,
}: {
  readonly column: SortColumn
  readonly sight: Sight
  readonly onSight: (part: Partial<Sight>) => void
}) {
  const here = sight.column === column
  const sorted = here ? (sight.down ? 'descending' : 'ascending') : undefined
  return (
    <th scope="col" class={`col-${column}`} aria-sort={sorted}>
      <button
        type="button"
        class="quiet"
        onClick={() => onSight({ column, down: here && !sight.down })}
      >
        {headings[column]}
        {here && <Icon of={sight.down ? ArrowDown : ArrowUp} />}
      </button>
    </th>
  )
}

function Row({ of: key }: { readonly of: KeyRow }) {
  return (
    <tr>
      <th scope="row" class="col-name">
        <a href={hashOf(['keys', key.KeyId])} id={`key-${key.KeyId}`}>
          {key.name}
        </a>
        {key.Description !== '' && key.Description !== key.name && (
          <span class="hint clip">{key.Description}</span>
        )}
      </th>
      <td class="col-state">
        <KeyState state={key.KeyState} />
      </td>
      <td class="col-kind">
        {usageWords[key.KeyUsage]}
        <span class="hint">{specNames[key.KeySpec]}</span>
      </td>
      <td class="col-owner" data-label={headings.owner}>
        <bdi dir="ltr">{ownerWords(key)}</bdi>
      </td>
      <td class="col-used" data-label={headings.used}>
        {columnWords(key, 'used')}
      </td>
    </tr>
  )
}

/** Up and down walk through the names. */
function moveInTable(event: KeyboardEvent, body: HTMLElement | null): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (!body || step === 0) return
  const names = [...body.querySelectorAll<HTMLElement>('th a')]
  const next = names[names.indexOf(document.activeElement as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
