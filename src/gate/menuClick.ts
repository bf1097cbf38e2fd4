// gate: who asks, may they, dispatch, record. This file: what a click on the context menu was about.

import type { Selection } from '../protocol/messages.ts'
import type { Site } from '../protocol/sites.ts'
import type { Document } from './documents.ts'
import { isTrustworthy } from './principals.ts'

/** The menu's entries and the words they carry. */
export const menuActions = {
  'encrypt-selection': 'menu_encrypt',
  'decrypt-selection': 'menu_decrypt',
  compose: 'menu_compose',
} as const
type MenuAction = keyof typeof menuActions

/** What a click on the menu was about. */
export interface MenuClick {
  readonly action: MenuAction
  readonly document: Document
  /** `null` for a page that is no site. */
  readonly site: Site | null
  /** What the browser itself saw selected, for pages Keyhearth has no relay in. */
  readonly selectionText: string
}

/** A click that waits for the person to unlock, with what was selected as they chose. */
export interface PendingClick {
  readonly click: MenuClick
  readonly selection: Selection
  /** Milliseconds since 1970. */
  readonly at: number
}

interface ClickInfo {
  readonly menuItemId: string | number
  readonly frameId?: number | undefined
  readonly frameUrl?: string | undefined
  readonly pageUrl?: string | undefined
  readonly selectionText?: string | undefined
}

const originOf = (url: string | undefined): string =>
  url !== undefined && URL.canParse(url) ? new URL(url).origin : 'null'

function siteOf({ frameUrl, pageUrl }: ClickInfo): Site | null {
  const top = originOf(pageUrl)
  const origin = frameUrl === undefined ? top : originOf(frameUrl)
  if (!isTrustworthy(origin) || !isTrustworthy(top)) return null
  return origin === top ? { origin } : { origin, top }
}

/** `null` for an entry that is not ours. Pure. */
export function readClick(info: ClickInfo, tabId: number | undefined): MenuClick | null {
  const action = String(info.menuItemId)
  if (tabId === undefined || !Object.hasOwn(menuActions, action)) return null
  return {
    action: action as MenuAction,
    document: { tabId, frameId: info.frameId ?? 0, documentId: '' },
    site: siteOf(info),
    selectionText: info.selectionText ?? '',
  }
}
