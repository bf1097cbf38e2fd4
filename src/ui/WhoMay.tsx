// ui: what the person sees; speaks the protocol like any other client. This file: asking whether somebody
// may do something with a key, and why. The answer is that of the very function that decides.

import { Ban, CircleCheck } from 'lucide'
import { useEffect, useId, useState } from 'preact/hooks'
import type { KeyUsageType } from '../protocol/keySpecs.ts'
import type { Output, Site } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { reasonWords } from './accessWords.ts'
import { type ContextRow, ContextRows } from './ContextRows.tsx'
import { call } from './call.ts'
import { readContext } from './contextInput.ts'
import { contextProblemWords } from './contextWords.ts'
import { grantable, readSiteName } from './grantForm.ts'
import { Icon } from './Icon.tsx'
import type { KeySide } from './KeyDetail.tsx'
import { ErrorAlert } from './Notices.tsx'
import { operationWords } from './operationWords.ts'
import { SelectField } from './SelectField.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

type Answer = Output<'keyhearth:ExplainAccess'>
type Operation = Input<'keyhearth:ExplainAccess'>['Operation']

const operationsFor = (usage: KeyUsageType): readonly Operation[] => [
  ...grantable[usage].map((name) => `kms:${name}` as const),
  'kms:CreateGrant',
  'kms:DisableKey',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
]

export function WhoMay({ metadata: { KeyId, KeyUsage, KeySpec } }: KeySide) {
  const operations = operationsFor(KeyUsage)
  const [site, setSite] = useState('')
  const [operation, setOperation] = useState<Operation>(operations[0] ?? 'kms:DescribeKey')
  const [rows, setRows] = useState<readonly ContextRow[]>([])
  const [answer, setAnswer] = useState<Answer | null>(null)
  const task = useTask()
  useEffect(() => setAnswer(null), [site, operation, rows])
  const ask = () => {
    const origin = site.trim() === '' ? undefined : readSiteName(site)
    if (origin === null) return task.fail(t('grant_origin_wrong'))
    const read = readContext(rows)
    if ('problem' in read) return task.fail(contextProblemWords(read.problem, read.key))
    task.run(async () => {
      const about = { KeyId, Operation: operation, EncryptionContext: read.context }
      const who = origin === undefined ? {} : { Origin: origin }
      setAnswer(await call('keyhearth:ExplainAccess', { ...about, ...who }))
    })
  }
  return (
    <form class="card" autocomplete="off" onSubmit={onSubmit(ask)}>
      <h2>{t('who_may_heading')}</h2>
      <p class="hint">{t('who_may_hint')}</p>
      <div class="pair">
        <Who value={site} onValue={setSite} />
        <SelectField
          label={t('who_may_operation')}
          value={operation}
          options={operations.map((name) => [name, operationWords(name)])}
          onValue={setOperation}
        />
      </div>
      {KeySpec === 'SYMMETRIC_DEFAULT' && <ContextRows rows={rows} onRows={setRows} />}
      <div class="row">
        <button type="submit" disabled={task.busy}>
          {t('who_may_ask')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
      <div role="status">{answer && <Verdict answer={answer} />}</div>
    </form>
  )
}

function Verdict({ answer: { Allowed, Reason } }: { readonly answer: Answer }) {
  return (
    <p class={Allowed ? 'good-words' : 'bad-words'}>
      <Icon of={Allowed ? CircleCheck : Ban} />
      <span>
        <b>{Allowed ? t('who_may_yes') : t('who_may_no')}</b> {reasonWords(Reason)}
      </span>
    </p>
  )
}

function Who({
  value,
  onValue,
}: {
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  const id = useId()
  const [sites, setSites] = useState<readonly Site[]>([])
  useEffect(() => {
    // Without the list one can still type a site.
    void call('keyhearth:ListSites', {}).then(
      (list) => setSites(list.Sites),
      () => {},
    )
  }, [])
  return (
    <div class="field">
      <label for={id}>{t('who_may_who')}</label>
      <input
        type="text"
        id={id}
        list={`${id}-sites`}
        autocomplete="off"
        spellcheck={false}
        placeholder={t('who_you')}
        maxLength={2048}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <datalist id={`${id}-sites`}>
        {sites.map(({ Origin }) => (
          <option key={Origin} value={Origin} />
        ))}
      </datalist>
    </div>
  )
}
