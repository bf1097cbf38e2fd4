// ui: what the person sees; speaks the protocol like any other client. This file: kinds of secrets in words and
// pictures.

import {
  CreditCard,
  FileText,
  type IconNode,
  IdCard,
  KeyRound,
  Paperclip,
  SquareTerminal,
  StickyNote,
  Timer,
  Webhook,
} from 'lucide'
import type { ItemKind } from '../items/item.ts'
import { t } from './words.ts'

export const kindWords = {
  login: t('vault_kind_login'),
  note: t('vault_kind_note'),
  card: t('vault_kind_card'),
  identity: t('vault_kind_identity'),
  'api-key': t('vault_kind_api_key'),
  'ssh-key': t('vault_kind_ssh_key'),
  totp: t('vault_kind_totp'),
  attachment: t('vault_kind_attachment'),
  value: t('vault_kind_value'),
} as const satisfies Record<ItemKind, string>

export const kindIcons = {
  login: KeyRound,
  note: StickyNote,
  card: CreditCard,
  identity: IdCard,
  'api-key': Webhook,
  'ssh-key': SquareTerminal,
  totp: Timer,
  attachment: Paperclip,
  value: FileText,
} as const satisfies Record<ItemKind, IconNode>
