// Design section 8, a thief or a fault with the disk: whatever of the database is changed, taken away, swapped or set
// back, nothing wrong is shown as right, what is wrong is named, and a backup repairs it. Two hundred places, one at
// a time, by a seed that a failure prints.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { browser } from 'wxt/browser'
import { allStores, type StoreName } from '../../src/store/schema.ts'
import { Background, passphrase } from './background.ts'
import { backUp, type File, merge, refusalOf, send } from './backups.ts'

const proof = { Passphrase: passphrase } as const
const plaintext = new TextEncoder().encode('what it said')

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Made {
  readonly vault: Background
  readonly file: File
  readonly words: string
  readonly KeyId: string
  readonly CiphertextBlob: Uint8Array<ArrayBuffer>
}
let made: Made
beforeAll(async () => {
  const vault = await Background.withVaultOfItsOwn()
  const { RecoveryKey } = await vault.call('keyhearth:ReplaceRecoveryKey', proof)
  await vault.call('keyhearth:PostponeRecoveryKey', {})
  for (const name of ['one', 'two', 'three']) {
    await vault.call('secretsmanager:CreateSecret', {
      Name: name,
      SecretString: `value of ${name}`,
    })
  }
  const { KeyId } = (await vault.call('kms:CreateKey', { Description: 'D' })).KeyMetadata
  await vault.call('kms:CreateAlias', { AliasName: 'alias/d', TargetKeyId: KeyId })
  const { CiphertextBlob } = await vault.call('kms:Encrypt', { KeyId, Plaintext: plaintext })
  vi.spyOn(browser.idle, 'setDetectionInterval').mockReturnValue()
  const settings = await vault.call('keyhearth:GetSettings', {})
  await vault.call('keyhearth:PutSettings', settings)
  await vault.call('keyhearth:BlockSite', { Origin: 'https://noisy.example' })
  made = { vault, file: await backUp(vault), words: RecoveryKey.join(' '), KeyId, CiphertextBlob }
}, 60_000)

type Rows = ReadonlyMap<StoreName, readonly unknown[]>

const rowsOf = async ({ db }: Background): Promise<Rows> =>
  new Map(await Promise.all(allStores.map(async (name) => [name, await db.getAll(name)] as const)))

async function putBack({ db }: Background, rows: Rows): Promise<void> {
  for (const name of allStores) {
    await db.clear(name)
    for (const row of rows.get(name) ?? []) await db.put(name, row as never)
  }
}

/** Where a row has bytes. */
function bytesIn(row: object): { readonly name: string; readonly bytes: Uint8Array }[] {
  return Object.entries(row).flatMap(([name, bytes]) =>
    bytes instanceof Uint8Array && bytes.byteLength > 0 ? [{ name, bytes }] : [],
  )
}

const keyOf = (row: object): string | number => {
  const { id, sequence, number } = row as { id?: string; sequence?: number; number?: number }
  return id ?? sequence ?? number ?? ''
}

type Harm = { readonly store: StoreName; readonly row: string; readonly what: string }

/** One byte, or a whole row. */
async function harm({ db }: Background, random: () => number): Promise<Harm> {
  const stores = allStores.filter((name) => !['restoring', 'drafts'].includes(name))
  const rows = (
    await Promise.all(
      stores.map(async (store) => (await db.getAll(store)).map((row) => ({ store, row }))),
    )
  ).flat()
  const { store, row } = rows[Math.floor(random() * rows.length)] ??
    rows[0] ?? { store: 'keys', row: {} }
  const found = bytesIn(row)
  const chosen = found[Math.floor(random() * found.length)]
  if (random() < 0.25 || !chosen) {
    await db.delete(store, keyOf(row) as never)
    return {
      store: store as StoreName,
      row: String(keyOf(row)),
      what: `took ${String(keyOf(row))} away`,
    }
  }
  const bytes = new Uint8Array(chosen.bytes)
  const at = Math.floor(random() * bytes.byteLength)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
  await db.put(store as StoreName, { ...row, [chosen.name]: bytes } as never)
  return {
    store: store as StoreName,
    row: String(keyOf(row)),
    what: `byte ${at} of ${chosen.name} of ${String(keyOf(row))}`,
  }
}

/** What can still be read; `refused` where it is named as damaged, never anything else. */
async function contents(vault: Background) {
  const orRefused = (reading: Promise<unknown>) =>
    reading.catch((error: { reason?: string; message: string }) => {
      if (error.reason === undefined) throw error
      return 'refused'
    })
  const value = (SecretId: string) =>
    orRefused(
      vault
        .call('secretsmanager:GetSecretValue', { SecretId })
        .then(({ SecretString }) => SecretString),
    )
  return {
    one: await value('one'),
    two: await value('two'),
    three: await value('three'),
    plaintext: await orRefused(
      vault
        .call('kms:Decrypt', { CiphertextBlob: made.CiphertextBlob })
        .then(({ Plaintext }) => new TextDecoder().decode(Plaintext)),
    ),
    key: await orRefused(
      vault
        .call('kms:DescribeKey', { KeyId: 'alias/d' })
        .then(({ KeyMetadata }) => KeyMetadata.KeyId),
    ),
  }
}

const right = () => ({
  one: 'value of one',
  two: 'value of two',
  three: 'value of three',
  plaintext: 'what it said',
  key: made.KeyId,
})

/** Everything of `seen` is right or was refused. */
function expectNothingWrong(seen: Awaited<ReturnType<typeof contents>>): void {
  for (const [name, value] of Object.entries(seen)) {
    expect([right()[name as keyof typeof seen], 'refused']).toContain(value)
  }
}

async function isFound(vault: Background): Promise<boolean> {
  if (vault.hsm.state !== 'unlocked') return true
  const checked = await refusalOf(vault.call('keyhearth:CheckRecords', {}))
  if (checked !== 'none') return true
  if ((await vault.call('keyhearth:CheckRecords', {})).Damaged > 0) return true
  return !(await vault.call('keyhearth:VerifyTrail', {})).Intact
}

describe('two hundred places', () => {
  const seed = Number(process.env['KEYHEARTH_SEED'] ?? 20_261_129)
  let rows: Rows
  let items: { session: Map<string, unknown>; local: Map<string, unknown> }
  beforeAll(async () => {
    rows = await rowsOf(made.vault)
    const { session, local } = made.vault
    items = { session: structuredClone(session.items), local: structuredClone(local.items) }
  })
  const start = async () => {
    const { vault } = made
    await putBack(vault, rows)
    vault.session.items = structuredClone(items.session)
    vault.local.items = structuredClone(items.local)
  }
  afterAll(start)

  test.each(Array.from({ length: 10 }, (_, i) => i))(
    'twenty of them, the %i. time: nothing wrong is shown as right, and backup repairs it',
    async (ten) => {
      const random = randomFrom(seed + ten)
      for (let i = 0; i < 20; i++) {
        await start()
        const done = await harm(made.vault, random)
        await made.vault.restart()
        const where = `seed ${seed + ten}, ${i}: ${done.store}, ${done.what}`
        try {
          await repairAndCompare(made.vault, done)
        } catch (error) {
          throw new Error(where, { cause: error })
        }
      }
    },
    180_000,
  )

  async function repairAndCompare(vault: Background, { store, row }: Harm): Promise<void> {
    const opened = vault.hsm.state === 'unlocked'
    if (opened && store === 'device' && ['settings', 'blocked'].includes(row)) {
      expect((await vault.call('keyhearth:GetStatus', {})).SetBackHere).toEqual([row])
    }
    expect(vault.hsm.state).not.toBe('missing')
    const seen = opened ? await contents(vault) : null
    if (seen) expectNothingWrong(seen)
    const isWhole = seen !== null && !Object.values(seen).includes('refused')
    if (!isWhole && opened) expect(await isFound(vault)).toBe(true)
    if (opened && (await refusalOf(merge(vault, made.file))) === 'none') {
      expect(await contents(vault)).toEqual(right())
      return
    }
    // What lists the records is damaged itself, or the vault does not open here: all of it comes back.
    const kept = { RecoveryKey: made.words }
    const { RestoreId } = await send(vault, made.file, 'replace', kept)
    await vault.call('keyhearth:RestoreBackup', { RestoreId, Passphrase: passphrase })
    expect(await contents(vault)).toEqual(right())
  }
})

describe('a vault that was set back', () => {
  test('says so until the person knows, and a restored backup is no such thing', async () => {
    const vault = await Background.withVaultOfItsOwn()
    const before = await rowsOf(vault)
    const noted = () =>
      (vault.local.items.get('revision-counter') as { revision: number } | undefined)?.revision ?? 0
    await expect.poll(noted, { timeout: 5000 }).toBeGreaterThan(0)
    const then = noted()
    await vault.call('secretsmanager:CreateSecret', { Name: 'later', SecretString: 'x' })
    await expect.poll(noted, { timeout: 5000 }).toBeGreaterThan(then)
    const setBack = async () => (await vault.call('keyhearth:GetStatus', {})).SetBack
    expect(await setBack()).toBe(false)
    await vault.restart()
    expect(await setBack()).toBe(false)
    await putBack(vault, before)
    await vault.restart()
    expect(await setBack()).toBe(true)
    for (let i = 0; i < 5; i++) {
      await vault.call('secretsmanager:CreateSecret', { Name: `again-${i}`, SecretString: 'x' })
    }
    await vault.restart()
    expect(await setBack()).toBe(true)
    await vault.call('keyhearth:AcceptSetBack', {})
    expect(await setBack()).toBe(false)
    await vault.restart()
    expect(await setBack()).toBe(false)
  }, 60_000)
})
