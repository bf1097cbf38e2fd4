// provider: what a web page holds. This file: its line to the relay.

import {
  type PagePart,
  type PortCall,
  type PortEnd,
  type PortMessage,
  type PortReply,
  type ProviderEvent,
  portGreeting,
  relayEvent,
} from '../protocol/messages.ts'
import type { Output } from '../protocol/outputs.ts'
import { PageError, pageFailure } from '../protocol/pageErrors.ts'
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
  disconnected(): void
}

/** Longer than a worker takes to start and look. Who is not greeted back by then is not connected. */
const longestGreetingMs = 5000

export class Channel {
  readonly #port: MessagePort
  readonly #giveUp: ReturnType<typeof setTimeout>
  readonly #open = new Map<number, (reply: PortReply) => void>()
  #nextId = 1
  #ended: PortEnd | null = null

  /** Greets the relay at once; calls made before it answers wait in the port. */
  constructor(events: ChannelEvents) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.onmessage = ({ data }: MessageEvent<PortMessage>) => this.#receive(data, events)
    postMessage(portGreeting, location.origin, [port2])
    const nobody: PortMessage = { type: 'ended', reason: 'disconnected' }
    this.#giveUp = setTimeout(() => this.#receive(nobody, events), longestGreetingMs)
  }

  /** @throws PageError */
  async call<Name extends PageOperation>(
    operation: Name,
    input: Input<Name>,
  ): Promise<Output<Name>> {
    const reply = await this.ask(operation, input).answer
    if ('error' in reply) throw new PageError(reply.error)
    return reply.output as Output<Name>
  }

  /** Once it has ended, that part has run in this document. @throws PageError */
  async bring(part: PagePart): Promise<void> {
    const reply = await this.#ask((id) => ({ type: part, id })).answer
    if ('error' in reply) throw new PageError(reply.error)
  }

  /** @param operation and input as the page gave them: relay and gate read them */
  ask(operation: string, input: object): Asked {
    const call = { operation: operation as PageOperation, input: input as Input<PageOperation> }
    return this.#ask((id) => ({ type: 'call', id, ...call }))
  }

  #ask(callOf: (id: number) => PortCall): Asked {
    const id = this.#nextId++
    if (this.#ended) return { answer: Promise.resolve(ending(id, this.#ended)), cancel: () => {} }
    const answer = new Promise<PortReply>((resolve) => {
      this.#open.set(id, resolve)
      this.#say(callOf(id))
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

  #end(reason: PortEnd): void {
    this.#ended = reason
    for (const [id, settle] of this.#open) settle(ending(id, reason))
    this.#open.clear()
  }

  #receive(message: PortMessage, events: ChannelEvents): void {
    switch (message.type) {
      case 'attached':
        clearTimeout(this.#giveUp)
        addEventListener(relayEvent, () => this.#end('reload-page'), { once: true })
        events.attached()
        break
      case 'event':
        events.event(message.event)
        break
      case 'ended':
        clearTimeout(this.#giveUp)
        this.#end(message.reason)
        // Until it is loaded anew, a page that stayed through an update is to be told so by what it has.
        if (message.reason === 'disconnected') events.disconnected()
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

const ending = (id: number, reason: PortEnd): PortReply => ({
  type: 'reply',
  id,
  requestId: crypto.randomUUID(),
  error: pageFailure(reason),
})
