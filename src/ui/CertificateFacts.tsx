// ui: what the person sees; speaks the protocol like any other client. This file: what a certificate says, in words, with
// everything in it on demand.

import { CircleCheck, Clock, TriangleAlert } from 'lucide'
import type { ComponentChildren } from 'preact'
import { type Certificate, isSelfIssued, serialText, weaknessesOf } from '../certificates/index.ts'
import {
  extensionFacts,
  issuerWords,
  kindWords,
  nameWords,
  untilWords,
  type Validity,
  validityOf,
  validityWords,
  weaknessWords,
  wholeName,
} from './certificateWords.ts'
import { Disclosure } from './Disclosure.tsx'
import { Icon } from './Icon.tsx'
import { dateWords, t } from './words.ts'

interface Props {
  readonly certificate: Certificate
  /** Who is above it, as far as is known. */
  readonly above?: readonly Certificate[]
  readonly fingerprint: string
  readonly name: string
  /** Further pairs for the list of facts. */
  readonly more?: ComponentChildren
}

export function CertificateFacts({ certificate, above = [], fingerprint, name, more }: Props) {
  return (
    <>
      <header class="row">
        <h3>
          <bdi>{name}</bdi>
        </h3>
        <ValidityBadge certificate={certificate} />
      </header>
      <dl class="facts">
        <dt>{t('certificates_issued_by')}</dt>
        <dd>
          <bdi>{issuerWords(certificate)}</bdi>
        </dd>
        <dt>{t('certificates_until')}</dt>
        <dd>{untilWords(certificate)}</dd>
        {more}
        <dt>{t('certificates_fingerprint')}</dt>
        <dd class="mono">{fingerprint}</dd>
      </dl>
      <Weaknesses certificate={certificate} />
      <Disclosure summary={t('certificates_details')}>
        <Details certificate={certificate} above={above} />
      </Disclosure>
    </>
  )
}

const looks = {
  valid: { icon: CircleCheck, tone: 'good' },
  soon: { icon: Clock, tone: 'wait' },
  expired: { icon: TriangleAlert, tone: 'bad' },
  'not-yet': { icon: Clock, tone: 'wait' },
} as const satisfies Record<Validity, unknown>

function ValidityBadge({ certificate }: { readonly certificate: Certificate }) {
  const validity = validityOf(certificate, Date.now())
  const { icon, tone } = looks[validity]
  return (
    <span class={`badge ${tone}`}>
      <Icon of={icon} />
      {validityWords[validity]}
    </span>
  )
}

export function Weaknesses({ certificate }: { readonly certificate: Certificate }) {
  const found = weaknessesOf(certificate.key, certificate.signatureAlgorithm)
  if (found.length === 0) return null
  return (
    <ul class="stack tight">
      {found.map((weakness) => (
        <li key={weakness} class="bad-words">
          {weaknessWords[weakness]}
        </li>
      ))}
    </ul>
  )
}

function Details({ certificate, above }: Required<Pick<Props, 'certificate' | 'above'>>) {
  const { subject, issuer, notBefore, notAfter, key, signatureAlgorithm } = certificate
  return (
    <div class="stack">
      <dl class="facts">
        <dt>{t('certificates_subject')}</dt>
        <dd>
          <bdi>{wholeName(subject)}</bdi>
        </dd>
        <dt>{t('certificates_issuer')}</dt>
        <dd>
          <bdi>{wholeName(issuer)}</bdi>
        </dd>
        <dt>{t('certificates_from')}</dt>
        <dd>{dateWords(notBefore / 1000)}</dd>
        <dt>{t('certificates_to')}</dt>
        <dd>{dateWords(notAfter / 1000)}</dd>
        <dt>{t('certificates_kind')}</dt>
        <dd>{kindWords(key)}</dd>
        <dt>{t('certificates_signature')}</dt>
        <dd>{signatureAlgorithm.name}</dd>
        <dt>{t('certificates_serial')}</dt>
        <dd class="mono">{serialText(certificate)}</dd>
        {extensionFacts(certificate).map(({ label, words, critical }) => (
          <>
            <dt>{label}</dt>
            <dd>
              <bdi>{words}</bdi>
              {critical && <span class="hint"> {t('certificates_critical')}</span>}
            </dd>
          </>
        ))}
      </dl>
      {!isSelfIssued(certificate) && <Chain above={above} />}
    </div>
  )
}

function Chain({ above }: Required<Pick<Props, 'above'>>) {
  if (above.length === 0) return <p class="hint">{t('certificates_chain_none')}</p>
  return (
    <div>
      <p class="label">{t('certificates_chain')}</p>
      <ol class="bullets">
        {above.map((one) => (
          <li key={serialText(one)}>
            <bdi>{nameWords(one.subject)}</bdi>, {t('certificates_until_day', [untilWords(one)])}
          </li>
        ))}
      </ol>
    </div>
  )
}
