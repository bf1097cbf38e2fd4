// ui: what the person sees; speaks the protocol like any other client. This file: a form that an item is written in,
// as it is kept half-typed.

import { blankItem, type Item, type ItemKind, isItemKind } from '../items/item.ts'
import { type ItemRef, type OpenItem, tidied } from './itemWork.ts'
import { t } from './words.ts'

/** In characters (protocol/secretsInputs). */
export const longestTitle = 256
export const longestText = 65_536
export const longestUri = 2048
export const mostUris = 50
export const mostOwn = 200
export const mostTags = 50

export interface OpenForm {
  readonly item: Item
  readonly askAgain: boolean
  /** Whether the secret asked again when it was opened: until it is saved, what is half-typed does as well. */
  readonly guarded: boolean
  /** `null`: a new one. */
  readonly ref: ItemRef | null
}

/** `null` for what an earlier Keyhearth kept. */
export function readForm(kept: unknown): OpenForm | null {
  const { item, askAgain, guarded, ref } = (kept ?? {}) as Partial<OpenForm>
  if (typeof item?.title !== 'string' || !isItemKind(item.kind)) return null
  return {
    item: { ...blankItem(item.kind), ...item },
    askAgain: askAgain === true,
    guarded: guarded === true,
    ref: ref ?? null,
  }
}

export const newForm = (part: Partial<Item> = {}, kind: ItemKind = 'value'): OpenForm => ({
  item: { ...blankItem(kind), ...part },
  askAgain: false,
  guarded: false,
  ref: null,
})

export const formOf = ({ Item, AskAgain, SecretId, Revision }: OpenItem): OpenForm => ({
  item: Item,
  askAgain: AskAgain,
  guarded: AskAgain,
  ref: { secretId: SecretId, revision: Revision },
})

/** What stands in the way of saving, or `null`. Pure. */
export function problemOf(item: Item): string | null {
  const { title, kind, fields } = tidied(item)
  if (title === '') return t('secrets_name_missing')
  if (kind === 'value' && !fields['value']) return t('secrets_value_missing')
  return null
}
