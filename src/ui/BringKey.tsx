// ui: what the person sees; speaks the protocol like any other client. This file: bringing in a key: a file or a text, its
// password, what it turns out to be, and then it is one of the vault.

import { ArrowLeft } from 'lucide'
import { useState } from 'preact/hooks'
import { encodeUtf8 } from '../codec/text.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'
import { hashOf } from './address.ts'
import { mostBroughtBytes } from './bringIn.ts'
import { type Given, OnItsWay, useBringing } from './bringing.tsx'
import {
  type BroughtKey,
  KeyLengthError,
  keepMaterial,
  readBroughtKeys,
  usagesOf,
} from './bringKey.ts'
import { fileWordsOf } from './certificateErrors.ts'
import { AreaField, TextField } from './Field.tsx'
import { FileChoice } from './FileChoice.tsx'
import { Icon } from './Icon.tsx'
import { loadKeys } from './keyList.ts'
import { specNames, usageWords } from './keyWords.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { goTo } from './route.ts'
import { SelectField } from './SelectField.tsx'
import { Switch } from './Switch.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

const wordsOf = (error: unknown): unknown =>
  error instanceof KeyLengthError
    ? t('bring_key_length', [String(error.bytes)])
    : error && fileWordsOf(error, 'any')

const bringing = {
  read: readBroughtKeys,
  forget: (keys: readonly BroughtKey[]) => {
    for (const { material } of keys) material.fill(0)
  },
}

export function BringKey() {
  const way = useBringing(bringing)
  const { step, open, restart } = way
  return (
    <>
      <a class="back" href={hashOf(['keys'])}>
        <Icon of={ArrowLeft} />
        {t('keys_all')}
      </a>
      <h1 tabIndex={-1}>{t('bring_key')}</h1>
      <div class="stack roomy">
        {step.is === 'choosing' && (
          <Choose error={step.error} onGiven={(given) => void open(given)} onError={restart} />
        )}
        <OnItsWay of={way} />
        {step.is === 'brought' && (
          <>
            {step.brought.map((key, at) => (
              <Found key={at} of={key} called={key.name || step.given.name} />
            ))}
            <div class="row">
              <button type="button" onClick={() => restart()}>
                {t('bring_key_other')}
              </button>
            </div>
          </>
        )}
      </div>
    </>
  )
}

function Choose({
  error,
  onGiven,
  onError,
}: {
  readonly error: unknown
  readonly onGiven: (given: Given) => void
  readonly onError: (error: unknown) => void
}) {
  const [text, setText] = useState('')
  const take = async (file: File) => {
    if (file.size > mostBroughtBytes) return onError(t('certificates_file_large'))
    onGiven({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }
  const paste = () => onGiven({ name: t('bring_key_pasted'), bytes: encodeUtf8(text) })
  return (
    <>
      <p class="lead">{t('bring_key_lead')}</p>
      <FileChoice
        label={t('bring_key_file')}
        words={t('bring_key_drop')}
        onFile={(file) => void take(file).catch(onError)}
      />
      <ErrorAlert error={wordsOf(error)} />
      <form class="stack" autocomplete="off" onSubmit={onSubmit(paste)}>
        <AreaField
          label={t('bring_key_paste')}
          hint={<p class="hint">{t('bring_key_paste_hint')}</p>}
          value={text}
          onValue={setText}
          rows={4}
          secret
        />
        <div class="row">
          <button type="submit" disabled={text.trim() === ''}>
            {t('bring_key_look')}
          </button>
        </div>
      </form>
    </>
  )
}

function Found({ of: key, called }: { readonly of: BroughtKey; readonly called: string }) {
  const [spec, setSpec] = useState<KeySpec>(key.specs[0] ?? 'GENERIC_SECRET')
  const usages = usagesOf(spec)
  const [usage, setUsage] = useState(usages[0])
  const [name, setName] = useState(called)
  const [exportable, setExportable] = useState(false)
  const task = useTask()
  const KeyUsage = usage && usages.includes(usage) ? usage : usages[0]
  const keep = () =>
    task.run(async () => {
      if (!KeyUsage) return
      const wanted = {
        KeySpec: spec,
        KeyUsage,
        Description: name.trim(),
        ...(exportable ? { Exportable: true } : {}),
      }
      const { KeyId } = await keepMaterial(key.material, wanted)
      await loadKeys()
      say(t('certificates_key_kept', [name.trim()]))
      goTo('keys', KeyId)
    })
  return (
    <form class="card" autocomplete="off" onSubmit={onSubmit(keep)}>
      <h2>{t('bring_key_found', [specNames[spec]])}</h2>
      <p class="hint">{t('bring_key_bytes', [String(key.material.byteLength)])}</p>
      {key.specs.length > 1 && (
        <SelectField
          label={t('key_kind')}
          value={spec}
          options={key.specs.map((one) => [one, specNames[one]] as const)}
          onValue={setSpec}
        />
      )}
      {KeyUsage && usages.length > 1 && (
        <SelectField
          label={t('certificates_key_use')}
          value={KeyUsage}
          options={usages.map((one) => [one, usageWords[one]] as const)}
          onValue={setUsage}
        />
      )}
      <TextField
        label={t('certificates_key_name')}
        value={name}
        maxLength={200}
        onValue={setName}
      />
      <Switch
        label={t('key_exportable')}
        hint={t('key_exportable_hint')}
        checked={exportable}
        onChecked={setExportable}
      />
      <ErrorAlert error={task.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
          {t('certificates_key_keep')}
        </button>
      </div>
    </form>
  )
}
