// Files kept with items: sent in parts, owned by the versions that name them, and gone with the last of them.

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/codec/bytes.ts'
import { openStreamInPlace, sealStreamInPlace } from '../../src/encryption-sdk/handedOverStreams.ts'
import { blankItem, type ItemFile } from '../../src/items/item.ts'
import { attachmentMaxBytes } from '../../src/protocol/limits.ts'
import { Background, passphrase } from './background.ts'
import { throughStream } from './throughStream.ts'

const partBytes = 1024 * 1024
const content = Uint8Array.from({ length: 2.5 * partBytes }, (_, at) => (at * 31) % 251)

const itemWith = (files: readonly ItemFile[], notes = 'with files') => ({
  ...blankItem('attachment'),
  title: 'Passport',
  fields: {},
  uris: [],
  own: [],
  tags: [],
  notes,
  files: files.map((file) => ({ ...file })),
})

async function send(vault: Background, bytes: Uint8Array, whole = true): Promise<ItemFile> {
  let id = ''
  const sealing = sealStreamInPlace(async (Recipient) => {
    const started = await vault.call('keyhearth:StartAttachment', {
      Recipient,
      Size: bytes.byteLength,
    })
    id = started.AttachmentId
    return { header: started.Header, handover: started.MessageKey }
  }, bytes.byteLength)
  const { out } = await throughStream(sealing, [Uint8Array.from(bytes)])
  const parts = Math.ceil(out.byteLength / partBytes)
  for (let Part = 0; Part < parts - (whole ? 0 : 1); Part++) {
    const Content = out.slice(Part * partBytes, (Part + 1) * partBytes)
    const Last = Part === parts - 1
    await vault.call('keyhearth:AddToAttachment', { AttachmentId: id, Part, Content, Last })
  }
  return { id, name: 'scan.png', type: 'image/png', size: bytes.byteLength }
}

async function fetched(vault: Background, SecretId: string, AttachmentId: string, given = {}) {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let Part = 0, all = 1; Part < all; Part++) {
    const asked = { SecretId, AttachmentId, Part }
    const { Content, Parts } = await vault.call('keyhearth:GetAttachmentPart', asked)
    parts.push(Content)
    all = Parts
  }
  const opening = openStreamInPlace(
    async (Header, Recipient) => {
      const asked = { SecretId, AttachmentId, Header, Recipient, ...given }
      return (await vault.call('keyhearth:OpenAttachment', asked)).MessageKey
    },
    { releasePlaintextBeforeSignature: true },
  )
  return throughStream(opening, parts)
}

const rows = async (vault: Background) => (await vault.db.getAllKeys('attachments')).length

describe('a file of an item', () => {
  test('is read as it was written, also by a new worker, and is no plaintext at rest', async () => {
    const vault = await Background.withVault()
    const file = await send(vault, content)
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: itemWith([file]) })
    await vault.restart()
    const { Item } = await vault.call('keyhearth:GetItem', { SecretId })
    expect(Item.files).toEqual([file])
    expect(await fetched(vault, SecretId, file.id)).toEqual({ out: content, code: 'whole' })
    const { SecretString = '{}' } = await vault.call('secretsmanager:GetSecretValue', { SecretId })
    expect(JSON.parse(SecretString)).toMatchObject({ keyhearth: 'attachment', files: [file] })
  })

  test('an empty one, too', async () => {
    const vault = await Background.withVault()
    const file = await send(vault, new Uint8Array())
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: itemWith([file]) })
    expect((await fetched(vault, SecretId, file.id)).out).toEqual(new Uint8Array())
  })

  test('is kept as long as a version names it, and goes with the last', async () => {
    const vault = await Background.withVault()
    const file = await send(vault, content)
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: itemWith([file]) })
    const before = await rows(vault)
    const first = (await vault.call('keyhearth:GetItem', { SecretId })).VersionId
    await vault.call('keyhearth:PutItem', { SecretId, Item: itemWith([], 'without') })
    // The version before has it still, and it can be brought back from there.
    expect((await fetched(vault, SecretId, file.id, { VersionId: first })).out).toEqual(content)
    expect(await vault.refusal('keyhearth:OpenAttachment', opening(SecretId, file.id))).toBe(
      'attachment-gone',
    )
    await vault.call('keyhearth:PutItem', { SecretId, Item: itemWith([file], 'again') })
    expect((await fetched(vault, SecretId, file.id)).out).toEqual(content)
    expect(await rows(vault)).toBe(before)
    await vault.call('keyhearth:ChangeItems', {
      SecretIds: [SecretId],
      Change: { Kind: 'delete' },
    })
    await vault.call('keyhearth:ChangeItems', {
      SecretIds: [SecretId],
      Change: { Kind: 'destroy' },
    })
    expect(await rows(vault)).toBe(0)
  })

  test('stays with a value that another client wrote, where that names it', async () => {
    const vault = await Background.withVault()
    const file = await send(vault, content)
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: itemWith([file]) })
    const { SecretString = '' } = await vault.call('secretsmanager:GetSecretValue', { SecretId })
    const edited = JSON.stringify({ ...JSON.parse(SecretString), notes: 'by AWS’s client' })
    await vault.call('secretsmanager:PutSecretValue', { SecretId, SecretString: edited })
    expect((await fetched(vault, SecretId, file.id)).out).toEqual(content)
  })

  test('needs the passphrase where its secret does', async () => {
    const vault = await Background.withVault()
    const file = await send(vault, content)
    const put = { Item: itemWith([file]), AskAgain: true }
    const { SecretId } = await vault.call('keyhearth:PutItem', put)
    const asked = opening(SecretId, file.id)
    expect(await vault.refusal('keyhearth:OpenAttachment', asked)).toBe('passphrase-needed')
    const { out } = await fetched(vault, SecretId, file.id, { Proof: { Passphrase: passphrase } })
    expect(out).toEqual(content)
  })

  test('of another secret, half of one, or none at all is not taken', async () => {
    const vault = await Background.withVault()
    const file = await send(vault, content)
    await vault.call('keyhearth:PutItem', { Item: itemWith([file]) })
    const put = (one: ItemFile) => vault.refusal('keyhearth:PutItem', { Item: itemWith([one]) })
    expect(await put(file)).toBe('attachment-gone')
    expect(await put(await send(vault, content, false))).toBe('attachment-gone')
    expect(await put({ ...file, id: crypto.randomUUID() })).toBe('attachment-gone')
  })

  test('put in the place of another opens nothing', async () => {
    const vault = await Background.withVault()
    const [one, other] = [await send(vault, content), await send(vault, content.slice(1))]
    const { SecretId } = await vault.call('keyhearth:PutItem', { Item: itemWith([one, other]) })
    const header = (await vault.call('keyhearth:GetAttachmentPart', part(SecretId, one.id))).Content
    const opened = await throughStream(
      openStreamInPlace(
        async (Header, Recipient) => {
          const asked = { SecretId, AttachmentId: other.id, Header, Recipient }
          return (await vault.call('keyhearth:OpenAttachment', asked)).MessageKey
        },
        { releasePlaintextBeforeSignature: true },
      ),
      [header],
    )
    expect(opened.code).not.toBe('whole')
    expect(opened.out).toEqual(new Uint8Array())
  })

  test('sent and never named is removed when the next is sent a day later', async () => {
    const vault = await Background.withVault()
    await send(vault, content)
    const left = await rows(vault)
    const later = Date.now() + 86_400_000
    const now = Date.now
    Date.now = () => later + 1
    try {
      await send(vault, new Uint8Array(1))
    } finally {
      Date.now = now
    }
    expect(left).toBe(4)
    expect(await rows(vault)).toBe(2)
  })

  test('of an import that did not come to its end leaves with it', async () => {
    const vault = await Background.withVault()
    const file = await send(vault, content)
    const { ImportId } = await vault.call('keyhearth:StartImport', {})
    await vault.call('keyhearth:AddToImport', { ImportId, Items: [{ Item: itemWith([file]) }] })
    await vault.restart()
    await vault.call('keyhearth:StartImport', {})
    expect(await rows(vault)).toBe(0)
  })

  test('of an import that is given up leaves with it, named by an item or not yet', async () => {
    const vault = await Background.withVault()
    const counts = () =>
      Promise.all(
        (['attachments', 'secretVersions', 'drafts'] as const).map((s) => vault.db.count(s)),
      )
    const before = await counts()
    const [named, unnamed] = [await send(vault, content), await send(vault, content, false)]
    const { ImportId } = await vault.call('keyhearth:StartImport', {})
    await vault.call('keyhearth:AddToImport', { ImportId, Items: [{ Item: itemWith([named]) }] })
    expect(await counts()).not.toEqual(before)
    await vault.call('keyhearth:AbortImport', { ImportId, AttachmentIds: [unnamed.id] })
    expect(await counts()).toEqual(before)
    expect(await vault.refusal('keyhearth:FinishImport', { ImportId })).toBe('import-gone')
  })

  test('comes in with an import', async () => {
    const vault = await Background.withVault()
    const file = await send(vault, content)
    const { ImportId } = await vault.call('keyhearth:StartImport', {})
    await vault.call('keyhearth:AddToImport', { ImportId, Items: [{ Item: itemWith([file]) }] })
    await vault.call('keyhearth:FinishImport', { ImportId })
    const [found] = (await vault.call('keyhearth:ListItems', {})).Items
    expect((await fetched(vault, found?.SecretId ?? '', file.id)).out).toEqual(content)
  })
})

test('a file of 64 MiB is kept and read again to its last byte; one byte more is refused before it is sent', async () => {
  const vault = await Background.withVault()
  const start = (Size: number) =>
    vault.refusal('keyhearth:StartAttachment', { Recipient: new Uint8Array(65), Size })
  expect(await start(attachmentMaxBytes + 1)).toBe('invalid-input')
  // The same piece again and again: no more than that is in memory here.
  const piece = Uint8Array.from({ length: partBytes }, (_, at) => (at * 31) % 251)
  const pieces = attachmentMaxBytes / partBytes
  const plain = createHash('sha256')
  for (let i = 0; i < pieces; i++) plain.update(piece)
  let id = ''
  const sealing = sealStreamInPlace(async (Recipient) => {
    const asked = { Recipient, Size: attachmentMaxBytes }
    const started = await vault.call('keyhearth:StartAttachment', asked)
    id = started.AttachmentId
    return { header: started.Header, handover: started.MessageKey }
  }, attachmentMaxBytes)
  let given = 0
  const source = new ReadableStream<Uint8Array>({
    pull(output) {
      if (given++ < pieces) output.enqueue(piece.slice())
      else output.close()
    },
  })
  let Part = 0
  const send = async (Content: Uint8Array<ArrayBuffer>, Last: boolean) =>
    vault.call('keyhearth:AddToAttachment', { AttachmentId: id, Part: Part++, Content, Last })
  let held = new Uint8Array()
  for await (const some of source.pipeThrough(sealing)) {
    held = concatBytes(held, some)
    while (held.byteLength > partBytes) {
      await send(held.slice(0, partBytes), false)
      held = held.slice(partBytes)
    }
  }
  await send(held, true)
  expect(Part).toBeGreaterThan(pieces)
  const file = { id, name: 'large.bin', type: '', size: attachmentMaxBytes }
  const { SecretId } = await vault.call('keyhearth:PutItem', { Item: itemWith([file]) })
  const read = await fetched(vault, SecretId, id)
  expect(read.code).toBe('whole')
  expect(read.out.byteLength).toBe(attachmentMaxBytes)
  expect(createHash('sha256').update(read.out).digest('hex')).toBe(plain.digest('hex'))
  const larger = itemWith([{ ...file, size: attachmentMaxBytes + 1 }])
  expect(await vault.refusal('keyhearth:PutItem', { SecretId, Item: larger })).toBe('invalid-input')
}, 120_000)

const part = (SecretId: string, AttachmentId: string) => ({ SecretId, AttachmentId, Part: 0 })
const opening = (SecretId: string, AttachmentId: string) => ({
  SecretId,
  AttachmentId,
  Header: Uint8Array.of(2),
  Recipient: new Uint8Array(65),
})

test('files stay with a secret that an import replaces, and go with no import that is cut off', async () => {
  const vault = await Background.withVault()
  const [had, sent] = [await send(vault, content), await send(vault, content)]
  const { SecretId } = await vault.call('keyhearth:PutItem', { Item: itemWith([had]) })
  const Items = [{ Item: itemWith([sent], 'another'), Replaces: SecretId }]
  const start = async () => {
    const { ImportId } = await vault.call('keyhearth:StartImport', {})
    return ImportId
  }
  await vault.call('keyhearth:AddToImport', { ImportId: await start(), Items })
  // What was sent for it goes, and what the secret has stays.
  await start()
  expect(await vault.refusal('keyhearth:AddToImport', { ImportId: await start(), Items })).toBe(
    'attachment-gone',
  )
  expect((await fetched(vault, SecretId, had.id)).code).toBe('whole')
  const again = await send(vault, content)
  const ImportId = await start()
  const Item = itemWith([again], 'another')
  await vault.call('keyhearth:AddToImport', { ImportId, Items: [{ Item, Replaces: SecretId }] })
  await vault.call('keyhearth:FinishImport', { ImportId })
  const now = await vault.call('keyhearth:GetItem', { SecretId })
  expect(now.Item.files).toEqual([had, again])
  for (const { id } of [had, again]) {
    const { out } = await fetched(vault, SecretId, id)
    expect(out).toEqual(content)
  }
})
