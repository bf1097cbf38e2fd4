// ui: what the person sees; speaks the protocol like any other client. This file: trying a key with a few
// words, so that one sees what it does. Nothing typed here is kept.

import type { ComponentType } from 'preact'
import type { KeyUsageType } from '../protocol/keySpecs.ts'
import type { KeySide } from './KeyDetail.tsx'
import { TryAgree } from './TryAgree.tsx'
import { TryEncapsulate } from './TryEncapsulate.tsx'
import { TryEncrypt } from './TryEncrypt.tsx'
import { TryMac, TrySign } from './TrySign.tsx'
import { t } from './words.ts'

const tries = {
  ENCRYPT_DECRYPT: { view: TryEncrypt, hint: t('try_encrypt_hint') },
  SIGN_VERIFY: { view: TrySign, hint: t('try_sign_hint') },
  GENERATE_VERIFY_MAC: { view: TryMac, hint: t('try_mac_hint') },
  KEY_AGREEMENT: { view: TryAgree, hint: t('try_agree_hint') },
  ENCAPSULATE_DECAPSULATE: { view: TryEncapsulate, hint: t('try_encapsulate_hint') },
} as const satisfies Record<KeyUsageType, { view: ComponentType<KeySide>; hint: string }>

export function TryKey(side: KeySide) {
  const { view: View, hint } = tries[side.metadata.KeyUsage]
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
