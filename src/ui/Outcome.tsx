// ui: what the person sees; speaks the protocol like any other client. This file: what came out, announced
// and ready to be copied.

import { useId } from 'preact/hooks'
import { CopyButton } from './CopyButton.tsx'
import { t } from './words.ts'

export function Outcome({ label, value }: { readonly label: string; readonly value: string }) {
  const id = useId()
  return (
    <div class="stack tight" aria-live="polite">
      {value !== '' && (
        <>
          <div class="label-row">
            <span class="label" id={id}>
              {label}
            </span>
            <CopyButton label={t('copy_named', [label])} text={() => value} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
          <output class="mono" aria-labelledby={id} tabIndex={0}>
            {value}
          </output>
        </>
      )}
    </div>
  )
}
