// ui: what the person sees; speaks the protocol like any other client. This file: encrypting and decrypting
// one file, from where it lies to where it goes.

import { findArmoured } from '../codec/armour.ts'
import { fileContentPair, writeFileHeader } from '../codec/fileHeader.ts'
import { safeFileName } from '../codec/fileName.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { openingStream, sealingStream } from './bulk.ts'
import { after, counting, HeaderTaker, into, saysFile } from './fileStreams.ts'
import type { Place, Target } from './fileTargets.ts'

const suffix = '.keyhearth'

export interface Work {
  readonly file: File
  /** Folders the file lay in, among those that were dropped or chosen. */
  readonly folders: readonly string[]
  readonly begin: (place: Place) => Promise<Target>
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

/** @returns the name of what was written */
export async function encryptFile(work: Work, hideName: boolean): Promise<string> {
  const { file, folders, signal, onBytes } = work
  const { name, type, lastModified: modified } = file
  const header = writeFileHeader({ name, type, modified, folders })
  const plaintextLength = header.byteLength + file.size
  const target = await work.begin({
    name: hideName ? `${crypto.randomUUID().slice(0, 8)}${suffix}` : name + suffix,
    folders: hideName ? [] : folders,
    type: 'application/octet-stream',
  })
  let written = ''
  const end = {
    write: (bytes: Uint8Array<ArrayBuffer>) => target.write(bytes),
    abandon: () => target.abandon(),
    finish: async () => {
      written = await target.finish()
    },
  }
  await after(header, file.stream().pipeThrough(counting(onBytes)))
    .pipeThrough(sealingStream({ encryptionContext: fileContentPair, plaintextLength }))
    .pipeTo(into(end), { signal })
  return written
}

/** @returns the name of what was written */
export async function decryptFile(work: Work): Promise<string> {
  const { file, signal, onBytes } = work
  let written = ''
  const taker = new HeaderTaker(async (header) =>
    work.begin({
      name: (header && safeFileName(header.name)) ?? plainName(file.name),
      folders: (header?.folders ?? work.folders).flatMap((one) => safeFileName(one) ?? []),
      type: header?.type ?? '',
    }),
  )
  const end = {
    write: (bytes: Uint8Array) => taker.write(bytes),
    abandon: () => taker.abandon(),
    finish: async () => {
      written = await taker.finish()
    },
  }
  const opening = openingStream({
    onOpened: ({ encryptionContext }) => {
      if (saysFile(encryptionContext)) taker.expectHeader()
    },
  })
  const message = await messageIn(file)
  await message
    .stream()
    .pipeThrough(counting(onBytes))
    .pipeThrough(opening)
    .pipeTo(into(end), { signal })
  return written
}

const plainName = (name: string): string =>
  name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : `${name}.decrypted`

/** The first byte of a message (data-format/message-header.md, "Version"), which no text begins with. */
const versions: readonly (number | undefined)[] = [1, 2]
const longestText = 64 * 1024 * 1024

/** The message as bytes, whichever way it is written. @throws KeyhearthError `message-none`, `-malformed` */
export async function messageIn(file: Blob): Promise<Blob> {
  const [first] = new Uint8Array(await file.slice(0, 1).arrayBuffer())
  if (versions.includes(first)) return file
  if (file.size > longestText) throw new KeyhearthError('message-none')
  const [block] = findArmoured(await file.text(), { maxBytes: longestText })
  if (!block) throw new KeyhearthError('message-none')
  if ('bytes' in block) return new Blob([block.bytes])
  throw new KeyhearthError('message-malformed')
}
