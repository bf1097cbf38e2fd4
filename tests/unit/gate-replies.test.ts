// Design section 4: an allow-list of what replies are made of keeps every key of the vault inside.

import { describe, expect, it } from 'vitest'
import { Gate } from '../../src/gate/dispatch.ts'
import { PageDocuments } from '../../src/gate/pageDocuments.ts'
import { assertSendable } from '../../src/gate/replies.ts'
import type { Handlers } from '../../src/hsm/context.ts'
import { Background, person } from './background.ts'

const aes = { name: 'AES-GCM', length: 256 }
const key = await crypto.subtle.generateKey(aes, false, ['encrypt'])

describe('what an answer is made of', () => {
  it.each([
    ['a key', key],
    ['a key in a member', { Key: key }],
    ['a key in a list in a member', { Keys: [{ Key: key }] }],
    ['a key pair', { pair: { privateKey: key } }],
    ['a map', new Map([['key', key]])],
    ['a function', { go: () => key }],
    ['an object of a class', { at: new Date() }],
    ['a buffer', { bytes: new ArrayBuffer(1) }],
    ['a symbol', { symbol: Symbol('key') }],
    [
      'endless depth',
      (() => {
        const a: Record<string, unknown> = {}
        a['a'] = a
        return a
      })(),
    ],
  ])('is never %s', (_what, output) => {
    expect(() => assertSendable(output)).toThrow()
  })

  it('is text, numbers, bytes and lists and records of them', () => {
    const output = { a: [1, 'b', null, undefined, true], c: { d: new Uint8Array(1) } }
    expect(() => assertSendable(output)).not.toThrow()
  })

  it('holds for a handler that returns a key by mistake: nothing of it reaches the caller', async () => {
    const background = await Background.withVault()
    const careless = { 'keyhearth:GetSettings': async () => ({ AutoLockMinutes: 1, Key: key }) }
    const { hsm, sites, requests, quorum } = background
    const approvals = { take: async () => null } as never
    const documents = new PageDocuments()
    const handlers = careless as unknown as Handlers
    const leaking = new Gate({
      hsm,
      sites,
      requests,
      approvals,
      documents,
      quorum,
      handlers,
      secretsChanged() {},
    })
    const reply = await leaking.answer(person, {
      keyhearth: 1,
      type: 'call',
      id: crypto.randomUUID(),
      operation: 'keyhearth:GetSettings',
      input: {},
    })
    expect(reply).toMatchObject({ ok: false, error: { reason: 'internal' } })
    expect(JSON.stringify(reply)).not.toContain('AutoLock')
  })
})
