// ui: what the person sees; speaks the protocol like any other client. This file: the word of warning where a site
// asks to have something signed that names another one.

import { otherOrigins } from './namedOrigins.ts'
import { t } from './words.ts'

interface Props {
  /** What is to be signed. */
  readonly text: string
  /** The name of the site that asks. */
  readonly asking: string
}

export function NamedElsewhere({ text, asking }: Props) {
  const others = otherOrigins(text, asking)
  return others.length > 0 ? (
    <p class="alert" role="alert">
      {t('asked_other_origin', [others.join(', ')])}
    </p>
  ) : null
}
