// ui: what the person sees; speaks the protocol like any other client. This file: trying a key with a few
// words, so that one sees what it does. Nothing typed here is kept.

import type { ComponentType } from 'preact'
import { type KeyUsageType, specRow } from '../protocol/keySpecs.ts'
import type { KeyMetadata } from '../protocol/kmsOutputs.ts'
import type { KeySide } from './KeyDetail.tsx'
import { TryAgree } from './TryAgree.tsx'
import { TryEncapsulate } from './TryEncapsulate.tsx'
import { TryEncrypt } from './TryEncrypt.tsx'
import { TryMac, TrySign } from './TrySign.tsx'
import { t } from './words.ts'

interface Try {
  readonly view: ComponentType<KeySide>
  readonly hint: string
}

const tries: Readonly<Partial<Record<KeyUsageType, Try>>> = {
  ENCRYPT_DECRYPT: { view: TryEncrypt, hint: t('try_encrypt_hint') },
  SIGN_VERIFY: { view: TrySign, hint: t('try_sign_hint') },
  GENERATE_VERIFY_MAC: { view: TryMac, hint: t('try_mac_hint') },
  KEY_AGREEMENT: { view: TryAgree, hint: t('try_agree_hint') },
  ENCAPSULATE_DECAPSULATE: { view: TryEncapsulate, hint: t('try_encapsulate_hint') },
}

/** Bare modes, wrapping and derivation are for programs: they want bytes, not words. */
export const canBeTried = ({ KeyUsage, KeySpec }: KeyMetadata): boolean =>
  tries[KeyUsage] !== undefined &&
  (KeyUsage !== 'ENCRYPT_DECRYPT' || specRow(KeySpec).encryption !== undefined)

export function TryKey(side: KeySide) {
  const trial = tries[side.metadata.KeyUsage]
  if (!trial) return null
  const { view: View, hint } = trial
  return (
    <section class="card">
      <h2>{t('try_heading')}</h2>
      <p class="hint">{hint}</p>
      {side.metadata.KeyState === 'Enabled' ? (
        <View {...side} />
      ) : (
        <p class="lead">{t('try_not_usable')}</p>
      )}
    </section>
  )
}
