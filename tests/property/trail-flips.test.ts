// Any single byte of any stored trail row, digest, head, anchor or mirror that is changed is detected.
// RUNS sets how many changes are tried; every member of every kind of row is tried in any case.

import fc from 'fast-check'
import { beforeAll, expect, test, vi } from 'vitest'
import { makeDigests } from '../../src/trail/digests.ts'
import { removable } from '../../src/trail/retention.ts'
import { Background, MemoryArea, passphrase } from '../unit/background.ts'

const runs = Number(process.env['RUNS'] ?? 150)

let vault: Background
let places: { readonly store: 'trail' | 'digests' | 'vault' | 'mirror'; readonly key: unknown }[] =
  []

/** Events by the vault, by the device while locked, under digests and under none, behind an anchor. */
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vault = await Background.withVault()
  const sign = () => makeDigests(vault.hsm, vault.hsm.openedIfAny?.vault ?? null, Date.now())
  await vault.call('kms:ListKeys', {})
  await sign()
  vi.setSystemTime(Date.now() + 10 * 86_400_000)
  await vault.call('kms:ListKeys', {})
  await sign()
  if (!(await removable(vault.hsm, 5, Date.now()))) throw new Error('nothing to remove')
  await vault.call('keyhearth:RemoveOldEvents', { OlderThanDays: 5 })
  await vault.call('keyhearth:Lock', {})
  for (let i = 0; i < 2; i++)
    await vault.refusal('keyhearth:Unlock', { Passphrase: 'not that one' })
  await sign()
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
  await vault.call('secretsmanager:ListSecrets', {})
  vi.useRealTimers()
  const all = async (store: 'trail' | 'digests') =>
    (await vault.db.getAllKeys(store)).map((key) => ({ store, key }))
  places = [
    ...(await all('trail')),
    ...(await all('digests')),
    { store: 'vault', key: 'trail-head' },
    { store: 'vault', key: 'trail-anchor' },
    { store: 'mirror', key: 'trail-mirror' },
  ]
  expect(await verdict()).toMatchObject({ Intact: true })
}, 60_000)

/** Without the event that asking for it makes: the rows must stay as they are. */
const verdict = async () => {
  const { verifyTrail } = await import('../../src/trail/verify.ts')
  return verifyTrail(vault.hsm, vault.hsm.opened.vault)
}

type Row = Record<string, unknown>

async function read({ store, key }: (typeof places)[number]): Promise<Row> {
  if (store === 'mirror') return vault.local.items.get('trail-mirror') as Row
  return (await vault.db.get(store, key as never)) as unknown as Row
}

async function write({ store }: (typeof places)[number], row: Row): Promise<void> {
  if (store === 'mirror') vault.local.items.set('trail-mirror', row)
  else await vault.db.put(store, row as never)
}

/** The value with one bit of one byte changed: of bytes, of a text's characters, of a number. */
function flip(value: unknown, at: number, bit: number): unknown {
  if (value instanceof Uint8Array) {
    const copy = value.slice()
    if (copy.length > 0) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << bit)
    return copy
  }
  if (typeof value === 'string') {
    if (value.length === 0) return String.fromCharCode(1 << bit)
    const i = at % value.length
    const changed = String.fromCharCode(value.charCodeAt(i) ^ (1 << bit))
    return value.slice(0, i) + changed + value.slice(i + 1)
  }
  return Number(value) ^ (1 << bit)
}

async function expectDetected(
  place: (typeof places)[number],
  member: string,
  at: number,
  bit: number,
) {
  const row = await read(place)
  // Under another key it is another row, which tests/unit/trail-tampering has: here members change.
  const primary = place.store === 'trail' ? 'sequence' : place.store === 'digests' ? 'number' : 'id'
  if (member === primary && place.store !== 'mirror') return
  await write(place, { ...row, [member]: flip(row[member], at, bit) })
  const found = await verdict()
  await write(place, row)
  expect(found, `${place.store} ${String(place.key)} ${member}`).toMatchObject({ Intact: false })
  expect(found.Problem).not.toBeNull()
}

test('every member of every row', async () => {
  for (const place of places) {
    for (const member of Object.keys(await read(place))) await expectDetected(place, member, 0, 0)
  }
  expect(await verdict()).toMatchObject({ Intact: true })
}, 120_000)

test('any byte of them', async () => {
  const property = fc.asyncProperty(
    fc.nat(places.length - 1),
    fc.nat(),
    fc.nat(),
    fc.integer({ min: 0, max: 6 }),
    async (which, member, at, bit) => {
      const place = places[which]
      if (!place) return
      const members = Object.keys(await read(place))
      await expectDetected(place, members[member % members.length] ?? '', at, bit)
    },
  )
  await fc.assert(property, { numRuns: runs })
  expect(await verdict()).toMatchObject({ Intact: true })
}, 600_000)

test('the mirror lies outside the database', () => {
  expect(vault.local).toBeInstanceOf(MemoryArea)
  expect([...vault.local.items.keys()]).toContain('trail-mirror')
})
