// gate: who asks, may they, dispatch, record. This file: pages that want to be connected.
//
// Until the person has allowed an origin, nothing a page does gets an answer it could see.

import type { SecurityModule } from '../hsm/module.ts'
import {
  type AttachReply,
  type Knock,
  type KnockReply,
  protocolVersion,
} from '../protocol/messages.ts'
import type { Right } from '../protocol/operationRow.ts'
import { offeredRights } from '../protocol/operations.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import { documentKey, injectFormats, injectProvider } from './documents.ts'
import type { Requests } from './requests.ts'
import type { Sites } from './sites.ts'

export interface KnockParts {
  readonly hsm: SecurityModule
  readonly sites: Sites
  readonly requests: Requests
}

const ask = { answer: 'ask' } as const satisfies KnockReply
const ignore = { answer: 'ignore' } as const satisfies KnockReply

export function isKnock(message: unknown): message is Knock {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false
  if (!('keyhearth' in message) || message.keyhearth !== protocolVersion) return false
  return ['knock', 'connect', 'attach', 'formats', 'detach'].includes(String(message.type))
}

export async function answerKnock(
  parts: KnockParts,
  page: PagePrincipal,
  knock: Knock,
): Promise<KnockReply | AttachReply> {
  // The top document asks; a frame has what that was allowed for good.
  if (page.frameId !== 0 && (knock.type === 'knock' || knock.type === 'connect')) return ignore
  switch (knock.type) {
    case 'knock':
      return (await mayAsk(parts, page, knock.active)) ? ask : ignore
    case 'connect':
      return connect(parts, page, knock.active, knock.rights)
    case 'attach':
      return isAttached(parts, page)
    case 'formats':
      return bringFormats(parts, page)
    case 'detach':
      return detach(parts, page)
  }
}

const isAttached = async ({ sites }: KnockParts, page: PagePrincipal): Promise<AttachReply> => ({
  attached: (await sites.rightsOf(page)).length > 0,
})

/** Nothing of ours runs in a document that is not connected, even where it asks. */
async function bringFormats(parts: KnockParts, page: PagePrincipal): Promise<AttachReply> {
  const reply = await isAttached(parts, page)
  if (reply.attached) await injectFormats(page)
  return reply
}

/** A click or key press earns a prompt; without one the request waits behind the badge. */
async function mayAsk(
  { hsm, sites, requests }: KnockParts,
  page: PagePrincipal,
  active: boolean,
): Promise<boolean> {
  if ((await sites.rightsOf(page)).length > 0) return true
  if (sites.isBlocked(page.origin)) return false
  const now = Date.now()
  // Without a vault there is nothing to connect to, and a prompt would tell the page of Keyhearth.
  if (hsm.state === 'missing' || hsm.state === 'damaged') return false
  if (requests.silenced(page.origin, now)) return false
  if (active) return true
  await requests.add(page, 'connect', [], now)
  return false
}

async function connect(
  { hsm, sites, requests }: KnockParts,
  page: PagePrincipal,
  active: boolean,
  wanted: unknown,
): Promise<KnockReply> {
  const rights = offered(wanted)
  if (rights.length === 0 || hsm.state === 'missing' || hsm.state === 'damaged') return ignore
  if (sites.isBlocked(page.origin)) return ignore
  const has = await sites.rightsOf(page)
  if (rights.every((right) => has.includes(right))) {
    await injectProvider(page)
    return ask
  }
  const now = Date.now()
  if (requests.silenced(page.origin, now)) return ignore
  const expected = requests.expects(page)
  const request = await requests.add(page, 'connect', rights, now)
  if (active || expected) await requests.prompt(request)
  return ask
}

/** The rights asked for that can be granted today. Anything odd asks for nothing. */
function offered(wanted: unknown): Right[] {
  if (!Array.isArray(wanted) || wanted.length > 8) return []
  return offeredRights.filter((right) => wanted.includes(right))
}

async function detach({ sites, requests }: KnockParts, page: PagePrincipal): Promise<KnockReply> {
  await sites.forgetDocument(page)
  await requests.cancel((one) => documentKey(one.Document) === documentKey(page))
  return ignore
}
