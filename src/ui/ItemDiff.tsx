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
  was = t('item_was'),
  is = t('item_is'),
}: {
  readonly before: Item
  readonly after: Item
  /** What to say where nothing differs. */
  readonly same: string
  /** What each of the two is called. */
  readonly was?: string
  readonly is?: string
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
            contents={
              open
                ? [
                    [was, contentOf(before, change)],
                    [is, contentOf(after, change)],
                  ]
                : []
            }
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
  contents,
}: {
  readonly change: ItemChange
  readonly contents: readonly (readonly [label: string, text: string])[]
}) {
  return (
    <>
      <dt>{changedWords(change)}</dt>
      <dd>
        {changeWords(change)}
        {contents.map(([label, text]) => (
          <Content key={label} label={label} text={text} />
        ))}
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
    case 'files':
      return (item.files ?? []).map((file) => file.name).join(', ')
    case 'kind':
      return kindWords[item.kind]
    case 'favourite':
      return item.favourite ? t('yes') : t('no')
    case 'title':
    case 'notes':
      return item[part]
  }
}
