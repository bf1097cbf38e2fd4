// ui: what the person sees; speaks the protocol like any other client. This file: fields of the person's own.

import { Plus, X } from 'lucide'
import type { OwnField } from '../items/item.ts'
import { Icon } from './Icon.tsx'
import { longestText, longestTitle, mostOwn } from './itemForm.ts'
import { t } from './words.ts'

export function OwnFields({
  own,
  onOwn,
}: {
  readonly own: readonly OwnField[]
  readonly onOwn: (own: readonly OwnField[]) => void
}) {
  return (
    <fieldset class="plain stack tight">
      <legend class="label">{t('item_own')}</legend>
      {own.map((field, at) => (
        <Row
          key={at}
          number={String(at + 1)}
          field={field}
          onField={(next) => onOwn(own.with(at, next))}
          onRemove={() => onOwn(own.toSpliced(at, 1))}
        />
      ))}
      <div class="row">
        <button
          type="button"
          class="quiet"
          disabled={own.length >= mostOwn}
          onClick={() => onOwn([...own, { name: '', value: '', hidden: true }])}
        >
          <Icon of={Plus} />
          {t('item_own_add')}
        </button>
      </div>
    </fieldset>
  )
}

function Row({
  number,
  field,
  onField,
  onRemove,
}: {
  readonly number: string
  readonly field: OwnField
  readonly onField: (field: OwnField) => void
  readonly onRemove: () => void
}) {
  return (
    <div class="own-row">
      <input
        type="text"
        autocomplete="off"
        aria-label={t('item_own_name', [number])}
        placeholder={t('tag_name_short')}
        maxLength={longestTitle}
        value={field.name}
        onInput={({ currentTarget }) => onField({ ...field, name: currentTarget.value })}
      />
      <input
        type="text"
        autocomplete="off"
        spellcheck={false}
        class={field.hidden ? 'mono masked' : 'mono'}
        aria-label={t('item_own_value', [number])}
        placeholder={t('tag_value_short')}
        maxLength={longestText}
        value={field.value}
        onInput={({ currentTarget }) => onField({ ...field, value: currentTarget.value })}
      />
      <label class="check">
        <input
          type="checkbox"
          aria-label={t('item_own_hidden', [number])}
          checked={field.hidden}
          onChange={({ currentTarget }) => onField({ ...field, hidden: currentTarget.checked })}
        />
        {t('hide')}
      </label>
      <button
        type="button"
        class="quiet"
        aria-label={t('item_own_remove', [number])}
        onClick={onRemove}
      >
        <Icon of={X} />
      </button>
    </div>
  )
}
