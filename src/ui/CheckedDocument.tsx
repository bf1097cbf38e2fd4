// ui: what the person sees; speaks the protocol like any other client. This file: one document that is checked, with its
// signatures.

import { RotateCw, X } from 'lucide'
import { useId } from 'preact/hooks'
import { fileErrorWords, sizeWords } from './fileWords.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { SignatureCard } from './SignatureCard.tsx'
import { SignedContent } from './SignedContent.tsx'
import { offerOf } from './trustOffer.ts'
import { signedName, type ToCheck } from './verifyParts.ts'
import {
  cancelCheck,
  checkAgain,
  evidence,
  type Outcome,
  outcomeOf,
  takeAway,
} from './verifyState.ts'
import { documentProblemWords, formWords } from './verifyWords.ts'
import type { Known } from './verifyWork.ts'
import { t } from './words.ts'

interface Shown {
  readonly document: ToCheck
  readonly known: Known
  readonly onTrusted: () => void
}

export function CheckedDocument(shown: Shown) {
  const { document } = shown
  const { file, signature } = document
  const id = useId()
  const part = file ?? signature
  if (!part) return null
  const remove = t('verify_doc_remove', [(signature ?? part).name])
  return (
    <article class="card" aria-labelledby={id}>
      <div class="file-head">
        <h2 class="file-name" id={id}>
          <bdi>{part.name}</bdi>
        </h2>
        <span class="hint">{sizeWords(part.blob.size)}</span>
        <button
          type="button"
          class="quiet push"
          aria-label={remove}
          title={remove}
          onClick={() => takeAway(document)}
        >
          <Icon of={X} />
        </button>
      </div>
      <p class="hint">
        {formWords[(signature ?? part).kind]}
        {signature && file && <> · {t('verify_doc_signature_file', [signature.name])}</>}
      </p>
      {file ? <Answer {...shown} outcome={outcomeOf(document)} /> : <WantsFile name={part.name} />}
    </article>
  )
}

const WantsFile = ({ name }: { readonly name: string }) => (
  <p class="wait-words" role="status">
    {signedName(name) === name
      ? t('verify_doc_wants_file')
      : t('verify_doc_wants_file_named', [signedName(name)])}
  </p>
)

function Answer({ outcome, ...shown }: Shown & { readonly outcome: Outcome }) {
  const { document } = shown
  switch (outcome.is) {
    case 'waiting':
      return <p class="hint">{t('verify_doc_waiting')}</p>
    case 'checking':
      return <Checking document={document} bytes={outcome.bytes} />
    case 'cancelled':
      return (
        <div class="row">
          <p>{t('verify_doc_cancelled')}</p>
          <Again document={document} />
        </div>
      )
    case 'failed':
      return (
        <>
          <ErrorAlert error={fileErrorWords(outcome.error)} />
          <div class="row">
            <Again document={document} />
          </div>
        </>
      )
    case 'done':
      return <Done {...shown} report={outcome.report} />
  }
}

const Again = ({ document }: { readonly document: ToCheck }) => (
  <button type="button" onClick={() => checkAgain(document)}>
    <Icon of={RotateCw} />
    {t('verify_doc_again')}
  </button>
)

function Checking({ document, bytes }: { readonly document: ToCheck; readonly bytes: number }) {
  const size = document.file?.blob.size ?? 0
  return (
    <div class="stack tight" role="status">
      <p>{t('verify_doc_checking')}</p>
      {bytes > 0 && (
        <>
          <progress max={size} value={bytes} aria-label={t('verify_doc_checking')} />
          <p class="hint">{t('verify_doc_checking_of', [sizeWords(bytes), sizeWords(size)])}</p>
          <div class="row">
            <button type="button" onClick={() => cancelCheck(document)}>
              {t('verify_doc_cancel')}
            </button>
          </div>
        </>
      )}
    </div>
  )
}

type Report = Extract<Outcome, { is: 'done' }>['report']

function Done({ document, known, onTrusted, report }: Shown & { readonly report: Report }) {
  const { signatures, problem, content } = report
  const part = document.signature ?? document.file
  if (!part) return null
  const given = evidence.value.flatMap((one) => (one.is === 'certificates' ? one.certificates : []))
  const others = [...given, ...known.others]
  const isSeveral = signatures.length > 1
  return (
    <div class="stack">
      {problem && <ErrorAlert error={documentProblemWords[problem]} />}
      {signatures.map((one, at) => (
        <SignatureCard
          key={at}
          report={one}
          place={
            isSeveral
              ? t('verify_doc_signature_n', [String(at + 1), String(signatures.length)])
              : null
          }
          known={known}
          findTrust={() => offerOf({ report: one, at, part, others })}
          onTrusted={onTrusted}
        />
      ))}
      {content && (
        <SignedContent
          content={content}
          name={part.name}
          warning={report.verdict === 'valid' ? null : t('verify_doc_content_unproven')}
        />
      )}
    </div>
  )
}
