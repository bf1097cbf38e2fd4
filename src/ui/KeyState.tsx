// ui: what the person sees; speaks the protocol like any other client. This file: a key's state, in words
// beside an icon; the colour only helps.

import { CircleCheck, CirclePause, Clock, Import } from 'lucide'
import type { KeyState as State } from '../protocol/kmsOutputs.ts'
import { Icon } from './Icon.tsx'
import { stateWords } from './keyWords.ts'

const looks = {
  Enabled: { icon: CircleCheck, tone: 'good' },
  Disabled: { icon: CirclePause, tone: 'off' },
  PendingDeletion: { icon: Clock, tone: 'bad' },
  PendingImport: { icon: Import, tone: 'wait' },
} as const satisfies Record<State, { icon: unknown; tone: string }>

export function KeyState({ state }: { readonly state: State }) {
  const { icon, tone } = looks[state]
  return (
    <span class={`badge ${tone}`}>
      <Icon of={icon} />
      {stateWords[state]}
    </span>
  )
}
