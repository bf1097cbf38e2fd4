// ui: what the person sees; speaks the protocol like any other client. This file: a document that a website asks to have
// signed: the very bytes, and with which key. What is signed is what was shown.

import { useEffect, useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Output } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { DocumentPreview } from './DocumentPreview.tsx'
import { signForPage } from './documentSigning.ts'
import { NamedElsewhere } from './NamedElsewhere.tsx'
import { ErrorAlert } from './Notices.tsx'
import { SigningKeyChoice, useSigningKey } from './SigningKeyChoice.tsx'
import { signingErrorWords } from './signingWords.ts'
import { t } from './words.ts'

type Asked = Output<'keyhearth:GetRequestDocument'>

const formWords = {
  raw: () => t('form_page_raw'),
  cms: () => t('form_page_cms'),
  pades: () => t('form_page_pades'),
} as const satisfies Record<Exclude<Asked['Format'], 'jws'>, () => string>

const jwsWords = {
  compact: () => t('form_page_jws'),
  detached: () => t('form_page_jws_detached'),
  unencoded: () => t('form_page_jws_unencoded'),
  json: () => t('form_page_jws_json'),
} as const satisfies Record<Asked['Jws'], () => string>

const width = 360
const pauseMs = 300
const tries = 20

/** After the worker's end the relay sends the document again, which takes a moment. */
async function documentOf(RequestId: string): Promise<Asked> {
  for (let left = tries; ; left--) {
    try {
      return await call('keyhearth:GetRequestDocument', { RequestId })
    } catch (error) {
      const isOnItsWay = error instanceof KeyhearthError && error.reason === 'document-gone'
      if (!isOnItsWay || left === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

/** Signs what was shown. `null`: the name is missing, which the window says. */
export type SignShown = () => Promise<Awaited<ReturnType<typeof signForPage>> | null>

export function AskedDocument({
  requestId,
  asking,
  onReady,
}: {
  readonly requestId: string
  /** The name of the site that asks. */
  readonly asking: string
  /** Once the document is on the screen. */
  readonly onReady: (sign: SignShown) => void
}) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    documentOf(requestId).then(setAsked, (cause) => setError(signingErrorWords(cause)))
  }, [requestId])
  if (error) return <ErrorAlert error={error} />
  if (!asked) return <p aria-busy="true">{t('asked_document_loading')}</p>
  return <Shown asked={asked} asking={asking} onReady={onReady} />
}

/** A text that proves who signs in somewhere is short. */
const mostLooked = 1024 * 1024
const textIn = (data: Uint8Array): string => new TextDecoder().decode(data.subarray(0, mostLooked))

function Shown({
  asked,
  asking,
  onReady,
}: {
  readonly asked: Asked
  readonly asking: string
  readonly onReady: (sign: SignShown) => void
}) {
  const [file] = useState(() => new Blob([asked.Data]))
  const [text] = useState(() => textIn(asked.Data))
  const choice = useSigningKey(asked.KeyId)
  const needsCertificate = asked.Format === 'cms' || asked.Format === 'pades'
  useEffect(() => {
    onReady(async () => {
      const key = await choice.ready(needsCertificate)
      return key && signForPage(asked, key)
    })
  })
  return (
    <section class="stack">
      <p>{t('asked_document')}</p>
      <dl class="facts">
        <dt>{t('asked_document_form')}</dt>
        <dd>{asked.Format === 'jws' ? jwsWords[asked.Jws]() : formWords[asked.Format]()}</dd>
        <dt>{t('asked_size')}</dt>
        <dd>{t('asked_bytes', [String(asked.Data.byteLength)])}</dd>
      </dl>
      {asked.Format === 'raw' && (
        <p class="alert" role="alert">
          {t('asked_raw')}
        </p>
      )}
      {asked.Format !== 'pades' && <NamedElsewhere text={text} asking={asking} />}
      <ErrorAlert error={choice.error} />
      <DocumentPreview file={file} width={width} />
      <SigningKeyChoice choice={choice} needsCertificate={needsCertificate} />
    </section>
  )
}
