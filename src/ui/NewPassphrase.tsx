// ui: what the person sees; speaks the protocol like any other client. This file: choosing a passphrase:
// typed twice and measured while typing. Weakness is a warning in plain sight, the choice the person's.

import { useState } from 'preact/hooks'
import { KeyhearthError } from '../protocol/errors.ts'
import { PassphraseField } from './Field.tsx'
import { StrengthMeter } from './StrengthOf.tsx'
import { useStrength } from './strength.ts'
import { errorWords, t } from './words.ts'

/** The background decides; this only says so sooner. */
const shortestPassphrase = 8
const leastGoodScore = 3

export interface NewPassphrase {
  readonly value: string
  readonly repeat: string
  setValue(value: string): void
  setRepeat(repeat: string): void
  clear(): void
  /** What stands in the way, or `null`. */
  problem(): string | null
}

export function useNewPassphrase(): NewPassphrase {
  const [value, setValue] = useState('')
  const [repeat, setRepeat] = useState('')
  return {
    value,
    repeat,
    setValue,
    setRepeat,
    clear() {
      setValue('')
      setRepeat('')
    },
    problem() {
      if (value === '') return t('create_empty')
      if (value !== repeat) return t('create_differ')
      const short = [...value].length < shortestPassphrase
      return short ? errorWords(new KeyhearthError('passphrase-too-short')) : null
    },
  }
}

export function NewPassphraseFields({
  of: passphrase,
  label,
  repeatLabel,
  autofocus = false,
}: {
  readonly of: NewPassphrase
  readonly label: string
  readonly repeatLabel: string
  readonly autofocus?: boolean
}) {
  return (
    <>
      <PassphraseField
        label={label}
        value={passphrase.value}
        onValue={passphrase.setValue}
        fresh
        autofocus={autofocus}
        hint={<Strength passphrase={passphrase.value} />}
      />
      <PassphraseField
        label={repeatLabel}
        value={passphrase.repeat}
        onValue={passphrase.setRepeat}
        fresh
      />
    </>
  )
}

function Strength({ passphrase }: { readonly passphrase: string }) {
  const score = useStrength(passphrase)
  if (score === null) return <p class="hint">{t('create_hint')}</p>
  return (
    <StrengthMeter label={t('strength_label')} score={score}>
      {score < leastGoodScore && <p class="hint warn">{t('create_weak')}</p>}
    </StrengthMeter>
  )
}
