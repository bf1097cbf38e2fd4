// ui: what the person sees; speaks the protocol like any other client. This file: whose a certificate is, what for, and for
// how long, as fields.

import type { ExtendedKeyUsage } from '../certificates/index.ts'
import { mostNameLength, type SubjectForm, type SubjectProblem } from './certificateForm.ts'
import { purposeWords } from './certificateWords.ts'
import { TextField } from './Field.tsx'
import { SelectField } from './SelectField.tsx'
import { t } from './words.ts'

export const subjectProblemWords = {
  name: t('certificates_problem_name'),
  email: t('certificates_problem_email'),
  country: t('certificates_problem_country'),
  addresses: t('certificates_problem_addresses'),
} as const satisfies Record<SubjectProblem, string>

export function SubjectFields({
  subject,
  onSubject,
  withEmail = true,
}: {
  readonly subject: SubjectForm
  readonly onSubject: (subject: SubjectForm) => void
  readonly withEmail?: boolean
}) {
  return (
    <>
      <TextField
        label={t('certificates_name')}
        hint={t('certificates_name_hint')}
        value={subject.name}
        maxLength={mostNameLength}
        onValue={(name) => onSubject({ ...subject, name })}
      />
      {withEmail && (
        <TextField
          label={t('certificates_email')}
          value={subject.email}
          maxLength={254}
          onValue={(email) => onSubject({ ...subject, email })}
        />
      )}
      <div class="pair">
        <TextField
          label={t('certificates_organisation')}
          value={subject.organisation}
          maxLength={mostNameLength}
          onValue={(organisation) => onSubject({ ...subject, organisation })}
        />
        <TextField
          label={t('certificates_country')}
          value={subject.country}
          maxLength={2}
          onValue={(country) => onSubject({ ...subject, country })}
        />
      </div>
    </>
  )
}

/** What people's certificates are for; the rest is for machines. */
const purposes = [
  'documentSigning',
  'emailProtection',
] as const satisfies readonly ExtendedKeyUsage[]
export type Purpose = (typeof purposes)[number]

export function PurposeFields({
  chosen,
  onChosen,
}: {
  readonly chosen: readonly Purpose[]
  readonly onChosen: (chosen: readonly Purpose[]) => void
}) {
  return (
    <CheckList
      legend={t('certificates_for')}
      options={purposes.map((purpose) => [purpose, purposeWords[purpose]] as const)}
      chosen={chosen}
      onChosen={onChosen}
    />
  )
}

export function CheckList<Value extends string>({
  legend,
  options,
  chosen,
  onChosen,
}: {
  readonly legend: string
  readonly options: readonly (readonly [value: Value, words: string])[]
  readonly chosen: readonly Value[]
  readonly onChosen: (chosen: readonly Value[]) => void
}) {
  return (
    <fieldset class="checks plain">
      <legend>{legend}</legend>
      {options.map(([value, words]) => (
        <label class="check" key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ currentTarget }) => {
              const others = chosen.filter((one) => one !== value)
              onChosen(currentTarget.checked ? [...others, value] : others)
            }}
          />
          <bdi>{words}</bdi>
        </label>
      ))}
    </fieldset>
  )
}

const years = ['1', '2', '3', '5', '10'] as const
export type Years = (typeof years)[number]

export function YearsField({
  value,
  onValue,
}: {
  readonly value: Years
  readonly onValue: (value: Years) => void
}) {
  return (
    <SelectField
      label={t('certificates_years')}
      value={value}
      options={years.map((one) => [one, t('certificates_years_count', Number(one))] as const)}
      onValue={onValue}
    />
  )
}
