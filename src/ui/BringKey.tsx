// ui: what the person sees; speaks the protocol like any other client. This file: bringing in a key: a file or a text, its
// password, what it turns out to be, and then it is one of the vault.

import { ArrowLeft } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { KeyFileError } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import type { KeySpec } from '../protocol/keySpecs.ts'
import { hashOf } from './address.ts'
import { mostBroughtBytes } from './bringIn.ts'
import {
  type BroughtKey,
  KeyLengthError,
  keepMaterial,
  readBroughtKeys,
  usagesOf,
} from './bringKey.ts'
import { fileWordsOf } from './certificateErrors.ts'
import { AreaField, PassphraseField, TextField } from './Field.tsx'
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

interface Given {
  readonly name: string
  readonly bytes: Bytes
}

const wordsOf = (error: unknown): unknown =>
  error instanceof KeyLengthError
    ? t('bring_key_length', [String(error.bytes)])
    : error && fileWordsOf(error, 'any')

const asksPassword = (error: unknown): boolean =>
  error instanceof KeyFileError &&
  (error.code === 'needs-password' || error.code === 'wrong-password')

export function BringKey() {
  const [given, setGiven] = useState<Given | null>(null)
  const [locked, setLocked] = useState(false)
  const [keys, setKeys] = useState<readonly BroughtKey[] | null>(null)
  const task = useTask()
  useEffect(() => () => forget(keys), [keys])
  const look = (file: Given, password?: string) =>
    task.run(async () => {
      try {
        setKeys(await readBroughtKeys(file.bytes, password, {}))
        setLocked(false)
      } catch (error) {
        setLocked(asksPassword(error))
        if (!(error instanceof KeyFileError) || error.code !== 'needs-password') throw error
      } finally {
        setGiven(file)
      }
    })
  const restart = () => {
    setGiven(null)
    setKeys(null)
    setLocked(false)
    task.fail(null)
  }
  return (
    <>
      <a class="back" href={hashOf(['keys'])}>
        <Icon of={ArrowLeft} />
        {t('keys_all')}
      </a>
      <h1 tabIndex={-1}>{t('bring_key')}</h1>
      <div class="stack roomy">
        {!keys && !locked && <Choose busy={task.busy} onGiven={look} onTooLarge={task.fail} />}
        {locked && given && (
          <Password name={given.name} onPassword={(password) => look(given, password)} />
        )}
        <ErrorAlert error={wordsOf(task.error)} />
        {keys?.map((key, at) => (
          <Found key={at} of={key} called={key.name || (given?.name ?? '')} />
        ))}
        {(keys || locked) && (
          <div class="row">
            <button type="button" onClick={restart}>
              {t('bring_key_other')}
            </button>
          </div>
        )}
      </div>
    </>
  )
}

function forget(keys: readonly BroughtKey[] | null): void {
  for (const { material } of keys ?? []) material.fill(0)
}

function Choose({
  busy,
  onGiven,
  onTooLarge,
}: {
  readonly busy: boolean
  readonly onGiven: (given: Given) => void
  readonly onTooLarge: (error: unknown) => void
}) {
  const [text, setText] = useState('')
  const take = async (file: File) => {
    if (file.size > mostBroughtBytes) return onTooLarge(t('certificates_file_large'))
    onGiven({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }
  const paste = () => onGiven({ name: t('bring_key_pasted'), bytes: encodeUtf8(text) })
  return (
    <>
      <p class="lead">{t('bring_key_lead')}</p>
      <FileChoice
        label={t('bring_key_file')}
        words={t('bring_key_drop')}
        onFile={(file) => void take(file).catch(onTooLarge)}
      />
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
          <button type="submit" disabled={busy || text.trim() === ''}>
            {t('bring_key_look')}
          </button>
        </div>
      </form>
    </>
  )
}

function Password({
  name,
  onPassword,
}: {
  readonly name: string
  readonly onPassword: (password: string) => void
}) {
  const [password, setPassword] = useState('')
  return (
    <form class="stack narrow" autocomplete="off" onSubmit={onSubmit(() => onPassword(password))}>
      <p>{t('certificates_locked', [name])}</p>
      <PassphraseField
        label={t('certificates_password')}
        value={password}
        onValue={setPassword}
        autofocus
      />
      <div class="row">
        <button type="submit" class="primary">
          {t('certificates_open')}
        </button>
      </div>
    </form>
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
