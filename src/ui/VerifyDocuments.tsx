// ui: what the person sees; speaks the protocol like any other client. This file: "Check a signature": documents are given,
// and for each signature it is said what it is worth.

import { FileJson, FileSearch, FileText } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { CheckedDocument } from './CheckedDocument.tsx'
import { download } from './download.ts'
import { GiveDocuments } from './GiveDocuments.tsx'
import { Icon } from './Icon.tsx'
import { MoreEvidence } from './MoreEvidence.tsx'
import { ErrorAlert } from './Notices.tsx'
import { SshPurpose } from './SshPurpose.tsx'
import { useTask } from './task.ts'
import { pair, type ToCheck } from './verifyParts.ts'
import { type Checked, reportJson, reportPdf } from './verifyReport.ts'
import {
  checkAll,
  clearAll,
  evidence,
  outcomeOf,
  parts,
  rounds,
  sshNamespace,
} from './verifyState.ts'
import { type Known, whomToTrust } from './verifyWork.ts'
import { t } from './words.ts'

export function VerifyDocuments() {
  const [known, setKnown] = useState<Known | null>(null)
  const trust = useTask()
  const learn = () => trust.run(async () => setKnown(await whomToTrust()))
  useEffect(learn, [])
  const documents = pair(parts.value)
  useChecking(documents, known)
  return (
    <>
      <p class="lead">{t('verify_doc_lead')}</p>
      <GiveDocuments />
      <ErrorAlert error={trust.error} />
      {documents.length === 0 ? (
        <div class="empty">
          <Icon of={FileSearch} />
          <h2>{t('verify_doc_empty')}</h2>
          <p>{t('verify_doc_empty_hint')}</p>
        </div>
      ) : (
        known && <Results documents={documents} known={known} onTrusted={learn} />
      )}
      <MoreEvidence onTrusted={learn} />
    </>
  )
}

const serials = new WeakMap<Known, string>()

/** Changes whenever the answer might. */
function sightOf(known: Known): string {
  const serial = serials.get(known) ?? crypto.randomUUID()
  serials.set(known, serial)
  return [serial, sshNamespace.value, ...evidence.value.map(({ id }) => id)].join(' ')
}

function useChecking(documents: readonly ToCheck[], known: Known | null): void {
  const ready = documents.filter(({ file }) => file !== null)
  const sight = known && sightOf(known)
  useEffect(() => {
    if (!known || sight === null) return
    const controller = new AbortController()
    void checkAll(ready, known, sight, controller.signal)
    return () => controller.abort()
  }, [sight, rounds.value, ready.map(({ id }) => id).join(' ')])
}

function Results({
  documents,
  known,
  onTrusted,
}: {
  readonly documents: readonly ToCheck[]
  readonly known: Known
  readonly onTrusted: () => void
}) {
  return (
    <section class="stack" aria-label={t('verify_doc_results')}>
      <Export documents={documents} known={known} />
      {documents.some(({ signature }) => signature?.kind === 'ssh-signature') && (
        <SshPurpose
          namespace={sshNamespace.value}
          onNamespace={(namespace) => {
            sshNamespace.value = namespace
          }}
        />
      )}
      {documents.map((document) => (
        <CheckedDocument
          key={document.id}
          document={document}
          known={known}
          onTrusted={onTrusted}
        />
      ))}
    </section>
  )
}

function Export({
  documents,
  known,
}: {
  readonly documents: readonly ToCheck[]
  readonly known: Known
}) {
  const task = useTask()
  const done = documents.flatMap((document): Checked[] => {
    const outcome = outcomeOf(document)
    return outcome.is === 'done' ? [{ document, report: outcome.report, at: outcome.at }] : []
  })
  const save = (ending: 'pdf' | 'json') =>
    task.run(async () => {
      const content =
        ending === 'pdf'
          ? new Blob([await reportPdf(done, known)], { type: 'application/pdf' })
          : new Blob([await reportJson(done, known)], { type: 'application/json' })
      download(`keyhearth-signatures-${new Date().toISOString().slice(0, 10)}.${ending}`, content)
    })
  const isIdle = done.length > 0 && !task.busy
  return (
    <>
      <div class="row">
        <button type="button" disabled={!isIdle} onClick={() => save('pdf')}>
          <Icon of={FileText} />
          {t('verify_doc_report_pdf')}
        </button>
        <button type="button" disabled={!isIdle} onClick={() => save('json')}>
          <Icon of={FileJson} />
          {t('verify_doc_report_json')}
        </button>
        <button type="button" class="quiet push" onClick={clearAll}>
          {t('verify_doc_clear')}
        </button>
      </div>
      {task.busy && <p role="status">{t('verify_doc_report_busy')}</p>}
      <ErrorAlert error={task.error} />
    </>
  )
}
