// Bitwarden's ZIP as Bitwarden writes it (https://bitwarden.com/help/export-your-data/): data.json, and
// attachments/<id of the entry>/<name of the file>. What is written is unpacked by another library, by Python where
// that is there, and read back.

import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { concatBytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import {
  type AttachedFile,
  filesWithRoom,
  writeBitwardenZip,
} from '../../src/interchange/bitwardenZip.ts'
import type { ImportedItem } from '../../src/interchange/format.ts'
import { readExport } from '../../src/interchange/readExport.ts'
import { blankItem } from '../../src/items/item.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const login = (title: string): ImportedItem['item'] => ({
  ...blankItem('login'),
  title,
  fields: { username: 'ada', password: `password of ${title}` },
  tags: ['Work'],
})

interface Given {
  readonly at: number
  readonly name: string
  readonly pieces: readonly Uint8Array[]
}

async function* attached(files: readonly Given[]): AsyncGenerator<AttachedFile> {
  for (const { at, name, pieces } of files) yield { at, name, content: each(pieces) }
}

async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Uint8Array.from(piece)
}

async function written(items: readonly ImportedItem[], files: readonly Given[]) {
  const pieces: Uint8Array[] = []
  for await (const piece of writeBitwardenZip(items, attached(files))) pieces.push(piece)
  return concatBytes(...pieces)
}

const scan = [encodeUtf8('%PDF-1.7 '), crypto.getRandomValues(new Uint8Array(60_000))]
const items: readonly ImportedItem[] = [
  { item: login('Without') },
  { item: login('Mail'), askAgain: true, createdAt: 1_600_000_000_000 },
  { item: { ...blankItem('note'), title: 'Größe' } },
]
const files: readonly Given[] = [
  { at: 1, name: 'scan.pdf', pieces: scan },
  { at: 2, name: 'Zürich 1.txt', pieces: [encodeUtf8('zwei')] },
]

test('it has Bitwarden’s layout', async () => {
  const bytes = await written(items, files)
  const { 'data.json': json, ...others } = unzipSync(bytes)
  const data = JSON.parse(new TextDecoder().decode(json))
  expect(data).toMatchObject({ encrypted: false, folders: [{ name: 'Work' }] })
  const [first, mail, note] = data.items as readonly { readonly id: string }[]
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
  for (const entry of [first, mail, note]) expect(entry?.id).toMatch(uuid)
  expect(mail).toMatchObject({ name: 'Mail', type: 1, reprompt: 1 })
  expect(others).toEqual({
    [`attachments/${mail?.id}/scan.pdf`]: concatBytes(...scan),
    [`attachments/${note?.id}/Zürich 1.txt`]: encodeUtf8('zwei'),
  })
})

test('read back, everything is where it was', async () => {
  const read = await readExport({ name: 'x', bytes: await written(items, files) })
  expect(read.unmapped).toEqual([])
  expect(read.items).toEqual([
    items[0],
    { ...items[1], attachments: [{ name: 'scan.pdf', bytes: concatBytes(...scan) }] },
    { ...items[2], attachments: [{ name: 'Zürich 1.txt', bytes: encodeUtf8('zwei') }] },
  ])
})

test('names that lead elsewhere, or are the same, become names of their own in their folder', async () => {
  const names = ['../../.bashrc', 'a/b.txt', 'b.txt', 'b.txt', '..', '', 'CON']
  const given = names.map((name, at) => ({ at: 0, name, pieces: [Uint8Array.of(at)] }))
  const { items: read } = await readExport({ name: 'x', bytes: await written(items, given) })
  expect(read[0]?.attachments).toEqual(
    ['bashrc', 'b.txt', 'b (2).txt', 'b (3).txt', 'file', 'file (2)', '_CON'].map((name, at) => ({
      name,
      bytes: Uint8Array.of(at),
    })),
  )
})

test('without files it is a ZIP with data.json alone; an empty file is one', async () => {
  expect(Object.keys(unzipSync(await written(items, [])))).toEqual(['data.json'])
  const empty = unzipSync(await written(items, [{ at: 0, name: 'empty', pieces: [] }]))
  expect(Object.values(empty).at(-1)).toEqual(new Uint8Array())
})

test('each file is asked for when the one before has been written', async () => {
  const asked: string[] = []
  const slow = async function* (): AsyncGenerator<AttachedFile> {
    for (const name of ['one', 'two']) {
      asked.push(name)
      yield { at: 0, name, content: each([encodeUtf8(name)]) }
    }
  }
  const seen: string[] = []
  for await (const piece of writeBitwardenZip(items, slow())) {
    if (new TextDecoder().decode(piece) === 'one') seen.push(...asked)
  }
  expect(seen).toEqual(['one'])
  expect(asked).toEqual(['one', 'two'])
})

test('what a ZIP without ZIP64 cannot hold has no room in it', () => {
  const gibibyte = 2 ** 30
  expect(filesWithRoom([])).toBe(0)
  expect(filesWithRoom([1, 2])).toBe(2)
  expect(filesWithRoom([2 * gibibyte, gibibyte, gibibyte, 1])).toBe(2)
  expect(filesWithRoom(Array(70_000).fill(1))).toBe(65_000)
})

const folder = testFolder('zip')

test.runIf(hasTool('python3'))('Python’s zipfile finds it whole', async () => {
  const path = folder.write('export.zip', await written(items, files))
  const { text, status } = run('python3', ['-m', 'zipfile', '-t', path])
  expect(text).toContain('Done testing')
  expect(status).toBe(0)
})
