// ui: what the person sees; speaks the protocol like any other client. This file: what encrypting or
// decrypting a text gave, and what is known of the messages.

import { Copy, CornerLeftUp } from 'lucide'
import { madeAtKeys, whereMade } from '../protocol/sites.ts'
import { copyPlain, copySecret } from './clipboard.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { senderWords } from './senderWords.ts'
import { siteWords } from './siteWords.ts'
import { useTask } from './task.ts'
import type { MessageFacts, TextResult } from './textWork.ts'
import { errorWords, t } from './words.ts'

/** Each once, however many of the messages they sent. */
const senders = ({ messages }: TextResult): readonly string[] => [
  ...new Set(messages.flatMap(({ sender }) => (sender ? [senderWords(sender)] : []))),
]

export function TextOutcome({
  result,
  onUse,
}: {
  readonly result: TextResult
  /** Puts the result where it came from. */
  readonly onUse: () => void
}) {
  const task = useTask()
  const copy = () =>
    task.run(async () => {
      if (result.encrypted) {
        await copyPlain(result.text)
        say(t('copied_plain'))
      } else say(t('copied', [String(await copySecret(result.text))]))
    })
  return (
    <section class="result" ref={(element) => element?.scrollIntoView({ block: 'nearest' })}>
      <div class="label-row">
        <span class="label">{t('text_result')}</span>
        <div class="row">
          <button type="button" class="quiet" onClick={onUse}>
            <Icon of={CornerLeftUp} />
            {t('text_use')}
          </button>
          <button type="button" class="quiet" onClick={copy}>
            <Icon of={Copy} />
            {t('copy')}
          </button>
        </div>
      </div>
      {senders(result).map((words) => (
        <p key={words} class="sender">
          {words}
        </p>
      ))}
      <output class={result.encrypted ? 'mono armoured' : 'mono'} aria-label={t('text_result')}>
        {result.text}
      </output>
      {result.encrypted && <p class="hint">{t('text_encrypted_note')}</p>}
      {result.failures.map(({ position, error }) => (
        <ErrorAlert
          key={position}
          error={t('text_failed', [String(position), String(result.total), errorWords(error)])}
        />
      ))}
      <ErrorAlert error={task.error} />
      <details>
        <summary>{t('text_details')}</summary>
        {result.messages.map((message, at) => (
          <Facts key={at} message={message} />
        ))}
      </details>
    </section>
  )
}

function Facts({ message: { keyId, context } }: { readonly message: MessageFacts }) {
  const site = whereMade(context)
  const { [madeAtKeys.origin]: _origin, [madeAtKeys.top]: _top, ...rest } = context
  const bound = Object.entries(rest).filter(([key]) => !key.startsWith('aws-crypto-'))
  return (
    <dl class="facts">
      <dt>{t('text_detail_key')}</dt>
      <dd class="mono">{keyId}</dd>
      {site !== null && (
        <>
          <dt>{t('text_detail_origin')}</dt>
          <dd>
            <bdi dir="ltr">{siteWords(site)}</bdi>
          </dd>
        </>
      )}
      {bound.length > 0 && (
        <>
          <dt>{t('text_detail_context')}</dt>
          {bound.map(([key, value]) => (
            <dd key={key}>
              <bdi>{key}</bdi>: <bdi>{value}</bdi>
            </dd>
          ))}
        </>
      )}
    </dl>
  )
}
