// The bench: in a page of Keyhearth's own, backups made and proven as its screens do it, beside the database's or the
// browser's own part of the same work alone; the vault opened by a passkey, beside the authenticator alone; and what the
// background looks at when it starts, beside opening the database.

import type { Browser } from 'wxt/browser'
import { backedUpStores } from '../../src/cluster/backupContent.ts'
import { SecurityModule } from '../../src/hsm/module.ts'
import { Database } from '../../src/store/database.ts'
import type { StoreName } from '../../src/store/schema.ts'
import { readBackup } from '../../src/ui/backupWork.ts'
import { call } from '../../src/ui/call.ts'
import { askPasskey, makePasskey } from '../../src/ui/passkeys.ts'
import { inTurns, type Pairs } from './bare/turns.ts'

declare global {
  interface Window {
    backups: typeof backups
  }
}

declare const chrome: typeof Browser

const once = 1
const rowsAtOnce = 500

/** The backup made last, for what is done with it. */
let made = new File([], 'none')

async function make(): Promise<File> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const { BackupId } = await call('keyhearth:StartBackup', {})
  for (let Part = 0; ; Part++) {
    const { Bytes, Done } = await call('keyhearth:ReadBackup', { BackupId, Part })
    parts.push(Bytes)
    if (Done) break
  }
  await call('keyhearth:FinishBackup', { BackupId })
  made = new File(parts, 'bench.keyhearth')
  return made
}

async function prove(file: File): Promise<void> {
  const { review } = await readBackup(file, 'verify', null, () => {})
  if (review.Damaged > 0 || !review.TrailIntact) throw new Error('the backup is not whole')
}

const keyOf = (row: Readonly<Record<string, unknown>>) =>
  (row['id'] ?? row['sequence'] ?? row['number']) as string | number

/** Every row that a backup has, read and dropped. Gives how long each is. */
async function readRows(db: Database): Promise<number[]> {
  const lengths: number[] = []
  const readStore = async (store: StoreName) => {
    for (let after: string | number | null = null; ; ) {
      const rows: readonly object[] = await db.page(store, after as never, rowsAtOnce)
      for (const row of rows as readonly Readonly<Record<string, unknown>>[]) {
        after = keyOf(row)
        lengths.push(row['sealed'] instanceof Uint8Array ? row['sealed'].byteLength : 0)
      }
      if (rows.length < rowsAtOnce) return
    }
  }
  for (const store of backedUpStores) await readStore(store)
  return lengths
}

/** As many ciphertexts of these lengths, decrypted with as many under way as one page of rows has. */
async function opener(lengths: readonly number[]): Promise<() => Promise<void>> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12) }
  const sealed = new Map<number, ArrayBuffer>()
  const tagAndIvBytes = 28
  for (const length of new Set(lengths)) {
    const plaintext = new Uint8Array(Math.max(0, length - tagAndIvBytes))
    sealed.set(length, await crypto.subtle.encrypt(algorithm, key, plaintext))
  }
  const open = (length: number) =>
    crypto.subtle.decrypt(algorithm, key, sealed.get(length) ?? new ArrayBuffer(0))
  return async () => {
    for (let at = 0; at < lengths.length; at += rowsAtOnce) {
      await Promise.all(lengths.slice(at, at + rowsAtOnce).map(open))
    }
  }
}

/** All that a worker looks at before it answers anyone. */
async function start(): Promise<void> {
  const db = new Database()
  const memory = { session: chrome.storage.session, local: chrome.storage.local }
  const module = await SecurityModule.start(db, memory)
  if (!module.openedIfAny) throw new Error('the vault is not open')
  await module.openedIfAny.records.isSetBack()
  await db.close()
}

async function openDatabase(): Promise<void> {
  const db = new Database()
  await db.get('vault', 'vault')
  await db.close()
}

/** Of the question that the authenticator answered last. */
let authenticatorMs = Number.NaN

function timeAuthenticator(): void {
  const { credentials } = navigator
  const get = credentials.get.bind(credentials)
  credentials.get = async (options) => {
    const begun = performance.now()
    const answer = await get(options)
    authenticatorMs = performance.now() - begun
    return answer
  }
}

async function unlockByPasskey(): Promise<number> {
  await call('keyhearth:Lock', {})
  const begun = performance.now()
  const proof = await askPasskey()
  if (!proof) throw new Error('the authenticator did not answer')
  await call('keyhearth:Unlock', proof)
  return performance.now() - begun
}

const backups = {
  /** How many rows a backup has, and how many of them are values of secrets, and keys. */
  async counts() {
    const db = new Database()
    const [secrets, keys] = [await db.count('secretVersions'), await db.count('keys')]
    const rows = (await readRows(db)).length
    await db.close()
    return { secrets, keys, rows }
  },
  async addKeys(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await call('kms:CreateKey', { Description: `Key number ${i}` })
  },
  async addPasskey(Passphrase: string): Promise<void> {
    const Slot = await makePasskey('Bench')
    if (!Slot) throw new Error('the authenticator made no passkey')
    await call('keyhearth:AddKeySlot', { Proof: { Passphrase }, Name: 'Bench', Slot })
    timeAuthenticator()
  },
  make: async (): Promise<number> => (await make()).size,
  prove: (): Promise<void> => prove(made),
  async making(rounds: number): Promise<Pairs> {
    const db = new Database()
    const pairs = await inTurns(make, () => readRows(db), rounds, once)
    await db.close()
    return pairs
  },
  async proving(rounds: number): Promise<Pairs> {
    const db = new Database()
    const open = await opener(await readRows(db))
    await db.close()
    return inTurns(() => prove(made), open, rounds, once)
  },
  starting: (rounds: number): Promise<Pairs> => inTurns(start, openDatabase, rounds, once),
  async unlocking(rounds: number): Promise<Pairs> {
    const pairs = { ours: [] as number[], bare: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      pairs.ours.push(await unlockByPasskey())
      pairs.bare.push(authenticatorMs)
    }
    return pairs
  },
}

window.backups = backups
