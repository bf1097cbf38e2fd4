// ui: what the person sees; speaks the protocol like any other client. This file: which secrets are shown, and in what
// order.

import { Search } from 'lucide'
import { itemKinds } from '../items/item.ts'
import { Icon } from './Icon.tsx'
import { SelectField } from './SelectField.tsx'
import { type Sight, type SortColumn, sortColumns } from './secretSight.ts'
import { kindWords } from './secretWords.ts'
import { t } from './words.ts'

const sortWords = {
  title: t('vault_sort_title'),
  '-title': t('vault_sort_title_down'),
  '-changed': t('vault_sort_changed_down'),
  changed: t('vault_sort_changed'),
  '-created': t('vault_sort_created_down'),
  created: t('vault_sort_created'),
  '-used': t('vault_sort_used_down'),
  used: t('vault_sort_used'),
} as const satisfies Record<SortColumn | `-${SortColumn}`, string>

type SortName = keyof typeof sortWords

export function SecretFilters({
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
