// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: the line by which a connected page's calls reach the background, one port for all of them: half as
// long on the way as messages one by one. The browser says on it whose it is, once and for all.
//
// It opens with a call and closes when none came for a while, so that no page keeps the background from its
// rest. Whatever else ends it (the worker's death, the page put aside) ends the calls on it without an answer.

import { type Browser, browser } from 'wxt/browser'
import { type Call, type LineReply, lineName, type Reply } from '../protocol/messages.ts'

interface Line {
  readonly port: Browser.runtime.Port
  /** By the call's id. */
  readonly open: Map<string, (reply: Reply | null) => void>
}

const idleMs = 5000

let line: Line | null = null
let idle: ReturnType<typeof setTimeout> | undefined

function connect(): Line {
  const port = browser.runtime.connect({ name: lineName })
  const made: Line = { port, open: new Map() }
  port.onMessage.addListener(({ id, reply }: LineReply) => settle(made, id, reply))
  port.onDisconnect.addListener(() => end(made))
  return made
}

function settle({ open }: Line, id: string, reply: Reply): void {
  open.get(id)?.(reply)
  open.delete(id)
  if (open.size > 0) return
  clearTimeout(idle)
  idle = setTimeout(hangUp, idleMs)
}

function end(ended: Line): void {
  if (line === ended) line = null
  for (const unanswered of ended.open.values()) unanswered(null)
  ended.open.clear()
}

/** The background's answer, or `null` where the line ended first. @throws where there is no background */
export function callByLine(call: Call): Promise<Reply | null> {
  clearTimeout(idle)
  line ??= connect()
  const { port, open } = line
  return new Promise((resolve, reject) => {
    open.set(call.id, resolve)
    try {
      port.postMessage(call)
    } catch (error) {
      open.delete(call.id)
      reject(error)
    }
  })
}

/** Our own end of a port says nothing when it is closed here. */
export function hangUp(): void {
  if (!line) return
  line.port.disconnect()
  end(line)
}
