// Every released schema opens in this version with what was in it. A new version adds its line here and
// never edits an older one.

import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { type IDBPDatabase, openDB } from 'idb'
import { expect, test, vi } from 'vitest'
import { commit } from '../../src/store/commit.ts'
import { Database } from '../../src/store/database.ts'
import { allStores } from '../../src/store/schema.ts'
import { Background, passphrase } from './background.ts'

const sealed = [
  'keys',
  'materials',
  'aliases',
  'secrets',
  'secretVersions',
  'sites',
  'usage',
  'drafts',
]

function makeFirstStores(made: IDBPDatabase): void {
  for (const store of ['device', 'vault', 'slots']) made.createObjectStore(store, { keyPath: 'id' })
  made.createObjectStore('trail', { keyPath: 'sequence' })
  for (const store of sealed) {
    made.createObjectStore(store, { keyPath: 'id' }).createIndex('group', 'group')
  }
}

/** The database as that version made it, written down apart from the code that makes it today. */
const released: Readonly<Record<number, (name: string) => Promise<void>>> = {
  1: async (name) => {
    const db = await openDB(name, 1, { upgrade: makeFirstStores })
    for (const store of sealed) {
      await db.put(store, { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) })
    }
    await db.put('trail', {
      sequence: 1,
      sealedBy: 'vault',
      sealed: new Uint8Array(1),
      hash: new Uint8Array(32),
    })
    db.close()
  },
  2: async (name) => {
    const db = await openDB(name, 2, {
      upgrade(made) {
        makeFirstStores(made)
        made.createObjectStore('digests', { keyPath: 'number' })
      },
    })
    for (const store of sealed) {
      await db.put(store, { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) })
    }
    await db.put('trail', {
      sequence: 1,
      sealedBy: 'vault',
      device: '',
      sealed: new Uint8Array(1),
      commitment: new Uint8Array(32),
      digests: 0,
      hash: new Uint8Array(32),
      proof: new Uint8Array(32),
    })
    db.close()
  },
  3: async (name) => {
    const db = await openDB(name, 3, {
      upgrade(made, _old, _new, transaction) {
        makeFirstStores(made)
        made.createObjectStore('digests', { keyPath: 'number' })
        transaction.objectStore('keys').createIndex('group-id', ['group', 'id'])
        for (const store of ['schedules', 'grants']) {
          made.createObjectStore(store, { keyPath: 'id' }).createIndex('group', 'group')
        }
      },
    })
    for (const store of [...sealed, 'schedules', 'grants']) {
      await db.put(store, { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) })
    }
    await db.put('trail', { sequence: 1 })
    db.close()
  },
  4: async (name) => {
    const db = await openDB(name, 4, {
      upgrade(made, _old, _new, transaction) {
        makeFirstStores(made)
        made.createObjectStore('digests', { keyPath: 'number' })
        transaction.objectStore('keys').createIndex('group-id', ['group', 'id'])
        for (const store of ['schedules', 'grants', 'branchKeys', 'people']) {
          made.createObjectStore(store, { keyPath: 'id' }).createIndex('group', 'group')
        }
      },
    })
    for (const store of [...sealed, 'schedules', 'grants', 'branchKeys', 'people']) {
      await db.put(store, { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) })
    }
    await db.put('trail', { sequence: 1 })
    db.close()
  },
  5: async (name) => {
    const added = ['schedules', 'grants', 'branchKeys', 'people', 'secretBlocks', 'attachments']
    const db = await openDB(name, 5, {
      upgrade(made, _old, _new, transaction) {
        makeFirstStores(made)
        made.createObjectStore('digests', { keyPath: 'number' })
        transaction.objectStore('keys').createIndex('group-id', ['group', 'id'])
        for (const store of added) {
          made.createObjectStore(store, { keyPath: 'id' }).createIndex('group', 'group')
        }
      },
    })
    for (const store of [...sealed, ...added]) {
      await db.put(store, { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) })
    }
    await db.put('trail', { sequence: 1 })
    db.close()
  },
  6: async (name) => {
    const added = ['schedules', 'grants', 'branchKeys', 'people', 'secretBlocks', 'attachments']
    const db = await openDB(name, 6, {
      upgrade(made, _old, _new, transaction) {
        makeFirstStores(made)
        made.createObjectStore('digests', { keyPath: 'number' })
        transaction.objectStore('keys').createIndex('group-id', ['group', 'id'])
        for (const store of [...added, 'certificates']) {
          made.createObjectStore(store, { keyPath: 'id' }).createIndex('group', 'group')
        }
      },
    })
    for (const store of [...sealed, ...added, 'certificates']) {
      await db.put(store, { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) })
    }
    await db.put('trail', { sequence: 1 })
    db.close()
  },
}

test.each(Object.keys(released).map(Number))(
  'a database of version %i opens whole',
  async (version) => {
    const name = crypto.randomUUID()
    await released[version]?.(name)
    const db = new Database(name)
    const connection = await db.connect()
    expect([...connection.objectStoreNames].sort()).toEqual([...allStores].sort())
    expect(await db.getGroup('secrets', 'group', 'g')).toEqual([
      { id: 'row', group: 'g', revision: 3, sealed: new Uint8Array([1, 2]) },
    ])
    expect(await db.count('trail')).toBe(1)
  },
)

test('a new database is made as the newest released one is', async () => {
  const [fresh, old] = [crypto.randomUUID(), crypto.randomUUID()]
  const newest = Math.max(...Object.keys(released).map(Number))
  await released[newest]?.(old)
  const shape = async (name: string) => {
    const connection = await new Database(name).connect()
    return [...connection.objectStoreNames].map((store) => {
      const { keyPath, indexNames } = connection.transaction(store).store
      return [store, keyPath, [...indexNames]]
    })
  }
  expect(await shape(fresh)).toEqual(await shape(old))
})

/** Rows and head as version 1 wrote them for these events, sealed by the vault as it sealed them. */
async function writeFirstVersion(vault: Background): Promise<void> {
  const texts = ['CreateVault', 'ListKeys', 'Lock'].map((eventName) =>
    JSON.stringify({
      eventID: crypto.randomUUID(),
      eventTime: '2026-01-01T00:00:00.000Z',
      eventSource: 'keyhearth',
      eventName,
      userIdentity: { type: 'Root', arn: 'arn:aws:iam::000000000000:root' },
      requestParameters: {},
      resources: [],
      requestID: crypto.randomUUID(),
    }),
  )
  let hash = Buffer.alloc(32)
  await vault.db.clear('trail')
  for (const [i, text] of texts.entries()) {
    const sealed = await vault.hsm.opened.vault.seal(['trail'], new TextEncoder().encode(text))
    const head = Buffer.alloc(8 + 4 + 5 + 4)
    head.writeBigUInt64BE(BigInt(i + 1))
    head.writeUInt32BE(5, 8)
    head.write('vault', 12)
    head.writeUInt32BE(sealed.byteLength, 17)
    hash = createHash('sha256').update(hash).update(head).update(sealed).digest()
    await vault.db.put('trail', {
      sequence: i + 1,
      sealedBy: 'vault',
      sealed,
      hash: new Uint8Array(hash),
    })
  }
  await vault.db.put('vault', {
    id: 'trail-head',
    sequence: texts.length,
    hash: new Uint8Array(hash),
  })
}

test('a chain of version 1 goes on in this one and stays verifiable', async () => {
  const vault = await Background.withVault()
  await writeFirstVersion(vault)
  await vault.endBrowser()
  await vault.call('keyhearth:Unlock', { Passphrase: passphrase })
  expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({
    Intact: true,
    Events: 4,
    Unproven: 3,
  })
  const { Events } = await vault.call('keyhearth:ListEvents', {})
  expect(Events.map(({ eventName }) => eventName)).toEqual([
    'VerifyTrail',
    'Unlock',
    'Lock',
    'ListKeys',
    'CreateVault',
  ])
  await vault.call('keyhearth:ExportTrail', {})
  const rows = await vault.db.getAll('trail')
  for (const row of rows.slice(0, 3)) {
    const sealed = row.sealed.slice()
    sealed[20] = (sealed[20] ?? 0) ^ 1
    await vault.db.put('trail', { ...row, sealed })
    expect(await vault.call('keyhearth:VerifyTrail', {})).toMatchObject({
      Problem: 'event-edited',
      FirstBroken: row.sequence,
    })
    await vault.db.put('trail', row)
  }
})

test('a key and an alias of Keyhearth 0.1 go on working', async () => {
  const vault = await Background.withVault()
  const { vault: open, records } = vault.hsm.opened
  const made = (await vault.call('kms:CreateKey', {})).KeyMetadata
  const { KeyId: keyId, AWSAccountId: account, CurrentKeyMaterialId: currentMaterialId } = made
  const first = {
    keyId,
    account,
    createdAt: 1_700_000_000_000,
    description: 'from before',
    state: 'Enabled',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    currentMaterialId,
    tags: [{ TagKey: 'a', TagValue: 'b' }],
  }
  const group = open.label('account', account)
  const alias = { alias: 'alias/before', account, keyId }
  const sealed = await records.seal({
    puts: [
      { store: 'keys', id: keyId, group, value: first },
      { store: 'aliases', id: open.label('alias', `${account}:alias/before`), group, value: alias },
    ],
  })
  await commit(vault.hsm.db, sealed.changes, null)
  await vault.restart()
  const { KeyMetadata } = await vault.call('kms:DescribeKey', { KeyId: 'alias/before' })
  expect(KeyMetadata).toMatchObject({
    KeyId: keyId,
    KeyState: 'Enabled',
    Description: 'from before',
    Origin: 'AWS_KMS',
    CurrentKeyMaterialId: currentMaterialId,
    Implementation: 'WebCrypto',
  })
  const Plaintext = new TextEncoder().encode('kept')
  const { CiphertextBlob } = await vault.call('kms:Encrypt', { KeyId: keyId, Plaintext })
  await vault.call('kms:RotateKeyOnDemand', { KeyId: keyId })
  expect((await vault.call('kms:Decrypt', { CiphertextBlob })).Plaintext).toEqual(Plaintext)
  expect((await vault.call('kms:ListResourceTags', { KeyId: keyId })).Tags).toEqual(first.tags)
})

test('a database of a newer version is named so, and left as it is', async () => {
  const name = crypto.randomUUID()
  const newer = 1_000
  const made = await openDB(name, newer, {
    upgrade: (db) => void db.createObjectStore('of tomorrow'),
  })
  made.close()
  await expect(new Database(name).connect()).rejects.toMatchObject({ reason: 'storage-newer' })
  const again = await openDB(name)
  expect(again.version).toBe(newer)
  expect([...again.objectStoreNames]).toEqual(['of tomorrow'])
  again.close()
})

test('an upgrade that is cut off half-way leaves the version before, which opens with the next start', async () => {
  const name = crypto.randomUUID()
  await released[1]?.(name)
  const create = IDBDatabase.prototype.createObjectStore
  let made = 0
  const cut = vi.spyOn(IDBDatabase.prototype, 'createObjectStore').mockImplementation(function make(
    this: IDBDatabase,
    ...of
  ) {
    const store = create.apply(this, of)
    // All is asked for by then, and nothing of it is lasting.
    if (made++ === 0) queueMicrotask(() => store.transaction.abort())
    return store
  })
  await expect(new Database(name).connect()).rejects.toMatchObject({
    reason: 'storage-unavailable',
  })
  expect(made).toBeGreaterThan(3)
  cut.mockRestore()
  const old = await openDB(name)
  expect(old.version).toBe(1)
  expect(old.objectStoreNames.contains('digests')).toBe(false)
  old.close()
  const database = new Database(name)
  const db = await database.connect()
  expect([...db.objectStoreNames].sort()).toEqual([...allStores].sort())
  for (const store of sealed) {
    expect(await db.get(store as 'keys', 'row')).toMatchObject({ revision: 3 })
  }
  await database.close()
})
