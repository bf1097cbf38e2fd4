// gate: who asks, may they, dispatch, record. This file: messages that pages show, and whether the person wants
// them marked there. A mark can be seen by the page, so without the person's word there is none, only a sign
// on the toolbar; the choice must be known while locked, so it is sealed under the root key alone.

import { browser } from 'wxt/browser'
import { unshared } from '../codec/bytes.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { isDeviceRowSetBack } from '../hsm/deviceRows.ts'
import type { SecurityModule } from '../hsm/module.ts'
import { openForDevice, sealForDevice } from '../hsm/rootKey.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Finding, ViewReply } from '../protocol/messages.ts'
import { protocolVersion } from '../protocol/messages.ts'
import type { Reading as Choice } from '../protocol/outputs.ts'
import { documentsOf, injectReader, notify, notifyTab, registerQuiet } from './documents.ts'
import { openWindow } from './openWindow.ts'
import { overlayPath, type Readable } from './principals.ts'
import type { Requests } from './requests.ts'
import { longestShown, type Views } from './views.ts'

export interface ReadingParts {
  readonly hsm: SecurityModule
  readonly requests: Requests
  readonly views: Views
}

type Choices = Readonly<Record<string, Exclude<Choice, 'ask'>>>

/** None while they are not those that were written last. */
async function choices(hsm: SecurityModule): Promise<Choices> {
  const { db, deviceIfAny } = hsm
  if (await isDeviceRowSetBack(hsm, 'reading')) return {}
  return (deviceIfAny && (await openForDevice<Choices>(db, deviceIfAny, 'reading'))) ?? {}
}

async function choiceFor(hsm: SecurityModule, origin: string): Promise<Choice> {
  const all = await choices(hsm)
  return Object.hasOwn(all, origin) ? (all[origin] ?? 'ask') : 'ask'
}

export function isFinding(message: unknown): message is Finding {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false
  if (!('keyhearth' in message) || message.keyhearth !== protocolVersion) return false
  if (message.type === 'found') return true
  return message.type === 'show' && 'message' in message && message.message instanceof Uint8Array
}

/** A content script is as good as its page: what it sends is a page's word. */
export async function answerFinding(
  { hsm, requests, views }: ReadingParts,
  document: Readable,
  finding: Finding,
): Promise<ViewReply | undefined> {
  if (hsm.state === 'missing' || hsm.state === 'damaged') return
  const choice = await choiceFor(hsm, document.origin)
  if (finding.type === 'found') {
    if (choice === 'on') await injectReader(document)
    if (choice === 'ask') await requests.showFound(document.tabId)
    return
  }
  if (choice !== 'on' || finding.message.byteLength > longestShown) return
  const token = views.add(document, unshared(finding.message))
  return { url: `${browser.runtime.getURL(overlayPath as never)}#${token}` }
}

export const getReading: Handler<'keyhearth:GetReading'> = async ({ hsm }, { Origin }) => {
  const documents = await documentsOf([Origin])
  const found = await Promise.all(
    documents.map(({ tabId }) => notifyTab(tabId, { keyhearth: 1, type: 'found' })),
  )
  return { Reading: await choiceFor(hsm, Origin), Found: found.includes(true) }
}

export const putReading: Handler<'keyhearth:PutReading'> = async (context, { Origin, Reading }) => {
  const { hsm, staged, afterCommit } = context
  const { [Origin]: _before, ...others } = await choices(hsm)
  const all = Reading === 'ask' ? others : { ...others, [Origin]: Reading }
  staged.change(await sealForDevice(hsm.device, 'reading', all))
  afterCommit(async () => {
    await registerQuiet(quietAmong(all))
    await tellDocuments(Origin, Reading)
  })
  return {}
}

const quietAmong = (all: Choices): string[] =>
  Object.keys(all).filter((origin) => all[origin] === 'off')

/** When the background starts: what the browser forgot with its end. */
export const keepQuiet = async (hsm: SecurityModule): Promise<void> =>
  registerQuiet(quietAmong(await choices(hsm)))

/** In the documents that are open already. Frames come with them: each looks for itself. */
async function tellDocuments(origin: string, reading: Choice): Promise<void> {
  for (const document of await documentsOf([origin])) {
    if (reading === 'on') await injectReader(document)
    else await notifyTab(document.tabId, { keyhearth: 1, type: 'stop-reading' })
    await notifyTab(document.tabId, { keyhearth: 1, type: 'look', wanted: reading !== 'off' })
  }
}

/** The tab of the overlay that asks. @throws KeyhearthError `not-allowed` for anything else */
function overlayTab({ principal }: Context): number {
  if (principal.kind === 'person' && principal.page === 'overlay') return principal.tabId
  throw new KeyhearthError('not-allowed')
}

export const takeView =
  ({ views }: Pick<ReadingParts, 'views'>): Handler<'keyhearth:TakeView'> =>
  async (context, { Token }) => {
    const { message, origin } = views.take(Token, overlayTab(context))
    return { Message: message, Origin: origin }
  }

export const closeView =
  ({ views }: Pick<ReadingParts, 'views'>): Handler<'keyhearth:CloseView'> =>
  async (context, { Token }) => {
    const document = views.close(Token, overlayTab(context))
    if (document) await notify(document, { keyhearth: 1, type: 'close-view' })
    return {}
  }

/** Nobody types a passphrase inside a page: unlocking happens in Keyhearth's own window. */
export const openToUnlock: Handler<'keyhearth:OpenToUnlock'> = async () => {
  await openWindow('')
  return {}
}
