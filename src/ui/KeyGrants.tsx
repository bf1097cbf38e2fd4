// ui: what the person sees; speaks the protocol like any other client. This file: which sites were granted
// the use of a key, for what, and how to take it back.

import { Ban, Plus } from 'lucide'
import { useState } from 'preact/hooks'
import type { GrantListEntry } from '../protocol/kmsOutputs.ts'
import type { Site } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { focusAgain } from './focus.ts'
import { GrantFields } from './GrantFields.tsx'
import { regrantRequest } from './grantForm.ts'
import { grantWords, principalWords } from './grantWords.ts'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { operationWords } from './operationWords.ts'
import { useShown } from './shown.ts'
import { useTask } from './task.ts'
import { dateWords, t } from './words.ts'

async function loadGrants(KeyId: string): Promise<readonly GrantListEntry[]> {
  const grants: GrantListEntry[] = []
  let Marker: string | undefined
  do {
    const page = await call('kms:ListGrants', {
      KeyId,
      Limit: 100,
      ...(Marker === undefined ? {} : { Marker }),
    })
    grants.push(...page.Grants)
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return grants
}

export function KeyGrants(side: KeySide) {
  const { KeyId, KeyState } = side.metadata
  const [grants, setGrants] = useState<readonly GrantListEntry[] | null>(null)
  const [sites, setSites] = useState<readonly Site[]>([])
  const [adding, setAdding] = useState(false)
  const task = useTask()
  const shown = useShown(async () => {
    setGrants(await loadGrants(KeyId))
    setSites((await call('keyhearth:ListSites', {})).Sites)
  }, [KeyId])
  const revoke = (grant: GrantListEntry) =>
    task.run(async () => {
      await call('kms:RevokeGrant', { KeyId, GrantId: grant.GrantId })
      await shown.again()
      focusAgain('grant-add')
      const again = async () => {
        await call('kms:CreateGrant', regrantRequest(grant))
        await shown.again()
      }
      say(t('grant_revoked', [principalWords(grant.GranteePrincipal, sites)]), again)
    })
  return (
    <section class="card">
      <h2>{t('grants_heading')}</h2>
      <p class="hint">{t('grants_hint')}</p>
      {grants?.length === 0 && !adding && <p class="lead">{t('grants_none')}</p>}
      <ul class="items">
        {grants?.map((grant) => (
          <Grant
            key={grant.GrantId}
            grant={grant}
            sites={sites}
            busy={task.busy}
            onRevoke={() => revoke(grant)}
          />
        ))}
      </ul>
      <ErrorAlert error={task.error ?? shown.error} />
      {adding && (
        <GrantFields
          side={side}
          sites={sites}
          onDone={async () => {
            setAdding(false)
            await shown.again()
          }}
          onCancel={() => setAdding(false)}
        />
      )}
      {!adding && grants && KeyState !== 'PendingDeletion' && (
        <div class="row">
          <button type="button" id="grant-add" onClick={() => setAdding(true)}>
            <Icon of={Plus} />
            {t('grant_add')}
          </button>
        </div>
      )}
    </section>
  )
}

function Grant({
  grant,
  sites,
  busy,
  onRevoke,
}: {
  readonly grant: GrantListEntry
  readonly sites: readonly Site[]
  readonly busy: boolean
  readonly onRevoke: () => void
}) {
  const who = principalWords(grant.GranteePrincipal, sites)
  return (
    <li class="item">
      <div class="item-head">
        <div class="item-name stack tight">
          <bdi class="label" dir="ltr">
            {who}
          </bdi>
          <p>{grant.Operations.map((one) => operationWords(`kms:${one}`)).join(', ')}</p>
          <ul class="hint">
            {grantWords(grant).map((line) => (
              <li key={line}>{line}</li>
            ))}
            <li>{t('grant_since', [dateWords(grant.CreationDate)])}</li>
          </ul>
        </div>
        <button
          type="button"
          class="danger"
          aria-label={t('grant_revoke_named', [who])}
          disabled={busy}
          onClick={onRevoke}
        >
          <Icon of={Ban} />
          {t('grant_revoke')}
        </button>
      </div>
    </li>
  )
}
