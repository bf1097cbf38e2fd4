// ui: what the person sees; speaks the protocol like any other client. This file: asking the background.

import { browser } from 'wxt/browser'
import { fromErrorReply, KeyhearthError } from '../protocol/errors.ts'
import { type Call, protocolVersion, type Reply } from '../protocol/messages.ts'
import { type OperationName, operations } from '../protocol/operations.ts'
import type { Output } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'
import { quorumAsked } from './quorumAsked.ts'

const mostTries = 4

/** @throws KeyhearthError what the operation was refused with */
export async function call<Name extends OperationName>(
  operation: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  const id = crypto.randomUUID()
  const message: Call<Name> = { keyhearth: protocolVersion, type: 'call', id, operation, input }
  // A worker that died under a call may or may not have done it: only what changes nothing is repeated.
  const tries = operations[operation].mutates ? 1 : mostTries
  const reply = (await send(message, tries)) as Reply<Name>
  if (reply.ok) return reply.output
  const error = 'error' in reply ? fromErrorReply(reply.error) : new KeyhearthError('internal')
  if (error.reason === 'quorum-needed') quorumAsked.value = true
  throw error
}

async function send(message: Call, tries: number): Promise<Reply> {
  try {
    const reply: Reply | undefined = await browser.runtime.sendMessage(message)
    if (reply) return reply
  } catch {
    // The worker ended before it could answer.
  }
  if (tries <= 1) throw new KeyhearthError('internal')
  return send(message, tries - 1)
}
