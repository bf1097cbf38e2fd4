// ui: what the person sees; speaks the protocol like any other client. This file: the person shows that it is
// they who ask, by what opens the vault here: the passphrase, a passkey, or, where there is no lock, nothing.

import { Fingerprint } from 'lucide'
import { useState } from 'preact/hooks'
import type { Input } from '../protocol/schemas.ts'
import { PassphraseField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { askPasskey } from './passkeys.ts'
import { status } from './status.ts'
import { t } from './words.ts'

export type ProofOfPerson = Input<'keyhearth:Unlock'>

export interface Proving {
  readonly by: 'passphrase' | 'passkey' | 'device'
  readonly passphrase: string
  choose(by: Proving['by']): void
  setPassphrase(passphrase: string): void
  clear(): void
  /** What stands in the way, or `null`. */
  problem(): string | null
  /** Asks the authenticator, where it is one. @throws KeyhearthError `passkey-silent` */
  prove(): Promise<ProofOfPerson>
}

export function useProving(): Proving {
  const ways = status.value?.OpensBy ?? []
  const usual = (['passphrase', 'passkey', 'device'] as const).find((way) => ways.includes(way))
  const [chosen, choose] = useState<Proving['by'] | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const by = chosen ?? usual ?? 'passphrase'
  return {
    by,
    passphrase,
    choose,
    setPassphrase,
    clear: () => setPassphrase(''),
    problem: () => (by === 'passphrase' && passphrase === '' ? t('unlock_empty') : null),
    async prove() {
      if (by === 'passkey') return askPasskey()
      return by === 'device' ? { Device: true } : { Passphrase: passphrase }
    },
  }
}

export function ProofField({
  of: proving,
  label = t('passphrase'),
  autofocus = false,
}: {
  readonly of: Proving
  readonly label?: string
  readonly autofocus?: boolean
}) {
  const hasPasskey = status.value?.OpensBy.includes('passkey')
  const hasPassphrase = status.value?.OpensBy.includes('passphrase')
  if (proving.by === 'device') return null
  if (proving.by === 'passkey') {
    return (
      <div class="stack tight">
        <p class="hint">
          <Icon of={Fingerprint} /> {t('prove_by_passkey')}
        </p>
        {hasPassphrase && (
          <button type="button" class="link" onClick={() => proving.choose('passphrase')}>
            {t('prove_use_passphrase')}
          </button>
        )}
      </div>
    )
  }
  return (
    <div class="stack tight">
      <PassphraseField
        label={label}
        value={proving.passphrase}
        onValue={proving.setPassphrase}
        autofocus={autofocus}
      />
      {hasPasskey && (
        <button type="button" class="link" onClick={() => proving.choose('passkey')}>
          {t('prove_use_passkey')}
        </button>
      )}
    </div>
  )
}
