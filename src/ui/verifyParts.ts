// ui: what the person sees; speaks the protocol like any other client. This file: files that are given to be checked, and
// which of them is the signature of which.

import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import {
  type Cms,
  cmsIn,
  type Recognised,
  readCms,
  recognise,
  recogniseBytes,
} from '../documents/index.ts'
import { readJwsText } from '../documents/jwsText.ts'

export interface Part {
  readonly id: string
  readonly name: string
  readonly blob: Blob
  readonly kind: Recognised
  /** It is the signature of some other file, and holds nothing itself. */
  readonly isApart: boolean
}

/** `null`: that is still to be given. */
export interface ToCheck {
  readonly id: string
  readonly file: Part | null
  readonly signature: Part | null
}

/** Signatures that are kept apart are small; larger ones bring their content. */
const mostApartBytes = 4 * 1024 * 1024

/** Rejects where the file cannot be read. */
export async function readPart(name: string, blob: Blob): Promise<Part> {
  const first = new Uint8Array(await blob.slice(0, recogniseBytes).arrayBuffer())
  const kind = recognise(first, blob.size, name)
  const isApart = blob.size <= mostApartBytes && (await standsApart(kind, blob))
  return { id: crypto.randomUUID(), name, blob, kind, isApart }
}

async function standsApart(kind: Recognised, blob: Blob): Promise<boolean> {
  if (kind === 'ssh-signature' || kind === 'minisign') return true
  const isCms = kind === 'cms-der' || kind === 'cms-pem'
  if (!isCms && kind !== 'jws-compact' && kind !== 'jws-json') return false
  const bytes = new Uint8Array(await blob.arrayBuffer())
  try {
    if (isCms) return signedIn(bytes)?.content === null
    const jws = readJwsText(decodeUtf8(bytes))
    return typeof jws !== 'string' && jws.payload === null
  } catch {
    // What is wrong with it shows when it is checked.
    return false
  }
}

/** @throws CmsError */
function signedIn(bytes: Bytes): Cms | null {
  const cms = cmsIn(bytes)
  return typeof cms === 'string' ? null : readCms(cms)
}

/** Whether there are signatures in it that can be checked. */
export function isSigned(name: string, bytes: Bytes): boolean {
  switch (recognise(bytes, bytes.byteLength, name)) {
    case 'pdf':
      return new TextDecoder('latin1').decode(bytes).includes('/ByteRange')
    case 'cms-der':
    case 'cms-pem':
    case 'smime-opaque':
      return holdsSigners(bytes)
    case 'smime-clear':
    case 'jws-compact':
    case 'jws-json':
      return true
    default:
      return false
  }
}

function holdsSigners(bytes: Bytes): boolean {
  try {
    return (signedIn(bytes)?.signers.length ?? 0) > 0
  } catch {
    return false
  }
}

const endings = /\.(p7s|p7m|p7|pem|cms|sig|asc|minisig|jws|jwt|json|txt)$/i

/** What the signature is of, by the custom of names: `a.pdf.p7s` is of `a.pdf`. */
export const signedName = (name: string): string => name.replace(endings, '')

const stem = (name: string): string => name.replace(/\.[^.]{1,8}$/, '')

/** By their names; and what is left over, where there is but one way. */
export function pair(parts: readonly Part[]): readonly ToCheck[] {
  const files = parts.filter(({ isApart }) => !isApart)
  const signatures = parts.filter(({ isApart }) => isApart)
  const named = new Map(signatures.map((one) => [one, namesake(one, files)]))
  const left = files.filter((file) => ![...named.values()].includes(file))
  const only = left.length === 1 ? left[0] : undefined
  const pairs = signatures.map((signature): ToCheck => {
    const file = named.get(signature) ?? (mayHaveAnother(only) ? only : undefined)
    return { id: `${file?.id} ${signature.id}`, file: file ?? null, signature }
  })
  const alone = files.filter((file) => !pairs.some((one) => one.file === file))
  return [...alone.map((file) => ({ id: file.id, file, signature: null })), ...pairs]
}

const namesake = (signature: Part, files: readonly Part[]): Part | undefined =>
  files.find(({ name }) => name === signedName(signature.name)) ??
  files.find(({ name }) => stem(name) === signedName(signature.name))

/** A message that holds its own content has its own signature. */
const mayHaveAnother = (file: Part | undefined): boolean =>
  file !== undefined &&
  !['cms-der', 'cms-pem', 'smime-opaque', 'jws-compact', 'jws-json'].includes(file.kind)
