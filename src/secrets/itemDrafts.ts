// secrets: Secrets Manager: secrets, their versions and staging labels. This file: items that are half-written. Each has a
// row of its own, for as many windows as there are.

import type { Context, Handler } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { askAgain } from './items.ts'

interface Draft {
  readonly draftId: string
  readonly value: string
  /** ARN; `null`: a new one. */
  readonly secretId: string | null
  readonly title: string
  readonly askAgain: boolean
  /** Milliseconds since 1970. */
  readonly at: number
}

const drafts = recordKind<Draft>('drafts')
const groupOf = ({ vault }: Context): string => vault.label('drafts of items', '')
const rowOf = ({ vault }: Context, draftId: string): string => vault.label('draft of item', draftId)
/** Nobody has so many windows; each that is left lies there until it is taken up or given up. */
const most = 100

/** One that is damaged is no loss: the others are given. */
const all = (context: Context): Promise<Draft[]> =>
  context.records.listWhole(drafts, groupOf(context))

export const getItemDraft: Handler<'keyhearth:GetItemDraft'> = async (
  context,
  { DraftId, Proof },
) => {
  const draft = await context.records.get(drafts, rowOf(context, DraftId))
  // What is shown only to who proves that they may see it is not shown by having been edited half.
  if (draft?.askAgain) await askAgain(context, Proof)
  return { Value: draft?.value ?? null }
}

export const putItemDraft: Handler<'keyhearth:PutItemDraft'> = async (
  context,
  { DraftId, Draft },
) => {
  const row = rowOf(context, DraftId)
  if (Draft === null) {
    context.staged.remove(drafts, row)
    return {}
  }
  const those = await all(context)
  if (those.length >= most && those.every(({ draftId }) => draftId !== DraftId)) {
    throw new KeyhearthError('secret-limit', { what: `At most ${most} half-written items` })
  }
  const { Value: value, SecretId: secretId = null, Title: title, AskAgain } = Draft
  const kept = { draftId: DraftId, value, secretId, title, askAgain: AskAgain, at: context.now }
  context.staged.put(drafts, row, groupOf(context), kept)
  return {}
}

export const listItemDrafts: Handler<'keyhearth:ListItemDrafts'> = async (context) => {
  const those = await all(context)
  return {
    Drafts: those
      .sort((one, other) => other.at - one.at)
      .map(({ draftId, secretId, title, askAgain: again }) => ({
        DraftId: draftId,
        Title: title,
        AskAgain: again,
        ...(secretId === null ? {} : { SecretId: secretId }),
      })),
  }
}
