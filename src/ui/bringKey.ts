// ui: what the person sees; speaks the protocol like any other client. This file: keys that come from elsewhere, in any
// form that people have them in, ready to become keys of the vault; and why one is refused.

import {
  assertKeepable,
  KeyFileError,
  type KeyFileOptions,
  readKeyFile,
} from '../certificates/index.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { decodeBase64Url, decodeUtf8 } from '../codec/text.ts'
import { type KeySpec, type KeyUsageType, specRow } from '../protocol/keySpecs.ts'
import type { Input } from '../protocol/schemas.ts'
import { readBytes } from './base64Input.ts'
import { call } from './call.ts'
import { importMaterial } from './importing.ts'

export interface BroughtKey {
  readonly material: Bytes
  /** What the file calls it; may be empty. */
  readonly name: string
  /** What it can become, the likeliest first. Bare bytes do not say what they are for. */
  readonly specs: readonly KeySpec[]
}

/** Of what bare bytes of a length can be keys. */
const specsOfLength: ReadonlyMap<number, readonly KeySpec[]> = new Map([
  [16, ['AES_128', 'GENERIC_SECRET']],
  [24, ['AES_192', 'TRIPLE_DES', 'GENERIC_SECRET']],
  [28, ['HMAC_224', 'GENERIC_SECRET']],
  [32, ['AES_256', 'HMAC_256', 'SYMMETRIC_DEFAULT', 'GENERIC_SECRET']],
  [48, ['HMAC_384', 'GENERIC_SECRET']],
  [64, ['HMAC_512', 'GENERIC_SECRET']],
])
const secretBytes = { least: 16, most: 512 } as const

/** Bytes of a length that is no key's. */
export class KeyLengthError extends Error {
  readonly bytes: number

  constructor(bytes: number) {
    super(`no key has ${bytes} bytes`)
    this.bytes = bytes
  }
}

function secretOf(material: Bytes, name: string): BroughtKey {
  const { byteLength } = material
  if (byteLength < secretBytes.least || byteLength > secretBytes.most) {
    throw new KeyLengthError(byteLength)
  }
  return { material, name, specs: specsOfLength.get(byteLength) ?? ['GENERIC_SECRET'] }
}

/**
 * Bare bytes (as they are, hexadecimal or base64), JSON Web Keys, PKCS #8 and #12, PKCS #1, SEC 1, OpenSSH.
 * @throws KeyFileError, KeyLengthError
 */
export async function readBroughtKeys(
  bytes: Bytes,
  password: string | undefined,
  options: KeyFileOptions,
): Promise<readonly BroughtKey[]> {
  const text = textOf(bytes)?.trim()
  const bare = text === undefined ? null : readBytes(text)
  if (bare) return [secretOf(bare, '')]
  const json = text?.startsWith('{') ? secretOfJson(text) : null
  if (json) return [json]
  if (text === undefined && bytes[0] !== derSequence) return [secretOf(concatBytes(bytes), '')]
  const { keys } = await readKeyFile(bytes, password, options)
  if (keys.length === 0) throw new KeyFileError('public-key')
  for (const { pkcs8 } of keys) assertKeepable(pkcs8)
  return keys.map(({ pkcs8, name, keySpec }) => ({
    material: pkcs8,
    name,
    specs: keySpec ? [keySpec] : [],
  }))
}

const derSequence = 0x30

function textOf(bytes: Bytes): string | undefined {
  try {
    const text = decodeUtf8(bytes)
    // Few secrets of bare bytes are text by chance; none of those is free of control characters.
    return /[\p{Cc}--[\s]]/v.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** RFC 7518 section 6.4; `null` where it is another kind of key. @throws KeyFileError */
function secretOfJson(text: string): BroughtKey | null {
  const read = parse(text)
  if (read?.['kty'] !== 'oct') return null
  const { k, kid } = read
  if (typeof k !== 'string') throw new KeyFileError('damaged')
  return secretOf(bytesOf(k), typeof kid === 'string' ? kid : '')
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : null
  } catch {
    throw new KeyFileError('damaged')
  }
}

function bytesOf(base64url: string): Bytes {
  try {
    return decodeBase64Url(base64url)
  } catch {
    throw new KeyFileError('damaged')
  }
}

/** What a brought key can be used for as that spec, the usual first. */
export const usagesOf = (spec: KeySpec): readonly KeyUsageType[] => specRow(spec).usages

type NewKey = Pick<Input<'kms:CreateKey'>, 'KeyUsage' | 'Description' | 'Exportable'> & {
  readonly KeySpec: KeySpec
}

/** How long KMS keeps a key that never got its material, at the least (API reference, ScheduleKeyDeletion). */
const leastDays = 7

/** @returns the ids of the key of the vault that it is from now on */
export async function keepMaterial(
  material: Bytes,
  wanted: NewKey,
): Promise<{ readonly KeyId: string; readonly Arn: string }> {
  const { KeyMetadata } = await call('kms:CreateKey', { ...wanted, Origin: 'EXTERNAL' })
  const { KeyId, Arn } = KeyMetadata
  try {
    await importMaterial({ KeyId }, material, { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' })
  } catch (error) {
    // Where that fails too, it stays among the keys as one that waits for its material.
    await call('kms:ScheduleKeyDeletion', { KeyId, PendingWindowInDays: leastDays }).catch(() => {})
    throw error
  }
  return { KeyId, Arn }
}
