// gate: who asks, may they, dispatch, record. This file: half-typed input, kept sealed so that a popup
// that closes loses nothing. Emptied fields remove it. Of forms there are as many as there are; messages that are
// being written are kept for each site, and so only the newest of them.

import type { Context, Handler } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'
import { isMessageForm } from '../protocol/drafts.ts'

const drafts = recordKind<string>('drafts')

interface MessageDraft {
  readonly row: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly value: string
}

const messages = recordKind<MessageDraft>('drafts')
const groupOf = ({ vault }: Pick<Context, 'vault'>) => vault.label('drafts of messages', '')
export const mostMessageDrafts = 20

export const getDraft: Handler<'keyhearth:GetDraft'> = async ({ records, vault }, { Form }) => {
  const row = vault.label('draft', Form)
  const Value = isMessageForm(Form)
    ? ((await records.get(messages, row))?.value ?? null)
    : await records.get(drafts, row)
  return { Value }
}

export const putDraft: Handler<'keyhearth:PutDraft'> = async (context, { Form, Value }) => {
  const row = context.vault.label('draft', Form)
  if (Value === null) context.staged.remove(drafts, row)
  else if (isMessageForm(Form)) await putMessage(context, row, Value)
  else context.staged.put(drafts, row, null, Value)
  return {}
}

async function putMessage(context: Context, row: string, value: string): Promise<void> {
  const kept = await context.records.list(messages, groupOf(context))
  const others = kept.filter((one) => one.row !== row).sort((one, other) => other.at - one.at)
  for (const old of others.slice(mostMessageDrafts - 1)) context.staged.remove(messages, old.row)
  context.staged.put(messages, row, groupOf(context), { row, at: context.now, value })
}
