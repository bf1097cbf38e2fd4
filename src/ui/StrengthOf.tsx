// ui: what the person sees; speaks the protocol like any other client. This file: how easily a password or passphrase
// is guessed, while it is typed.

import type { ComponentChildren } from 'preact'
import type { Score } from '../items/strength.ts'
import { useStrength } from './strength.ts'
import { t } from './words.ts'

const words = [
  t('strength_0'),
  t('strength_1'),
  t('strength_2'),
  t('strength_3'),
  t('strength_4'),
] as const satisfies { readonly [Of in Score]: string }

export function StrengthMeter({
  label,
  score,
  children,
}: {
  readonly label: string
  readonly score: Score
  readonly children?: ComponentChildren
}) {
  return (
    <div class="strength" aria-live="polite">
      <meter aria-label={label} min={0} max={4} low={2} high={3} optimum={4} value={score} />
      <p class="hint">{words[score]}</p>
      {children}
    </div>
  )
}

export function StrengthOf({ password }: { readonly password: string }) {
  const score = useStrength(password)
  return score === null ? null : (
    <StrengthMeter label={t('generator_strength_label')} score={score} />
  )
}
