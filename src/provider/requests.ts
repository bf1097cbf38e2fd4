// provider: what a web page holds. This file: the arguments of encrypt and decrypt, read once.
//
// Everything is copied before the first await, so that a page changing its object afterwards changes
// nothing (and only ever fools itself).

import type { Bytes } from '../codec/bytes.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { pageError } from '../protocol/pageErrors.ts'

export type Data = string | ArrayBuffer | ArrayBufferView | Blob

/** The kind of data that came in is the kind that goes out. */
export type Kind = 'text' | 'bytes' | 'blob'

export interface EncryptOptions {
  readonly keyId?: string
  /** Instead of a key: a branch key, which is under one. */
  readonly branchKeyId?: string
  /** Identity cards, of people who are to read it besides the site. */
  readonly recipients?: readonly string[]
  readonly encryptionContext?: Readonly<Record<string, string>>
  readonly algorithmSuite?: string | number
  readonly frameLength?: number
}

export interface BranchKeyOptions {
  /** Of one's own, unless a UUID is to be made. */
  readonly branchKeyId?: string
  readonly keyId?: string
  readonly encryptionContext?: Readonly<Record<string, string>>
}

export interface DecryptOptions {
  readonly encryptionContext?: Readonly<Record<string, string>>
}

/** As armoured text it must still fit into one string, of some 2^29 characters. */
export const mostBytes = 256 * 1024 * 1024

export const invalid = (what: string) => pageError('invalid-input', { what })

/** @throws PageError `too-large` */
export function checkSize(byteLength: number, most = mostBytes): void {
  if (byteLength > most) throw pageError('too-large', { limit: String(most) })
}

export function kindOf(data: unknown): Kind {
  if (typeof data === 'string') return 'text'
  if (data instanceof Blob) return 'blob'
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return 'bytes'
  throw invalid('give a string, an ArrayBuffer, a typed array or a Blob')
}

/** A copy of the data's bytes, taken at once except for a Blob, which cannot change. */
export function bytesOf(data: Data): Bytes | Promise<Bytes> {
  if (!(data instanceof Blob)) return copyBytes(data)
  checkSize(data.size)
  return data.arrayBuffer().then((buffer) => new Uint8Array(buffer))
}

/** @throws PageError `too-large` */
export function copyBytes(data: Exclude<Data, Blob>, most = mostBytes): Bytes {
  if (typeof data === 'string') {
    const bytes = encodeUtf8(data)
    checkSize(bytes.byteLength, most)
    return bytes
  }
  const view = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
  checkSize(view.byteLength, most)
  return new Uint8Array(view)
}

const suites: ReadonlyMap<unknown, '0478' | '0578'> = new Map<unknown, '0478' | '0578'>([
  [0x0478, '0478'],
  ['0478', '0478'],
  ['ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY', '0478'],
  [0x0578, '0578'],
  ['0578', '0578'],
  ['ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384', '0578'],
])

/** Of an object written `{ ... }` in any window. A Map or a list would pass as one without members. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The given members, each read once; a name that is not known is a mistake worth hearing of. */
export function readOptions(
  options: unknown,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (options === undefined || options === null) return {}
  if (!isPlain(options)) throw invalid('options must be a plain object')
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined) throw invalid(`there is no option ${unknown.slice(0, 64)}`)
  return { ...options }
}

function readContext(value: unknown): { EncryptionContext?: Readonly<Record<string, string>> } {
  if (value === undefined) return {}
  if (!isPlain(value)) throw invalid('encryptionContext is a plain object of strings')
  const copy = Object.entries(value).map(([name, text]) => {
    if (typeof text !== 'string') throw invalid('encryptionContext is a plain object of strings')
    return [name, text] as const
  })
  return { EncryptionContext: Object.fromEntries(copy) }
}

const keyNames = ['keyId', 'branchKeyId', 'encryptionContext'] as const

/** What says under which key, and bound to what. */
function readKeyNames(options: Readonly<Record<string, unknown>>) {
  const { keyId, branchKeyId, encryptionContext } = options
  if (keyId !== undefined && typeof keyId !== 'string') throw invalid('keyId is a string')
  if (branchKeyId !== undefined && typeof branchKeyId !== 'string') {
    throw invalid('branchKeyId is a string')
  }
  return {
    ...(keyId === undefined ? {} : { KeyId: keyId }),
    ...(branchKeyId === undefined ? {} : { BranchKeyId: branchKeyId }),
    ...readContext(encryptionContext),
  }
}

export const readBranchKeyOptions = (given: unknown) => readKeyNames(readOptions(given, keyNames))

/** Identity cards of the people who are to read it, besides the site itself. */
function readRecipients(value: unknown): { RecipientCards?: string[] } {
  if (value === undefined) return {}
  const cards: readonly unknown[] = Array.isArray(value) ? [...value] : []
  if (cards.length === 0 || !cards.every((card) => typeof card === 'string')) {
    throw invalid('recipients is a list of identity cards')
  }
  return { RecipientCards: [...cards] }
}

export function readEncryptOptions(given: unknown) {
  const options = readOptions(given, [...keyNames, 'algorithmSuite', 'frameLength', 'recipients'])
  const { algorithmSuite, frameLength, recipients } = options
  const suite = suites.get(algorithmSuite)
  if (algorithmSuite !== undefined && !suite) throw invalid('algorithmSuite is 0478 or 0578')
  if (frameLength !== undefined && typeof frameLength !== 'number') {
    throw invalid('frameLength is a number')
  }
  return {
    ...readKeyNames(options),
    ...readRecipients(recipients),
    ...(suite === undefined ? {} : { AlgorithmSuite: suite }),
    ...(frameLength === undefined ? {} : { FrameLength: frameLength }),
  }
}

export const readDecryptOptions = (given: unknown) =>
  readContext(readOptions(given, ['encryptionContext'])['encryptionContext'])
