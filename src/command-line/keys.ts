// command-line: `npx keyhearth`, the message format without a browser. This file: the key it works with.
// Keys come from files alone: what stands in a command line is seen by every process of the machine.

import { unshared } from '../codec/bytes.ts'
import { decodeBase64, decodeHex } from '../codec/text.ts'
import { type Keyring, passphraseKeyring, rawAesKeyring } from '../encryption-sdk/index.ts'
import { exportedKeyring } from './exportedKeys.ts'
import { contentOf } from './input.ts'
import type { Request } from './request.ts'
import { CommandError } from './words.ts'

const keyLengths: readonly number[] = [16, 24, 32]
/** Longer is no key, however it is written. */
const longestFile = 1024

/** @throws CommandError */
export async function keyringOf(request: Request): Promise<Keyring> {
  const { keysFile, recoveryKeyFile, passphraseFile, rawKeyFile, keyNamespace, keyName } = request
  if (keysFile !== undefined) return exportedKeyring(keysFile, recoveryKeyFile)
  if (passphraseFile !== undefined) return passphraseKeyring(await passphraseIn(passphraseFile))
  if (rawKeyFile === undefined) {
    throw new CommandError(
      'Which key? Say --raw-key-file FILE, --passphrase-file FILE, or --keys FILE.',
    )
  }
  const wrappingKey = readKey(await shortContentOf(rawKeyFile))
  try {
    return rawAesKeyring({ keyNamespace, keyName, wrappingKey })
  } finally {
    wrappingKey.fill(0)
  }
}

/** The line end that editors add is none of it. */
async function passphraseIn(path: string): Promise<string> {
  const text = new TextDecoder().decode(await shortContentOf(path)).replace(/\r?\n$/, '')
  if (text === '') throw new CommandError(`${path} holds no passphrase.`)
  return text
}

async function shortContentOf(path: string): Promise<Uint8Array> {
  const content = await contentOf(path)
  if (content.byteLength <= longestFile) return content
  throw new CommandError(`${path} is too long for a key.`)
}

/** Bytes as they are where there are as many as a key has; else hex or base64, with a line end or not. */
function readKey(content: Uint8Array): Uint8Array<ArrayBuffer> {
  if (keyLengths.includes(content.byteLength)) return unshared(content.slice())
  const text = new TextDecoder().decode(content).trim()
  const key = decoded(text)
  if (key && keyLengths.includes(key.byteLength)) return key
  throw new CommandError(
    'The key file holds no key of 16, 24 or 32 bytes, in hex or base64 or plain.',
  )
}

function decoded(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return /^[0-9a-f]*$/i.test(text) ? decodeHex(text.toLowerCase()) : decodeBase64(text)
  } catch {
    return null
  }
}
