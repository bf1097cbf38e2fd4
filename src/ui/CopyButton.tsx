// ui: what the person sees; speaks the protocol like any other client. This file: copying what is no secret.

import { Copy } from 'lucide'
import { copyPlain } from './clipboard.ts'
import { Icon } from './Icon.tsx'
import { say } from './Notices.tsx'
import { t } from './words.ts'

export function CopyButton({
  label,
  words,
  text,
}: {
  /** Says what is copied; the button itself is short. */
  readonly label: string
  /** To be read on it, where the picture does not say enough. They stand in `label`, too. */
  readonly words?: string
  readonly text: () => string
}) {
  const copy = () => void copyPlain(text()).then(() => say(t('copied_plain')))
  return (
    <button type="button" class="quiet" aria-label={label} title={label} onClick={copy}>
      <Icon of={Copy} />
      {words}
    </button>
  )
}
