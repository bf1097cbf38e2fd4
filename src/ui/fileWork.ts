// ui: what the person sees; speaks the protocol like any other client. This file: encrypting and decrypting
// one file, from where it lies to where it goes.

import { findArmoured } from '../codec/armour.ts'
import type { Bytes } from '../codec/bytes.ts'
import { fileContentPair, writeFileHeader } from '../codec/fileHeader.ts'
import { safeFileName } from '../codec/fileName.ts'
import { FilePlaintext } from '../codec/filePlaintext.ts'
import { beginsMessage } from '../encryption-sdk/header.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { openingStream, sealingStream } from './bulk.ts'
import { after, counting, save } from './fileStreams.ts'
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
  const content = after(header, file.stream().pipeThrough(counting(onBytes)))
  const sealing = sealingStream({ encryptionContext: fileContentPair, plaintextLength })
  return save(content.pipeThrough(sealing), target, signal)
}

/** @returns the name of what was written */
export async function decryptFile(work: Work): Promise<string> {
  const { file, signal, onBytes } = work
  const plaintext = new FilePlaintext(async (header) =>
    work.begin({
      name: (header && safeFileName(header.name)) ?? plainName(file.name),
      folders: (header?.folders ?? work.folders).flatMap((one) => safeFileName(one) ?? []),
      type: header?.type ?? '',
    }),
  )
  const opening = openingStream({
    onOpened: ({ encryptionContext }) => plaintext.expect(encryptionContext),
  })
  const message = (await messageIn(file)).stream().pipeThrough(counting(onBytes))
  const end = {
    write: (bytes: Bytes) => plaintext.write(bytes),
    finish: async () => (await plaintext.end()).finish(),
    abandon: () => plaintext.abandon(),
  }
  return save(message.pipeThrough(opening), end, signal)
}

const plainName = (name: string): string =>
  name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : `${name}.decrypted`

const longestText = 64 * 1024 * 1024

/** The message as bytes, whichever way it is written. @throws KeyhearthError `message-none`, `-malformed` */
export async function messageIn(file: Blob): Promise<Blob> {
  if (beginsMessage(new Uint8Array(await file.slice(0, 1).arrayBuffer()))) return file
  if (file.size > longestText) throw new KeyhearthError('message-none')
  const [block] = findArmoured(await file.text(), { maxBytes: longestText })
  if (!block) throw new KeyhearthError('message-none')
  if ('bytes' in block) return new Blob([block.bytes])
  throw new KeyhearthError('message-malformed')
}
