// ui: what the person sees; speaks the protocol like any other client. This file: where there is nothing to show: why,
// and what to do.

import { KeyRound, Plus, Search } from 'lucide'
import { hashOf } from './address.ts'
import { Icon } from './Icon.tsx'
import { isNarrowed, type Sight } from './secretSight.ts'
import { t } from './words.ts'

export function NoSecrets({
  sight,
  onSight,
}: {
  readonly sight: Sight
  readonly onSight: (part: Partial<Sight>) => void
}) {
  if (isNarrowed(sight)) {
    return (
      <div class="empty">
        <Icon of={Search} />
        <h2>{sight.query === '' ? t('vault_none') : t('secrets_none_found', [sight.query])}</h2>
        <button
          type="button"
          onClick={() =>
            onSight({
              query: '',
              tag: '',
              kind: '',
              shelf: sight.shelf === 'trash' ? 'trash' : 'all',
            })
          }
        >
          {t('vault_show_every')}
        </button>
      </div>
    )
  }
  if (sight.shelf === 'trash') {
    return (
      <div class="empty">
        <Icon of={KeyRound} />
        <h2>{t('vault_trash_empty')}</h2>
        <p>{t('secrets_trash_hint')}</p>
      </div>
    )
  }
  return (
    <div class="empty">
      <Icon of={KeyRound} />
      <h2>{t('secrets_empty')}</h2>
      <p>{t('vault_empty_hint')}</p>
      <div class="row">
        <a class="button primary" href={hashOf(['secrets', 'new'])}>
          <Icon of={Plus} />
          {t('secrets_add')}
        </a>
        <a class="button" href={hashOf(['secrets', 'import'])}>
          {t('import_secrets_heading')}
        </a>
      </div>
    </div>
  )
}
