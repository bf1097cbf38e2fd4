// ui: what the person sees; speaks the protocol like any other client. This file: how far long work has come.

import type { Progress } from './backupWork.ts'
import { t } from './words.ts'

const percent = new Intl.NumberFormat(undefined, { style: 'percent' })

export function ProgressBar({
  progress: { done, all },
  label,
}: {
  readonly progress: Progress
  readonly label: string
}) {
  const part = all === 0 ? 0 : Math.min(1, done / all)
  return (
    <div class="stack tight" aria-busy="true">
      <p role="status">{t('progress_words', [label, percent.format(part)])}</p>
      <progress class="wide" aria-label={label} value={part} />
    </div>
  )
}
