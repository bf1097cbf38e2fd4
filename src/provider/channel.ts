// provider: what a web page holds. This file: its line to the relay.

import {
  type ErrorReason,
  fromErrorReply,
  KeyhearthError,
  toErrorReply,
} from '../protocol/errors.ts'
import {
  type PortCall,
  type PortMessage,
  type PortReply,
  type ProviderEvent,
  portGreeting,
} from '../protocol/messages.ts'
import type { Output } from '../protocol/outputs.ts'
import type { PageOperation } from '../protocol/pageOperations.ts'
import type { Input } from '../protocol/schemas.ts'

/** A call under way. `cancel`: its answer is not waited for any more, and will not come. */
export interface Asked {
  readonly answer: Promise<PortReply>
  readonly cancel: () => void
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
  readonly #open = new Map<number, (reply: PortReply) => void>()
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

  /** @throws KeyhearthError */
  async call<Name extends PageOperation>(
    operation: Name,
    input: Input<Name>,
  ): Promise<Output<Name>> {
    const reply = await this.ask(operation, input).answer
    if ('error' in reply) throw fromErrorReply(reply.error)
    return reply.output as Output<Name>
  }

  /** @param input as the page gave it: the gate reads it */
  ask(operation: PageOperation, input: object): Asked {
    const id = this.#nextId++
    if (this.#ended) return { answer: Promise.resolve(ending(id, this.#ended)), cancel: () => {} }
    const answer = new Promise<PortReply>((resolve) => {
      this.#open.set(id, resolve)
      this.#say({ type: 'call', id, operation, input: input as Input<PageOperation> })
    })
    return {
      answer,
      cancel: () => {
        if (this.#open.delete(id)) this.#say({ type: 'cancel', id })
      },
    }
  }

  disconnect(): void {
    this.#say({ type: 'disconnect' })
  }

  #say(call: PortCall): void {
    this.#port.postMessage(call)
  }

  #end(reason: ErrorReason): void {
    this.#ended = reason
    for (const [id, settle] of this.#open) settle(ending(id, reason))
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

  #settle(reply: PortReply): void {
    this.#open.get(reply.id)?.(reply)
    this.#open.delete(reply.id)
  }
}

const ending = (id: number, reason: ErrorReason): PortReply => ({
  type: 'reply',
  id,
  requestId: crypto.randomUUID(),
  error: toErrorReply(new KeyhearthError(reason)),
})

/** What a page catches: an Error with AWS's exception name, as AWS's clients throw it. */
export function pageError(error: unknown): Error {
  const known = error instanceof KeyhearthError ? error : new KeyhearthError('internal')
  return Object.assign(new Error(known.message), { name: known.code, code: known.code })
}
