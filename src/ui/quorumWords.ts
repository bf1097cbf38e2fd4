// ui: what the person sees; speaks the protocol like any other client. This file: what several people approve, in
// words: the kinds of things, and one very request.

import {
  type KeySlot,
  type QuorumGroup,
  type QuorumRequest,
  quorumGroups,
} from '../protocol/outputs.ts'
import { kindWords } from './KeySlots.tsx'
import { dateWords, t } from './words.ts'

export const groupWords: Readonly<Record<QuorumGroup, string>> = {
  'delete-key': t('quorum_group_delete_key'),
  'export-key': t('quorum_group_export_key'),
  'lower-lock': t('quorum_group_lower_lock'),
  'export-secrets': t('quorum_group_export_secrets'),
}

/** How long a request waits, by its minutes. */
export const waitWords: Readonly<Record<string, string>> = {
  5: t('quorum_5_minutes'),
  15: t('quorum_15_minutes'),
  60: t('quorum_hour'),
  1440: t('quorum_day'),
}

type About = QuorumRequest['About']

const keyWords = ({ KeyId = '', KeyName = '' }: About): string =>
  KeyName === '' ? KeyId : t('quorum_key', [KeyName, KeyId])

/** Of a way to open the vault: its kind, which cannot be made up, and its name, where it has one. */
function slotWords({ Kind = '', Name = '' }: About): string {
  const kind = kindWords[Kind as KeySlot['Kind']] ?? Kind
  return Name === '' ? kind : t('quorum_slot', [kind, Name])
}

function lockWords({ Minutes = '', OnScreenLock }: About): string {
  const away = OnScreenLock === 'true' ? t('quorum_screen_lock') : t('quorum_no_screen_lock')
  return t('quorum_ask_settings', [Minutes, away])
}

function rulesWords({ Groups = '', Minutes = '' }: About): string {
  const groups = quorumGroups.filter((group) => Groups.split(' ').includes(group))
  const words = groups.map((group) => groupWords[group]).join('; ')
  return t('quorum_ask_update', [words, waitWords[Minutes] ?? Minutes])
}

/** What happens once enough people approve. */
export function askedWords({ Operation, About }: QuorumRequest): string {
  switch (Operation) {
    case 'kms:ScheduleKeyDeletion':
      return t('quorum_ask_delete_key', [keyWords(About), About['Days'] ?? ''])
    case 'kms:DeleteImportedKeyMaterial':
      return t('quorum_ask_delete_material', [keyWords(About)])
    case 'keyhearth:ExportKeys':
      return t('quorum_ask_export_keys')
    case 'keyhearth:ExportKey':
      return t('quorum_ask_export_key', [keyWords(About)])
    case 'keyhearth:ExportItems':
      return t('quorum_ask_export_items')
    case 'keyhearth:PutSettings':
      return lockWords(About)
    case 'keyhearth:AddKeySlot':
      return t('quorum_ask_add_slot', [slotWords(About)])
    case 'keyhearth:RemoveKeySlot':
      return t('quorum_ask_remove_slot', [slotWords(About)])
    case 'keyhearth:ReplaceRecoveryKey':
      return t('quorum_ask_replace_recovery')
    case 'keyhearth:RestoreBackup':
      return t('quorum_ask_restore', [dateWords(Number(About['CreatedAt']))])
    case 'keyhearth:MergeBackup':
      return t('quorum_ask_merge', [dateWords(Number(About['CreatedAt']))])
    case 'keyhearth:UpdateQuorum':
      return rulesWords(About)
    case 'keyhearth:RemoveQuorum':
      return t('quorum_ask_remove')
    default:
      return Operation
  }
}
