// ui: what the person sees; speaks the protocol like any other client. This file: the manager's section "Secrets": all
// of them, bringing them in, taking them away, and how well they protect.

import { Plus } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { hashOf } from './address.ts'
import { Icon } from './Icon.tsx'
import { later } from './Later.tsx'
import { route } from './route.ts'
import { SecretsList } from './SecretsList.tsx'
import { Sides } from './Sides.tsx'
import { t } from './words.ts'

const Import = later(async () => (await import('./ImportSecrets.tsx')).ImportSecrets)
const Export = later(async () => (await import('./ExportSecrets.tsx')).ExportSecrets)
const Health = later(async () => (await import('./SecretHealth.tsx')).SecretHealth)

const sides = [
  { id: '', label: t('vault_all'), view: SecretsList },
  { id: 'import', label: t('vault_import'), view: Import },
  { id: 'export', label: t('vault_export'), view: Export },
  { id: 'health', label: t('vault_health'), view: Health },
] as const

export function SecretsSection() {
  const [what = ''] = route.value.path
  const side = sides.find(({ id }) => id === what) ?? sides[0]
  useFocusOnSide(side.id)
  const View = side.view
  return (
    <div class="stack secrets-section">
      <div class="head-row">
        <h1 tabIndex={-1}>{t('vault_heading')}</h1>
        <a class="button primary" href={hashOf(['secrets', 'new'])}>
          <Icon of={Plus} />
          {t('secrets_add')}
        </a>
      </div>
      <Sides
        label={t('vault_sides')}
        sides={sides.map(({ id, label }) => ({
          href: hashOf(id === '' ? ['secrets'] : ['secrets', id]),
          label,
          here: id === side.id,
        }))}
      />
      <View />
    </div>
  )
}

/** A link that is gone with the side it stood in leaves the focus to the heading. */
function useFocusOnSide(side: string): void {
  const before = useRef(side)
  useEffect(() => {
    if (before.current === side) return
    before.current = side
    if (document.activeElement !== document.body) return
    document.querySelector<HTMLElement>('main h1')?.focus()
  }, [side])
}
