// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: the port of a connected page. What comes through it is the page's word.

import type { ErrorReply } from '../protocol/errors.ts'
import {
  type Answer,
  type Call,
  greetingWord,
  type PagePart,
  type PortCall,
  type PortEnd,
  type PortMessage,
  type ProviderEvent,
  pageParts,
  portGreeting,
  protocolVersion,
  type Reply,
  relayEvent,
} from '../protocol/messages.ts'
import { type PageReason, pageFailure, pageReply } from '../protocol/pageErrors.ts'
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
    const { data } = event
    const [port] = event.ports
    if (typeof data !== 'string' || !port || event.ports.length !== 1) return
    const isGreeting = data === greetingWord || data.startsWith(`${greetingWord} `)
    if (isGreeting) void attach(port, data === portGreeting)
  })
}

/** @param isOurs whether its provider speaks as we do: one that stayed through an update may not */
async function attach(port: MessagePort, isOurs: boolean): Promise<void> {
  if (!(await isConnected())) return
  if (!isOurs) return end(port, 'reload-page')
  ports.add(port)
  port.onmessage = ({ data }) => void serve(port, data)
  say(port, { type: 'attached' })
}

async function isConnected(): Promise<boolean> {
  const reply = await sendKnock({ keyhearth: 1, type: 'attach' })
  return reply !== null && 'attached' in reply && reply.attached
}

/** Tells providers whose port led to another relay, now gone, that it has ended. */
export async function succeed(): Promise<void> {
  if ((await isConnected()) && !isAttached()) dispatchEvent(new Event(relayEvent))
}

/** Keeps the ports of a document that is connected still, and ends those of one that is not. */
export async function attachAgain(): Promise<void> {
  if (!(await isConnected())) revoke()
}

const say = (port: MessagePort, message: PortMessage): void => port.postMessage(message)

function end(port: MessagePort, reason: PortEnd): void {
  say(port, { type: 'ended', reason })
  port.close()
}

/** Of an operation that there may not be. */
function isCall(data: unknown): data is PageCall {
  if (typeof data !== 'object' || data === null) return false
  const { type, id, input } = data as Partial<PageCall>
  return type === 'call' && Number.isSafeInteger(id) && typeof input === 'object' && input !== null
}

async function serve(port: MessagePort, data: unknown): Promise<void> {
  if (isType(data, 'disconnect')) return disconnect()
  if (isType(data, 'cancel')) return cancel(port, data)
  for (const part of pageParts) if (isType(data, part)) return bring(part, port, data)
  if (!isCall(data)) return
  const { id, operation, input } = data
  if (!isPageOperation(operation)) return answer(port, id, failed('unknown-operation'))
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

type PortCallOf<Type extends PortCall['type']> = Extract<PortCall, { readonly type: Type }>

/** Of its other members nothing is known. */
const isType = <Type extends PortCall['type']>(
  data: unknown,
  type: Type,
): data is PortCallOf<Type> =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === type

/** What is under way goes on; what waits for the person is not begun. */
function cancel(port: MessagePort, { id }: PortCallOf<'cancel'>): void {
  for (const open of opens) if (open.port === port && open.id === id) opens.delete(open)
  waiting = waiting.filter(({ open }) => opens.has(open))
}

/** The background puts it into this very document. */
async function bring(
  part: PagePart,
  port: MessagePort,
  { id }: PortCallOf<PagePart>,
): Promise<void> {
  const reply = await sendKnock({ keyhearth: 1, type: part })
  if (reply === null || !('attached' in reply)) return answer(port, id, failed('reload-page'))
  answer(port, id, reply.attached ? { output: {} } : failed('disconnected'))
}

/**
 * Calls of one document at the background at a time; more wait here. A page that calls faster than they can be
 * answered waits for itself, and the person's own screens come through between its calls.
 */
const mostAtOnce = 8
const queue: Open[] = []
let running = 0

async function run(open: Open): Promise<void> {
  if (running >= mostAtOnce) {
    queue.push(open)
    return
  }
  running++
  try {
    await runNow(open)
  } finally {
    running--
    const next = queue.shift()
    if (next) void run(next)
  }
}

async function runNow(open: Open): Promise<void> {
  if (!opens.has(open)) return
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
    return { error: pageReply(error) }
  }
}

function finish(open: Open, result: Answer): void {
  opens.delete(open)
  answer(open.port, open.id, result, open.call.id)
}

function answer(
  port: MessagePort,
  id: number,
  result: Answer,
  requestId: string = crypto.randomUUID(),
): void {
  say(port, { type: 'reply', id, requestId, ...result })
}

const failed = (reason: PageReason): Answer => ({ error: pageFailure(reason) })

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

/** What was to be shown of it went with the worker. It waits for the same once more. */
export function sendAgain(wait: string): void {
  const taken = waiting.filter((one) => one.wait === wait)
  waiting = waiting.filter((one) => one.wait !== wait)
  for (const { open } of taken) void run(open)
}

export function refuse(wait: string): void {
  for (const { open } of take(wait, 'refused')) fail(open, 'refused')
}

const fail = (open: Open, reason: PageReason): void => finish(open, failed(reason))

/** The page is left, perhaps to come back: what waited for the person waits for nobody now. */
export function abandon(): void {
  for (const { open } of waiting) fail(open, 'disconnected')
  waiting = []
}

/** Connected no more: open calls end, the provider goes. */
function revoke(): void {
  abandon()
  for (const port of ports) end(port, 'disconnected')
  ports.clear()
}

function disconnect(): void {
  revoke()
  void sendKnock({ keyhearth: 1, type: 'detach', disconnect: true })
}

export function tell(event: ProviderEvent): void {
  for (const port of ports) say(port, { type: 'event', event })
}
