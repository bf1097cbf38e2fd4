// ui: what the person sees; speaks the protocol like any other client. This file: who sent a message, in words.

import type { Sender } from '../protocol/outputs.ts'
import { t } from './words.ts'

/** Names stand apart, so that no character in them turns the words around them (Unicode, isolates). */
const isolated = (name: string): string => `\u2068${name}\u2069`

export function senderWords({ PersonId, Name, Verified }: Sender): string {
  if (PersonId === null) return t('sender_unknown')
  const name = isolated(Name)
  return Verified ? t('sender_verified', [name]) : t('sender_unverified', [name])
}
