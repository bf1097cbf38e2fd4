// ui: what the person sees; speaks the protocol like any other client. This file: one field of an item that is
// looked at: shown, or as dots until asked for, and copied.

import { Copy, Eye, EyeOff } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from './Icon.tsx'
import { copyAndSay } from './itemWork.ts'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

const longestShownMs = 60_000
/** Always as many, so that they say nothing of the length. */
const dots = '••••••••••••'

export function ItemField({
  label,
  value,
  hidden,
}: {
  readonly label: string
  readonly value: string
  readonly hidden: boolean
}) {
  const [revealed, setRevealed] = useState(false)
  const task = useTask()
  useEffect(() => {
    if (!revealed) return
    const timer = setTimeout(() => setRevealed(false), longestShownMs)
    return () => clearTimeout(timer)
  }, [revealed])
  const copy = () => task.run(() => copyAndSay(value))
  const shown = !hidden || revealed
  return (
    <div class="item-field">
      <dt>{label}</dt>
      <dd>
        <span class={hidden ? 'item-value mono' : 'item-value'}>{shown ? value : dots}</span>
        <span class="item-field-buttons">
          {hidden && (
            <Button
              of={revealed ? EyeOff : Eye}
              label={revealed ? t('item_conceal', [label]) : t('item_reveal', [label])}
              onClick={() => setRevealed(!revealed)}
            />
          )}
          <Button of={Copy} label={t('item_copy', [label])} onClick={copy} />
        </span>
        <ErrorAlert error={task.error} />
      </dd>
    </div>
  )
}

function Button({
  of,
  label,
  onClick,
}: {
  readonly of: Parameters<typeof Icon>[0]['of']
  readonly label: string
  readonly onClick: () => void
}) {
  return (
    <button type="button" class="quiet" aria-label={label} title={label} onClick={onClick}>
      <Icon of={of} />
    </button>
  )
}
