// ui: what the person sees; speaks the protocol like any other client. This file: one call of a website
// that the person is asked about each time: what is done, with which keys, and to what. All as text, in which nothing
// hides.

import { Fragment } from 'preact'
import { visible, visibleLines } from '../codec/visible.ts'
import type { AskedContent, AskedOperation } from '../protocol/outputs.ts'
import { NamedElsewhere } from './NamedElsewhere.tsx'
import { t } from './words.ts'

/** What a call does, in a sentence that goes on from "This website wants to". */
function deed(operation: AskedOperation['Operation']): string {
  switch (operation) {
    case 'kms:Sign':
      return t('asked_sign')
    case 'kms:Decrypt':
    case 'kms:Decapsulate':
    case 'kms:DeriveSharedSecret':
    case 'keyhearth:DecryptMessage':
      return t('asked_decrypt')
    case 'kms:Encrypt':
    case 'keyhearth:EncryptMessage':
      return t('asked_encrypt')
    case 'kms:ReEncrypt':
      return t('asked_re_encrypt')
    case 'kms:GenerateDataKey':
    case 'kms:GenerateDataKeyPair':
    case 'kms:GenerateDataKeyWithoutPlaintext':
    case 'kms:GenerateDataKeyPairWithoutPlaintext':
      return t('asked_data_key')
    default:
      return t('asked_other', [operation.split(':')[1] ?? operation])
  }
}

export function AskedUse({
  asked,
  asking,
}: {
  readonly asked: AskedOperation
  /** The name of the site that asks. */
  readonly asking: string
}) {
  const { Operation, KeyName, KeyArn, EncryptionContext, Destination, Bytes, Blind, Content } =
    asked
  const isMessage = Operation === 'keyhearth:DecryptMessage'
  const text = Content?.Form === 'text' ? Content.Beginning : ''
  return (
    <section class="stack">
      <p>{deed(Operation)}</p>
      {Blind && (
        <p class="alert" role="alert">
          {blindWords[Blind]()}
        </p>
      )}
      {Operation === 'kms:Sign' && <NamedElsewhere text={text} asking={asking} />}
      <dl class="facts">
        <dt>{t('asked_key')}</dt>
        <dd>{visible(KeyName || KeyArn)}</dd>
        {Destination && (
          <>
            <dt>{t('asked_destination')}</dt>
            <dd class="mono">{visible(Destination.KeyId)}</dd>
          </>
        )}
        {Bytes !== null && (
          <>
            <dt>{t('asked_size')}</dt>
            <dd>{t('asked_bytes', [String(Bytes)])}</dd>
          </>
        )}
      </dl>
      <Context
        title={isMessage ? t('asked_context_message') : t('asked_context')}
        of={EncryptionContext}
      />
      {Destination && (
        <Context title={t('asked_context_destination')} of={Destination.EncryptionContext} />
      )}
      {Content && <Shown content={Content} />}
    </section>
  )
}

const blindWords = {
  digest: () => t('asked_blind'),
  unreadable: () => t('asked_unreadable'),
} as const satisfies Record<NonNullable<AskedOperation['Blind']>, () => string>

/** What is not shown whole, or not as text, its digest names. */
function Shown({
  content: { Form, Beginning, Shown: shown, Of, Sha256 },
}: {
  readonly content: AskedContent
}) {
  const isText = Form === 'text'
  const counts: [number, number] = [shown, Of]
  return (
    <>
      <label class="stack">
        {isText ? t('asked_text') : t('asked_hex')}
        <textarea
          class={isText ? '' : 'mono'}
          readOnly
          rows={isText ? 8 : 4}
          value={isText ? visibleLines(Beginning) : Beginning}
        />
      </label>
      {shown < Of && (
        <p role="note">{isText ? t('asked_cut', counts) : t('asked_cut_bytes', counts)}</p>
      )}
      {(shown < Of || !isText) && Sha256 !== null && (
        <dl class="facts">
          <dt>{t('asked_sha256')}</dt>
          <dd class="mono">{Sha256}</dd>
        </dl>
      )}
    </>
  )
}

/** Names and values are the site's: apart from what Keyhearth says, so that none passes for it. */
function Context({
  title,
  of,
}: {
  readonly title: string
  readonly of: AskedOperation['EncryptionContext']
}) {
  const pairs = Object.entries(of)
  if (pairs.length === 0) return null
  return (
    <section class="said-by-site">
      <h2>{title}</h2>
      <dl class="facts">
        {pairs.map(([name, value]) => (
          <Fragment key={name}>
            <dt>
              <bdi>{visible(name)}</bdi>
            </dt>
            <dd>
              <bdi>{visible(value)}</bdi>
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}
