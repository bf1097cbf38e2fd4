// ui: what the person sees; speaks the protocol like any other client. This file: giving what was kept for the
// day that this device is lost: the words of the recovery key, or shares, typed or read from pictures of their
// QR codes.

import { Plus } from 'lucide'
import { useState } from 'preact/hooks'
import type { Input } from '../protocol/schemas.ts'
import { AreaField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { PictureButton } from './PictureInput.tsx'
import { readPicture } from './qrPicture.ts'
import { useTask } from './task.ts'
import { t } from './words.ts'

type Kept = Extract<
  Input<'keyhearth:RehearseRecovery'>['Proof'],
  { RecoveryKey: unknown } | { Shares: unknown }
>

interface Typed {
  readonly by: 'words' | 'shares'
  readonly words: string
  readonly shares: readonly string[]
}

export interface KeptState extends Typed {
  set(next: Partial<Typed>): void
  clear(): void
  problem(): string | null
  readonly kept: Kept
}

const empty: Typed = { by: 'words', words: '', shares: ['', ''] }

export function useKept(): KeptState {
  const [state, setState] = useState(empty)
  const given = state.shares.filter((share) => share.trim() !== '')
  return {
    ...state,
    set: (next) => setState({ ...state, ...next }),
    clear: () => setState(empty),
    problem() {
      if (state.by === 'words') return state.words.trim() === '' ? t('recover_empty') : null
      return given.length === 0 ? t('recover_shares_empty') : null
    },
    kept: state.by === 'words' ? { RecoveryKey: state.words } : { Shares: given },
  }
}

export function KeptInput({
  of: kept,
  autofocus = false,
}: {
  readonly of: KeptState
  readonly autofocus?: boolean
}) {
  const other = kept.by === 'words' ? 'shares' : 'words'
  return (
    <div class="stack">
      {kept.by === 'words' ? (
        <KeptText
          label={t('recover_words')}
          value={kept.words}
          onValue={(words) => kept.set({ words })}
          autofocus={autofocus}
        />
      ) : (
        <ShareInputs of={kept} />
      )}
      <div>
        <button type="button" class="link" onClick={() => kept.set({ by: other })}>
          {other === 'shares' ? t('recover_by_shares') : t('recover_by_words')}
        </button>
      </div>
    </div>
  )
}

function ShareInputs({ of: { shares, set } }: { readonly of: KeptState }) {
  return (
    <fieldset class="plain stack">
      <legend>{t('recover_shares_legend')}</legend>
      {shares.map((share, i) => (
        <KeptText
          // Places, not shares: each is typed where it stands.
          key={i}
          label={t('recover_share', [String(i + 1)])}
          value={share}
          onValue={(text) => set({ shares: shares.map((one, at) => (at === i ? text : one)) })}
        />
      ))}
      <div>
        <button type="button" class="quiet" onClick={() => set({ shares: [...shares, ''] })}>
          <Icon of={Plus} />
          {t('recover_share_more')}
        </button>
      </div>
    </fieldset>
  )
}

export function KeptText({
  label,
  value,
  onValue,
  autofocus = false,
}: {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
  readonly autofocus?: boolean
}) {
  const task = useTask()
  const read = (picture: File) =>
    task.run(async () => {
      const text = await readPicture(picture)
      if (text === null) return task.fail(t('recover_no_code'))
      onValue(text)
    })
  return (
    <div class="stack tight">
      <AreaField label={label} value={value} onValue={onValue} rows={3} autofocus={autofocus} />
      <div>
        <PictureButton disabled={task.busy} onPicture={read} />
      </div>
      <ErrorAlert error={task.error} />
    </div>
  )
}
