// ui: what the person sees; speaks the protocol like any other client. This file: one row of the table of secrets.

import { Clock, RefreshCw, Star } from 'lucide'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { hashOf } from './address.ts'
import { aside, setAside } from './aside.ts'
import { Icon } from './Icon.tsx'
import { route } from './route.ts'
import { selected } from './secretSelection.ts'
import { kindIcons, kindWords } from './secretWords.ts'
import { dayWords, t, utcDayWords } from './words.ts'

export function SecretRow({
  at,
  row,
  top,
  active,
  onActive,
  onSelect,
}: {
  /** From 0. */
  readonly at: number
  /** `undefined` until it has come. */
  readonly row: ItemSummary | undefined
  readonly top: number
  readonly active: boolean
  readonly onActive: () => void
  /** `further`: with all rows between. */
  readonly onSelect: (on: boolean, further: boolean) => void
}) {
  const on = row !== undefined && selected.value.has(row.SecretId)
  const isOne = route.value.path[0] === 'item'
  const open = isOne && row !== undefined && aside.value.secret === row.SecretId
  const tabIndex = active ? 0 : -1
  return (
    <tr
      // The heading is the first row.
      aria-rowindex={at + 2}
      class={on ? 'selected' : open ? 'open' : ''}
      style={{ transform: `translateY(${top}px)` }}
      data-active={active ? '' : undefined}
    >
      <td class="col-check">
        <input
          type="checkbox"
          tabIndex={tabIndex}
          aria-label={t('vault_select_one', [row?.Title ?? ''])}
          disabled={!row}
          checked={on}
          onClick={(event) => onSelect(event.currentTarget.checked, event.shiftKey)}
        />
      </td>
      <th scope="row" class="col-title">
        <a
          href={hashOf(['secrets', 'item'])}
          tabIndex={tabIndex}
          aria-current={open ? 'true' : undefined}
          onFocus={() => !active && onActive()}
          onClick={() => row && setAside({ secret: row.SecretId })}
        >
          {row ? row.Title : <span class="pending">{t('loading')}</span>}
        </a>
        {row && <Marks row={row} />}
        {row && row.Username !== '' && <span class="hint clip">{row.Username}</span>}
      </th>
      <td class="col-kind">
        {row && (
          <>
            <Icon of={kindIcons[row.Kind]} />
            {kindWords[row.Kind]}
          </>
        )}
      </td>
      <td class="col-tags">{row?.Tags.join(', ')}</td>
      <td class="col-changed">{row && dayWords(row.ChangedAt)}</td>
      <td class="col-created">{row && dayWords(row.CreatedAt)}</td>
      <td class="col-used">
        {row && (row.LastUsedAt === undefined ? t('vault_never') : utcDayWords(row.LastUsedAt))}
      </td>
    </tr>
  )
}

function Marks({ row }: { readonly row: ItemSummary }) {
  return (
    <span class="marks">
      {row.Favourite && <Mark of={Star} words={t('vault_favourite')} starred />}
      {row.HasOneTimeCode && <Mark of={Clock} words={t('vault_has_code')} />}
      {row.Rotating === true && <Mark of={RefreshCw} words={t('vault_rotating')} />}
    </span>
  )
}

function Mark({
  of,
  words,
  starred = false,
}: {
  readonly of: Parameters<typeof Icon>[0]['of']
  readonly words: string
  readonly starred?: boolean
}) {
  return (
    <span class={starred ? 'starred' : undefined} title={words}>
      <Icon of={of} />
      <span class="unseen">{words}</span>
    </span>
  )
}
