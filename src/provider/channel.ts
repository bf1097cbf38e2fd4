// provider: what a web page holds. This file: its line to the relay.

import { type ErrorReason, fromErrorReply, KeyhearthError } from '../protocol/errors.ts'
import {
  type PageOperation,
  type PortMessage,
  type ProviderEvent,
  portGreeting,
} from '../protocol/messages.ts'
import type { Output } from '../protocol/outputs.ts'
import type { Input } from '../protocol/schemas.ts'

interface Open {
  readonly resolve: (output: Output<PageOperation>) => void
  readonly reject: (error: Error) => void
}

export interface ChannelEvents {
  attached(): void
  event(name: ProviderEvent): void
  revoked(): void
}

/** Longer than a worker takes to start and look. Who is not greeted back by then is not connected. */
const longestGreetingMs = 5000

export class Channel {
  readonly #port: MessagePort
  readonly #giveUp: ReturnType<typeof setTimeout>
  readonly #open = new Map<number, Open>()
  #nextId = 1
  #ended: ErrorReason | null = null

  /** Greets the relay at once; calls made before it answers wait in the port. */
  constructor(events: ChannelEvents) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.onmessage = ({ data }: MessageEvent<PortMessage>) => this.#receive(data, events)
    postMessage(portGreeting, location.origin, [port2])
    const nobody: PortMessage = { type: 'revoked' }
    this.#giveUp = setTimeout(() => this.#receive(nobody, events), longestGreetingMs)
  }

  call<Name extends PageOperation>(operation: Name, input: Input<Name>): Promise<Output<Name>> {
    if (this.#ended) return Promise.reject(pageError(new KeyhearthError(this.#ended)))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve: resolve as Open['resolve'], reject })
      this.#port.postMessage({ type: 'call', id, operation, input })
    })
  }

  disconnect(): void {
    this.#port.postMessage({ type: 'disconnect' })
  }

  #end(reason: ErrorReason): void {
    this.#ended = reason
    for (const { reject } of this.#open.values()) reject(pageError(new KeyhearthError(reason)))
    this.#open.clear()
  }

  #receive(message: PortMessage, events: ChannelEvents): void {
    switch (message.type) {
      case 'attached':
        clearTimeout(this.#giveUp)
        events.attached()
        break
      case 'event':
        events.event(message.event)
        break
      case 'revoked':
        this.#end('disconnected')
        events.revoked()
        break
      case 'reply':
        this.#settle(message)
    }
  }

  #settle(message: Extract<PortMessage, { type: 'reply' }>): void {
    const open = this.#open.get(message.id)
    this.#open.delete(message.id)
    if ('output' in message) open?.resolve(message.output)
    else open?.reject(pageError(fromErrorReply(message.error)))
  }
}

/** What a page catches: an Error with AWS's exception name, as AWS's clients throw it. */
export function pageError(error: unknown): Error {
  const known = error instanceof KeyhearthError ? error : new KeyhearthError('internal')
  return Object.assign(new Error(known.message), { name: known.code, code: known.code })
}
