// ui: what the person sees; speaks the protocol like any other client. This file: the manager's "Sign": documents given,
// shown, and signed.

import { FileSignature } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { holderOf } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import type { JwsForm } from '../protocol/outputs.ts'
import { hashOf } from './address.ts'
import { DocumentPreview } from './DocumentPreview.tsx'
import { DocumentRows } from './DocumentRows.tsx'
import type { DocumentJob } from './documentJobs.ts'
import type { SigningForm } from './documentSigning.ts'
import { useDraft } from './draft.ts'
import { TextField } from './Field.tsx'
import { FileDrop } from './FileDrop.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { choicesOf, noMark, type PdfMark, PdfSigning, pageWidth } from './PdfSigning.tsx'
import { route } from './route.ts'
import { SelectField } from './SelectField.tsx'
import { SigningKeyChoice, useSigningKey } from './SigningKeyChoice.tsx'
import { fileNamespace, SshPurpose } from './SshPurpose.tsx'
import { addDocuments, additions, isPdf, signAll, signing, toSign } from './signingJobs.ts'
import { signingErrorWords } from './signingWords.ts'
import { tabPdf } from './tabPdf.ts'
import { useTask } from './task.ts'
import { timeStampAddress } from './timeStamps.ts'
import { t } from './words.ts'

const jwsWords: readonly (readonly [JwsForm, string])[] = [
  ['compact', t('sign_jws_compact')],
  ['json', t('sign_jws_json')],
  ['detached', t('sign_jws_detached')],
  ['unencoded', t('sign_jws_unencoded')],
]

type FormChoice = SigningForm | 'auto'

const formWords: readonly (readonly [FormChoice, string])[] = [
  ['auto', t('sign_form_auto')],
  ['pdf', t('sign_form_pdf')],
  ['p7s', t('sign_form_p7s')],
  ['p7m', t('sign_form_p7m')],
  ['jws', t('sign_form_jws')],
  ['ssh', t('sign_form_ssh')],
  ['minisign', t('sign_form_minisign')],
]

/** OpenSSH and minisign know keys alone; JWS names the key where there is no certificate. */
const certified: ReadonlySet<FormChoice> = new Set(['auto', 'pdf', 'p7s', 'p7m'])

const rowWords = {
  label: t('sign_drop_label'),
  progress: (done: string, all: string) => t('sign_progress', [done, all]),
  error: signingErrorWords,
}

/** Of a file that holds a signature of others. */
function additionWords(file: File): string | null {
  const addition = additions.value.get(file)
  switch (addition?.is) {
    case 'inside':
      return t('sign_adds_inside')
    case 'beside':
      return t('sign_adds_beside', [addition.content.name])
    case 'missing':
      return t('sign_adds_missing')
    case undefined:
      return null
  }
}

/** The same each time: what hangs on it is not looked for anew. */
const noChain: readonly Bytes[] = []

const readServer = (kept: unknown): string | null => (typeof kept === 'string' ? kept : null)

export function SignDocuments() {
  const [form, setForm] = useState<FormChoice>('auto')
  const [jws, setJws] = useState<JwsForm>('compact')
  const [sshNamespace, setSshNamespace] = useState(fileNamespace)
  const [mark, setMark] = useState<PdfMark>(noMark)
  const choice = useSigningKey()
  const task = useTask()
  const server = useDraft('time-stamp-server', '', readServer)
  const jobs = toSign(form)
  const [only] = jobs
  const single = jobs.length === 1 && only ? only : null
  const addition = (single && form === 'auto' && additions.value.get(single.file)) || null
  // A signature that is not in the PDF has no mark in it either.
  const isInside = form === 'auto' || form === 'pdf'
  const pdf = useBytes(single && isPdf(single.file) && isInside ? single : null)
  const isSigned = jobs.length > 0 && jobs.every(({ state }) => state.is === 'done')
  const needsCertificate = certified.has(form)
  const fromTab = useTabPdf()
  const name = choice.chosen?.certificate ? holderOf(choice.chosen.certificate) : choice.name
  const sign = () =>
    task.run(async () => {
      const key = await choice.ready(needsCertificate)
      if (!key) return task.fail(t('sign_name_empty'))
      if (form === 'minisign' && key.spec !== 'ECC_NIST_EDWARDS25519') {
        return task.fail(t('sign_form_needs_ed25519'))
      }
      const typed = server.value.value
      const timeStampServer = certified.has(form) ? timeStampAddress(typed) : null
      if (typed.trim() !== '' && !timeStampServer) return task.fail(t('sign_stamp_none'))
      const choices = choicesOf(mark, pdf, name)
      await signAll({ key, form, pdf: choices, jws, sshNamespace, timeStampServer })
    })
  return (
    <div class="stack">
      <p class="lead">{t('sign_lead')}</p>
      <FileDrop
        label={t('sign_drop_label')}
        onFiles={(given) => addDocuments(given.map(({ file }) => file))}
      />
      {fromTab === 'coming' && <p role="status">{t('sign_fetching')}</p>}
      <ErrorAlert error={fromTab === 'failed' ? t('sign_fetch_failed') : null} />
      <ErrorAlert error={choice.error} />
      {jobs.length === 0 && (
        <div class="empty">
          <Icon of={FileSignature} />
          <p>{t('sign_none')}</p>
        </div>
      )}
      {jobs.length > 0 && (
        <>
          <DocumentRows
            of={signing}
            jobs={jobs}
            words={form === 'auto' ? { ...rowWords, note: additionWords } : rowWords}
          />
          {!isSigned && (
            <div class="two-columns">
              <SigningKeyChoice choice={choice} needsCertificate={needsCertificate} />
              <SelectField
                label={t('sign_form')}
                value={form}
                options={formWords}
                onValue={setForm}
              />
              {form === 'ssh' && (
                <SshPurpose namespace={sshNamespace} onNamespace={setSshNamespace} />
              )}
              {form === 'jws' && (
                <SelectField
                  label={t('sign_jws')}
                  value={jws}
                  options={jwsWords}
                  onValue={setJws}
                />
              )}
            </div>
          )}
          {single && !isSigned && (
            <ToSign
              file={addition && addition.is !== 'missing' ? addition.content : single.file}
              bytes={pdf}
              mark={mark}
              onMark={(change) => setMark((before) => ({ ...before, ...change }))}
              name={name}
              chain={choice.chosen?.chain ?? noChain}
            />
          )}
          {needsCertificate && !isSigned && (
            <TextField
              label={t('sign_stamp')}
              value={server.value.value}
              onValue={(typed) => server.set(typed)}
              maxLength={500}
              hint={t('sign_stamp_hint')}
            />
          )}
          <ErrorAlert error={task.error && signingErrorWords(task.error)} />
          <div class="row">
            {!isSigned && (
              <button type="button" class="primary" disabled={task.busy} onClick={sign}>
                <Icon of={FileSignature} />
                {jobs.length > 1 ? t('sign_all') : t('sign_now')}
              </button>
            )}
            {signing.busy.value ? (
              <button type="button" onClick={signing.stop}>
                {t('sign_stop')}
              </button>
            ) : (
              <button type="button" class="quiet push" onClick={signing.clear}>
                {t('files_clear')}
              </button>
            )}
          </div>
        </>
      )}
    </div>
  )
}

function ToSign({
  file,
  bytes,
  mark,
  onMark,
  name,
  chain,
}: {
  readonly file: Blob
  readonly bytes: Bytes | null
  readonly mark: PdfMark
  readonly onMark: (change: Partial<PdfMark>) => void
  readonly name: string
  readonly chain: readonly Bytes[]
}) {
  if (bytes)
    return <PdfSigning bytes={bytes} mark={mark} onMark={onMark} name={name} chain={chain} />
  return (
    <section class="stack" aria-label={t('sign_preview')}>
      <h2>{t('sign_preview')}</h2>
      <DocumentPreview file={file} width={pageWidth} />
    </section>
  )
}

/** Of one PDF, to be shown; `null` for anything else, and until they are there. */
function useBytes(job: DocumentJob | null): Bytes | null {
  const [bytes, setBytes] = useState<Bytes | null>(null)
  const file = job?.file ?? null
  useEffect(() => {
    setBytes(null)
    let wanted = true
    void file?.arrayBuffer().then(
      (buffer) => wanted && setBytes(new Uint8Array(buffer)),
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [file])
  return bytes
}

/** The popup's "Sign this PDF" leads here: the file is taken out of its tab once. */
function useTabPdf(): 'coming' | 'failed' | null {
  const { query } = route.value
  const [state, setState] = useState<'coming' | 'failed' | null>(null)
  const tabId = Number(query.get('tab') ?? Number.NaN)
  useEffect(() => {
    if (!Number.isSafeInteger(tabId)) return
    history.replaceState(history.state, '', hashOf(['documents']))
    setState('coming')
    void tabPdf(tabId).then((file) => {
      if (file) addDocuments([file])
      setState(file ? null : 'failed')
    })
  }, [tabId])
  return state
}
