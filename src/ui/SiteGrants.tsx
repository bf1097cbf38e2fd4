// ui: what the person sees; speaks the protocol like any other client. This file: which keys of others a site was granted
// the use of.

import { useEffect, useState } from 'preact/hooks'
import type { GrantListEntry } from '../protocol/kmsOutputs.ts'
import { hashOf } from './address.ts'
import { call } from './call.ts'
import { regrantRequest } from './grantForm.ts'
import { grantWords } from './grantWords.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { operationWords } from './operationWords.ts'
import { siteWords } from './siteWords.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

export function SiteGrants({ origin }: { readonly origin: string }) {
  const [grants, setGrants] = useState<readonly GrantListEntry[]>([])
  const loading = useTask()
  const task = useTask()
  const load = async () =>
    setGrants((await call('keyhearth:ListSiteGrants', { Origin: origin })).Grants)
  useEffect(() => loading.run(load), [origin])
  const revoke = (grant: GrantListEntry) =>
    task.run(async () => {
      await call('kms:RevokeGrant', { KeyId: grant.KeyId, GrantId: grant.GrantId })
      await load()
      const again = async () => {
        await call('kms:CreateGrant', regrantRequest(grant))
        await load()
      }
      say(t('grant_revoked', [siteWords(origin)]), again)
    })
  if (grants.length === 0) return <ErrorAlert error={loading.error} />
  return (
    <div class="stack">
      <h2>{t('site_grants')}</h2>
      <ul class="items">
        {grants.map((grant) => (
          <li class="item" key={grant.GrantId}>
            <div class="item-head">
              <div class="item-name stack tight">
                <a class="mono" href={hashOf(['keys', keyIdIn(grant.KeyId)])}>
                  {keyIdIn(grant.KeyId)}
                </a>
                <p>{grant.Operations.map((one) => operationWords(`kms:${one}`)).join(', ')}</p>
                <ul class="hint">
                  {grantWords(grant).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </div>
              <button
                type="button"
                class="danger"
                disabled={task.busy}
                aria-label={t('grant_revoke_named', [siteWords(origin)])}
                onClick={() => revoke(grant)}
              >
                {t('grant_revoke')}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <ErrorAlert error={task.error} />
    </div>
  )
}

const keyIdIn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)
