// ui: what the person sees; speaks the protocol like any other client. This file: what messages say of
// themselves to anyone, without a key.

import { Fragment } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { describeMessage, type MessageDescription } from '../encryption-sdk/describe.ts'
import { EncryptionSdkError } from '../encryption-sdk/errors.ts'
import { messageError } from '../protocol/messageErrors.ts'
import { AreaField } from './Field.tsx'
import { fileErrorWords, sizeWords } from './fileWords.ts'
import { messageIn } from './fileWork.ts'
import { t } from './words.ts'

/** Whole messages up to here are looked at to their end; of longer ones the header. */
const mostBytes = 64 * 1024 * 1024

interface Given {
  readonly name: string
  readonly blob: Blob
}

interface Seen {
  readonly name: string
  readonly bytes: number
  readonly said: MessageDescription | { readonly error: unknown }
}

async function look({ name, blob }: Given): Promise<Seen> {
  try {
    const message = await messageIn(blob)
    const start = await message.slice(0, mostBytes).arrayBuffer()
    return { name, bytes: message.size, said: described(new Uint8Array(start)) }
  } catch (error) {
    return { name, bytes: blob.size, said: { error } }
  }
}

function described(bytes: Uint8Array): MessageDescription {
  try {
    return describeMessage(bytes)
  } catch (error) {
    throw error instanceof EncryptionSdkError ? messageError(error) : error
  }
}

export function InspectMessage({ files }: { readonly files: readonly File[] }) {
  const [text, setText] = useState('')
  const [given, setGiven] = useState<readonly Given[]>([])
  const [seen, setSeen] = useState<readonly Seen[]>([])
  useEffect(() => setGiven(files.map((file) => ({ name: file.name, blob: file }))), [files])
  useEffect(() => {
    let wanted = true
    void Promise.all(given.map(look)).then((all) => wanted && setSeen(all))
    return () => {
      wanted = false
    }
  }, [given])
  return (
    <section class="stack" aria-labelledby="inspect">
      <h2 id="inspect">{t('files_inspect_heading')}</h2>
      <p>{t('files_inspect_lead')}</p>
      <AreaField label={t('files_inspect_field')} value={text} onValue={setText} rows={3} />
      <div class="row">
        <button
          type="button"
          onClick={() => setGiven([{ name: t('files_inspect_field'), blob: new Blob([text]) }])}
        >
          {t('files_inspect_text')}
        </button>
      </div>
      <div aria-live="polite" class="stack">
        {seen.map((one, at) => (
          // Names may be equal, and nothing in a description has a state to keep.
          <Description key={at} seen={one} />
        ))}
      </div>
    </section>
  )
}

function Description({ seen: { name, bytes, said } }: { readonly seen: Seen }) {
  if ('error' in said) {
    return (
      <article class="card" aria-label={name}>
        <h3>{name}</h3>
        <p class="alert">{fileErrorWords(said.error)}</p>
      </article>
    )
  }
  const { body } = said
  const pairs = Object.entries(said.encryptionContext)
  const facts: readonly (readonly [string, string])[] = [
    [t('files_fact_suite'), `${said.suiteName} (${said.suiteId.toString(16).padStart(4, '0')})`],
    [t('files_fact_signed'), said.signed ? t('yes') : t('no')],
    [t('files_fact_commits'), said.commits ? t('yes') : t('no')],
    [
      t('files_fact_frames'),
      body ? `${body.frames} × ${sizeWords(said.frameLength)}` : sizeWords(said.frameLength),
    ],
    [t('files_fact_size'), sizeWords(bytes)],
    [t('files_fact_content'), body ? sizeWords(body.plaintextBytes) : t('files_fact_unknown')],
  ]
  return (
    <article class="card" aria-label={name}>
      <h3>{name}</h3>
      <dl class="facts">
        {facts.map(([term, value]) => (
          <Fragment key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
        <dt>{t('files_fact_keys')}</dt>
        {said.recipients.map(({ keyNamespace, keyName }) => (
          <dd class="mono" key={`${keyNamespace} ${keyName}`}>
            {keyNamespace} {keyName}
          </dd>
        ))}
        {pairs.map(([key, value]) => (
          <Fragment key={key}>
            <dt class="mono">{key}</dt>
            <dd class="mono">{value}</dd>
          </Fragment>
        ))}
      </dl>
      {bytes <= mostBytes && !body && <p class="alert">{t('files_fact_cut')}</p>}
      <p class="hint">{t('files_inspect_unproven')}</p>
    </article>
  )
}
