// protocol: the contract every context speaks. This file: the envelopes between contexts.
//
//   extension page --runtime.sendMessage--> background      Call -> Reply
//   page provider  --MessagePort----------> relay           PortCall -> PortReply, PortEvent
//   relay          --runtime.connect------> background      Call -> LineReply
//   relay          --runtime.sendMessage--> background      Knock, Finding -> KnockReply, AttachReply
//   reader         --runtime.sendMessage--> background      Finding -> ViewReply
//   background     --tabs.sendMessage-----> relay, reader   Notice
//
// No envelope names who sends it: identity is the browser's `sender`, of a message or of a port, and
// nothing else.

import type { ErrorReply } from './errors.ts'
import type { Right } from './operationRow.ts'
import type { OperationName } from './operations.ts'
import type { Output } from './outputs.ts'
import type { PageOperation } from './pageOperations.ts'
import type { Input } from './schemas.ts'

/**
 * Raised whenever an envelope changes, so that a relay or a provider left over from before an update is told to
 * reload its page.
 */
export const protocolVersion = 1

export interface Call<Name extends OperationName = OperationName> {
  readonly keyhearth: typeof protocolVersion
  readonly type: 'call'
  /** Made by the caller, unique; the trail's requestID. A repeated call keeps its id. */
  readonly id: string
  readonly operation: Name
  readonly input: Input<Name>
  /** Relay only: whether the page had a recent click or key press. Decides window or badge, never a right. */
  readonly active?: boolean
}

/** What comes into a page on first need: the message format, and what verifies documents (room provider). */
export const pageParts = ['formats', 'verifier'] as const
export type PagePart = (typeof pageParts)[number]

/**
 * A page wants to be connected, or a connected page's provider reports in.
 * `knock`   may this document ask? Sent before anything the page supplied is read. -> KnockReply
 * `connect` here are the rights it asks for. -> KnockReply; the answer arrives later as a Notice or never.
 * `arrive`  a frame of an origin that may have rights here: put a provider into it if it has.
 * `attach`  a provider stands in this document: is it connected? -> { attached }
 * `formats`, `verifier` the provider needs that part of it (PagePart). -> { attached }; it comes before the answer.
 * `detach`  the document goes away or the page disconnected.
 */
export type Knock =
  | { readonly keyhearth: 1; readonly type: 'knock'; readonly active: boolean }
  | {
      readonly keyhearth: 1
      readonly type: 'connect'
      readonly active: boolean
      readonly rights: readonly Right[]
    }
  | { readonly keyhearth: 1; readonly type: 'arrive' }
  | { readonly keyhearth: 1; readonly type: 'attach' }
  | { readonly keyhearth: 1; readonly type: PagePart }
  | { readonly keyhearth: 1; readonly type: 'detach'; readonly disconnect: boolean }

/** `ask`: read the rights and send `connect`. `ignore`: the page gets no sign that anyone listened. */
export type KnockReply = { readonly answer: 'ask' | 'ignore' }
export type AttachReply = { readonly attached: boolean }

export type Reply<Name extends OperationName = OperationName> =
  | { readonly ok: true; readonly output: Output<Name> }
  | { readonly ok: false; readonly error: ErrorReply }
  /** To a relay only: keep the call and send it again after a `resume` notice with this id. */
  | { readonly ok: false; readonly wait: string }

/** The name of a relay's port. It says what for, never whose: that is the port's `sender`. */
export const lineName = 'calls' as const

/** `id` is the call's. */
export interface LineReply {
  readonly id: string
  readonly reply: Reply
}

/** Background to the relay of one document. */
export type Notice =
  | { readonly keyhearth: 1; readonly type: 'resume'; readonly wait: string }
  | { readonly keyhearth: 1; readonly type: 'refused'; readonly wait: string }
  /** Send that call again; it goes on waiting. */
  | { readonly keyhearth: 1; readonly type: 'again'; readonly wait: string }
  /** A site on this tab is connected no more: who is, asks. The others drop their ports. */
  | { readonly keyhearth: 1; readonly type: 'revoked' }
  | { readonly keyhearth: 1; readonly type: 'event'; readonly event: ProviderEvent }
  /** The person chose "Encrypt selection" or "Decrypt selection": what is selected in this document? -> Selection */
  | { readonly keyhearth: 1; readonly type: 'read-selection' }
  /** Is this document still there, and what was read in it by this token? -> true */
  | { readonly keyhearth: 1; readonly type: 'present'; readonly token?: string }
  /** Does this document show messages? -> true */
  | { readonly keyhearth: 1; readonly type: 'found' }
  /** The person chose for this site whether messages are looked for at all. */
  | { readonly keyhearth: 1; readonly type: 'look'; readonly wanted: boolean }
  /** Its reader: take the marks away. */
  | { readonly keyhearth: 1; readonly type: 'stop-reading' }
  /** Its reader: the person closed the view. */
  | { readonly keyhearth: 1; readonly type: 'close-view' }
  /**
   * Text for a field will come. -> Selection, of the frame the person chose where this is sent to it alone
   * (`chosen`), else of the frame of the page's origin that has the focus
   */
  | { readonly keyhearth: 1; readonly type: 'mark-field'; readonly chosen: boolean }
  /** Put this text where the selection was. -> { replaced } */
  | {
      readonly keyhearth: 1
      readonly type: 'replace-selection'
      readonly token: string
      readonly text: string
    }

/**
 * From a document that shows messages. `found`, from its relay: there are some. `show`, from its reader: the
 * person clicked the mark of this one. -> ViewReply
 */
export type Finding =
  | { readonly keyhearth: 1; readonly type: 'found' }
  | { readonly keyhearth: 1; readonly type: 'show'; readonly message: Uint8Array<ArrayBuffer> }

/** Where the message is to be shown: an address that is good once, in a frame of this document. */
export interface ViewReply {
  readonly url: string
}

/**
 * `editable`: the selection can be replaced. `token` names that very selection in that very document. `origin` is the
 * document's, by its own word.
 */
export interface Selection {
  readonly origin: string
  readonly text: string
  readonly editable: boolean
  readonly token: string
}

/** `rotate`: a secret of the site's, whose hook its page is, is to be rotated (secrets/rotation). */
const providerEvents = ['lock', 'unlock', 'change', 'rotate'] as const
export type ProviderEvent = (typeof providerEvents)[number]

/** First message of the provider to its window, carrying the port: this word, and the version it speaks. */
export const greetingWord = 'keyhearth:port'
export const portGreeting = `${greetingWord} ${protocolVersion}` as const

/**
 * From a relay that came into a document later than the page's scripts, as Firefox's does after an update: the
 * ports of providers there led to the one before it, and are silent now. Connected documents alone hear it.
 */
export const relayEvent = 'keyhearth:relay'

/**
 * `id` is the page's own; it comes back with the answer. Of a `PagePart`: may it come into this document, please.
 * `cancel`: nobody waits for that call any more.
 */
export type PortCall<Name extends PageOperation = PageOperation> =
  | {
      readonly type: 'call'
      readonly id: number
      readonly operation: Name
      readonly input: Input<Name>
    }
  | { readonly type: PagePart; readonly id: number }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'disconnect' }

export type Answer<Name extends PageOperation = PageOperation> =
  | { readonly output: Output<Name> }
  | { readonly error: ErrorReply }

/** `requestId` is the call's name in the trail. */
export type PortReply<Name extends PageOperation = PageOperation> = {
  readonly type: 'reply'
  readonly id: number
  readonly requestId: string
} & Answer<Name>

export type PortMessage =
  | { readonly type: 'attached' }
  | PortReply
  | { readonly type: 'event'; readonly event: ProviderEvent }
  | { readonly type: 'ended'; readonly reason: PortEnd }

/** Why a port ends: not connected, or no more; or one side is from before an update. */
export type PortEnd = 'disconnected' | 'reload-page'
