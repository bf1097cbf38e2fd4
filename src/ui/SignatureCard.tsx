// ui: what the person sees; speaks the protocol like any other client. This file: what one signature is worth: first in a
// few words, then what they rest on, then all of it on demand.

import {
  CircleHelp,
  FileWarning,
  History,
  ShieldAlert,
  ShieldCheck,
  ShieldQuestion,
  ShieldX,
} from 'lucide'
import { Fragment } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { SignatureReport } from '../documents/index.ts'
import { AskRevocation } from './AskRevocation.tsx'
import { Disclosure } from './Disclosure.tsx'
import { Icon } from './Icon.tsx'
import { TrustSigner } from './TrustSigner.tsx'
import type { TrustOffer } from './trustOffer.ts'
import {
  changeWords,
  detailsOf,
  type Fact,
  type FactGroup,
  factsOf,
  revisionWords,
  whoOf,
  whyOf,
} from './verifyFacts.ts'
import { type Headline, headlineOf } from './verifyHeadline.ts'
import { changeKindWords, headlineHints, headlineWords, notCheckedWords } from './verifyWords.ts'
import { type Known, oursOf } from './verifyWork.ts'
import { t } from './words.ts'

const looks = {
  trusted: { icon: ShieldCheck, look: 'good-words' },
  partly: { icon: ShieldQuestion, look: 'wait-words' },
  'unknown-signer': { icon: ShieldQuestion, look: 'wait-words' },
  'not-checked': { icon: CircleHelp, look: 'wait-words' },
  'not-trusted': { icon: ShieldAlert, look: 'bad-words' },
  'too-weak': { icon: ShieldAlert, look: 'bad-words' },
  'changed-later': { icon: History, look: 'bad-words' },
  altered: { icon: ShieldX, look: 'bad-words' },
  unsound: { icon: FileWarning, look: 'bad-words' },
} as const satisfies Record<Headline, object>

export function SignatureCard({
  report,
  place,
  known,
  findTrust,
  onTrusted,
}: {
  readonly report: SignatureReport
  /** Which of how many, where they are several. */
  readonly place: string | null
  readonly known: Known
  readonly findTrust: () => Promise<TrustOffer>
  readonly onTrusted: () => void
}) {
  const ours = oursOf(known, report.certificate)
  const withdrawnAt = ours?.RevokedAt ?? null
  const headline = headlineOf(report, withdrawnAt !== null)
  const { icon, look } = looks[headline]
  const open = report.notChecked.map((one) => notCheckedWords[one])
  return (
    <div class="card">
      <div class={look}>
        <Icon of={icon} />
        <div class="stack tight">
          <h3>{headlineWords[headline]}</h3>
          <p>{headlineHints[headline]}</p>
        </div>
      </div>
      <p>
        {place && <span class="hint">{place} · </span>}
        <strong>
          <bdi>{whoOf(report)}</bdi>
        </strong>
      </p>
      <Points heading={t('verify_doc_open')} points={open} />
      {report.notChecked.includes('revocation') && <AskRevocation report={report} />}
      {headline !== 'trusted' && (
        <Points heading={t('verify_doc_why')} points={whyOf(report, withdrawnAt)} />
      )}
      <Facts facts={factsOf(report, ours)} />
      {report.pdf && <Changes pdf={report.pdf} />}
      {headline === 'unknown-signer' && <TrustSigner find={findTrust} onTrusted={onTrusted} />}
      <Disclosure summary={t('verify_doc_details')}>
        <Details report={report} />
      </Disclosure>
    </div>
  )
}

function Points({
  heading,
  points,
}: {
  readonly heading: string
  readonly points: readonly string[]
}) {
  if (points.length === 0) return null
  return (
    <div>
      <h4>{heading}</h4>
      <ul class="bullets">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  )
}

const Facts = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl class="facts">
    {facts.map(({ label, value }) => (
      <Fragment key={`${label} ${value}`}>
        <dt>{label}</dt>
        <dd>
          <bdi>{value}</bdi>
        </dd>
      </Fragment>
    ))}
  </dl>
)

function Changes({ pdf: { changes } }: { readonly pdf: NonNullable<SignatureReport['pdf']> }) {
  if (changes.revisions.length === 0) return null
  return (
    <div class="stack tight">
      <h4>{t('verify_doc_changes')}</h4>
      <p>{changeKindWords[changes.kind]}</p>
      <ul class="bullets">
        {changes.revisions.map((revision) => (
          <li key={revision.revision}>
            {revisionWords(revision)}
            <ul class="bullets">
              {[...new Set(revision.changes.map(changeWords))].map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Details({ report }: { readonly report: SignatureReport }) {
  const [groups, setGroups] = useState<readonly FactGroup[]>([])
  useEffect(() => void detailsOf(report).then(setGroups), [report])
  return (
    <div class="stack">
      {groups.map(({ heading, facts }, at) => (
        <div class="stack tight" key={at}>
          {heading && <h4>{heading}</h4>}
          <Facts facts={facts} />
        </div>
      ))}
    </div>
  )
}
