// protocol: the contract every context speaks. This file: who can ask.
// Made by the gate from the browser's `sender`; nothing a message says can become a part of it.

import type { Site } from './sites.ts'

/** Where the person acts: a page of the extension, or its entry in the browser's context menu. */
export type ExtensionPage = 'popup' | 'manager' | 'consent' | 'compose' | 'menu'

export type Principal =
  | { readonly kind: 'person'; readonly page: ExtensionPage }
  /** The one page that stands in web pages: the person reads there, and does nothing else. */
  | { readonly kind: 'person'; readonly page: 'overlay'; readonly tabId: number }
  | PagePrincipal
  /** Keyhearth itself: automatic lock, clean-up. */
  | { readonly kind: 'service' }

/** One document of a web page. Rights belong to its site (sites.ts); prompts and answers to the document. */
export interface PagePrincipal extends Site {
  readonly kind: 'page'
  readonly tabId: number
  readonly frameId: number
  /** Empty where the browser has none (Firefox); then tab and frame name the document. */
  readonly documentId: string
}
