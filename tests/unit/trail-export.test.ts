// An exported trail is checked as docs/trail.md says, with nothing but Node's own crypto.

import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { browser } from 'wxt/browser'
import { keepTrail } from '../../src/gate/trailKeeping.ts'
import { Background, passphrase } from './background.ts'
import { joined } from './joined.ts'

interface Line {
  readonly sequence: number
  readonly hash: string
  readonly sealedBy: string
  readonly device: string
  readonly sealedHash: string
  readonly digests: number
  readonly commitment: string
  readonly salt: string | null
  readonly event: Readonly<Record<string, unknown>> | null
  readonly digest?: {
    readonly number: number
    readonly first: number
    readonly last: number
    readonly hash: string
    readonly previous: string | null
    readonly key: string
  }
  readonly signature: string
  readonly publicKey: string
}

type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [name: string]: Value }

/** RFC 8785. */
function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const object = value as { readonly [name: string]: Value }
  const names = Object.keys(object).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(object[name] ?? null)}`)}}`
}

const sha256 = (...parts: readonly (string | Buffer)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** The recipe. Returns how many events and digests it found good. @throws Error naming the line */
function check(text: string): { events: number; digests: number; signedThrough: number } {
  let hash = Buffer.alloc(32)
  let sequence = 0
  let signedThrough = 0
  let statement: string | null = null
  let [events, digests] = [0, 0]
  for (const [i, source] of text.trimEnd().split('\n').entries()) {
    const fail = (what: string) => new Error(`line ${i + 1}: ${what}`)
    const line = JSON.parse(source) as Line
    if (line.digest) {
      const signed = canonical(line.digest as unknown as Value)
      const der = Buffer.from(line.publicKey, 'base64')
      if (sha256(der).toString('hex') !== line.digest.key) throw fail('key')
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
      const signature = Buffer.from(line.signature, 'base64')
      const how = { key, dsaEncoding: 'ieee-p1363' } as const
      if (!verifySignature('sha256', Buffer.from(signed), how, signature)) throw fail('signature')
      if (i === 0) {
        hash = Buffer.from(line.digest.hash, 'hex')
        sequence = line.digest.last
      } else {
        const previous = statement === null ? null : sha256(statement).toString('hex')
        if (line.digest.previous !== previous) throw fail('previous')
        if (line.digest.hash !== hash.toString('hex')) throw fail('hash')
        if (line.digest.first !== signedThrough + 1) throw fail('first')
        if (line.digest.last !== sequence) throw fail('last')
      }
      statement = signed
      signedThrough = line.digest.last
      digests += 1
      continue
    }
    if (line.sequence !== sequence + 1) throw fail('sequence')
    const commitment = Buffer.from(line.commitment, 'hex')
    if (line.event && line.salt !== null) {
      const event = canonical(line.event as Value)
      const salt = Buffer.from(line.salt, 'hex')
      if (!sha256(joined('keyhearth/trail/event', salt, event)).equals(commitment)) {
        throw fail('event')
      }
    }
    hash = sha256(
      joined(
        'keyhearth/trail/2',
        hash,
        uint64(line.sequence),
        line.sealedBy,
        line.device,
        Buffer.from(line.sealedHash, 'hex'),
        commitment,
        uint64(line.digests),
      ),
    )
    if (hash.toString('hex') !== line.hash) throw fail('chain')
    sequence = line.sequence
    events += 1
  }
  return { events, digests, signedThrough }
}

let vault: Background

async function exported(Limit = 1000): Promise<string> {
  let text = ''
  let page = await vault.call('keyhearth:ExportTrail', { Limit })
  text += page.Lines
  while (page.NextAfter !== undefined) {
    page = await vault.call('keyhearth:ExportTrail', { Limit, After: page.NextAfter })
    text += page.Lines
  }
  return text
}

beforeEach(async () => {
  vault = await Background.withVault()
  await vault.call('secretsmanager:CreateSecret', {
    Name: 'named',
    Description: 'ä "\u2028 \\',
    SecretString: 'valued',
  })
  await keepTrail(vault.gate, vault.hsm)
  const EncryptionContext = { b: '1', a: 'ü', '2': 'x', '10': '\ud83d\ude00' }
  const Plaintext = new Uint8Array([1])
  await vault.call('kms:Encrypt', { KeyId: 'alias/personal', Plaintext, EncryptionContext })
  await vault.call('keyhearth:Lock', {})
  await vault.refusal('keyhearth:Unlock', { Passphrase: 'not that one' })
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
})

describe('an exported trail', () => {
  test.each([1, 2, 3, 1000])('in pages of %i is whole and signed to its end', async (limit) => {
    const text = await exported(limit)
    expect(check(text)).toEqual({ events: 6, digests: 3, signedThrough: 6 })
    expect(text).not.toContain('valued')
    expect(text).not.toContain(passphrase)
    const events = await vault.call('keyhearth:ListEvents', { EventName: 'ExportTrail' })
    expect(events.Events).toHaveLength(1)
  })

  test('shows any change to an event', async () => {
    const text = await exported()
    const altered = text.replace('"eventName":"Encrypt"', '"eventName":"Decrypt"')
    expect(altered).not.toBe(text)
    expect(() => check(altered)).toThrow('event')
  })

  test('shows any line left out, doubled or moved', async () => {
    const lines = (await exported()).trimEnd().split('\n')
    for (const i of lines.keys()) {
      const last = i === lines.length - 1
      const without = lines.filter((_, j) => j !== i).join('\n')
      // Without its last digest an export is merely not signed to its end.
      if (last) expect(check(without)).toMatchObject({ signedThrough: 4 })
      else expect(() => check(without)).toThrow()
      expect(() =>
        check(lines.flatMap((line, j) => (j === i ? [line, line] : line)).join('\n')),
      ).toThrow()
      if (last) continue
      const swapped = [...lines]
      const [one = '', other = ''] = lines.slice(i, i + 2)
      swapped.splice(i, 2, other, one)
      expect(() => check(swapped.join('\n'))).toThrow()
    }
  })
})

describe('old events', () => {
  /** As if all so far had happened that many days ago. */
  const later = (days: number) => vi.setSystemTime(Date.now() + days * 86_400_000)

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
    // The test's browser has no idle detection to set; it is not what is looked at here.
    vi.spyOn(browser.idle, 'setDetectionInterval').mockReturnValue()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  test('go where the person chose so, and what remains is verifiable, here and exported', async () => {
    await keepTrail(vault.gate, vault.hsm)
    later(10)
    await vault.call('kms:ListKeys', {})
    await keepTrail(vault.gate, vault.hsm)
    const settings = await vault.call('keyhearth:GetSettings', {})
    expect(settings.TrailRetentionDays).toBe(0)
    await vault.call('keyhearth:PutSettings', { ...settings, TrailRetentionDays: 7 })
    await keepTrail(vault.gate, vault.hsm)
    await keepTrail(vault.gate, vault.hsm)
    const { Events } = await vault.call('keyhearth:ListEvents', {})
    expect(Events.map(({ eventName }) => eventName)).toEqual([
      'RemoveOldEvents',
      'PutSettings',
      'ListKeys',
    ])
    expect(Events[0]).toMatchObject({
      sequence: 9,
      requestParameters: { OlderThanDays: 7 },
      responseElements: { Events: 6, Through: 6 },
      userIdentity: { type: 'AWSService' },
    })
    expect(await vault.db.getAllKeys('trail')).toEqual([7, 8, 9])
    expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({
      Intact: true,
      Events: 3,
      Unproven: 0,
    })
    expect(check(await exported(2))).toMatchObject({ events: 4, signedThrough: 10 })
    await vault.endBrowser()
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({ Intact: true })
  })

  test('go by nobody else: a beginning cut at a digest, with a forged anchor, is named', async () => {
    await keepTrail(vault.gate, vault.hsm)
    for (const at of [1, 2]) await vault.db.delete('trail', at)
    expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({
      Problem: 'event-missing',
      FirstBroken: 1,
    })
    const by = { sealedBy: 'vault', device: '' } as const
    const forged = { id: 'trail-anchor', digest: 1, by, mac: 'x' } as const
    await vault.db.put('vault', forged)
    expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({
      Problem: 'beginning-cut',
    })
  })

  test('stay while the vault is locked', async () => {
    const settings = await vault.call('keyhearth:GetSettings', {})
    await vault.call('keyhearth:PutSettings', { ...settings, TrailRetentionDays: 1 })
    await vault.call('keyhearth:Lock', {})
    later(10)
    const before = await vault.db.count('trail')
    await keepTrail(vault.gate, vault.hsm)
    expect(await vault.db.count('trail')).toBe(before)
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    await keepTrail(vault.gate, vault.hsm)
    expect(await vault.db.count('trail')).toBeLessThan(before)
    expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({ Intact: true })
  })
})
