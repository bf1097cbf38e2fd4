// interchange: files of other password managers, read and written; pure. This file: recognises a file by what is in it,
// and has it read. Formats that need a library of their own are loaded when the first such file comes.

import { unshared } from '../codec/bytes.ts'
import type { Argon2 } from './argon2.ts'
import { readBitwarden } from './bitwarden.ts'
import { openBitwarden } from './bitwardenEncrypted.ts'
import type { Imported } from './format.ts'
import { isObject, type JsonObject, member, parseJson } from './json.ts'
import { mostFileBytes } from './limits.ts'
import { RefusedExport, refuse } from './refusal.ts'
import { decodeText } from './text.ts'

export interface ExportFile {
  /** Says only whether it is a .pgp file; all else is told by the content. */
  readonly name: string
  readonly bytes: Uint8Array
}

export interface Secrets {
  readonly password?: string
  /** The content of a KeePass key file. */
  readonly keyFile?: Uint8Array
  /** Wanted for KDBX 4, and for Bitwarden exports that say so. */
  readonly argon2?: Argon2
}

/**
 * Everything that the file has and Keyhearth has a place for; the rest is named in `unmapped`. Rejects with
 * RefusedExport and with nothing else. Reads nothing but these bytes, and keeps nothing.
 */
export async function readExport(file: ExportFile, secrets: Secrets = {}): Promise<Imported> {
  try {
    return await read(file, secrets)
  } catch (error) {
    if (error instanceof RefusedExport) throw error
    // A stack that ran out is a file nested too deep; anything else is a file that a library choked on.
    return refuse(
      error instanceof RangeError && /stack/i.test(error.message) ? 'too-deep' : 'damaged',
    )
  }
}

async function read({ name, bytes: given }: ExportFile, secrets: Secrets): Promise<Imported> {
  if (given.byteLength === 0) refuse('empty')
  if (given.byteLength > mostFileBytes) refuse('too-large')
  const bytes = unshared(given)
  if (begins(bytes, 0x50, 0x4b)) {
    const { readZip } = await import('./zipExports.ts')
    return readZip(bytes)
  }
  if (begins(bytes, 0x03, 0xd9, 0xa2, 0x9a)) {
    const { readKeePass } = await import('./kdbx.ts')
    return readKeePass(bytes, secrets)
  }
  // OpenPGP: a session key under a passphrase comes first (RFC 9580 section 5.3).
  if (/\.(?:pgp|gpg|asc)$/i.test(name) && (begins(bytes, 0xc3) || begins(bytes, 0x8c))) {
    refuse('openpgp-encrypted')
  }
  const text = decodeText(bytes)
  if (/^\s*-----BEGIN PGP MESSAGE-----/.test(text)) refuse('openpgp-encrypted')
  if (/^\s*[[{]/.test(text)) return readJson(text, secrets)
  const { readCsv } = await import('./csv.ts')
  return readCsv(text) ?? refuse('not-recognised')
}

const begins = (bytes: Uint8Array, ...start: readonly number[]): boolean =>
  start.every((byte, at) => bytes[at] === byte)

async function readJson(text: string, secrets: Secrets): Promise<Imported> {
  const file = parseJson(text)
  if (!isObject(file)) return refuse('not-recognised')
  if (member(file, 'encrypted') === true && !isObject(member(file, 'vaults'))) {
    const opened = await openBitwarden(file, secrets.password, secrets.argon2)
    return isObject(opened) ? readBitwarden(opened) : refuse('damaged')
  }
  return readPlainJson(file)
}

async function readPlainJson(file: JsonObject): Promise<Imported> {
  if (Array.isArray(member(file, 'items'))) return readBitwarden(file)
  if (isObject(member(file, 'vaults'))) {
    const { readProton } = await import('./proton.ts')
    return readProton(file, () => null)
  }
  if (Array.isArray(member(file, 'accounts'))) {
    const { readOnePassword } = await import('./onePassword.ts')
    return readOnePassword(file, () => null)
  }
  return refuse('not-recognised')
}
