// ui: what the person sees; speaks the protocol like any other client. This file: the table of secrets. Only the rows
// in sight are drawn, and the one that has the focus, wherever it is; what stands between is said in
// `aria-rowindex` and `aria-rowcount`.

import { ArrowDown, ArrowUp } from 'lucide'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './Icon.tsx'
import { SecretRow } from './SecretRow.tsx'
import { type Scrolling, useScrolling } from './scrolling.ts'
import { type Rows, rowAt, type Span } from './secretRows.ts'
import type { Sight, SortColumn } from './secretSight.ts'
import { t } from './words.ts'

/** While somebody drags through the list, nobody reads what flies by. */
const stillMs = 60

export interface TableActs {
  readonly onSight: (part: Partial<Sight>) => void
  readonly onSpan: (span: Span) => void
  /** Selects, or not any more; `from` where a row further off is the other end. */
  readonly onSelect: (at: number, on: boolean, from: number | null) => void
  readonly onSelectAll: () => void
}

export function SecretTable({
  rows,
  sight,
  acts,
}: {
  readonly rows: Rows
  readonly sight: Sight
  readonly acts: TableActs
}) {
  const { total } = rows
  const scrolling = useScrolling(total)
  const walk = useWalk(total, scrolling)
  const { first, last } = scrolling.span
  useEffect(() => {
    const timer = setTimeout(() => acts.onSpan({ first, last }), stillMs)
    return () => clearTimeout(timer)
  }, [first, last])
  useBackToTop(scrolling, sight)
  const { active } = walk
  return (
    <div class="secrets-frame" ref={scrolling.frame} onScroll={scrolling.onScroll}>
      <table
        class={`secrets by-${sight.column}`}
        aria-label={t('vault_list')}
        aria-rowcount={total + 1}
      >
        <Head sight={sight} onSight={acts.onSight} />
        <tbody
          ref={walk.body}
          style={{ height: `${total * scrolling.rowHeight}px` }}
          onKeyDown={(event) => walk.onKeyDown(event, acts)}
        >
          {drawn(scrolling.span, active).map((at) => (
            <SecretRow
              key={at}
              at={at}
              row={rowAt(rows, at)}
              top={at * scrolling.rowHeight}
              active={at === active}
              onActive={() => walk.setActive(at)}
              onSelect={(on, further) => {
                acts.onSelect(at, on, further ? walk.anchor : null)
                walk.setActive(at)
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What has the focus must not vanish because it is scrolled away. */
function drawn({ first, last }: Span, active: number): readonly number[] {
  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  if (active < first) return [active, ...rows]
  return active > last ? [...rows, active] : rows
}

/** Other rows are read from the top; a change in one of these leaves the list where it is. */
function useBackToTop(scrolling: Scrolling, sight: Sight): void {
  const words = JSON.stringify(sight)
  const before = useRef(words)
  useLayoutEffect(() => {
    if (before.current === words) return
    before.current = words
    scrolling.toTop()
  }, [words])
}

interface Walk {
  readonly body: RefObject<HTMLTableSectionElement | null>
  /** The one row that the Tab key comes to. */
  readonly active: number
  /** The other end of what Shift selects. */
  readonly anchor: number
  setActive(at: number): void
  onKeyDown(event: KeyboardEvent, acts: TableActs): void
}

/** Arrows, Page Up and Down, Home and End walk through the rows; with Shift they select. */
function useWalk(total: number, scrolling: Scrolling): Walk {
  const body = useRef<HTMLTableSectionElement>(null)
  const [at, setAt] = useState({ active: 0, anchor: 0 })
  const focusWanted = useRef(false)
  const active = Math.max(0, Math.min(at.active, total - 1))
  useLayoutEffect(() => {
    if (!focusWanted.current) return
    focusWanted.current = false
    body.current?.querySelector<HTMLElement>('[data-active] a')?.focus({ preventScroll: true })
  })
  const go = (next: number, keepAnchor: boolean) => {
    focusWanted.current = true
    const head = body.current?.previousElementSibling?.clientHeight ?? 0
    scrolling.show(next, head)
    setAt({ active: next, anchor: keepAnchor ? at.anchor : next })
  }
  const onKeyDown = (event: KeyboardEvent, acts: TableActs) => {
    const step = stepOf(event.key, scrolling.page, total)
    if (step !== 0) {
      event.preventDefault()
      const next = Math.max(0, Math.min(total - 1, active + step))
      if (event.shiftKey) acts.onSelect(next, true, at.anchor)
      go(next, event.shiftKey)
    } else if (event.key === ' ' && event.target instanceof HTMLAnchorElement) {
      event.preventDefault()
      event.target.closest('tr')?.querySelector('input')?.click()
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      acts.onSelectAll()
    }
  }
  const setActive = (next: number) => setAt({ active: next, anchor: next })
  return { body, active, anchor: at.anchor, setActive, onKeyDown }
}

/** How many rows a key goes; 0: it is none of these keys. */
function stepOf(key: string, page: number, total: number): number {
  switch (key) {
    case 'ArrowDown':
      return 1
    case 'ArrowUp':
      return -1
    case 'PageDown':
      return page
    case 'PageUp':
      return -page
    case 'Home':
      return -total
    case 'End':
      return total
    default:
      return 0
  }
}

function Head({
  sight,
  onSight,
}: {
  readonly sight: Sight
  readonly onSight: (part: Partial<Sight>) => void
}) {
  const column = (name: SortColumn, words: string) => (
    <SortHeading column={name} words={words} sight={sight} onSight={onSight} />
  )
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" class="col-check">
          <span class="unseen">{t('vault_select')}</span>
        </th>
        {column('title', t('vault_title'))}
        <th scope="col" class="col-kind">
          {t('vault_kind')}
        </th>
        <th scope="col" class="col-tags">
          {t('vault_tags')}
        </th>
        {column('changed', t('vault_changed'))}
        {column('created', t('vault_created'))}
        {column('used', t('vault_used'))}
      </tr>
    </thead>
  )
}

function SortHeading({
  column,
  words,
  sight,
  onSight,
}: {
  readonly column: SortColumn
  readonly words: string
  readonly sight: Sight
  readonly onSight: (part: Partial<Sight>) => void
}) {
  const here = sight.column === column
  const sorted = here ? (sight.down ? 'descending' : 'ascending') : undefined
  // Of days one wants the latest first, of names the first.
  const down = here ? !sight.down : column !== 'title'
  return (
    <th scope="col" class={`col-${column}`} aria-sort={sorted}>
      <button type="button" class="quiet" onClick={() => onSight({ column, down })}>
        {words}
        {here && <Icon of={sight.down ? ArrowDown : ArrowUp} />}
      </button>
    </th>
  )
}
