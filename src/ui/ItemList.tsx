// ui: what the person sees; speaks the protocol like any other client. This file: the popup's list of secrets: search,
// what is for this tab, favourites, all others; by keyboard alone, too.

import { KeyRound, Plus, Search, WandSparkles } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import type { WebPage } from './activePage.ts'
import { DamagedSecrets } from './DamagedSecrets.tsx'
import { Disclosure } from './Disclosure.tsx'
import { focusOnce } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { ItemRow, type RowActions } from './ItemRow.tsx'
import { quickOf } from './itemKeys.ts'
import { type ItemListing, itemListing, lookFurther } from './itemList.ts'
import { later } from './Later.tsx'
import { t } from './words.ts'

const Trash = later(async () => (await import('./ItemTrash.tsx')).ItemTrash)

export interface ItemListProps {
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly page: WebPage | null
  readonly actions: RowActions
  readonly onAdd: () => void
  readonly onGenerate: () => void
  /** Read the list anew. */
  readonly onChanged: () => void
}

export function ItemList(props: ItemListProps) {
  const { query, onQuery, page, actions, onAdd, onGenerate, onChanged } = props
  const listing = itemListing.value
  const root = useRef<HTMLElement>(null)
  return (
    <search
      class="stack"
      ref={root}
      onKeyDown={(event) => onKey(event, root.current, listing, actions)}
    >
      <div class="row">
        <SearchField query={query} onQuery={onQuery} />
        <button type="button" class="primary" onClick={onAdd}>
          <Icon of={Plus} />
          {t('secrets_add')}
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={t('generator')}
          title={t('generator')}
          onClick={onGenerate}
        >
          <Icon of={WandSparkles} />
        </button>
      </div>
      {listing && <Found listing={listing} page={page} actions={actions} />}
      {listing && listing.deleted > 0 && (
        <div class="trash">
          <Disclosure summary={`${t('secrets_trash')} (${listing.deleted})`}>
            <Trash deleted={listing.deleted} onChanged={onChanged} />
          </Disclosure>
        </div>
      )}
    </search>
  )
}

function SearchField({ query, onQuery }: Pick<ItemListProps, 'query' | 'onQuery'>) {
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

function Found({
  listing,
  page,
  actions,
}: {
  readonly listing: ItemListing
  readonly page: WebPage | null
  readonly actions: RowActions
}) {
  const { query, matching, favourites, others, total } = listing
  const harm = <DamagedSecrets groups={listing.damaged} />
  if (query.trim() === '' && total === 0) return listing.damaged > 0 ? harm : <Empty />
  const host = page ? new URL(page.url).host : ''
  const alone = matching.length + favourites.length === 0
  return (
    <>
      {harm}
      <Section heading={t('secrets_for_tab', [host])} items={matching} actions={actions} />
      <Section heading={t('secrets_favourites')} items={favourites} actions={actions} />
      <Section heading={alone ? null : t('secrets_others')} items={others} actions={actions} />
      <Further listing={listing} url={page?.url ?? ''} />
      <p class="hint" role="status">
        {query !== '' &&
          (total === 0 ? t('secrets_none_found', [query]) : t('secrets_count', total))}
      </p>
    </>
  )
}

function Section({
  heading,
  items,
  actions,
}: {
  readonly heading: string | null
  readonly items: readonly ItemSummary[]
  readonly actions: RowActions
}) {
  if (items.length === 0) return null
  return (
    <section>
      {heading !== null && <h2 class="section">{heading}</h2>}
      <ul class="items">
        {items.map((item) => (
          <ItemRow key={item.SecretId} item={item} actions={actions} />
        ))}
      </ul>
    </section>
  )
}

/** Reads on when its place comes near. */
function Further({ listing, url }: { readonly listing: ItemListing; readonly url: string }) {
  const end = useRef<HTMLDivElement>(null)
  const more = listing.read < listing.total
  useEffect(() => {
    if (!more || !end.current) return
    const observer = new IntersectionObserver(
      (entries) => {
        // A lock in between empties the list; then there is nothing to read on.
        if (entries.some(({ isIntersecting }) => isIntersecting)) lookFurther(url).catch(() => {})
      },
      { rootMargin: '600px' },
    )
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [listing, more, url])
  return more ? <div ref={end} aria-hidden="true" /> : null
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

/**
 * Down and up walk from the search field through the titles and back; Enter in the search opens the first; Escape
 * goes back to the search. Letters copy from the secret that has the focus, else from the first.
 */
function onKey(
  event: KeyboardEvent,
  root: HTMLElement | null,
  listing: ItemListing | null,
  actions: RowActions,
): void {
  const search = root?.querySelector<HTMLInputElement>('input[type=search]')
  if (!root || !search || !listing) return
  const handled =
    walk(event, root, search) ||
    toSearch(event, search) ||
    act(event, itemAt(root, listing), search, actions)
  if (handled) event.preventDefault()
}

function walk(event: KeyboardEvent, root: HTMLElement, search: HTMLElement): boolean {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return false
  const titles = [search, ...root.querySelectorAll<HTMLElement>('.item-title')]
  const here = document.activeElement
  const at = titles.findIndex((title) => title === here || title.closest('.item')?.contains(here))
  if (at < 0) return false
  titles[Math.min(titles.length - 1, Math.max(0, at + step))]?.focus()
  return true
}

function toSearch(event: KeyboardEvent, search: HTMLInputElement): boolean {
  if (event.key !== 'Escape' || document.activeElement === search) return false
  search.focus()
  return true
}

function itemAt(root: HTMLElement, { matching, favourites, others }: ItemListing) {
  const row = document.activeElement?.closest<HTMLElement>('.item')
  const all = [...matching, ...favourites, ...others]
  if (!row || !root.contains(row)) return all[0]
  return all.find(({ SecretId }) => SecretId === row.dataset['id'])
}

function act(
  event: KeyboardEvent,
  item: ItemSummary | undefined,
  search: HTMLElement,
  actions: RowActions,
): boolean {
  if (!item) return false
  if (event.key === 'Enter' && document.activeElement === search) {
    actions.open(item)
    return true
  }
  const what = quickOf(event)
  if (what) actions.copy(item, what)
  return what !== null
}
