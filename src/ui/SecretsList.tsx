// ui: what the person sees; speaks the protocol like any other client. This file: all secrets, with the one that is
// looked at beside them; where there is no room for both, one at a time.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { aside, setAside } from './aside.ts'
import { DamagedSecrets } from './DamagedSecrets.tsx'
import { useFormDraft } from './formDraft.ts'
import { NoSecrets } from './NoSecrets.tsx'
import { ErrorAlert } from './Notices.tsx'
import { route, showAs } from './route.ts'
import { SecretBulk } from './SecretBulk.tsx'
import { SecretFilters } from './SecretFilters.tsx'
import { goOn, SecretPane } from './SecretPane.tsx'
import { SecretTable, type TableActs } from './SecretTable.tsx'
import {
  alsoLookAt,
  everyRow,
  lookAt,
  type Rows,
  rowAt,
  rowsBetween,
  type Span,
  secretRows,
} from './secretRows.ts'
import { select, selectNone } from './secretSelection.ts'
import { isNarrowed, readSight, type Sight, wantedBy } from './secretSight.ts'
import { secretsStamp } from './secretsStamp.ts'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { Unfinished } from './Unfinished.tsx'
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
        {!(half && open && isHere) && <Unfinished draft={draft} onGoOn={goOn} />}
        <Listing />
      </div>
      {open && <SecretPane id={what === 'new' ? null : aside.value.secret} draft={draft} />}
    </div>
  )
}

// What a person searches for and their own tags stay out of the address (aside.ts); the rest stands in it.

const sightOf = (address: URLSearchParams): Sight =>
  readSight(address, aside.value.secretSearch, aside.value.secretTag)

function writeSight({ query, tag, kind, shelf, column, down }: Sight): void {
  setAside({ secretSearch: query, secretTag: tag })
  showAs({
    show: shelf === 'all' ? undefined : shelf,
    kind: kind === '' ? undefined : kind,
    sort: column === 'title' && !down ? undefined : `${down ? '-' : ''}${column}`,
  })
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
      <SecretFilters sight={sight} tags={rows?.tags ?? []} onSight={change} />
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
      <DamagedSecrets groups={rows?.damaged ?? 0} />
      {!rows && !task.error && <p class="lead late">{t('loading')}</p>}
      {rows && rows.total === 0 && rows.damaged === 0 && (
        <NoSecrets sight={sight} onSight={change} />
      )}
      {rows && rows.total > 0 && <SecretTable rows={rows} sight={sight} acts={acts} />}
    </search>
  )
}

/** Something else whenever secrets may have changed; a window that was not in sight may have missed it. */
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
