// ui: what the person sees; speaks the protocol like any other client. This file: bringing secrets over from another
// program: a file, what it holds, and then all of it or nothing.

import { FileUp } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { DropZone } from './DropZone.tsx'
import type { GivenFile } from './droppedFiles.ts'
import { PassphraseField } from './Field.tsx'
import { FileChooser } from './FileChooser.tsx'
import { ImportDone } from './ImportDone.tsx'
import { ImportPlan } from './ImportPlan.tsx'
import { type ImportStep, importStep, leaveImport, takeFile } from './importJob.ts'
import { ErrorAlert } from './Notices.tsx'
import { importError } from './refusalWords.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

export function ImportSecrets() {
  const step = importStep.value
  const heading = useFocusedHeading(step.is)
  return (
    <section class="stack roomy" aria-labelledby="import-heading">
      <h2 id="import-heading" tabIndex={-1} ref={heading}>
        {t('import_secrets_heading')}
      </h2>
      <Step step={step} />
    </section>
  )
}

/** Where one step takes the place of another, what had the focus is gone. */
function useFocusedHeading(step: ImportStep['is']) {
  const heading = useRef<HTMLHeadingElement>(null)
  const before = useRef(step)
  useEffect(() => {
    if (before.current === step) return
    before.current = step
    if (document.activeElement === document.body) heading.current?.focus()
  }, [step])
  return heading
}

function Step({ step }: { readonly step: ImportStep }) {
  switch (step.is) {
    case 'choosing':
      return <Choose error={step.error} />
    case 'reading':
      return (
        <div class="stack" aria-busy="true">
          <p role="status">{t('import_reading', [step.name])}</p>
          <LeaveButton />
        </div>
      )
    case 'locked':
      return <OpenFile step={step} />
    case 'planned':
      return <ImportPlan plan={step.plan} error={step.error} />
    case 'sending':
      return <SendingStep step={step} />
    case 'done':
      return <ImportDone report={step.report} />
  }
}

function Choose({ error }: { readonly error: unknown }) {
  const task = useTask()
  const take = (found: Promise<readonly GivenFile[]>) =>
    task.run(async () => {
      const [first] = await found
      if (first) await takeFile(first.file)
    })
  return (
    <>
      <p class="lead">{t('import_lead')}</p>
      <DropZone label={t('import_file')} onDropped={take}>
        <p>{t('import_drop')}</p>
        <FileChooser
          label={t('import_choose')}
          icon={FileUp}
          what="file"
          primary
          onFiles={(files) => take(Promise.resolve(files))}
        />
      </DropZone>
      <ErrorAlert error={importError(error ?? task.error)} />
      <Programs />
    </>
  )
}

/** How people get such a file out of what they used before. */
function Programs() {
  return (
    <details>
      <summary>{t('import_how')}</summary>
      <dl class="stack tight how">
        <dt>Bitwarden, Vaultwarden</dt>
        <dd>{t('import_how_bitwarden')}</dd>
        <dt>1Password</dt>
        <dd>{t('import_how_1password')}</dd>
        <dt>KeePass, KeePassXC</dt>
        <dd>{t('import_how_keepass')}</dd>
        <dt>Proton Pass</dt>
        <dd>{t('import_how_proton')}</dd>
        <dt>Chrome, Edge, Firefox, Safari, LastPass</dt>
        <dd>{t('import_how_csv')}</dd>
      </dl>
    </details>
  )
}

function LeaveButton() {
  return (
    <div class="row">
      <button type="button" onClick={leaveImport}>
        {t('cancel')}
      </button>
    </div>
  )
}

function OpenFile({ step }: { readonly step: Extract<ImportStep, { is: 'locked' }> }) {
  const [password, setPassword] = useState('')
  const [keyFile, setKeyFile] = useState<File | null>(null)
  const { file, wants } = step
  const isDatabase = wants === 'database'
  // A database may have a key file alone, and no password.
  const given = {
    ...(password === '' && keyFile ? {} : { password }),
    ...(keyFile ? { keyFile } : {}),
  }
  return (
    <form
      class="stack narrow"
      autocomplete="off"
      onSubmit={onSubmit(() => void takeFile(file, given))}
    >
      <p>
        {isDatabase ? t('import_locked_database', [file.name]) : t('import_locked', [file.name])}
      </p>
      <PassphraseField
        label={t('import_password')}
        value={password}
        onValue={setPassword}
        autofocus
      />
      {isDatabase && <KeyFile file={keyFile} onFile={setKeyFile} />}
      <ErrorAlert error={importError(step.error)} />
      <div class="row">
        <button type="submit" class="primary" disabled={!isDatabase && password === ''}>
          {t('import_open')}
        </button>
        <button type="button" onClick={leaveImport}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}

function KeyFile({
  file,
  onFile,
}: {
  readonly file: File | null
  readonly onFile: (file: File | null) => void
}) {
  return (
    <label class="field">
      <span class="label">{t('import_key_file')}</span>
      <input
        type="file"
        aria-describedby="key-file-hint"
        onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)}
      />
      <span class="hint" id="key-file-hint">
        {file?.name ?? t('import_key_file_hint')}
      </span>
    </label>
  )
}

function SendingStep({ step }: { readonly step: Extract<ImportStep, { is: 'sending' }> }) {
  const { sent, total, finishing } = step
  return (
    <div class="stack" aria-busy="true">
      <p role="status">
        {finishing ? t('import_finishing') : t('import_sending', [String(sent), String(total)])}
      </p>
      <progress class="wide" aria-label={t('import_progress')} max={total} value={sent} />
      <p class="hint">{t('import_all_or_none')}</p>
      {!finishing && <LeaveButton />}
    </div>
  )
}
