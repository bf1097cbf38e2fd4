// ui: what the person sees; speaks the protocol like any other client. This file: one call of a website
// that the person is asked about each time: what is done, with which key, and to what. All as text.

import { Fragment } from 'preact'
import { visible } from '../codec/visible.ts'
import type { AskedOperation } from '../protocol/outputs.ts'
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
  const { Operation, KeyName, KeyArn, EncryptionContext, Bytes, Text } = asked
  const context = Object.entries(EncryptionContext)
  return (
    <section class="stack">
      <p>{deed(Operation)}</p>
      {asked.Blind && (
        <p class="alert" role="alert">
          {t('asked_blind')}
        </p>
      )}
      {Operation === 'kms:Sign' && <NamedElsewhere text={Text ?? ''} asking={asking} />}
      <dl class="facts">
        <dt>{t('asked_key')}</dt>
        <dd>{KeyName || KeyArn}</dd>
        {Bytes !== null && (
          <>
            <dt>{t('asked_size')}</dt>
            <dd>{t('asked_bytes', [String(Bytes)])}</dd>
          </>
        )}
      </dl>
      {context.length > 0 && <Context pairs={context} />}
      {Text !== null && (
        <label class="stack">
          {t('asked_text')}
          <textarea readOnly rows={4} value={Text} />
        </label>
      )}
    </section>
  )
}

/** Names and values are the site's: apart from what Keyhearth says, so that none passes for it. */
function Context({ pairs }: { readonly pairs: readonly (readonly [string, string])[] }) {
  return (
    <section class="said-by-site">
      <h2>{t('asked_context')}</h2>
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
