// Checking signatures on the screen: what is known changes while a check is under way, and the last question is answered.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { unshared } from '../../src/codec/bytes.ts'
import { pair } from '../../src/ui/verifyParts.ts'
import type { Known } from '../../src/ui/verifyWork.ts'

vi.mock('#i18n', () => ({ i18n: { t: (key: string) => key } }))
const { cancelCheck, checkAll, give, outcomeOf, parts } = await import(
  '../../src/ui/verifyState.ts'
)

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const spki = unshared(publicKey.export({ type: 'spki', format: 'der' }))
const content = randomBytes(20 * 1024 * 1024)

/** As minisign makes it (https://jedisct1.github.io/minisign/). */
function minisign(): string {
  const signed = sign(null, createHash('blake2b512').update(content).digest(), privateKey)
  const both = sign(null, Buffer.concat([signed, Buffer.from('hello')]), privateKey)
  const named = Buffer.concat([Buffer.from('ED'), Buffer.alloc(8, 7), signed])
  const lines = [named.toString('base64'), 'trusted comment: hello', both.toString('base64'), '']
  return ['untrusted comment: -', ...lines].join('\n')
}

const nobody: Known = { anchors: [], others: [], keys: [], ours: [] }
const somebody: Known = {
  ...nobody,
  keys: [{ name: 'Zoë', spki, keyId: unshared(Buffer.alloc(8, 7)) }],
}

test('a question that is overtaken by another says nothing; the other is answered; one can be cancelled', async () => {
  await give(
    [
      { name: 'a.bin', blob: new Blob([content]) },
      { name: 'a.bin.minisig', blob: new Blob([minisign()]) },
    ],
    'anything',
  )
  const [document, ...more] = pair(parts.value)
  if (!document) throw new Error('no document')
  expect(more).toEqual([])
  const first = new AbortController()
  const overtaken = checkAll([document], nobody, 'first', first.signal)
  await vi.waitUntil(() => outcomeOf(document).is === 'checking')
  first.abort()
  const { signal } = new AbortController()
  await checkAll([document], somebody, 'second', signal)
  await overtaken
  expect(outcomeOf(document)).toMatchObject({
    is: 'done',
    report: { verdict: 'valid', signatures: [{ who: 'Zoë', comment: 'hello' }] },
  })

  const cancelled = checkAll([document], nobody, 'third', signal)
  await vi.waitUntil(() => outcomeOf(document).is === 'checking')
  cancelCheck(document)
  await cancelled
  expect(outcomeOf(document)).toEqual({ is: 'cancelled' })
})
