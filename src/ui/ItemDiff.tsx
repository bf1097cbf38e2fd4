// ui: what the person sees; speaks the protocol like any other client. This file: what differs between two states of
// an item. By name first: contents are as secret as those of the item itself.

import { useState } from 'preact/hooks'
import { diffItems, type ItemChange } from '../items/diff.ts'
import type { Item } from '../items/item.ts'
import { changedWords, changeWords } from './itemWords.ts'
import { kindWords } from './secretWords.ts'
import { t } from './words.ts'

export function ItemDiff({
  before,
  after,
  same,
}: {
  readonly before: Item
  readonly after: Item
  /** What to say where nothing differs. */
  readonly same: string
}) {
  const [open, setOpen] = useState(false)
  const changes = diffItems(before, after)
  if (changes.length === 0) return <p class="hint">{same}</p>
  return (
    <div class="stack tight">
      <dl class="facts differences">
        {changes.map((change) => (
          <Difference
            key={`${change.part}/${change.name}`}
            change={change}
            was={open ? contentOf(before, change) : null}
            is={open ? contentOf(after, change) : null}
          />
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={open} onChange={() => setOpen(!open)} />
        {t('item_change_values')}
      </label>
    </div>
  )
}

function Difference({
  change,
  was,
  is,
}: {
  readonly change: ItemChange
  readonly was: string | null
  readonly is: string | null
}) {
  return (
    <>
      <dt>{changedWords(change)}</dt>
      <dd>
        {changeWords(change)}
        {was !== null && is !== null && (
          <>
            <Content label={t('item_was')} text={was} />
            <Content label={t('item_is')} text={is} />
          </>
        )}
      </dd>
    </>
  )
}

function Content({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <p class="hint">
      {label}: {text === '' ? t('item_empty') : <span class="mono">{text}</span>}
    </p>
  )
}

function contentOf(item: Item, { part, name }: ItemChange): string {
  switch (part) {
    case 'field':
      return item.fields[name] ?? ''
    case 'own':
      return item.own.flatMap((field) => (field.name === name ? [field.value] : [])).join('\n')
    case 'uris':
    case 'tags':
      return item[part].join(', ')
    case 'kind':
      return kindWords[item.kind]
    case 'favourite':
      return item.favourite ? t('yes') : t('no')
    case 'title':
    case 'notes':
      return item[part]
  }
}
