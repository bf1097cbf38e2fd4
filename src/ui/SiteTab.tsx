// ui: what the person sees; speaks the protocol like any other client. This file: the tab "This site",
// and how a site's rights read.

import { Globe, SquarePen } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Output, Site } from '../protocol/outputs.ts'
import { readSite } from '../protocol/sites.ts'
import { activePage, type WebPage } from './activePage.ts'
import { call } from './call.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { SiteReading } from './SiteReading.tsx'
import { useShown } from './shown.ts'
import { siteWords } from './siteWords.ts'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { dateWords, t } from './words.ts'

export function SiteTab() {
  // `undefined`: not known yet.
  const [page, setPage] = useState<WebPage | null>()
  const [answer, setAnswer] = useState<Output<'keyhearth:GetSite'> | null>(null)
  const task = useTask()
  const shown = useShown(async () => {
    const found = await activePage()
    setPage(found)
    if (found) setAnswer(await call('keyhearth:GetSite', { Origin: found.origin }))
  }, [status.value])
  if (page !== null && !answer) return <ErrorAlert error={shown.error} />
  if (!page || !answer) {
    return (
      <div class="empty">
        <Icon of={Globe} />
        <p>{t('site_none')}</p>
        <ErrorAlert error={shown.error} />
      </div>
    )
  }
  const { origin, tabId } = page
  const compose = () =>
    task.run(async () => {
      await call('keyhearth:Compose', { TabId: tabId })
      window.close()
    })
  const open = () =>
    task.run(async () => {
      await call('keyhearth:OpenRequest', { Origin: origin })
    })
  return (
    <div class="stack">
      <Origin origin={origin} />
      {answer.Waiting && (
        <div class="banner banner-line">
          <p>{t('site_waiting')}</p>
          <button type="button" class="primary" onClick={open}>
            {t('site_answer')}
          </button>
        </div>
      )}
      {answer.Site ? (
        <SiteFacts site={answer.Site} onRevoked={shown.again} />
      ) : (
        <div>
          <h2>{t('site_not_connected')}</h2>
          <p class="hint">{t('site_not_connected_hint')}</p>
        </div>
      )}
      <div class="row">
        <button type="button" onClick={compose}>
          <Icon of={SquarePen} />
          {t('compose_open')}
        </button>
      </div>
      <SiteReading origin={origin} />
      <ErrorAlert error={task.error ?? shown.error} />
    </div>
  )
}

/**
 * Left to right and apart from all around it, so that no character in it can rearrange the line; names
 * outside ASCII stand in punycode, as origins carry them. Host and port stand out whole: which part of a
 * host names its owner cannot be told from the host alone (publicsuffix.org), and a guess would mislead.
 */
function Address({ origin }: { readonly origin: string }) {
  const { protocol, host } = new URL(origin)
  return (
    <bdi dir="ltr">
      <span class="scheme">{`${protocol}//`}</span>
      {host}
    </bdi>
  )
}

/** Of a frame: its own origin, and below it the page's that the person sees in the address bar. */
export function Origin({ origin: name }: { readonly origin: string }) {
  const { origin, top } = readSite(name)
  return (
    <p class="origin">
      <Address origin={origin} />
      {top !== undefined && (
        <span class="inside">
          {t('site_inside')} <Address origin={top} />
        </span>
      )}
    </p>
  )
}

export const rightWords = (right: Site['Rights'][number]): string => t(`right_${right}`)

function stateWords({ Rights: lasting, OnceRights }: Site): string {
  if (lasting.length > 0) return t('site_connected')
  return OnceRights.length > 0 ? t('site_once') : t('site_granted')
}

function Rights({ title, rights }: { readonly title: string; readonly rights: Site['Rights'] }) {
  if (rights.length === 0) return null
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <ul>
          {rights.map((right) => (
            <li key={right}>{rightWords(right)}</li>
          ))}
        </ul>
      </dd>
    </>
  )
}

export function SiteFacts({
  site,
  onRevoked,
  children,
}: {
  readonly site: Site
  readonly onRevoked: () => Promise<void>
  /** What else can be done from here. */
  readonly children?: ComponentChildren
}) {
  const task = useTask()
  const revoke = () =>
    task.run(async () => {
      await call('keyhearth:RevokeSite', { Origin: site.Origin })
      say(t('site_revoked', [siteWords(site.Origin)]))
      await onRevoked()
    })
  return (
    <div class="stack">
      <h2>{stateWords(site)}</h2>
      <dl class="facts">
        <Rights title={t('site_rights')} rights={site.Rights} />
        <Rights title={t('site_rights_once')} rights={site.OnceRights} />
        {site.Grants > 0 && (
          <>
            <dt>{t('site_grants')}</dt>
            <dd>{site.Grants}</dd>
          </>
        )}
        {site.AllowedAt !== null && (
          <>
            <dt>{t('site_since')}</dt>
            <dd>{dateWords(site.AllowedAt)}</dd>
          </>
        )}
        <dt>{t('site_last_used')}</dt>
        <dd>{site.LastUsedAt === null ? t('site_never') : dateWords(site.LastUsedAt)}</dd>
        <dt>{t('site_uses')}</dt>
        <dd>{site.Uses}</dd>
        <dt>{t('account')}</dt>
        <dd class="mono">{site.AccountId}</dd>
      </dl>
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="button" class="danger" disabled={task.busy} onClick={revoke}>
          {t('site_revoke')}
        </button>
        {children}
      </div>
    </div>
  )
}
