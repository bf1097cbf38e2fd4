// ui: what the person sees; speaks the protocol like any other client. This file: the ways to open the vault: which
// there are, one more, another name, one less.

import {
  Archive,
  Fingerprint,
  KeyRound,
  LockOpen,
  Pencil,
  Plus,
  ScrollText,
  Trash2,
  Users,
} from 'lucide'
import { useState } from 'preact/hooks'
import type { KeySlot } from '../protocol/outputs.ts'
import { AddKeySlot } from './AddKeySlot.tsx'
import { call } from './call.ts'
import { TextField } from './Field.tsx'
import { FormEnd } from './FormEnd.tsx'
import { focusAgain } from './focus.ts'
import { Icon } from './Icon.tsx'
import { say } from './Notices.tsx'
import { ProofField, useProving } from './Proof.tsx'
import { useShown } from './shown.ts'
import { refresh } from './status.ts'
import { onSubmit, useTask } from './task.ts'
import { dayWords, t } from './words.ts'

const icons = {
  passphrase: KeyRound,
  passkey: Fingerprint,
  device: LockOpen,
  recovery: ScrollText,
  shares: Users,
  backup: Archive,
} as const

export const kindWords: Readonly<Record<KeySlot['Kind'], string>> = {
  passphrase: t('slot_passphrase'),
  passkey: t('slot_passkey'),
  device: t('slot_device'),
  recovery: t('slot_recovery'),
  shares: t('slot_shares'),
  backup: t('slot_backup'),
}

const slotName = ({ Name, Kind }: KeySlot): string => Name || kindWords[Kind]

/** Loaded again whenever one came or went. */
export function useSlots() {
  const [slots, setSlots] = useState<readonly KeySlot[] | null>(null)
  const shown = useShown(async () => {
    setSlots((await call('keyhearth:ListKeySlots', {})).Slots)
    await refresh()
  }, [])
  return { slots, ...shown }
}

type Editing = { readonly id: string; readonly what: 'rename' | 'remove' } | 'add' | null

export function KeySlots({
  slots,
  onChanged,
}: {
  readonly slots: readonly KeySlot[]
  readonly onChanged: () => Promise<void>
}) {
  const [editing, setEditing] = useState<Editing>(null)
  const done = () => {
    setEditing(null)
    focusAgain('slot-add')
  }
  return (
    <section class="card stack" aria-labelledby="slots">
      <h2 id="slots">{t('slots_heading')}</h2>
      <p class="hint">{t('slots_lead')}</p>
      <ul class="plain stack tight" aria-label={t('slots_heading')}>
        {slots.map((slot) => (
          <li key={slot.SlotId} class="stack tight">
            <SlotRow slot={slot} onEdit={(what) => setEditing({ id: slot.SlotId, what })} />
            {isEdited(editing, slot, 'rename') && (
              <RenameSlot slot={slot} onChanged={onChanged} onDone={done} />
            )}
            {isEdited(editing, slot, 'remove') && (
              <RemoveSlot slot={slot} onChanged={onChanged} onDone={done} />
            )}
          </li>
        ))}
      </ul>
      {editing === 'add' ? (
        <AddKeySlot slots={slots} onChanged={onChanged} onDone={done} />
      ) : (
        <div class="row">
          <button type="button" id="slot-add" onClick={() => setEditing('add')}>
            <Icon of={Plus} />
            {t('slot_add')}
          </button>
        </div>
      )}
    </section>
  )
}

const isEdited = (editing: Editing, { SlotId }: KeySlot, what: 'rename' | 'remove'): boolean =>
  editing !== null && editing !== 'add' && editing.id === SlotId && editing.what === what

function SlotRow({
  slot,
  onEdit,
}: {
  readonly slot: KeySlot
  readonly onEdit: (what: 'rename' | 'remove') => void
}) {
  const name = slotName(slot)
  return (
    <div class="head-row">
      <Icon of={icons[slot.Kind]} />
      <div class="grow">
        <div class="item-name">{name}</div>
        <div class="hint">{factsOf(slot).join(' · ')}</div>
      </div>
      <button
        type="button"
        class="quiet"
        aria-label={t('slot_rename', [name])}
        title={t('slot_rename', [name])}
        onClick={() => onEdit('rename')}
      >
        <Icon of={Pencil} />
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={t('slot_remove', [name])}
        title={t('slot_remove', [name])}
        onClick={() => onEdit('remove')}
      >
        <Icon of={Trash2} />
      </button>
    </div>
  )
}

function factsOf(slot: KeySlot): string[] {
  const { Kind, Name, CreatedAt, LastUsedAt, ProvenAt, Threshold, Shares, SetId } = slot
  const recovers = Kind === 'recovery' || Kind === 'shares'
  return [
    ...(Name ? [kindWords[Kind]] : []),
    ...(Kind === 'shares'
      ? [t('slot_threshold', [String(Threshold), String(Shares)]), t('slot_set', [SetId ?? ''])]
      : []),
    t('slot_made', [dayWords(CreatedAt)]),
    ...(LastUsedAt === null ? [] : [t('slot_used', [dayWords(LastUsedAt)])]),
    ...(recovers
      ? [ProvenAt === null ? t('slot_unproven') : t('slot_proven', [dayWords(ProvenAt)])]
      : []),
  ]
}

interface Edit {
  readonly slot: KeySlot
  readonly onChanged: () => Promise<void>
  readonly onDone: () => void
}

function RenameSlot({ slot, onChanged, onDone }: Edit) {
  const [name, setName] = useState(slot.Name)
  const task = useTask()
  const rename = () =>
    task.run(async () => {
      await call('keyhearth:RenameKeySlot', { SlotId: slot.SlotId, Name: name.trim() })
      await onChanged()
      onDone()
    })
  return (
    <form class="inset stack tight" autocomplete="off" onSubmit={onSubmit(rename)}>
      <TextField label={t('slot_name')} value={name} onValue={setName} maxLength={100} autofocus />
      <FormEnd task={task} words={t('slot_rename_button')} onCancel={onDone} />
    </form>
  )
}

function RemoveSlot({ slot, onChanged, onDone }: Edit) {
  const proving = useProving()
  const task = useTask()
  const remove = () =>
    task.run(async () => {
      const problem = proving.problem()
      if (problem) return task.fail(problem)
      const Proof = await proving.prove()
      await call('keyhearth:RemoveKeySlot', { SlotId: slot.SlotId, Proof })
      await onChanged()
      onDone()
      say(t('slot_removed', [slotName(slot)]))
    })
  return (
    <form class="inset stack" autocomplete="off" onSubmit={onSubmit(remove)}>
      <p>{t('slot_remove_lead', [slotName(slot)])}</p>
      <ProofField of={proving} autofocus />
      <FormEnd task={task} words={t('slot_remove_button')} onCancel={onDone} />
    </form>
  )
}
