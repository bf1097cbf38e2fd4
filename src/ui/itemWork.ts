// ui: what the person sees; speaks the protocol like any other client. This file: one secret as an item: read,
// written, and what is taken from it to copy.

import { type Item, itemFields } from '../items/item.ts'
import type { Input } from '../protocol/schemas.ts'
import type { ItemSummary, SecretsOutputs } from '../protocol/secretsOutputs.ts'
import { call } from './call.ts'
import { copySecret } from './clipboard.ts'
import { say } from './Notices.tsx'
import type { ProofOfPerson } from './Proof.tsx'
import { t } from './words.ts'

export type OpenItem = SecretsOutputs['keyhearth:GetItem']
type WrittenItem = Input<'keyhearth:PutItem'>['Item']

/** What changes an item has to name: which state of it the person saw. */
export interface ItemRef {
  readonly secretId: string
  readonly revision: number
}

export const readItem = (
  secretId: string,
  proof?: ProofOfPerson,
  versionId?: string,
): Promise<OpenItem> =>
  call('keyhearth:GetItem', {
    SecretId: secretId,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
    ...(proof === undefined ? {} : { Proof: proof }),
  })

/** What is empty is left out, so that an item that was not changed is the same as before. Pure. */
export function tidied(item: Item): WrittenItem {
  const own = item.own.filter(({ name, value }) => name.trim() !== '' || value !== '')
  return {
    ...item,
    title: item.title.trim(),
    // What another kind had in its fields, before the person chose this one, is not kept unseen.
    fields: Object.fromEntries(
      itemFields[item.kind].flatMap(({ name }) => {
        const value = item.fields[name] ?? ''
        return value === '' ? [] : [[name, value] as const]
      }),
    ),
    uris: item.uris.map((uri) => uri.trim()).filter(Boolean),
    own: own.map(({ name, value, hidden }) => ({ name: name.trim(), value, hidden })),
    tags: [...new Set(item.tags.map((tag) => tag.trim()).filter(Boolean))],
  }
}

/**
 * @param ref absent for a new one
 * @param proof where it is no more to be asked for again
 */
export const writeItem = (
  item: Item,
  askAgain: boolean,
  ref: ItemRef | null,
  proof?: ProofOfPerson,
): Promise<SecretsOutputs['keyhearth:PutItem']> =>
  call('keyhearth:PutItem', {
    Item: tidied(item),
    AskAgain: askAgain,
    ...(ref === null ? {} : { SecretId: ref.secretId, Revision: ref.revision }),
    ...(proof === undefined ? {} : { Proof: proof }),
  })

export async function setFavourite(secretId: string, Favourite: boolean): Promise<void> {
  const Change = { Kind: 'favourite', Favourite } as const
  await call('keyhearth:ChangeItems', { SecretIds: [secretId], Change })
}

export async function moveToTrash(secretId: string): Promise<void> {
  await call('keyhearth:ChangeItems', { SecretIds: [secretId], Change: { Kind: 'delete' } })
}

export async function bringBack(secretId: string): Promise<void> {
  await call('keyhearth:ChangeItems', { SecretIds: [secretId], Change: { Kind: 'restore' } })
}

/** The field that a kind is mostly kept for; `null` where there is no such one. */
const mainFields = {
  login: 'password',
  note: null,
  card: 'number',
  identity: null,
  'api-key': 'key',
  'ssh-key': 'privateKey',
  totp: null,
  attachment: null,
  value: 'value',
} as const satisfies Record<Item['kind'], string | null>

const mainField = (kind: Item['kind']): string | null => mainFields[kind]

export type Quick = 'username' | 'main' | 'code'

const missing = {
  username: () => t('item_no_username'),
  main: () => t('item_no_main'),
  code: () => t('item_no_code'),
} as const satisfies Record<Quick, () => string>

/** Whether a row can offer it. What a secret's main field holds is not known before it is read. Pure. */
export const offers = (summary: ItemSummary, what: Quick): boolean =>
  ({
    username: summary.Username !== '',
    main: mainField(summary.Kind) !== null,
    code: summary.HasOneTimeCode,
  })[what]

/** Says how it went. @throws KeyhearthError `passphrase-needed` among others */
export async function copyQuick(
  summary: ItemSummary,
  what: Quick,
  proof?: ProofOfPerson,
): Promise<void> {
  if (!offers(summary, what)) return say(missing[what]())
  if (what === 'username') return copyAndSay(summary.Username)
  const { Item } = await readItem(summary.SecretId, proof)
  const field = mainField(summary.Kind) ?? ''
  const text = what === 'code' ? await codeNow(Item.fields['totp'] ?? '') : Item.fields[field]
  if (!text) return say(missing[what]())
  await copyAndSay(text)
}

/** Also what is shown openly: whom one is known as, and where, is nothing to be left on the clipboard. */
export async function copyAndSay(text: string): Promise<void> {
  say(t('copied', [String(await copySecret(text))]))
}

/** `null` where the text gives no codes. The library comes when a code is first wanted. */
async function codeNow(text: string): Promise<string | null> {
  const { oneTimeCode, readOneTimeSecret } = await import('../items/oneTimeCode.ts')
  const secret = readOneTimeSecret(text)
  return 'problem' in secret ? null : oneTimeCode(secret, Date.now()).code
}
