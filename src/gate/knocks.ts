// gate: who asks, may they, dispatch, record. This file: pages that want to be connected.
//
// Until the person has allowed an origin, nothing a page does gets an answer it could see.

import type { SecurityModule } from '../hsm/module.ts'
import {
  type AttachReply,
  type Knock,
  type KnockReply,
  type PagePart,
  pageParts,
  protocolVersion,
} from '../protocol/messages.ts'
import type { Right } from '../protocol/operationRow.ts'
import { offeredRights } from '../protocol/operations.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import { siteName } from '../protocol/sites.ts'
import { documentKey, injectPart, injectProvider } from './documents.ts'
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
  return ['knock', 'connect', 'arrive', 'attach', ...pageParts, 'detach'].includes(
    String(message.type),
  )
}

export async function answerKnock(
  parts: KnockParts,
  page: PagePrincipal,
  knock: Knock,
): Promise<KnockReply | AttachReply> {
  switch (knock.type) {
    case 'knock':
      return (await mayAsk(parts, page, knock.active)) ? ask : ignore
    case 'connect':
      return connect(parts, page, knock.active, knock.rights)
    case 'arrive':
      return arrive(parts, page)
    case 'attach':
      return isAttached(parts, page)
    case 'formats':
    case 'verifier':
      return bringPart(parts, page, knock.type)
    case 'detach':
      return detach(parts, page)
  }
}

const isAttached = async ({ sites }: KnockParts, page: PagePrincipal): Promise<AttachReply> => ({
  attached: (await sites.rightsOf(page)).length > 0,
})

/** Nothing of ours runs in a document that is not connected, even where it asks. */
async function bringPart(
  parts: KnockParts,
  page: PagePrincipal,
  part: PagePart,
): Promise<AttachReply> {
  const reply = await isAttached(parts, page)
  if (reply.attached) await injectPart(page, part)
  return reply
}

/** A click or key press earns a prompt; without one the request waits behind the badge. */
async function mayAsk(
  { hsm, sites, requests }: KnockParts,
  page: PagePrincipal,
  active: boolean,
): Promise<boolean> {
  if ((await sites.rightsOf(page)).length > 0) return true
  const site = siteName(page)
  if (sites.isBlocked(site)) return false
  const now = Date.now()
  // Without a vault there is nothing to connect to, and a prompt would tell the page of Keyhearth.
  if (hsm.state === 'missing' || hsm.state === 'damaged') return false
  if (requests.silenced(site, now) || requests.justRefused(page, now)) return false
  if (active) return true
  // Frames of strangers stand in most pages: the badge would be theirs.
  if (page.top !== undefined) return false
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
  const site = siteName(page)
  if (sites.isBlocked(site)) return ignore
  const has = await sites.rightsOf(page)
  if (rights.every((right) => has.includes(right))) {
    await injectProvider(page)
    return ask
  }
  const now = Date.now()
  // The person may have blocked it while its rights were looked up.
  if (sites.isBlocked(site) || requests.silenced(site, now)) return ignore
  if (requests.justRefused(page, now)) return ignore
  const expected = requests.expects(page)
  if (page.top !== undefined && !active && !expected) return ignore
  const request = await requests.add(page, 'connect', rights, now)
  if (active || expected) await requests.prompt(request)
  return ask
}

/** The rights asked for that can be granted today. Anything odd asks for nothing. */
function offered(wanted: unknown): Right[] {
  if (!Array.isArray(wanted) || wanted.length > 8) return []
  return offeredRights.filter((right) => wanted.includes(right))
}

/** A frame of an origin that was allowed something somewhere: it gets a provider where it has rights here. */
async function arrive({ sites }: KnockParts, page: PagePrincipal): Promise<KnockReply> {
  if ((await sites.rightsOf(page)).length > 0) await injectProvider(page)
  return ignore
}

/** With a top document all its frames go; they may have had no time to say so. */
async function detach({ sites, requests }: KnockParts, page: PagePrincipal): Promise<KnockReply> {
  await sites.forgetDocument(page)
  const { tabId, frameId } = page
  await requests.cancel(({ Document }) => {
    const inFrame = Document.frameId !== 0 && Document.tabId === tabId
    return documentKey(Document) === documentKey(page) || (frameId === 0 && inFrame)
  })
  return ignore
}
