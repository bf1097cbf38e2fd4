// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: talking to the background, across its deaths.

import { browser } from 'wxt/browser'
import type { AttachReply, Call, Knock, KnockReply, Reply } from '../protocol/messages.ts'
import { PageError, type PageReason, pageError, pageFailure } from '../protocol/pageErrors.ts'
import { callByLine } from './line.ts'

/** Long enough for 16 MiB on a slow machine; a message that cannot be cloned never settles. */
const longestAnswerMs = 60_000
const triesAfterDeath = 4
const pauseMs = 60

/** False once the extension was updated or removed under a page that stays. */
function isAlive(): boolean {
  try {
    return typeof browser.runtime.id === 'string'
  } catch {
    return false
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

function withinTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(pageError('internal')), longestAnswerMs)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

/**
 * A call cut off by the worker's end is sent again under the same id, by which the gate knows a call that it
 * had carried out just then: what changes something is not done twice.
 */
export async function sendCall(call: Call): Promise<Reply> {
  for (let tries = 0; ; tries++) {
    if (!isAlive()) return failed('reload-page')
    try {
      const reply = await withinTime(callByLine(call))
      if (reply) return reply
    } catch (error) {
      if (error instanceof PageError) return failed('internal')
    }
    if (tries === triesAfterDeath) return failed('internal')
    await pause(pauseMs * 2 ** tries)
  }
}

const failed = (reason: PageReason) => ({ ok: false, error: pageFailure(reason) }) as const

/** Safe to ask twice, too. `null` where nobody answers: then the page gets no sign either. */
export async function sendKnock(knock: Knock): Promise<KnockReply | AttachReply | null> {
  for (let tries = 0; isAlive() && tries <= triesAfterDeath; tries++) {
    try {
      return (await browser.runtime.sendMessage(knock)) ?? null
    } catch {
      await pause(pauseMs * 2 ** tries)
    }
  }
  return null
}

/** Nobody need be listening; there is nothing to be told. */
export async function sendFinding(): Promise<void> {
  if (!isAlive()) return
  await browser.runtime.sendMessage({ keyhearth: 1, type: 'found' }).catch(() => {})
}
