// ui: what the person sees; speaks the protocol like any other client. This file: the fields that the kind of an item
// has, to be written in.

import { type Item, itemFields } from '../items/item.ts'
import { Disclosure } from './Disclosure.tsx'
import { AreaField, TextField } from './Field.tsx'
import { Generator } from './Generator.tsx'
import { HiddenField } from './HiddenField.tsx'
import { longestText } from './itemForm.ts'
import { fieldWords } from './itemWords.ts'
import { StrengthOf } from './StrengthOf.tsx'
import { TotpField } from './TotpField.tsx'
import { t } from './words.ts'

/** Those of several lines. */
const long: ReadonlySet<string> = new Set(['value', 'privateKey', 'publicKey'])

export function KindFields({
  item,
  onField,
}: {
  readonly item: Item
  readonly onField: (name: string, value: string) => void
}) {
  return (
    <>
      {itemFields[item.kind].map(({ name, hidden }) => (
        <KindField
          key={name}
          name={name}
          hidden={hidden}
          value={item.fields[name] ?? ''}
          onValue={(value) => onField(name, value)}
        />
      ))}
    </>
  )
}

function KindField({
  name,
  hidden,
  value,
  onValue,
}: {
  readonly name: string
  readonly hidden: boolean
  readonly value: string
  readonly onValue: (value: string) => void
}) {
  const label = fieldWords(name)
  const parts = { label, value, onValue, maxLength: longestText }
  if (name === 'totp') return <TotpField value={value} onValue={onValue} />
  if (name === 'password') return <PasswordField {...parts} />
  if (long.has(name)) return <AreaField {...parts} rows={3} secret={hidden} />
  return hidden ? <HiddenField {...parts} /> : <TextField {...parts} />
}

function PasswordField(parts: {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
  readonly maxLength: number
}) {
  return (
    <div class="stack tight">
      <HiddenField {...parts} hint={<StrengthOf password={parts.value} />} />
      <Disclosure summary={t('generator')}>
        <div class="card">
          <Generator onUse={parts.onValue} />
        </div>
      </Disclosure>
    </div>
  )
}
