// ui: what the person sees; speaks the protocol like any other client. This file: the websites an item is for.

import { Plus, X } from 'lucide'
import { Icon } from './Icon.tsx'
import { longestUri, mostUris } from './itemForm.ts'
import { t } from './words.ts'

export function UriRows({
  uris,
  pageUrl,
  onUris,
}: {
  readonly uris: readonly string[]
  readonly pageUrl: string | null
  readonly onUris: (uris: readonly string[]) => void
}) {
  const origin = pageUrl === null ? null : new URL(pageUrl).origin
  return (
    <fieldset class="plain stack tight">
      <legend class="label">{t('item_uris')}</legend>
      {uris.map((uri, at) => (
        <div class="context-row" key={at}>
          <input
            type="text"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            aria-label={t('item_uri', [String(at + 1)])}
            placeholder="https://"
            maxLength={longestUri}
            value={uri}
            onInput={({ currentTarget }) => onUris(uris.with(at, currentTarget.value))}
          />
          <button
            type="button"
            class="quiet"
            aria-label={t('item_uri_remove', [String(at + 1)])}
            onClick={() => onUris(uris.toSpliced(at, 1))}
          >
            <Icon of={X} />
          </button>
        </div>
      ))}
      <div class="row">
        <button
          type="button"
          class="quiet"
          disabled={uris.length >= mostUris}
          onClick={() => onUris([...uris, ''])}
        >
          <Icon of={Plus} />
          {t('item_uri_add')}
        </button>
        {origin !== null && !uris.includes(origin) && (
          <button
            type="button"
            class="quiet break"
            onClick={() => onUris([...uris.filter(Boolean), origin])}
          >
            <Icon of={Plus} />
            {t('item_uri_this', [new URL(origin).host])}
          </button>
        )}
      </div>
    </fieldset>
  )
}
