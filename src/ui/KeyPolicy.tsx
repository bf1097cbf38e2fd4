// ui: what the person sees; speaks the protocol like any other client. This file: a key's policy, as a form
// or as JSON; one of the two is edited, the other follows.

import { useState } from 'preact/hooks'
import { call } from './call.ts'
import { useDraft } from './draft.ts'
import { AreaField } from './Field.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { PolicyStatements } from './PolicyStatements.tsx'
import {
  defaultPolicy,
  type FormStatement,
  jsonProblem,
  readPolicy,
  writePolicy,
} from './policyForm.ts'
import { useShown } from './shown.ts'
import { useTask } from './task.ts'
import { WhoMay } from './WhoMay.tsx'
import { t } from './words.ts'

type View = 'form' | 'json'

export function KeyPolicy(side: KeySide) {
  const { KeyId, AWSAccountId } = side.metadata
  const [saved, setSaved] = useState<string | null>(null)
  const draft = useDraft<string | null>(`policy ${KeyId}`, null, readDraft)
  const task = useTask()
  const text = draft.value.value ?? saved ?? ''
  const setText = (next: string) => (next === saved ? draft.clear() : draft.set(next))
  const shown = useShown(async () => {
    const { Policy } = await call('kms:GetKeyPolicy', { KeyId })
    setSaved(JSON.stringify(JSON.parse(Policy), null, 2))
  }, [KeyId])
  const put = async (policy: string) => {
    await call('kms:PutKeyPolicy', { KeyId, Policy: policy })
    await shown.again()
  }
  const save = () => {
    const problem = jsonProblem(text)
    if (problem) return task.fail(t('policy_not_json', [String(problem.line)]))
    const before = saved ?? ''
    task.run(async () => {
      await put(text)
      draft.clear()
      say(t('policy_saved'), () => put(before))
    })
  }
  if (saved === null) return <ErrorAlert error={shown.error} />
  return (
    <div class="stack">
      <section class="card">
        <h2>{t('policy_heading')}</h2>
        <p class="hint">{t('policy_hint')}</p>
        <Editor side={side} text={text} onText={setText} />
        <ErrorAlert error={task.error ?? shown.error} />
        <div class="row">
          <button
            type="button"
            class="primary"
            disabled={task.busy || text === saved}
            onClick={save}
          >
            {t('policy_save')}
          </button>
          {text !== saved && (
            <button type="button" onClick={draft.clear}>
              {t('policy_discard')}
            </button>
          )}
          <button
            type="button"
            class="quiet push"
            disabled={task.busy || text === defaultPolicy(AWSAccountId)}
            onClick={() => setText(defaultPolicy(AWSAccountId))}
          >
            {t('policy_reset')}
          </button>
        </div>
      </section>
      <WhoMay {...side} />
    </div>
  )
}

const readDraft = (kept: unknown): string | null => (typeof kept === 'string' ? kept : null)

function statementsOf(text: string, account: string): readonly FormStatement[] | null {
  return jsonProblem(text) ? null : readPolicy(text, account)
}

function Editor({
  side,
  text,
  onText,
}: {
  readonly side: KeySide
  readonly text: string
  readonly onText: (text: string) => void
}) {
  const { AWSAccountId: account } = side.metadata
  const statements = statementsOf(text, account)
  const [view, setView] = useState<View>(statements ? 'form' : 'json')
  const shown = statements ? view : 'json'
  return (
    <>
      <fieldset class="segments">
        <legend class="unseen">{t('policy_view')}</legend>
        {(['form', 'json'] as const).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="policy-view"
              checked={shown === one}
              disabled={one === 'form' && !statements}
              onChange={() => setView(one)}
            />
            <span>{one === 'form' ? t('policy_form') : t('policy_json')}</span>
          </label>
        ))}
      </fieldset>
      {!statements && <p class="hint">{t('policy_form_unfit')}</p>}
      {shown === 'form' && statements ? (
        <PolicyStatements
          side={side}
          statements={statements}
          onStatements={(next) => onText(writePolicy(next, account))}
        />
      ) : (
        <AreaField label={t('policy_json_label')} value={text} onValue={onText} rows={18} />
      )}
    </>
  )
}
