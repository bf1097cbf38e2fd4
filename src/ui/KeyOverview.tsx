// ui: what the person sees; speaks the protocol like any other client. This file: what a key is and what
// it is called.

import { useState } from 'preact/hooks'
import { CopyButton } from './CopyButton.tsx'
import { call } from './call.ts'
import { AreaField } from './Field.tsx'
import { FormEnd } from './FormEnd.tsx'
import { focusAgain } from './focus.ts'
import { KeyAliases } from './KeyAliases.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { KeyTags } from './KeyTags.tsx'
import { specNames, usageWords } from './keyWords.ts'
import { say } from './Notices.tsx'
import { PublicKey } from './PublicKey.tsx'
import { onSubmit, useTask } from './task.ts'
import { dateWords, t } from './words.ts'

export function KeyOverview(side: KeySide) {
  return (
    <div class="stack">
      <Description {...side} />
      <Facts {...side} />
      <KeyAliases {...side} />
      <KeyTags {...side} />
      {side.publicKey && <PublicKey row={side.row} der={side.publicKey} />}
    </div>
  )
}

function Description({ metadata, onChanged }: KeySide) {
  const [text, setText] = useState<string | null>(null)
  const task = useTask()
  const { KeyId, KeyState, Description } = metadata
  const close = () => {
    setText(null)
    focusAgain('description-edit')
  }
  const save = () =>
    task.run(async () => {
      if (text !== null) await call('kms:UpdateKeyDescription', { KeyId, Description: text })
      await onChanged()
      close()
      say(t('key_description_saved'))
    })
  if (text === null) {
    return (
      <div class="with-button">
        <p class={Description === '' ? 'lead grow' : 'grow'}>
          {Description || t('key_description_none')}
        </p>
        {KeyState !== 'PendingDeletion' && (
          <button
            type="button"
            id="description-edit"
            class="quiet"
            onClick={() => setText(Description)}
          >
            {t('key_description_edit')}
          </button>
        )}
      </div>
    )
  }
  return (
    <form class="stack tight" autocomplete="off" onSubmit={onSubmit(save)}>
      <AreaField
        label={t('key_description')}
        value={text}
        onValue={setText}
        rows={2}
        maxLength={8192}
        autofocus
      />
      <FormEnd task={task} words={t('save')} onCancel={close} />
    </form>
  )
}

const origins = {
  AWS_KMS: t('key_origin_here'),
  EXTERNAL: t('key_origin_imported'),
  AWS_CLOUDHSM: t('key_origin_device'),
} as const

const implementations = {
  WebCrypto: t('key_by_browser'),
  JavaScript: t('key_by_library'),
} as const

const implementationHints = {
  WebCrypto: t('key_by_browser_hint'),
  JavaScript: t('key_by_library_hint'),
} as const

function Facts({ metadata }: KeySide) {
  const imported = metadata.Origin === 'EXTERNAL'
  return (
    <section class="card">
      <h2>{t('key_facts')}</h2>
      <dl class="facts">
        <dt>{t('key_kind')}</dt>
        <dd>
          {specNames[metadata.KeySpec]} <span class="lead">{usageWords[metadata.KeyUsage]}</span>
        </dd>
        <dt>{t('key_arn')}</dt>
        <dd class="with-button">
          <span class="mono">{metadata.Arn}</span>
          <CopyButton label={t('key_arn_copy')} text={() => metadata.Arn} />
        </dd>
        <dt>{t('key_by')}</dt>
        <dd>
          {implementations[metadata.Implementation]}
          <p class="hint">
            {imported ? t('key_by_imported_hint') : implementationHints[metadata.Implementation]}
          </p>
        </dd>
        <dt>{t('key_origin')}</dt>
        <dd>{origins[metadata.Origin]}</dd>
        <dt>{t('key_created')}</dt>
        <dd>{dateWords(metadata.CreationDate)}</dd>
        {metadata.ValidTo !== undefined && (
          <>
            <dt>{t('key_valid_to')}</dt>
            <dd>{dateWords(metadata.ValidTo)}</dd>
          </>
        )}
        <dt>{t('key_exportable')}</dt>
        <dd>
          {metadata.Exportable ? t('yes') : t('no')}
          <p class="hint">
            {metadata.Exportable ? t('key_exportable_yes') : t('key_exportable_no')}
          </p>
        </dd>
        <dt>{t('key_multi_region')}</dt>
        <dd>{metadata.MultiRegion ? t('yes') : t('no')}</dd>
      </dl>
    </section>
  )
}
