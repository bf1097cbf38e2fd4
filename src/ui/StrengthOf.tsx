// ui: what the person sees; speaks the protocol like any other client. This file: how easily a password that stands
// in a form is guessed.

import { useStrength } from './strength.ts'
import { t } from './words.ts'

const words = [
  t('strength_0'),
  t('strength_1'),
  t('strength_2'),
  t('strength_3'),
  t('strength_4'),
] as const

export function StrengthOf({ password }: { readonly password: string }) {
  const score = useStrength(password)
  if (score === null) return null
  return (
    <div class="strength" aria-live="polite">
      <meter
        aria-label={t('generator_strength_label')}
        min={0}
        max={4}
        low={2}
        high={3}
        optimum={4}
        value={score}
      />
      <p class="hint">{words[score]}</p>
    </div>
  )
}
