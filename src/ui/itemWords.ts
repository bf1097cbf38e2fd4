// ui: what the person sees; speaks the protocol like any other client. This file: the fields of an item in words.

import type { ItemChange } from '../items/diff.ts'
import { t } from './words.ts'

/** By the names of items/item (itemFields). */
const words: ReadonlyMap<string, string> = new Map([
  ['username', t('item_username')],
  ['password', t('item_password')],
  ['totp', t('item_totp')],
  ['holder', t('item_holder')],
  ['number', t('item_number')],
  ['expires', t('item_expires')],
  ['code', t('item_code')],
  ['pin', t('item_pin')],
  ['name', t('item_name')],
  ['email', t('item_email')],
  ['phone', t('item_phone')],
  ['organisation', t('item_organisation')],
  ['street', t('item_street')],
  ['city', t('item_city')],
  ['region', t('item_region')],
  ['postcode', t('item_postcode')],
  ['country', t('item_country')],
  ['birthday', t('item_birthday')],
  ['passport', t('item_passport')],
  ['licence', t('item_licence')],
  ['taxId', t('item_tax_id')],
  ['keyId', t('item_key_id')],
  ['key', t('item_key')],
  ['privateKey', t('item_private_key')],
  ['publicKey', t('item_public_key')],
  ['fingerprint', t('item_fingerprint')],
  ['passphrase', t('item_passphrase')],
  ['value', t('secrets_value')],
])

export const fieldWords = (name: string): string => words.get(name) ?? name

const partWords = {
  kind: t('item_kind'),
  title: t('secrets_name'),
  uris: t('item_uris'),
  files: t('item_files'),
  notes: t('secrets_notes'),
  tags: t('item_tags'),
  favourite: t('item_favourite'),
} as const

/** What of an item changed; the person's own names are as they gave them. */
export function changedWords({ part, name }: ItemChange): string {
  switch (part) {
    case 'field':
      return fieldWords(name)
    case 'own':
      return name === '' ? t('item_own_unnamed') : name
    default:
      return partWords[part]
  }
}

const doneWords = {
  added: t('item_added'),
  removed: t('item_removed'),
  changed: t('item_changed'),
} as const

export const changeWords = (change: ItemChange): string => doneWords[change.change]
