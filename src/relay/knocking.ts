// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: a page that asks to be connected.
//
// Invisible until invited: the event is never answered, never cancelled, and its `detail` is not read
// before the background says that the person will be asked. (Reading it copies the page's object into
// this world, which runs its getters: a page could watch for that.)

import { rights as everyRight, type Right } from '../protocol/operationRow.ts'
import { sendKnock } from './wire.ts'

const requestEvent = 'keyhearth:request'

/** The rights a page names, or `null` for anything that is not a short list of them. Reads once. */
export function readRights(detail: unknown): readonly Right[] | null {
  if (detail === null || detail === undefined) return ['messages']
  if (typeof detail !== 'object' || !('rights' in detail)) return ['messages']
  const { rights } = detail
  if (!Array.isArray(rights) || rights.length === 0 || rights.length > 8) return null
  const copy: readonly unknown[] = [...rights]
  return copy.every((right): right is Right => everyRight.some((known) => known === right))
    ? copy
    : null
}

const isActive = (): boolean => navigator.userActivation?.isActive === true

/** The newest request the background has not asked for yet. */
let unread: CustomEvent | null = null
let asked = false

/** Whether a request of this document may be waiting for the person. */
export const hasAsked = (): boolean => asked

export function listenForRequests(): void {
  addEventListener(requestEvent, (event) => {
    if (event instanceof CustomEvent) void knock(event)
  })
}

async function knock(event: CustomEvent): Promise<void> {
  unread = event
  asked = true
  const active = isActive()
  const reply = await sendKnock({ keyhearth: 1, type: 'knock', active })
  if (reply && 'answer' in reply && reply.answer === 'ask') await connect(active)
}

/** Says what the page asked for; the answer is the provider in this document, or nothing. */
export async function connect(active = isActive()): Promise<void> {
  const event = unread
  unread = null
  const rights = event && readDetail(event)
  if (rights) await sendKnock({ keyhearth: 1, type: 'connect', active, rights })
}

function readDetail(event: CustomEvent): readonly Right[] | null {
  try {
    return readRights(event.detail)
  } catch {
    return null
  }
}
