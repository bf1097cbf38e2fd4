// ui: what the person sees; speaks the protocol like any other client. This file: one secret in the popup's list.

import { Clock, Copy, Star, UserRound } from 'lucide'
import { useId } from 'preact/hooks'
import type { ItemSummary } from '../protocol/secretsOutputs.ts'
import { Icon } from './Icon.tsx'
import { ariaKeys, keyWords } from './itemKeys.ts'
import { offers, type Quick } from './itemWork.ts'
import { kindIcons, kindWords } from './secretWords.ts'
import { t } from './words.ts'

export interface RowActions {
  readonly open: (item: ItemSummary) => void
  readonly copy: (item: ItemSummary, what: Quick) => void
  /** Absent where there is no page to fill. */
  readonly fill: ((item: ItemSummary) => void) | null
}

const looks = {
  username: { icon: UserRound, words: t('item_copy_username', [keyWords('username')]) },
  main: { icon: Copy, words: t('item_copy_main', [keyWords('main')]) },
  code: { icon: Clock, words: t('item_copy_code', [keyWords('code')]) },
} as const satisfies Record<Quick, { readonly words: string; readonly icon: unknown }>

const quicks = ['username', 'main', 'code'] as const satisfies readonly Quick[]

export function ItemRow({
  item,
  actions,
}: {
  readonly item: ItemSummary
  readonly actions: RowActions
}) {
  const id = useId()
  const beside = item.Username || (item.Kind === 'value' ? '' : kindWords[item.Kind])
  const { fill } = actions
  return (
    <li class="item" data-id={item.SecretId}>
      <div class="item-head">
        <div class="item-main">
          <Icon of={kindIcons[item.Kind]} />
          <span class="item-words">
            <button
              type="button"
              class="item-title"
              title={item.Title}
              aria-describedby={beside === '' ? undefined : `${id}-beside`}
              onClick={() => actions.open(item)}
            >
              <span id={`${id}-title`}>{item.Title}</span>
            </button>
            {beside !== '' && (
              <span class="hint" title={beside} id={`${id}-beside`}>
                {beside}
              </span>
            )}
          </span>
          {item.Favourite && (
            <span class="starred" title={t('item_favourite')}>
              <Icon of={Star} />
            </span>
          )}
        </div>
        <div class="item-quick">
          {fill && item.Match !== undefined && (
            <button
              type="button"
              class="fill"
              title={t('fill_hint')}
              aria-describedby={`${id}-title`}
              onClick={() => fill(item)}
            >
              {t('fill')}
            </button>
          )}
          {quicks
            .filter((what) => offers(item, what))
            .map((what) => (
              <QuickCopy
                key={what}
                what={what}
                describedBy={`${id}-title`}
                onCopy={() => actions.copy(item, what)}
              />
            ))}
        </div>
      </div>
    </li>
  )
}

function QuickCopy({
  what,
  describedBy,
  onCopy,
}: {
  readonly what: Quick
  readonly describedBy: string
  readonly onCopy: () => void
}) {
  const { icon, words } = looks[what]
  return (
    <button
      type="button"
      class="quiet"
      aria-label={words}
      title={words}
      aria-keyshortcuts={ariaKeys(what)}
      aria-describedby={describedBy}
      onClick={onCopy}
    >
      <Icon of={icon} />
    </button>
  )
}
