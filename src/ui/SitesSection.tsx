// ui: what the person sees; speaks the protocol like any other client. This file: the section "Sites": every origin that
// may do something here, and those the person wants to hear no more of.

import { Globe } from 'lucide'
import { useState } from 'preact/hooks'
import type { Output } from '../protocol/outputs.ts'
import { readSite } from '../protocol/sites.ts'
import { hashOf } from './address.ts'
import { setAside } from './aside.ts'
import { call } from './call.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { SiteGrants } from './SiteGrants.tsx'
import { SiteReading } from './SiteReading.tsx'
import { Origin, SiteFacts } from './SiteTab.tsx'
import { useShown } from './shown.ts'
import { siteWords } from './siteWords.ts'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function SitesSection() {
  const [known, setKnown] = useState<Output<'keyhearth:ListSites'> | null>(null)
  const task = useTask()
  const load = async () => setKnown(await call('keyhearth:ListSites', {}))
  const { error, again } = useShown(load, [status.value])
  const revokeAll = () =>
    task.run(async () => {
      for (const { Origin: origin } of known?.Sites ?? []) {
        await call('keyhearth:RevokeSite', { Origin: origin })
      }
      await again()
      say(t('sites_revoked_all'))
    })
  return (
    <div class="stack">
      <ErrorAlert error={task.error ?? error} />
      {known?.Sites.length === 0 && <NoSites />}
      {known && known.Sites.length > 0 && (
        <div class="head-row">
          <p class="lead">{t('sites_lead')}</p>
          {known.Sites.length > 1 && (
            <button type="button" class="danger" disabled={task.busy} onClick={revokeAll}>
              {t('sites_revoke_all')}
            </button>
          )}
        </div>
      )}
      {known?.Sites.map((site) => (
        <section class="card site" key={site.Origin} aria-label={siteWords(site.Origin)}>
          <Origin origin={site.Origin} />
          <SiteFacts site={site} onRevoked={again}>
            <a href={hashOf(['activity'])} onClick={() => setAside({ origin: site.Origin })}>
              {t('activity_of_site')}
            </a>
          </SiteFacts>
          <SiteGrants origin={site.Origin} />
          {readSite(site.Origin).top === undefined && <SiteReading origin={site.Origin} />}
        </section>
      ))}
      {known && <Blocked origins={known.Blocked} onChanged={again} />}
    </div>
  )
}

function NoSites() {
  return (
    <div class="empty">
      <Icon of={Globe} />
      <h2>{t('sites_empty')}</h2>
      <p>{t('sites_empty_hint')}</p>
    </div>
  )
}

function Blocked({
  origins,
  onChanged,
}: {
  readonly origins: readonly string[]
  readonly onChanged: () => Promise<void>
}) {
  const task = useTask()
  const unblock = (origin: string) =>
    task.run(async () => {
      await call('keyhearth:UnblockSite', { Origin: origin })
      await onChanged()
      const again = async () => {
        await call('keyhearth:BlockSite', { Origin: origin })
        await onChanged()
      }
      say(t('site_unblocked', [siteWords(origin)]), again)
    })
  if (origins.length === 0) return null
  return (
    <section class="card" aria-labelledby="blocked">
      <h2 id="blocked">{t('sites_blocked')}</h2>
      <p class="hint">{t('sites_blocked_hint')}</p>
      <ul class="items">
        {origins.map((origin) => (
          <li class="item" key={origin}>
            <div class="item-head">
              <div class="item-name">
                <Origin origin={origin} />
              </div>
              <button
                type="button"
                aria-label={t('site_unblock_named', [siteWords(origin)])}
                disabled={task.busy}
                onClick={() => unblock(origin)}
              >
                {t('site_unblock')}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <ErrorAlert error={task.error} />
    </section>
  )
}
