// ui: what the person sees; speaks the protocol like any other client. This file: what the generator made before, for
// a password that was set on a site and kept nowhere.

import { Copy } from 'lucide'
import type { Draft } from './draft.ts'
import type { GeneratorState } from './generated.ts'
import { Icon } from './Icon.tsx'
import { copyAndSay } from './itemWork.ts'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { dateWords, t } from './words.ts'

export function GeneratedBefore({
  draft,
  onUse,
}: {
  readonly draft: Draft<GeneratorState>
  readonly onUse?: ((text: string) => void) | undefined
}) {
  const task = useTask()
  const { history, choice } = draft.value.value
  if (history.length === 0) return <p class="hint">{t('generator_history_none')}</p>
  return (
    <div class="stack tight">
      <ul class="items">
        {history.map(({ text, at }) => (
          <li key={text} class="item">
            <div class="item-head">
              <span class="item-name">
                <span class="mono">{text}</span>
                <span class="hint">{dateWords(at / 1000)}</span>
              </span>
              {onUse && (
                <button type="button" class="quiet" onClick={() => onUse(text)}>
                  {t('generator_use')}
                </button>
              )}
              <button
                type="button"
                class="quiet"
                aria-label={t('item_copy', [text])}
                title={t('copy')}
                onClick={() => task.run(() => copyAndSay(text))}
              >
                <Icon of={Copy} />
              </button>
            </div>
          </li>
        ))}
      </ul>
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="button" class="quiet" onClick={() => draft.set({ choice, history: [] })}>
          {t('generator_clear')}
        </button>
      </div>
    </div>
  )
}
