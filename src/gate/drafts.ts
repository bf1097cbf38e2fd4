// gate: who asks, may they, dispatch, record. This file: half-typed input, kept sealed so that a popup
// that closes loses nothing. Emptied fields remove it.

import type { Handler } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'

const drafts = recordKind<string>('drafts')

export const getDraft: Handler<'keyhearth:GetDraft'> = async ({ records, vault }, { Form }) => ({
  Value: await records.get(drafts, vault.label('draft', Form)),
})

export const putDraft: Handler<'keyhearth:PutDraft'> = async (context, { Form, Value }) => {
  const row = context.vault.label('draft', Form)
  if (Value === null) context.staged.remove(drafts, row)
  else context.staged.put(drafts, row, null, Value)
  return {}
}
