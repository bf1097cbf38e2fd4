// ui: what the person sees; speaks the protocol like any other client. This file: further files that help to judge:
// certificates, revocation lists, answers, public keys.

import { FilePlus2, X } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { holderOf } from '../certificates/index.ts'
import { FileChooser } from './FileChooser.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { ConfirmTrust } from './TrustSigner.tsx'
import { useTask } from './task.ts'
import { keyFingerprint } from './trustOffer.ts'
import type { Evidence } from './verifyEvidence.ts'
import { dropEvidence, evidence, give } from './verifyState.ts'
import { t } from './words.ts'

export function MoreEvidence({ onTrusted }: { readonly onTrusted: () => void }) {
  const task = useTask()
  const take = (files: readonly { readonly file: File }[]) =>
    task.run(async () => {
      const given = files.map(({ file }) => ({ name: file.name, blob: file }))
      const useless = await give(given, 'evidence')
      if (useless.length > 0) throw t('verify_doc_evidence_none', [useless.join(', ')])
    })
  return (
    <section class="card" aria-labelledby="more-evidence">
      <h2 id="more-evidence">{t('verify_doc_evidence')}</h2>
      <p class="hint">{t('verify_doc_evidence_hint')}</p>
      <div class="row">
        <FileChooser label={t('verify_doc_evidence_choose')} icon={FilePlus2} onFiles={take} />
      </div>
      <ErrorAlert error={task.error} />
      {evidence.value.length > 0 && (
        <ul class="files" aria-label={t('verify_doc_evidence_given')}>
          {evidence.value.map((one) => (
            <EvidenceRow key={one.id} one={one} onTrusted={onTrusted} />
          ))}
        </ul>
      )}
    </section>
  )
}

function wordsOf(one: Evidence): string {
  switch (one.is) {
    case 'certificates': {
      const [first] = one.certificates
      const holder = first ? holderOf(first) : ''
      const more = one.certificates.length - 1
      return more > 0
        ? t('verify_doc_evidence_more', [one.name, holder, String(more)])
        : t('verify_doc_evidence_certificates', [one.name, holder])
    }
    case 'crl':
      return t('verify_doc_evidence_crl', [one.name, one.crl.issuer.text])
    case 'ocsp':
      return t('verify_doc_evidence_ocsp', [one.name])
    case 'key':
      return t('verify_doc_evidence_key', [one.name])
  }
}

function EvidenceRow({
  one,
  onTrusted,
}: {
  readonly one: Evidence
  readonly onTrusted: () => void
}) {
  const [fingerprint, setFingerprint] = useState<string | null>(null)
  useEffect(() => {
    if (one.is === 'key') void keyFingerprint(one.text, one.key.spki).then(setFingerprint)
  }, [one])
  const remove = t('verify_doc_remove', [one.name])
  const leave = () => dropEvidence(one)
  return (
    <li class="stack tight">
      <div class="file-head">
        <span class="file-name">
          <bdi>{wordsOf(one)}</bdi>
        </span>
        <button type="button" class="quiet push" aria-label={remove} title={remove} onClick={leave}>
          <Icon of={X} />
        </button>
      </div>
      {one.is === 'key' && fingerprint !== null && (
        <ConfirmTrust
          offer={{ is: 'key', fingerprint, text: one.text }}
          onNo={leave}
          onTrusted={() => {
            leave()
            onTrusted()
          }}
        />
      )}
    </li>
  )
}
