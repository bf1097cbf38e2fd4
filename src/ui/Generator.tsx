// ui: what the person sees; speaks the protocol like any other client. This file: passwords and passphrases, made at
// random.

import { Copy, RefreshCw } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Disclosure } from './Disclosure.tsx'
import { type Draft, useDraft } from './draft.ts'
import { NumberField, TextField } from './Field.tsx'
import { GeneratedBefore } from './GeneratedBefore.tsx'
import {
  type GeneratorChoice,
  type GeneratorState,
  generate,
  type Made,
  noneGenerated,
  readGenerated,
  withGenerated,
} from './generated.ts'
import { Icon } from './Icon.tsx'
import { copyAndSay } from './itemWork.ts'
import { ErrorAlert } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

/** What nobody guesses by trying, however much they spend (NIST SP 800-131A: 112 bits). */
const strongBits = 112

export interface GeneratorProps {
  /** For a form's field; absent where there is none. */
  readonly onUse?: (text: string) => void
  /** What else can be done with what was made. */
  readonly after?: (text: string) => ComponentChildren
}

export function Generator({ onUse, after }: GeneratorProps) {
  const draft = useDraft<GeneratorState>('generated', noneGenerated, readGenerated)
  const { choice } = draft.value.value
  const [made, again] = useMade(choice, draft.ready.value)
  const task = useTask()
  const keep = (text: string) => draft.set(withGenerated(draft.value.value, text, Date.now()))
  const take = (text: string) =>
    task.run(async () => {
      keep(text)
      await copyAndSay(text)
    })
  return (
    <div class="stack tight">
      {made === null && <p class="hint warn">{t('generator_impossible')}</p>}
      {made && <Outcome made={made} />}
      <div class="row">
        {onUse && made && (
          <button
            type="button"
            class="primary"
            onClick={() => {
              keep(made.text)
              onUse(made.text)
            }}
          >
            {t('generator_use')}
          </button>
        )}
        {made && (
          <button type="button" onClick={() => take(made.text)}>
            <Icon of={Copy} />
            {t('copy')}
          </button>
        )}
        <button type="button" class="quiet" onClick={again}>
          <Icon of={RefreshCw} />
          {t('generator_again')}
        </button>
        {made && after?.(made.text)}
      </div>
      <ErrorAlert error={task.error} />
      <Choices draft={draft} />
      <Disclosure summary={t('generator_history')}>
        <GeneratedBefore draft={draft} onUse={onUse} />
      </Disclosure>
    </div>
  )
}

/** Anew with each choice. `undefined`: not made yet; `null`: nothing can be made. */
function useMade(
  choice: GeneratorChoice,
  ready: boolean,
): readonly [Made | null | undefined, () => void] {
  const [made, setMade] = useState<Made | null>()
  const [turn, setTurn] = useState(0)
  const chosen = JSON.stringify(choice)
  useEffect(() => {
    if (!ready) return
    let stale = false
    void generate(choice).then((next) => stale || setMade(next))
    return () => {
      stale = true
    }
  }, [chosen, turn, ready])
  return [made, () => setTurn(turn + 1)]
}

function Outcome({ made: { text, bits } }: { readonly made: Made }) {
  const words = t('generator_strength', [String(Math.floor(bits))])
  return (
    <div class="strength">
      <output class="mono generated" aria-live="off" aria-label={t('generator_made')}>
        {text}
      </output>
      <meter
        aria-label={t('generator_strength_label')}
        min={0}
        max={strongBits}
        low={50}
        high={75}
        optimum={strongBits}
        value={Math.min(bits, strongBits)}
      />
      <p class="hint">{words}</p>
    </div>
  )
}

type ChoiceProps = { readonly draft: Draft<GeneratorState> }

function Choices({ draft }: ChoiceProps) {
  const { choice, history } = draft.value.value
  const set = (part: Partial<GeneratorChoice>) =>
    draft.set({ history, choice: { ...choice, ...part } })
  return (
    <>
      <SelectField
        label={t('generator_kind')}
        value={choice.kind}
        options={[
          ['password', t('generator_password')],
          ['passphrase', t('generator_passphrase')],
        ]}
        onValue={(kind) => set({ kind })}
      />
      {choice.kind === 'password' ? (
        <>
          <NumberField
            label={t('generator_length')}
            value={choice.length}
            onValue={(length) => set({ length })}
            least={4}
            most={128}
          />
          <div class="checks">
            <Check of="uppercase" label={t('generator_uppercase')} draft={draft} />
            <Check of="lowercase" label={t('generator_lowercase')} draft={draft} />
            <Check of="numbers" label={t('generator_numbers')} draft={draft} />
            <Check of="punctuation" label={t('generator_punctuation')} draft={draft} />
          </div>
          <Check of="alike" label={t('generator_alike')} draft={draft} />
        </>
      ) : (
        <>
          <NumberField
            label={t('generator_words')}
            value={choice.words}
            onValue={(words) => set({ words })}
            least={3}
            most={20}
          />
          <TextField
            label={t('generator_separator')}
            value={choice.separator}
            onValue={(separator) => set({ separator })}
            maxLength={8}
          />
          <div class="checks">
            <Check of="capitals" label={t('generator_capitals')} draft={draft} />
            <Check of="digit" label={t('generator_digit')} draft={draft} />
          </div>
        </>
      )}
    </>
  )
}

function Check({
  of: name,
  label,
  draft,
}: ChoiceProps & {
  readonly of: {
    [Name in keyof GeneratorChoice]: GeneratorChoice[Name] extends boolean ? Name : never
  }[keyof GeneratorChoice]
  readonly label: string
}) {
  const { choice, history } = draft.value.value
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={choice[name]}
        onChange={({ currentTarget }) =>
          draft.set({ history, choice: { ...choice, [name]: currentTarget.checked } })
        }
      />
      {label}
    </label>
  )
}
