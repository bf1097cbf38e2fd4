// gate: who asks, may they, dispatch, record. This file: what a click on the context menu was about.

import type { Document } from './documents.ts'
import { isTrustworthy } from './principals.ts'

/** The menu's entries and the words they carry. */
export const menuActions = {
  'encrypt-selection': 'menu_encrypt',
  'decrypt-selection': 'menu_decrypt',
  compose: 'menu_compose',
} as const
type MenuAction = keyof typeof menuActions

/** What a click on the menu was about; kept while the person unlocks. */
export interface MenuClick {
  readonly action: MenuAction
  readonly document: Document
  readonly origin: string | null
  /** What the browser itself saw selected, for pages Keyhearth has no relay in. */
  readonly selectionText: string
}

interface ClickInfo {
  readonly menuItemId: string | number
  readonly frameId?: number | undefined
  readonly frameUrl?: string | undefined
  readonly pageUrl?: string | undefined
  readonly selectionText?: string | undefined
}

/** `null` for an entry that is not ours. Pure. */
export function readClick(info: ClickInfo, tabId: number | undefined): MenuClick | null {
  const action = String(info.menuItemId)
  if (tabId === undefined || !Object.hasOwn(menuActions, action)) return null
  const url = info.frameUrl ?? info.pageUrl ?? ''
  const origin = URL.canParse(url) ? new URL(url).origin : 'null'
  return {
    action: action as MenuAction,
    document: { tabId, frameId: info.frameId ?? 0, documentId: '' },
    origin: isTrustworthy(origin) ? origin : null,
    selectionText: info.selectionText ?? '',
  }
}
