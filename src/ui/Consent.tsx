// ui: what the person sees; speaks the protocol like any other client. This file: the consent window,
// the only place where a website is allowed anything. The origin is the only thing said of the site:
// its name, icon and words are its own and prove nothing.

import { useEffect, useRef, useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import type { PendingRequest } from '../protocol/outputs.ts'
import { readSite } from '../protocol/sites.ts'
import type { SignShown } from './AskedDocument.tsx'
import { AskedUse } from './AskedUse.tsx'
import { useArming } from './arming.ts'
import { call } from './call.ts'
import { focusOnce } from './Field.tsx'
import { Mark } from './Icon.tsx'
import { later } from './Later.tsx'
import { ErrorAlert } from './Notices.tsx'
import { Origin, rightWords } from './SiteTab.tsx'
import { status } from './status.ts'
import { useTask } from './task.ts'
import { UnlockForm } from './Unlock.tsx'
import { t } from './words.ts'

const requestId = new URLSearchParams(location.search).get('id') ?? ''

const AskedDocument = later<{
  readonly requestId: string
  readonly asking: string
  readonly onReady: (sign: SignShown) => void
}>(async () => (await import('./AskedDocument.tsx')).AskedDocument)

const isDocument = ({ Asked: asked }: PendingRequest): boolean =>
  asked?.Operation === 'keyhearth:SignDocument'

export function Consent() {
  /** Of a document, what signs it; and whether it is on the screen. */
  const sign = useRef<SignShown | null>(null)
  const [isShown, setShown] = useState(false)
  const [request, setRequest] = useState<PendingRequest | null>(null)
  const task = useTask()
  useEffect(
    () =>
      task.run(async () => {
        const { Request } = await call('keyhearth:GetRequest', { RequestId: requestId })
        setRequest(Request)
      }),
    [],
  )
  useEffect(() => {
    document.title = t('consent_title')
  }, [])
  const shown = (ready: SignShown) => {
    sign.current = ready
    setShown(true)
  }
  const vault = status.value?.Vault
  if (task.error) return <Gone error={task.error} />
  if (!request || vault === undefined) return <main class="page" aria-busy="true" />
  return (
    <main class="page consent">
      <Mark />
      <h1>{headings[request.Kind]()}</h1>
      <Origin origin={request.Origin} />
      {isFrame(request) && <p role="note">{t('consent_frame')}</p>}
      {isDocument(request) ? (
        vault === 'unlocked' && (
          <AskedDocument requestId={requestId} asking={request.Origin} onReady={shown} />
        )
      ) : (
        <Body request={request} />
      )}
      {vault === 'locked' && (
        <section class="stack">
          {request.Kind !== 'unlock' && <p class="hint">{t('consent_unlock_first')}</p>}
          <UnlockForm />
        </section>
      )}
      <Decision
        request={request}
        unlocked={vault === 'unlocked'}
        sign={isShown ? () => sign.current?.() ?? null : null}
      />
    </main>
  )
}

const isFrame = ({ Origin: name }: PendingRequest): boolean => readSite(name).top !== undefined

const headings = {
  connect: () => t('consent_heading'),
  unlock: () => t('consent_unlock_heading'),
  operation: () => t('consent_operation_heading'),
} as const satisfies Record<PendingRequest['Kind'], () => string>

function Body({ request }: { readonly request: PendingRequest }) {
  switch (request.Kind) {
    case 'connect':
      return <Asked request={request} />
    case 'unlock':
      return <p>{t('consent_unlock_body')}</p>
    case 'operation':
      return request.Asked ? <AskedUse asked={request.Asked} asking={request.Origin} /> : null
  }
}

function Gone({ error }: { readonly error: unknown }) {
  const over = error instanceof KeyhearthError && error.reason === 'request-gone'
  return (
    <main class="page centred">
      <Mark />
      <h1>{over ? t('consent_gone') : t('consent_failed')}</h1>
      {over ? <p class="lead">{t('consent_gone_body')}</p> : <ErrorAlert error={error} />}
    </main>
  )
}

function Asked({ request }: { readonly request: PendingRequest }) {
  return (
    <section>
      <p>{t('consent_asks')}</p>
      <ul class="rights">
        {request.Rights.map((right) => (
          <li key={right}>{rightWords(right)}</li>
        ))}
      </ul>
      <p class="hint">{t('consent_isolated')}</p>
    </section>
  )
}

function Decision({
  request,
  unlocked,
  sign,
}: {
  readonly request: PendingRequest
  readonly unlocked: boolean
  /** Of a document: there once it is on the screen. */
  readonly sign: (() => ReturnType<SignShown> | null) | null
}) {
  const { RequestId, Kind, Origin: origin } = request
  const frame = isFrame(request)
  const arming = useArming(unlocked)
  const task = useTask()
  const finish = (work: () => Promise<unknown>) => (event: Event) => {
    // Only the person's own press, never a script's.
    if (!event.isTrusted) return
    task.run(async () => {
      await work()
      close()
    })
  }
  const deny = finish(() => call('keyhearth:RefuseRequest', { RequestId }))
  const block = finish(() => call('keyhearth:BlockSite', { Origin: origin }))
  const decideOn = async (Decision: 'once' | 'site') => {
    const Signed = sign && (await sign())
    if (isDocument(request) && !Signed) throw t('sign_name_empty')
    const decision = { RequestId, Decision, ...(Signed ? { Signed } : {}) }
    await call('keyhearth:DecideRequest', decision)
  }
  const allow = (Decision: 'once' | 'site') => {
    const decide = finish(() => decideOn(Decision))
    return (event: Event) => {
      if (arming.now()) decide(event)
    }
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && deny(event)
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
  const ready = arming.armed && !task.busy && (sign !== null || !isDocument(request))
  return (
    <section class="stack decision">
      <ErrorAlert error={task.error} />
      {Kind !== 'unlock' && unlocked && (
        <>
          <button type="button" disabled={!ready} onClick={allow('once')}>
            {t('consent_once')}
          </button>
          {Kind === 'connect' && (
            <button type="button" disabled={!ready} onClick={allow('site')}>
              {frame ? t('consent_pair') : t('consent_site')}
            </button>
          )}
        </>
      )}
      <button
        type="button"
        class={unlocked ? 'primary' : ''}
        disabled={task.busy}
        ref={unlocked ? focusOnce : null}
        onClick={deny}
      >
        {t('consent_deny')}
      </button>
      <button type="button" class="quiet" disabled={task.busy} onClick={block}>
        {frame ? t('consent_block_pair') : t('consent_block')}
      </button>
      {Kind !== 'unlock' && unlocked && !arming.armed && <p class="hint">{t('consent_arming')}</p>}
    </section>
  )
}
