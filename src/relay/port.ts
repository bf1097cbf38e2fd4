// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: the port of a connected page. What comes through it is the page's word.

import {
  type ErrorReason,
  type ErrorReply,
  KeyhearthError,
  toErrorReply,
} from '../protocol/errors.ts'
import {
  type Answer,
  type Call,
  type PortCall,
  type PortMessage,
  type ProviderEvent,
  portGreeting,
  protocolVersion,
  type Reply,
} from '../protocol/messages.ts'
import { isPageOperation, type PageOperation } from '../protocol/pageOperations.ts'
import { crossing } from './crossing.ts'
import { sendCall, sendKnock } from './wire.ts'

type PageCall = Extract<PortCall, { type: 'call' }>

/** A call of the page's that has no answer yet. */
interface Open {
  readonly port: MessagePort
  readonly id: number
  readonly operation: PageOperation
  readonly call: Call
}

interface Waiting {
  readonly wait: string
  readonly open: Open
}

/** Those that were cancelled are in it no more, and get no answer. */
const opens = new Set<Open>()
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
  if (isType(data, 'disconnect')) return disconnect()
  if (isType(data, 'cancel')) return cancel(port, data)
  if (!isCall(data)) return
  const { id, operation, input } = data
  const call: Call = {
    keyhearth: protocolVersion,
    type: 'call',
    id: crypto.randomUUID(),
    operation,
    input,
    active: navigator.userActivation?.isActive === true,
  }
  const open = { port, id, operation, call }
  opens.add(open)
  await run(open)
}

const isType = (data: unknown, type: PortCall['type']): data is object =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === type

/** What is under way goes on; what waits for the person is not begun. */
function cancel(port: MessagePort, data: object): void {
  const id = 'id' in data ? data.id : null
  for (const open of opens) if (open.port === port && open.id === id) opens.delete(open)
  waiting = waiting.filter(({ open }) => opens.has(open))
}

async function run(open: Open): Promise<void> {
  const reply = await sendCall(open.call)
  if (!opens.has(open)) return
  if (!reply.ok && 'wait' in reply) return waitFor({ wait: reply.wait, open })
  finish(open, resultOf(open.operation, reply))
}

function waitFor(one: Waiting): Promise<void> | void {
  switch (over.get(one.wait)) {
    case undefined:
      waiting = [...waiting, one]
      return
    case 'resumed':
      return run(one.open)
    case 'refused':
      return fail(one.open, 'refused')
  }
}

function resultOf(
  operation: PageOperation,
  reply: Exclude<Reply, { readonly wait: string }>,
): Answer {
  if (!reply.ok) return { error: copyError(reply.error) }
  try {
    return { output: crossing(operation, reply.output) }
  } catch (error) {
    return { error: toErrorReply(error) }
  }
}

function finish(open: Open, result: Answer): void {
  opens.delete(open)
  say(open.port, { type: 'reply', id: open.id, requestId: open.call.id, ...result })
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
  for (const { open } of take(wait, 'resumed')) void run(open)
}

export function refuse(wait: string): void {
  for (const { open } of take(wait, 'refused')) fail(open, 'refused')
}

function fail(open: Open, reason: ErrorReason): void {
  finish(open, { error: toErrorReply(new KeyhearthError(reason)) })
}

/** The page is left, perhaps to come back: what waited for the person waits for nobody now. */
export function abandon(): void {
  for (const { open } of waiting) fail(open, 'disconnected')
  waiting = []
}

/** Connected no more: open calls end, the provider goes. */
function revoke(): void {
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
