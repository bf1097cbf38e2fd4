// ui: what the person sees; speaks the protocol like any other client. This file: files kept with an item: encrypted
// and decrypted in this page, and given to the background in parts.

import { type Bytes, concatBytes, unshared } from '../codec/bytes.ts'
import type { ItemFile } from '../items/item.ts'
import { attachmentPartBytes } from '../protocol/limits.ts'
import { openingBy, sealingBy } from './bulk.ts'
import { call } from './call.ts'
import { counting, save } from './fileStreams.ts'
import type { ProofOfPerson } from './Proof.tsx'

export interface Adding {
  /** ARN of the secret it is for; `null` for one that is not yet. */
  readonly secretId: string | null
  readonly signal: AbortSignal
  /** Bytes that have come through. */
  readonly tell: (bytes: number) => void
  /** Told its id as soon as there is one: for whoever may have to take it back. */
  readonly onId?: (id: string) => void
}

/** It belongs to the item once that is written with it. */
export async function addFile(
  { name, type, size, content }: FileToAdd,
  { secretId, signal, tell, onId }: Adding,
): Promise<ItemFile> {
  let id = ''
  const ask = async (Recipient: Bytes) => {
    const started = await call('keyhearth:StartAttachment', {
      Recipient,
      Size: size,
      ...(secretId === null ? {} : { SecretId: secretId }),
    })
    id = started.AttachmentId
    onId?.(id)
    return { header: started.Header, handover: started.MessageKey }
  }
  const sealed = content.pipeThrough(counting(tell)).pipeThrough(sealingBy(ask, size))
  await save(sealed, new Parts(() => id), signal)
  return { id, name, type, size }
}

export interface FileToAdd {
  readonly name: string
  readonly type: string
  readonly size: number
  readonly content: ReadableStream<Uint8Array>
}

/** Sends what it is given in parts as large as they may be; the last one says so. */
class Parts {
  readonly #id: () => string
  #held: Bytes = new Uint8Array()
  #sent = 0

  constructor(id: () => string) {
    this.#id = id
  }

  async write(bytes: Bytes): Promise<void> {
    const all = concatBytes(this.#held, bytes)
    let at = 0
    for (; all.byteLength - at > attachmentPartBytes; at += attachmentPartBytes) {
      await this.#send(all.slice(at, at + attachmentPartBytes), false)
    }
    this.#held = all.slice(at)
  }

  async finish(): Promise<string> {
    await this.#send(this.#held, true)
    return this.#id()
  }

  /** What was sent is removed by itself later. */
  async abandon(): Promise<void> {}

  async #send(Content: Bytes, Last: boolean): Promise<void> {
    const AttachmentId = this.#id()
    await call('keyhearth:AddToAttachment', { AttachmentId, Part: this.#sent, Content, Last })
    this.#sent++
  }
}

export interface Reading {
  readonly secretId: string
  readonly versionId?: string
  /** Where the person is asked again. */
  readonly proof?: ProofOfPerson
  readonly signal: AbortSignal
  readonly tell: (bytes: number) => void
}

/** All of it, proven to its end. */
export async function readFile(
  { id, type }: ItemFile,
  { secretId, versionId, proof, signal, tell }: Reading,
): Promise<Blob> {
  const ask = async (Header: Bytes, Recipient: Bytes) => {
    const { MessageKey } = await call('keyhearth:OpenAttachment', {
      SecretId: secretId,
      AttachmentId: id,
      Header,
      Recipient,
      ...(versionId === undefined ? {} : { VersionId: versionId }),
      ...(proof === undefined ? {} : { Proof: proof }),
    })
    return MessageKey
  }
  const plain = partsOf(secretId, id).pipeThrough(openingBy(ask)).pipeThrough(counting(tell))
  const pieces: Bytes[] = []
  const gather = new WritableStream<Uint8Array>({
    write: (piece) => {
      pieces.push(unshared(piece))
    },
  })
  await plain.pipeTo(gather, { signal })
  return new Blob(pieces, { type })
}

function partsOf(SecretId: string, AttachmentId: string): ReadableStream<Uint8Array> {
  let Part = 0
  return new ReadableStream(
    {
      async pull(output) {
        const asked = { SecretId, AttachmentId, Part }
        const { Content, Parts: all } = await call('keyhearth:GetAttachmentPart', asked)
        output.enqueue(Content)
        Part++
        if (Part === all) output.close()
      },
    },
    { highWaterMark: 0 },
  )
}
