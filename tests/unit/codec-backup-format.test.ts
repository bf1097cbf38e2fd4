// Rows of a backup, written and read again however they are cut.

import { expect, test } from 'vitest'
import {
  BackupFormatError,
  type BackupRow,
  BackupRows,
  writeBackupRows,
} from '../../src/codec/backupFormat.ts'

const rows: readonly BackupRow[] = [
  { store: 'backup', row: { format: 1, settings: { lockMinutes: 5 } }, body: new Uint8Array(0) },
  { store: 'keys', row: { id: 'k/1', revision: 3 }, body: new Uint8Array([1, 2, 3]) },
  {
    store: 'trail',
    row: { sequence: 1, hash: new Uint8Array(32).fill(7), name: 'Schlüssel 🔑' },
    body: new Uint8Array(500).fill(9),
  },
  {
    store: 'slots',
    row: { salts: [{ salt: new Uint8Array([255]) }], none: null },
    body: new Uint8Array(1),
  },
]

test.each([1, 2, 3, 7, 64, 10_000])('written and cut every %i bytes, they are the same', (size) => {
  const file = writeBackupRows(rows)
  const reader = new BackupRows()
  const read: BackupRow[] = []
  for (let at = 0; at < file.byteLength; at += size) {
    for (const one of reader.push(file.subarray(at, at + size))) {
      read.push({ ...one, body: one.body.slice() })
    }
  }
  reader.end()
  expect(read).toEqual(rows)
})

test('a body is good until the next piece, and says so by being gone', () => {
  const file = writeBackupRows(rows)
  const reader = new BackupRows()
  const [, key] = [...reader.push(file)]
  expect(key?.body).toEqual(new Uint8Array([1, 2, 3]))
  expect([...reader.push(file)]).toHaveLength(rows.length)
  expect(key?.body.byteLength).toBe(0)
})

test.each(['{"$bytes":1}', '[1,{}]', '["keys",null]', 'no JSON', `${'['.repeat(500_000)}`])(
  'a head of %.12s is refused',
  (head) => {
    const bytes = new TextEncoder().encode(head)
    const piece = new Uint8Array(8 + bytes.byteLength)
    new DataView(piece.buffer).setUint32(0, bytes.byteLength)
    piece.set(bytes, 4)
    expect(() => [...new BackupRows().push(piece)]).toThrow(BackupFormatError)
  },
)
