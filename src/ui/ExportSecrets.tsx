// ui: what the person sees; speaks the protocol like any other client. This file: taking all secrets away in one file.

import { FileDown, TriangleAlert } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { DamagedSecrets } from './DamagedSecrets.tsx'
import {
  type ExportFormat,
  type ExportOrder,
  type ExportProgress,
  exportFormats,
  type MadeExport,
  makeExport,
} from './exportJob.ts'
import { Icon } from './Icon.tsx'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { ErrorAlert } from './Notices.tsx'
import { ProofField, useProving } from './Proof.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

const formatWords = {
  encrypted: t('export_secrets_encrypted'),
  'bitwarden-zip': t('export_secrets_zip'),
  'bitwarden-json': t('export_secrets_json'),
  csv: t('export_secrets_csv'),
} as const satisfies Record<ExportFormat, string>

const formatHints = {
  encrypted: t('export_secrets_encrypted_hint'),
  'bitwarden-zip': t('export_secrets_zip_hint'),
  'bitwarden-json': t('export_secrets_json_hint'),
  csv: t('export_secrets_csv_hint'),
} as const satisfies Record<ExportFormat, string>

const atStart: ExportProgress = { items: 0, files: 0 }

const progressWords = ({ items, files }: ExportProgress): string =>
  files === 0 ? t('export_secrets_progress', items) : t('export_secrets_files', files)

export function ExportSecrets() {
  const [format, setFormat] = useState<ExportFormat>('encrypted')
  const proving = useProving()
  const [progress, setProgress] = useState(atStart)
  const [made, setMade] = useState<MadeExport | null>(null)
  const ofFile = useNewPassphrase()
  const task = useTask()
  const cancel = useCancel()
  const run = () => {
    const problem = (format === 'encrypted' ? ofFile.problem() : null) ?? proving.problem()
    if (problem) return task.fail(problem)
    setMade(null)
    setProgress(atStart)
    const signal = cancel()
    task.run(async () => {
      const filePassphrase = ofFile.value
      const { prove } = proving
      const order: ExportOrder = { format, prove, filePassphrase, tell: setProgress, signal }
      setMade(await makeExport(order))
      proving.clear()
      ofFile.clear()
    })
  }
  return (
    <section class="stack roomy" aria-labelledby="export-heading">
      <h2 id="export-heading">{t('export_secrets_heading')}</h2>
      <p class="lead">{t('export_secrets_lead')}</p>
      <form class="stack" autocomplete="off" onSubmit={onSubmit(run)}>
        <Formats format={format} onFormat={setFormat} />
        {format === 'encrypted' ? (
          <NewPassphraseFields
            of={ofFile}
            label={t('export_secrets_file_passphrase')}
            repeatLabel={t('export_secrets_file_repeat')}
          />
        ) : (
          <p class="bad-words">
            <Icon of={TriangleAlert} />
            <span>{t('export_secrets_warning')}</span>
          </p>
        )}
        <ProofField of={proving} label={t('export_secrets_vault_passphrase')} />
        {proving.by !== 'device' && <p class="hint">{t('export_secrets_vault_hint')}</p>}
        <div class="row">
          <button
            type="submit"
            class={format === 'encrypted' ? 'primary' : 'danger'}
            disabled={task.busy || proving.problem() !== null}
            aria-busy={task.busy}
          >
            <Icon of={FileDown} />
            {t('export_secrets_go')}
          </button>
          <span class="hint" role="status">
            {task.busy && progressWords(progress)}
          </span>
        </div>
        <ErrorAlert error={task.error} />
      </form>
      {made && <Made made={made} />}
    </section>
  )
}

/** Whoever leaves the section has no file made any more. */
function useCancel(): () => AbortSignal {
  const controller = useRef(new AbortController())
  useEffect(() => () => controller.current.abort(), [])
  return () => {
    controller.current = new AbortController()
    return controller.current.signal
  }
}

function Formats({
  format,
  onFormat,
}: {
  readonly format: ExportFormat
  readonly onFormat: (format: ExportFormat) => void
}) {
  return (
    <fieldset class="choices">
      <legend>{t('export_secrets_format')}</legend>
      {exportFormats.map((one) => (
        <label class="choice" key={one}>
          <input
            type="radio"
            name="export-format"
            checked={format === one}
            aria-describedby={`export-${one}`}
            onChange={() => onFormat(one)}
          />
          <span class="choice-words">
            <span class="label">{formatWords[one]}</span>
            <span class="hint" id={`export-${one}`}>
              {formatHints[one]}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Made({ made }: { readonly made: MadeExport }) {
  const { name, items, files, lost, damaged } = made
  return (
    <div class="stack tight">
      <p class="good-words" role="status">
        {t('export_secrets_done', items, [String(items), name])}{' '}
        {files > 0 && t('export_secrets_done_files', files)}
      </p>
      <DamagedSecrets groups={damaged} />
      {lost.length > 0 && (
        <details>
          <summary>{t('export_secrets_lost', lost.length)}</summary>
          <ul class="bullets">
            {lost.map(({ entry, what }, at) => (
              <li key={at}>
                <b>{entry}</b> {what}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
