// provider: what a web page holds. This file: `keyhearth.requestHandler`, which AWS's clients take in place
// of their HTTP handler (docs/pages.md). No network is involved, and the signature they send is not looked
// at: who asks is the page, as the browser says.

import type { Bytes } from '../codec/bytes.ts'
import type { ErrorReply } from '../protocol/errors.ts'
import type { PortReply } from '../protocol/messages.ts'
import { pageReply } from '../protocol/pageErrors.ts'
import { writeJson } from './awsJson.ts'
import { readRequest } from './awsRequest.ts'
import type { Asked, Channel } from './channel.ts'

interface HandlerOptions {
  readonly abortSignal?: AbortSignal
  readonly requestTimeout?: number
}

interface HttpAnswer {
  readonly response: {
    readonly statusCode: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: Bytes
  }
}

export interface RequestHandler {
  readonly metadata: { readonly handlerProtocol: string }
  handle(request: unknown, options?: HandlerOptions): Promise<HttpAnswer>
  updateHttpClientConfig(): void
  httpHandlerConfigs(): object
  destroy(): void
}

/** One for all clients of the page: none can set anything on it, and none can end it for the others. */
export const requestHandler = (channel: Channel): RequestHandler =>
  Object.freeze({
    metadata: Object.freeze({ handlerProtocol: 'keyhearth' }),
    // Not `async`: the page's objects are read before this returns, and rejections are its own.
    handle: (request: unknown, options: HandlerOptions | null = {}) =>
      new Promise<HttpAnswer>((resolve, reject) => {
        const { abortSignal, requestTimeout } = options ?? {}
        if (abortSignal?.aborted) throw abortError(abortSignal)
        // Before anything is sent: a signal that cannot be listened to is the caller's mistake.
        const done = limit(abortSignal, requestTimeout, (error) => {
          cancel()
          reject(error)
        })
        const { answer, cancel } = ask(channel, request)
        answer.then(toHttp).then(resolve, reject).finally(done)
      }),
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  })

/** What is wrong with a request is an answer as well, as from AWS. */
function ask(channel: Channel, request: unknown): Asked {
  try {
    const { operation, input } = readRequest(request)
    return channel.ask(operation, input)
  } catch (thrown) {
    const error = pageReply(thrown)
    const requestId = crypto.randomUUID()
    return { answer: Promise.resolve({ type: 'reply', id: 0, requestId, error }), cancel() {} }
  }
}

const longestTimerMs = 0x7fff_ffff

/** Stops the call when the signal or the clock says so, once. @returns what ends the watch */
function limit(
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
  stop: (error: Error) => void,
): () => void {
  const end = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
  const onAbort = () => {
    end()
    stop(abortError(signal))
  }
  const onTimeout = () => {
    end()
    stop(named('TimeoutError', `No answer within ${timeoutMs} ms`))
  }
  const isTimed = timeoutMs !== undefined && timeoutMs > 0 && timeoutMs <= longestTimerMs
  const timer = isTimed ? setTimeout(onTimeout, timeoutMs) : undefined
  signal?.addEventListener('abort', onAbort)
  return end
}

const named = (name: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { name })

/** The name AWS's clients look for, whatever the page gave as its reason. */
const abortError = (signal: AbortSignal | undefined): Error =>
  named('AbortError', 'Request aborted', signal?.reason)

function toHttp(reply: PortReply): HttpAnswer {
  const failed = 'error' in reply
  const body = failed ? { __type: reply.error.code, message: reply.error.message } : reply.output
  return {
    response: {
      statusCode: failed ? statusOf(reply.error) : 200,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-requestid': reply.requestId,
      },
      body: writeJson(body),
    },
  }
}

/** AWS's clients ask again after a 500; a refusal, above all the person's, is final. */
function statusOf({ reason, code }: ErrorReply): number {
  if (code === 'KMSInternalException') return 500
  return reason === 'too-large' ? 413 : 400
}
