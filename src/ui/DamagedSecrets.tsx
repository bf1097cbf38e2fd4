// ui: what the person sees; speaks the protocol like any other client. This file: that some secrets cannot be read, and
// what to do. The others are shown as ever.

import { t } from './words.ts'

export function DamagedSecrets({ groups }: { readonly groups: number }) {
  if (groups === 0) return null
  return (
    <div role="alert" class="alert">
      {t('secrets_damaged', groups)}
    </div>
  )
}
