// ui: what the person sees; speaks the protocol like any other client. This file: secrets in a file under a passphrase:
// a message as `npx keyhearth decrypt` opens it, with a file for other programs inside.

import type { Bytes } from '../codec/bytes.ts'
import {
  type FileHeader,
  fileContentPair,
  readFileHeader,
  writeFileHeader,
} from '../codec/fileHeader.ts'
import { buildClient } from '../encryption-sdk/client.ts'
import { EncryptionSdkError } from '../encryption-sdk/errors.ts'
import { beginsMessage } from '../encryption-sdk/header.ts'
import { passphraseContext, passphraseKeyring } from '../encryption-sdk/passphraseKeyring.ts'
import { RefusedExport, refuse } from '../interchange/refusal.ts'
import { after } from './fileStreams.ts'
import { isUnderPassphrase } from './passphraseWork.ts'

const client = buildClient()

/** Unsigned: whoever has the passphrase could sign as well. */
export function sealExport(
  content: ReadableStream<Uint8Array>,
  header: FileHeader,
  passphrase: string,
): ReadableStream<Uint8Array> {
  const sealing = client.encryptStream(passphraseKeyring(passphrase), {
    suiteId: 0x0478,
    encryptionContext: { ...passphraseContext(), ...fileContentPair },
  })
  return after(writeFileHeader(header), content).pipeThrough(sealing)
}

export const isOwnExport = (bytes: Uint8Array): boolean => beginsMessage(bytes)

/** @throws RefusedExport where the passphrase is missing or wrong, or the message is no such file */
export async function openOwnExport(
  message: Bytes,
  passphrase: string | undefined,
): Promise<Bytes> {
  try {
    if (!isUnderPassphrase(message)) return refuse('not-recognised')
    if (passphrase === undefined) return refuse('needs-password')
    const { plaintext, messageHeader } = await client.decrypt(
      passphraseKeyring(passphrase),
      message,
    )
    const isFile = messageHeader.encryptionContext[contentName] === fileContentPair[contentName]
    const header = isFile ? readFileHeader(plaintext) : null
    return plaintext.slice(header?.bytes ?? 0)
  } catch (error) {
    if (error instanceof RefusedExport) throw error
    const isWrong = error instanceof EncryptionSdkError && error.code === 'no-key'
    return refuse(isWrong ? 'wrong-password' : 'damaged')
  }
}

const contentName = 'keyhearth:content'
