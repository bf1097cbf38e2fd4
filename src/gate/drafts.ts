// gate: who asks, may they, dispatch, record. This file: half-typed input, kept sealed so that a popup
// that closes loses nothing. Emptied fields remove it.

import type { Context, Handler } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { askAgain } from '../secrets/items.ts'

/** A half-written secret: each has a row of its own, for as many windows as there are. */
interface OfSecret {
  readonly form: string
  readonly value: string
  /** ARN; `null`: a new one. */
  readonly secretId: string | null
  readonly title: string
  readonly askAgain: boolean
  /** Milliseconds since 1970. */
  readonly at: number
}

const drafts = recordKind<string | OfSecret>('drafts')
const ofSecrets = recordKind<OfSecret>('drafts')
const groupOf = ({ vault }: Context): string => vault.label('drafts of secrets', '')
/** Nobody has so many windows; each that is left lies there until it is taken up or given up. */
const mostOfSecrets = 100

export const getDraft: Handler<'keyhearth:GetDraft'> = async (context, { Form, Proof }) => {
  const kept = await context.records.get(drafts, context.vault.label('draft', Form))
  if (kept === null || typeof kept === 'string') return { Value: kept }
  // What is shown to nobody else is not shown by having been edited half.
  if (kept.askAgain) await askAgain(context, Proof)
  return { Value: kept.value }
}

export const putDraft: Handler<'keyhearth:PutDraft'> = async (context, { Form, Value, Of }) => {
  const { staged, records, vault, now } = context
  const row = vault.label('draft', Form)
  if (Value === null) staged.remove(drafts, row)
  else if (!Of) staged.put(drafts, row, null, Value)
  else {
    const those = await records.listWhole(ofSecrets, groupOf(context))
    const isNew = those.every(({ form }) => form !== Form)
    if (isNew && those.length >= mostOfSecrets) {
      throw new KeyhearthError('secret-limit', { what: `At most ${mostOfSecrets} drafts` })
    }
    const { SecretId = null, Title, AskAgain } = Of
    const kept = { form: Form, value: Value, secretId: SecretId, title: Title, askAgain: AskAgain }
    staged.put(ofSecrets, row, groupOf(context), { ...kept, at: now })
  }
  return {}
}

export const listDrafts: Handler<'keyhearth:ListDrafts'> = async (context) => {
  const those = await context.records.listWhole(ofSecrets, groupOf(context))
  return {
    Drafts: those
      .sort((one, other) => other.at - one.at)
      .map(({ form, secretId, title, askAgain: again }) => ({
        Form: form,
        Title: title,
        AskAgain: again,
        ...(secretId === null ? {} : { SecretId: secretId }),
      })),
  }
}
