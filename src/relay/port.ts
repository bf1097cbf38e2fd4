// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: the port of a connected page. What comes through it is the page's word; what goes back is
// copied member by member, so that nothing else of a reply ever reaches a page.

import {
  type ErrorReason,
  type ErrorReply,
  KeyhearthError,
  toErrorReply,
} from '../protocol/errors.ts'
import {
  type Call,
  type PageOperation,
  type PortCall,
  type PortMessage,
  type ProviderEvent,
  pageOperations,
  portGreeting,
  protocolVersion,
  type Reply,
} from '../protocol/messages.ts'
import type { Output } from '../protocol/outputs.ts'
import { sendCall, sendKnock } from './wire.ts'

type PageCall = Extract<PortCall, { type: 'call' }>

interface Waiting {
  readonly wait: string
  readonly port: MessagePort
  readonly id: number
  readonly call: Call
}

const ports = new Set<MessagePort>()
let waiting: readonly Waiting[] = []
/** Waits that are over. The notice may come before the reply that says what to wait for. */
const over = new Map<string, 'resumed' | 'refused'>()

export const isAttached = (): boolean => ports.size > 0

/** The provider's greeting carries its port. Anyone in the page can send one; the background decides. */
export function listenForPorts(): void {
  addEventListener('message', (event) => {
    // A page can make such an event itself, of data with getters: reading those would run them, and tell
    // an uninvited page that somebody listens.
    if (!event.isTrusted || event.source !== window || event.origin !== location.origin) return
    const [port] = event.ports
    if (event.data === portGreeting && port && event.ports.length === 1) void attach(port)
  })
}

async function attach(port: MessagePort): Promise<void> {
  if (!(await isConnected())) return
  ports.add(port)
  port.onmessage = ({ data }) => void serve(port, data)
  say(port, { type: 'attached' })
}

async function isConnected(): Promise<boolean> {
  const reply = await sendKnock({ keyhearth: 1, type: 'attach' })
  return reply !== null && 'attached' in reply && reply.attached
}

/** Keeps the ports of a document that is connected still, and ends those of one that is not. */
export async function attachAgain(): Promise<void> {
  if (!(await isConnected())) revoke()
}

const say = (port: MessagePort, message: PortMessage): void => port.postMessage(message)

const isPageOperation = (name: unknown): name is PageOperation =>
  pageOperations.some((known) => known === name)

function isCall(data: unknown): data is PageCall {
  if (typeof data !== 'object' || data === null) return false
  const { type, id, operation, input } = data as Partial<PageCall>
  return (
    type === 'call' &&
    Number.isSafeInteger(id) &&
    isPageOperation(operation) &&
    typeof input === 'object' &&
    input !== null
  )
}

async function serve(port: MessagePort, data: unknown): Promise<void> {
  if (isDisconnect(data)) return disconnect()
  if (!isCall(data)) return
  const call: Call = {
    keyhearth: protocolVersion,
    type: 'call',
    id: crypto.randomUUID(),
    operation: data.operation,
    input: data.input,
    active: navigator.userActivation?.isActive === true,
  }
  await run(port, data.id, call)
}

const isDisconnect = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'disconnect'

async function run(port: MessagePort, id: number, call: Call): Promise<void> {
  const reply = await sendCall(call)
  if (!reply.ok && 'wait' in reply) return waitFor({ wait: reply.wait, port, id, call })
  answer(port, id, call.operation as PageOperation, reply)
}

function waitFor(one: Waiting): Promise<void> | void {
  switch (over.get(one.wait)) {
    case undefined:
      waiting = [...waiting, one]
      return
    case 'resumed':
      return run(one.port, one.id, one.call)
    case 'refused':
      return fail(one.port, one.id, 'refused')
  }
}

function answer(
  port: MessagePort,
  id: number,
  operation: PageOperation,
  reply: Exclude<Reply, { readonly wait: string }>,
): void {
  if (reply.ok) say(port, { type: 'reply', id, output: allowed(operation, reply.output) })
  else say(port, { type: 'reply', id, error: copyError(reply.error) })
}

/** The members a page is to have, and no other. */
function allowed(operation: PageOperation, output: unknown): Output<PageOperation> {
  switch (operation) {
    case 'keyhearth:EncryptMessage': {
      const { Message, KeyId } = output as Output<'keyhearth:EncryptMessage'>
      return { Message, KeyId }
    }
    case 'keyhearth:DecryptMessage': {
      const opened = output as Output<'keyhearth:DecryptMessage'>
      const { Plaintext, KeyId } = opened
      return { Plaintext, KeyId, EncryptionContext: { ...opened.EncryptionContext } }
    }
  }
}

const copyError = ({ code, reason, message, details }: ErrorReply): ErrorReply => ({
  code,
  reason,
  message,
  details: { ...details },
})

function take(wait: string, how: 'resumed' | 'refused'): readonly Waiting[] {
  over.set(wait, how)
  const taken = waiting.filter((one) => one.wait === wait)
  waiting = waiting.filter((one) => one.wait !== wait)
  return taken
}

/** The person unlocked: what waited for it is sent again. */
export function resume(wait: string): void {
  for (const { port, id, call } of take(wait, 'resumed')) void run(port, id, call)
}

export function refuse(wait: string): void {
  for (const { port, id } of take(wait, 'refused')) fail(port, id, 'refused')
}

function fail(port: MessagePort, id: number, reason: ErrorReason): void {
  say(port, { type: 'reply', id, error: toErrorReply(new KeyhearthError(reason)) })
}

/** The page is left, perhaps to come back: what waited for the person waits for nobody now. */
export function abandon(): void {
  for (const { port, id } of waiting) fail(port, id, 'disconnected')
  waiting = []
}

/** Connected no more: open calls end, the provider goes. */
export function revoke(): void {
  abandon()
  for (const port of ports) {
    say(port, { type: 'revoked' })
    port.close()
  }
  ports.clear()
}

function disconnect(): void {
  revoke()
  void sendKnock({ keyhearth: 1, type: 'detach', disconnect: true })
}

export function tell(event: ProviderEvent): void {
  for (const port of ports) say(port, { type: 'event', event })
}
