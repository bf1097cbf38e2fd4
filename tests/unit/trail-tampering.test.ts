// Design section 3 and docs/trail.md: each way of changing the stored trail is detected and named.

import { beforeEach, describe, expect, test } from 'vitest'
import type { DigestRow, TrailRow } from '../../src/store/schema.ts'
import { chainHash, genesis } from '../../src/trail/chain.ts'
import { makeDigests } from '../../src/trail/digests.ts'
import { Background, passphrase } from './background.ts'

let vault: Background

const sign = () => makeDigests(vault.hsm, vault.hsm.openedIfAny?.vault ?? null, Date.now())
const work = async (events: number) => {
  for (let i = 0; i < events; i++) await vault.call('kms:ListKeys', {})
}
const verify = () => vault.call('keyhearth:VerifyTrail', {})
const expectBroken = async (Problem: string, FirstBroken: number) =>
  expect(await verify()).toMatchObject({ Intact: false, Problem, FirstBroken })

async function row(sequence: number): Promise<TrailRow> {
  const found = await vault.db.get('trail', sequence)
  if (!found) throw new Error(`no row ${sequence}`)
  return found
}

async function digest(number: number): Promise<DigestRow> {
  const found = await vault.db.get('digests', number)
  if (!found) throw new Error(`no digest ${number}`)
  return found
}

const flipped = (bytes: Uint8Array<ArrayBuffer>) => {
  const copy = bytes.slice()
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1
  return copy
}

/** Rows from here on keep their content and take other places. */
async function renumber(from: number, by: number): Promise<void> {
  const all = await vault.db.getAll('trail')
  const moved = all.filter(({ sequence }) => sequence >= from)
  for (const { sequence } of moved) await vault.db.delete('trail', sequence)
  for (const one of moved) await vault.db.put('trail', { ...one, sequence: one.sequence + by })
}

/** Events 1 to 5 under digest 1, 6 to 10 under digest 2, 11 and 12 under none. */
beforeEach(async () => {
  vault = await Background.withVault()
  await work(4)
  await sign()
  await work(5)
  await sign()
  await work(2)
})

test('a trail left alone is intact', async () => {
  expect(await verify()).toMatchObject({
    Intact: true,
    Events: 12,
    Digests: 2,
    Unproven: 0,
    FirstBroken: null,
    Problem: null,
  })
  await vault.endBrowser()
  await vault.refusal('keyhearth:Unlock', { Passphrase: 'not that one' })
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
  expect(await verify()).toMatchObject({ Intact: true, Events: 15, Unproven: 0 })
})

describe('an event', () => {
  test('edited', async () => {
    const third = await row(3)
    await vault.db.put('trail', { ...third, sealed: flipped(third.sealed) })
    await expectBroken('event-edited', 3)
  })

  test('edited, with all hashes behind it made anew', async () => {
    let previous = (await row(2)).hash
    for (let at = 3; at <= 12; at++) {
      const one = await row(at)
      const sealed = at === 3 ? flipped(one.sealed) : one.sealed
      previous = chainHash(previous, { ...one, sealed })
      await vault.db.put('trail', { ...one, sealed, hash: previous })
    }
    const head = await vault.db.get('vault', 'trail-head')
    await vault.db.put('vault', { ...head, hash: previous } as never)
    await expectBroken('event-forged', 3)
  })

  test('missing, its place left empty', async () => {
    await vault.db.delete('trail', 7)
    await expectBroken('event-missing', 7)
  })

  test('missing, the rest moved up', async () => {
    await vault.db.delete('trail', 7)
    await renumber(8, -1)
    await expectBroken('event-missing', 7)
  })

  test('inserted', async () => {
    const copy = await row(2)
    await renumber(7, 1)
    await vault.db.put('trail', { ...copy, sequence: 7 })
    await expectBroken('event-inserted', 7)
  })

  test.each([
    [6, 7],
    [6, 9],
    [11, 12],
  ])('%i changed places with %i', async (one, other) => {
    const [first, second] = [await row(one), await row(other)]
    await vault.db.put('trail', { ...first, sequence: other })
    await vault.db.put('trail', { ...second, sequence: one })
    await expectBroken('event-moved', one)
  })

  test('appended behind the head', async () => {
    await vault.db.put('trail', { ...(await row(12)), sequence: 13 })
    expect(await verify()).toMatchObject({ Intact: false, FirstBroken: 13 })
  })

  test('of the beginning cut off', async () => {
    for (let at = 1; at <= 5; at++) await vault.db.delete('trail', at)
    await expectBroken('event-missing', 1)
  })
})

describe('the end', () => {
  test('cut off', async () => {
    await vault.db.delete('trail', 12)
    await expectBroken('end-cut', 12)
  })

  test('cut off together with the head', async () => {
    await vault.db.delete('trail', 12)
    const head = await vault.db.get('vault', 'trail-head')
    await vault.db.put('vault', { ...head, sequence: 11, hash: (await row(11)).hash } as never)
    await sign()
    await expectBroken('head-forged', 11)
  })

  test('cut off, and gone on from: the forged head shows for good', async () => {
    await vault.db.delete('trail', 12)
    const head = await vault.db.get('vault', 'trail-head')
    await vault.db.put('vault', { ...head, sequence: 11, hash: (await row(11)).hash } as never)
    await vault.restart()
    await work(2)
    await expectBroken('event-forged', 12)
    await sign()
    await vault.call('keyhearth:Lock', {})
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    await expectBroken('event-forged', 12)
  })

  test('cut off under a worker that runs: it knows where it was', async () => {
    await work(1)
    const [head, end] = [await vault.db.get('vault', 'trail-head'), await row(12)]
    await vault.db.delete('trail', 13)
    await vault.db.put('vault', { ...head, sequence: 12, hash: end.hash } as never)
    await work(1)
    expect((await row(14)).sequence).toBe(14)
    await expectBroken('event-missing', 13)
  })

  test('with a row put where the next one belongs: that is written over', async () => {
    await work(1)
    await vault.db.put('trail', { ...(await row(13)), sequence: 14 })
    await work(1)
    expect((await verify()).Intact).toBe(true)
  })

  test('cut off, and gone on from by a locked vault', async () => {
    await vault.call('keyhearth:Lock', {})
    await vault.db.delete('trail', 13)
    const head = await vault.db.get('vault', 'trail-head')
    await vault.db.put('vault', { ...head, sequence: 12, hash: (await row(12)).hash } as never)
    await vault.refusal('keyhearth:Unlock', { Passphrase: 'not that one' })
    await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
    await expectBroken('event-forged', 13)
  })

  test('of rows, head and digests, put back as they once were', async () => {
    const saved = await everything()
    await work(3)
    await sign()
    await putBack(saved)
    await vault.restart()
    await expectBroken('set-back', 13)
    // Neither more events nor more digests hide it.
    await work(5)
    await sign()
    await work(1)
    await sign()
    expect(await verify()).toMatchObject({ Intact: false, Problem: 'set-back' })
  })

  test('and beginning: all of it, and the mirror, taken away', async () => {
    await vault.db.clear('trail')
    await vault.db.clear('digests')
    await vault.db.delete('vault', 'trail-head')
    vault.local.items.delete('trail-mirror')
    await vault.restart()
    await expectBroken('end-cut', 1)
    await work(2)
    await expectBroken('beginning-cut', 1)
  })
})

describe('a trail passed off as one of version 1, whose rows have no proofs', () => {
  test.each(['vault', 'device'] as const)('by the %s', async (sealedBy) => {
    const rows = await vault.db.getAll('trail')
    await vault.db.clear('trail')
    await vault.db.clear('digests')
    vault.local.items.delete('trail-mirror')
    let hash = genesis
    for (const { sequence, sealed } of rows) {
      const content = { sequence, sealedBy, sealed, hash }
      hash = chainHash(hash, content)
      await vault.db.put('trail', { ...content, hash })
    }
    await vault.db.put('vault', { id: 'trail-head', sequence: rows.length, hash })
    await expectBroken('beginning-cut', 1)
    expect((await vault.call('keyhearth:ListEvents', {})).Unreadable).toBe(rows.length)
  })
})

describe('a digest', () => {
  test('edited', async () => {
    const first = await digest(1)
    const statement = first.statement.replace('"time":"2', '"time":"1')
    expect(statement).not.toBe(first.statement)
    await vault.db.put('digests', { ...first, statement })
    await expectBroken('digest-edited', 1)
  })

  test('edited and signed by another key', async () => {
    const second = await digest(2)
    const other = await Background.withVaultOfItsOwn()
    await makeDigests(other.hsm, other.hsm.opened.vault, Date.now())
    const forged = await other.db.get('digests', 1)
    if (!forged) throw new Error('no digest')
    await vault.db.put('digests', { ...forged, number: 2 })
    await expectBroken('digest-edited', 6)
    await vault.db.put('digests', { ...second, publicKey: forged.publicKey })
    await expectBroken('digest-signature', 6)
  })

  test.each([
    [1, 1],
    [2, 6],
  ])('%i missing', async (number, first) => {
    await vault.db.delete('digests', number)
    expect(await verify()).toMatchObject({ Problem: 'digest-missing', FirstBroken: first })
  })

  test.each([
    [1, 1],
    [2, 6],
  ])('%i with another signature', async (number, first) => {
    const one = await digest(number)
    await vault.db.put('digests', { ...one, signature: flipped(one.signature) })
    await expectBroken('digest-signature', first)
  })

  test('missing at the end together with the mirror', async () => {
    await vault.db.delete('digests', 2)
    vault.local.items.delete('trail-mirror')
    expect(await verify()).toMatchObject({ Intact: false })
  })
})

describe('the mirror outside the database', () => {
  test('edited', async () => {
    const mirror = vault.local.items.get('trail-mirror') as { statement: string }
    const statement = mirror.statement.replace('"last":10', '"last":99')
    expect(statement).not.toBe(mirror.statement)
    vault.local.items.set('trail-mirror', { ...mirror, statement })
    expect(await verify()).toMatchObject({ Intact: false, Problem: 'mirror-edited' })
  })

  test('missing', async () => {
    vault.local.items.delete('trail-mirror')
    expect(await verify()).toMatchObject({ Intact: false, Problem: 'mirror-missing' })
  })
})

async function everything() {
  const [trail, digests, head] = await Promise.all([
    vault.db.getAll('trail'),
    vault.db.getAll('digests'),
    vault.db.get('vault', 'trail-head'),
  ])
  return { trail, digests, head }
}

async function putBack({ trail, digests, head }: Awaited<ReturnType<typeof everything>>) {
  await vault.db.clear('trail')
  await vault.db.clear('digests')
  for (const one of trail) await vault.db.put('trail', one)
  for (const one of digests) await vault.db.put('digests', one)
  if (head) await vault.db.put('vault', head)
}
