// ui: what the person sees; speaks the protocol like any other client. This file: whether the record of
// activity is whole, and what to do where it is not.

import { ShieldAlert, ShieldCheck } from 'lucide'
import { useState } from 'preact/hooks'
import type { Output, TrailProblem } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { useTask } from './task.ts'
import { dateWords, t } from './words.ts'

type Verdict = Output<'keyhearth:VerifyTrail'>

const problemWords = {
  'event-edited': t('problem_event_edited'),
  'event-missing': t('problem_event_missing'),
  'event-inserted': t('problem_event_inserted'),
  'event-moved': t('problem_event_moved'),
  'event-forged': t('problem_event_forged'),
  'beginning-cut': t('problem_beginning_cut'),
  'end-cut': t('problem_end_cut'),
  'head-forged': t('problem_head_forged'),
  'digest-edited': t('problem_digest_edited'),
  'digest-missing': t('problem_digest_missing'),
  'digest-signature': t('problem_digest_signature'),
  'set-back': t('problem_set_back'),
  'mirror-edited': t('problem_mirror_edited'),
  'mirror-missing': t('problem_mirror_missing'),
} as const satisfies Record<TrailProblem, string>

export function VerifyTrail() {
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const task = useTask()
  const verify = () =>
    task.run(async () => {
      setVerdict(null)
      setVerdict(await call('keyhearth:VerifyTrail', {}))
    })
  return (
    <section class="card">
      <h2>{t('verify_heading')}</h2>
      <p class="hint">{t('verify_hint')}</p>
      <div class="row">
        <button type="button" disabled={task.busy} aria-busy={task.busy} onClick={verify}>
          <Icon of={ShieldCheck} />
          {task.busy ? t('verify_busy') : t('verify_button')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
      <div role="status">{verdict?.Intact && <Intact of={verdict} />}</div>
      {verdict && !verdict.Intact && <Broken of={verdict} />}
    </section>
  )
}

function Intact({ of: verdict }: { readonly of: Verdict }) {
  const { Events, Digests, Unproven, LastDigestAt, KeyFingerprint } = verdict
  const digests = t('verify_digests', Digests, [String(Digests)])
  return (
    <div class="stack tight">
      <p class="good-words">
        <Icon of={ShieldCheck} />
        <b>{t('verify_intact')}</b>
      </p>
      <p>{t('verify_intact_facts', Events, [String(Events), digests])}</p>
      {LastDigestAt !== null && KeyFingerprint !== null && (
        <p class="hint">
          {t('verify_last_digest', [dateWords(LastDigestAt), KeyFingerprint.slice(0, 16)])}
        </p>
      )}
      {Unproven > 0 && <p class="hint warn">{t('verify_unproven', Unproven)}</p>}
    </div>
  )
}

function Broken({ of: { Problem, FirstBroken } }: { readonly of: Verdict }) {
  return (
    <div role="alert" class="alert">
      <Icon of={ShieldAlert} />
      <div class="stack tight">
        <p>
          <b>{t('verify_broken')}</b> {Problem && problemWords[Problem]}{' '}
          {FirstBroken !== null && t('verify_where', [String(FirstBroken)])}
        </p>
        <p>{t('verify_what_now')}</p>
      </div>
    </div>
  )
}
