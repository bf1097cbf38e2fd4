// ui: what the person sees; speaks the protocol like any other client. This file: one more way to open the vault:
// which kind, what it is for and what it costs, and what of it is shown once.

import { useState } from 'preact/hooks'
import type { KeySlot, Output } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { call } from './call.ts'
import { NumberField, TextField } from './Field.tsx'
import { FormEnd } from './FormEnd.tsx'
import { type NewPassphrase, NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { NewShares, NewWords } from './NewSheets.tsx'
import { say } from './Notices.tsx'
import { ProofField, useProving } from './Proof.tsx'
import { makePasskey } from './passkeys.ts'
import { SelectField } from './SelectField.tsx'
import { onSubmit, useTask } from './task.ts'
import { t } from './words.ts'

type Kind = KeySlot['Kind']
type Slot = Input<'keyhearth:AddKeySlot'>['Slot']
type Added = Output<'keyhearth:AddKeySlot'>

const kinds: readonly (readonly [Kind, string])[] = [
  ['passkey', t('slot_add_passkey')],
  ['passphrase', t('slot_add_passphrase')],
  ['recovery', t('slot_add_recovery')],
  ['shares', t('slot_add_shares')],
  ['backup', t('slot_add_backup')],
  ['device', t('slot_add_device')],
]

const hints: Readonly<Record<Kind, string>> = {
  passkey: t('slot_hint_passkey'),
  passphrase: t('slot_hint_passphrase'),
  recovery: t('slot_hint_recovery'),
  shares: t('slot_hint_shares'),
  backup: t('slot_hint_backup'),
  device: t('slot_hint_device'),
}

export const shareBounds = { least: 2, most: 16 } as const

interface Split {
  readonly threshold: number
  readonly shares: number
}

export function AddKeySlot({
  slots,
  onChanged,
  onDone,
}: {
  readonly slots: readonly KeySlot[]
  readonly onChanged: () => Promise<void>
  readonly onDone: () => void
}) {
  const [kind, setKind] = useState<Kind>('passkey')
  const [name, setName] = useState('')
  const [split, setSplit] = useState<Split>({ threshold: 3, shares: 5 })
  const [added, setAdded] = useState<Added | null>(null)
  const fresh = useNewPassphrase()
  const proving = useProving()
  const task = useTask()
  const offered = kinds.filter(
    ([one]) => !onceOnly.includes(one) || slots.every(({ Kind }) => Kind !== one),
  )
  const add = () =>
    task.run(async () => {
      const problem = proving.problem() ?? problemOf(kind, fresh, split)
      if (problem) return task.fail(problem)
      const named = name.trim()
      const Slot = await slotOf(kind, named || t('slot_passkey_user'), fresh, split)
      if (!Slot) return
      const Proof = await proving.prove()
      const made = await call('keyhearth:AddKeySlot', { Proof, Name: named, Slot })
      proving.clear()
      fresh.clear()
      await onChanged()
      if (made.RecoveryKey || made.Shares) return setAdded(made)
      onDone()
      say(t('slot_added'))
    })
  if (added?.Shares) {
    const [needed, all] = [String(split.threshold), String(added.Shares.length)] as const
    return (
      <NewShares
        shares={added.Shares}
        set={added.SetId ?? ''}
        lead={t('share_lead', [needed, all])}
        note={t('share_note', [needed, all])}
        onDone={onDone}
      />
    )
  }
  if (added?.RecoveryKey) return <NewWords words={added.RecoveryKey} onDone={onDone} />
  return (
    <form class="inset stack" autocomplete="off" onSubmit={onSubmit(add)}>
      <h3>{t('slot_add')}</h3>
      <SelectField label={t('slot_kind')} value={kind} options={offered} onValue={setKind} />
      <p class={kind === 'device' ? 'hint warn' : 'hint'}>{hints[kind]}</p>
      <TextField label={t('slot_name')} value={name} onValue={setName} maxLength={100} />
      {isTyped(kind) && (
        <NewPassphraseFields
          of={fresh}
          label={t('slot_new_passphrase')}
          repeatLabel={t('slot_repeat_passphrase')}
        />
      )}
      {kind === 'shares' && <SplitFields split={split} onSplit={setSplit} />}
      <ProofField of={proving} label={t('slot_proof')} />
      <FormEnd task={task} words={t('slot_add_button')} onCancel={onDone} />
    </form>
  )
}

function SplitFields({
  split,
  onSplit,
}: {
  readonly split: Split
  readonly onSplit: (split: Split) => void
}) {
  return (
    <div class="pair">
      <NumberField
        label={t('slot_shares_count')}
        value={split.shares}
        onValue={(shares) => onSplit({ ...split, shares })}
        {...shareBounds}
      />
      <NumberField
        label={t('slot_shares_threshold')}
        value={split.threshold}
        onValue={(threshold) => onSplit({ ...split, threshold })}
        {...shareBounds}
      />
    </div>
  )
}

const isTyped = (kind: Kind): boolean => kind === 'passphrase' || kind === 'backup'

/** Of these there is one at most. */
const onceOnly: readonly Kind[] = ['device', 'backup']

function problemOf(kind: Kind, fresh: NewPassphrase, split: Split): string | null {
  if (isTyped(kind)) return fresh.problem()
  if (kind === 'shares' && split.threshold > split.shares) return t('slot_shares_problem')
  return null
}

/** `null` where the person turned away from the authenticator. */
async function slotOf(
  Kind: Kind,
  name: string,
  fresh: NewPassphrase,
  { threshold, shares }: Split,
): Promise<Slot | null> {
  switch (Kind) {
    case 'passkey':
      return makePasskey(name)
    case 'passphrase':
    case 'backup':
      return { Kind, Passphrase: fresh.value }
    case 'shares':
      return { Kind, Threshold: threshold, Shares: shares }
    case 'recovery':
    case 'device':
      return { Kind }
  }
}
