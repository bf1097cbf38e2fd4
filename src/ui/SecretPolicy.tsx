// ui: what the person sees; speaks the protocol like any other client. This file: a secret's own policy, as JSON: which
// sites may do what with it.

import { useState } from 'preact/hooks'
import { call } from './call.ts'
import { useDraft } from './draft.ts'
import { AreaField } from './Field.tsx'
import { focusAgain } from './focus.ts'
import { ErrorAlert, say } from './Notices.tsx'
import { jsonProblem } from './policyForm.ts'
import { useShown } from './shown.ts'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

/** A start for somebody who writes one: the placeholder is no site of anybody's (RFC 2606). */
const example = (arn: string): string =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'https://app.example' },
          Action: 'secretsmanager:GetSecretValue',
          Resource: arn,
        },
      ],
    },
    null,
    2,
  )

const readDraft = (kept: unknown): string | null => (typeof kept === 'string' ? kept : null)

export function SecretPolicy({ secretId: SecretId }: { readonly secretId: string }) {
  /** `null` until it has been read; empty: there is none. */
  const [saved, setSaved] = useState<string | null>(null)
  const draft = useDraft<string | null>(`secret policy ${SecretId}`, null, readDraft)
  const task = useTask()
  const shown = useShown(async () => {
    const { ResourcePolicy = '' } = await call('secretsmanager:GetResourcePolicy', { SecretId })
    setSaved(ResourcePolicy === '' ? '' : JSON.stringify(JSON.parse(ResourcePolicy), null, 2))
  }, [SecretId])
  if (saved === null) return <ErrorAlert error={shown.error} />
  const text = draft.value.value ?? saved
  const setText = (next: string) => (next === saved ? draft.clear() : draft.set(next))
  const put = async (policy: string) => {
    if (policy.trim() === '') await call('secretsmanager:DeleteResourcePolicy', { SecretId })
    else await call('secretsmanager:PutResourcePolicy', { SecretId, ResourcePolicy: policy })
    await shown.again()
  }
  const save = (policy: string) => {
    const problem = policy.trim() === '' ? null : jsonProblem(policy)
    if (problem) return task.fail(t('policy_not_json', [String(problem.line)]))
    task.run(async () => {
      await put(policy)
      draft.clear()
      focusAgain('secret-pane')
      const words = policy.trim() === '' ? t('secret_policy_removed') : t('policy_saved')
      say(words, () => put(saved))
    })
  }
  return (
    <form class="stack" autocomplete="off" onSubmit={onSubmit(() => save(text))}>
      <p class="hint">{saved === '' ? t('secret_policy_none') : t('secret_policy_hint')}</p>
      <AreaField label={t('policy_json_label')} value={text} onValue={setText} rows={14} />
      <div class="row">
        <button type="submit" disabled={task.busy || text === saved}>
          {t('policy_save')}
        </button>
        {text === '' && (
          <button type="button" class="quiet" onClick={() => setText(example(SecretId))}>
            {t('secret_policy_example')}
          </button>
        )}
        {text !== saved && (
          <button type="button" class="quiet" onClick={draft.clear}>
            {t('policy_discard')}
          </button>
        )}
        {saved !== '' && (
          <button type="button" class="quiet push" disabled={task.busy} onClick={() => save('')}>
            {t('secret_policy_remove')}
          </button>
        )}
      </div>
      <ErrorAlert error={task.error ?? shown.error} />
    </form>
  )
}
