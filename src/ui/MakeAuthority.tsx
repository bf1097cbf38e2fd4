// ui: what the person sees; speaks the protocol like any other client. This file: a small authority of one's own, for a
// family or a team: a key, and a certificate that may issue others.

import { useState } from 'preact/hooks'
import { hashOf } from './address.ts'
import { makeAuthority } from './authorities.ts'
import { blankSubject, type SubjectForm, subjectProblem } from './certificateForm.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { goTo } from './route.ts'
import { SubjectFields, subjectProblemWords, type Years, YearsField } from './SubjectFields.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

async function make(subject: SubjectForm, years: number): Promise<void> {
  await makeAuthority(subject, years)
  say(t('certificates_authority_made', [subject.name.trim()]))
  goTo('documents', 'certificates')
}

export function MakeAuthority() {
  const [subject, setSubject] = useState(blankSubject)
  const [years, setYears] = useState<Years>('10')
  const task = useTask()
  const submit = () => {
    const problem = subjectProblem(subject)
    if (problem) return task.fail(subjectProblemWords[problem])
    task.run(() => make(subject, Number(years)))
  }
  return (
    <section class="stack roomy" aria-labelledby="make-authority">
      <h2 id="make-authority">{t('certificates_make_authority')}</h2>
      <p class="lead">{t('certificates_authority_lead')}</p>
      <form class="stack roomy" autocomplete="off" onSubmit={onSubmit(submit)}>
        <SubjectFields
          subject={subject}
          onSubject={(next) => {
            setSubject(next)
            task.fail(null)
          }}
          withEmail={false}
        />
        <div class="narrow">
          <YearsField value={years} onValue={setYears} />
        </div>
        <ErrorAlert error={task.error} />
        <div class="row">
          <button type="submit" class="primary" disabled={task.busy} aria-busy={task.busy}>
            {t('certificates_make_authority')}
          </button>
          <a class="button" href={hashOf(['documents', 'certificates'])}>
            {t('cancel')}
          </a>
        </div>
      </form>
    </section>
  )
}
